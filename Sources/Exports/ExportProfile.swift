import Units

/// How a finance system wants its file: a profile as decoded from a file in `finance/`
/// (docs/formats/export-csv.md).
package struct ExportProfile: Hashable, Sendable {
    /// The id inside the file (`profil:`).
    package let id: String
    package let title: String
    /// What has to be agreed with the finance department; may be empty.
    package let note: String
    package let rows: Rows
    package let encoding: FileEncoding
    package let byteOrderMark: Bool
    package let lineEnd: LineEnd
    package let separator: Separator
    package let quoting: Quoting
    package let decimalMark: DecimalMark
    package let dateStyle: DateStyle
    package let sign: SignStyle
    package let hasHeading: Bool
    /// Whether people open the file in a spreadsheet: texts that it would take for a formula then
    /// get an apostrophe in front.
    package let guardsFormulas: Bool
    package let key: KeyPattern
    /// Which lines of a close the file is about.
    package let content: Content
    /// Days from the document date to the due date (Fälligkeit).
    package let dueDays: Int
    package let reference: PaymentReference?
    /// The first record of the file; empty for none.
    package let head: [Column]
    /// The record before each group of lines (Sammelanordnung); empty for lines in the order of
    /// the closes.
    package let group: [Column]
    /// In file order, not empty.
    package let columns: [Column]
    /// The last record of the file; empty for none.
    package let trailer: [Column]

    package enum Content: Hashable, Sendable {
        case all
        /// What debtors owe and what falls away of it (Sollstellung, Sollabgang).
        case claims
        /// Refunds that finance still has to transfer (Auszahlungsanordnung).
        case payments
    }

    package enum Rows: Hashable, Sendable {
        /// One row for each ``ExportLine`` of totals.
        case totals
        /// One row for each pair of accounts of each receipt.
        case receipts
    }

    package enum LineEnd: Hashable, Sendable {
        case crlf, lf

        var bytes: [UInt8] { self == .crlf ? [0x0D, 0x0A] : [0x0A] }
    }

    package enum Separator: Hashable, Sendable {
        /// An ASCII character: semicolon, comma, bar or tabulator.
        case byte(UInt8)
        /// Fixed width: every column states its width and filling.
        case none
    }

    package enum Quoting: Hashable, Sendable {
        case never, whereNeeded, texts, always
    }

    package enum DecimalMark: Hashable, Sendable {
        case comma, point
        /// Whole cents.
        case none
    }

    package enum DateStyle: Hashable, Sendable {
        case dotted, iso, dayFirst, yearFirst, dottedShort
    }

    /// How a row says debit or credit of its account.
    package enum SignStyle: Hashable, Sendable {
        /// The amount has no sign; a column `soll/haben` says the side.
        case mark(debit: String, credit: String)
        case debitPositive
        case creditPositive
    }

    package struct Column: Hashable, Sendable {
        package let heading: String
        package let source: Source
        /// At most so many characters; nil for any number. A longer value is refused, never cut.
        package let width: Int?
        package let fill: Fill
        package let codes: CodeTable?
    }

    package enum Source: Hashable, Sendable {
        case field(Field)
        case constant(String)
        /// A number of yard, close and line other than the key of the row.
        case pattern(KeyPattern)
    }

    package enum Field: String, Hashable, Sendable, CaseIterable {
        case key = "fremdkennzeichen"
        case yard = "hof"
        case close = "abschluss"
        case closeNumber = "abschlussnummer"
        case line = "zeile"
        case receipt = "belegnummer"
        case date = "belegdatum"
        case closeDate = "buchungsdatum"
        case budgetYear = "haushaltsjahr"
        case account = "konto"
        case contra = "gegenkonto"
        case debitAccount = "sollkonto"
        case creditAccount = "habenkonto"
        case costCentre = "kostenstelle"
        case amount = "betrag"
        case side = "soll/haben"
        case text = "text"
        case name = "bezeichnung"
        case channel = "zahlweg"
        case reversal = "storno"
        case currency = "währung"
        case dueDate = "fälligkeit"
        case orderYear = "anordnungsjahr"
        case budgetLine = "buchungsstelle"
        case category = "art"
        case reference = "kassenzeichen"
        case count = "anzahl"
        case order = "sammelanordnung"
        case closes = "abschlüsse"
        case payee = "zahlungsempfänger"
        case iban = "iban"
        case debtor = "schuldner"
        case debtorName = "schuldnername"
        case debtorAddress = "schuldneranschrift"
    }

    package enum Fill: Hashable, Sendable {
        case none
        /// Spaces behind the value.
        case spacesBehind
        /// Spaces before the value.
        case spacesBefore
        case zerosBefore
    }
}

/// The pattern of the key that identifies a row for ever (Fremdkennzeichen), such as
/// `{hof}-{abschluss:6}-{zeile:4}`.
///
/// Invariant: yard, close and line occur exactly once each, close and line with a width, the yard
/// before them; so no two rows of an installation share a key.
package struct KeyPattern: Hashable, Sendable {
    enum Part: Hashable, Sendable {
        case literal(String)
        case yard
        case close(width: Int)
        case line(width: Int)
    }

    let parts: [Part]

    /// Nil for a pattern that breaks the invariant.
    package init?(_ pattern: String) {
        self.init(parsing: pattern)
        guard Self.order(of: parts) == "haz" else { return nil }
    }

    /// Like ``init(_:)``, but the parts need not tell all rows of an installation apart.
    init?(parsing pattern: String) {
        var parts: [Part] = []
        var rest = Substring(pattern)
        while let open = rest.firstIndex(of: "{") {
            if open > rest.startIndex { parts.append(.literal(String(rest[..<open]))) }
            guard let close = rest[open...].firstIndex(of: "}"),
                let part = Self.part(rest[rest.index(after: open)..<close])
            else { return nil }
            parts.append(part)
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.literal(String(rest))) }
        guard !rest.contains("}"), !parts.isEmpty else { return nil }
        self.parts = parts
    }

    private static func part(_ text: Substring) -> Part? {
        let pieces = text.split(separator: ":", omittingEmptySubsequences: false)
        guard pieces.count == 2 else { return text == "hof" ? .yard : nil }
        guard let width = decimal(Array(pieces[1].utf8)[...]), (1...12).contains(width) else {
            return nil
        }
        switch pieces[0] {
        case "abschluss": return .close(width: width)
        case "zeile": return .line(width: width)
        default: return nil
        }
    }

    private static func order(of parts: [Part]) -> String {
        var order = ""
        for part in parts {
            switch part {
            case .literal: break
            case .yard: order += "h"
            case .close: order += "a"
            case .line: order += "z"
            }
        }
        return order
    }
}
