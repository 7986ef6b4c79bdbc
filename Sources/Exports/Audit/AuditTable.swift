import DayClosing
import Ledger
import Sales
import Signing
import Units

/// A table of the auditor's package (GoBD, access Z3): what index.xml says of it and its rows.
struct AuditTable {
    enum Kind: Hashable {
        case text
        /// A number with so many digits after the comma.
        case number(digits: Int)
        case date
    }

    struct Column {
        let name: String
        let kind: Kind
        let words: String
        /// What the cells of a text column stand for, where they are short names.
        var codes: [Code] = []
    }

    struct Code {
        let value: String
        let meaning: String
    }

    struct Link {
        let columns: [String]
        let table: String
    }

    let name: String
    let words: String
    /// The first columns together tell rows apart.
    let keyCount: Int
    let columns: [Column]
    let links: [Link]
    let rows: Rows

    /// Where rows come from, in the order in which closes and records go by.
    enum Rows {
        case ofClose((PlannedClose) -> [[String]])
        case ofRecord((AuditRecord) -> [[String]])
        /// Known before.
        case all([[String]])
        /// Of the tariffs that priced lines, by digest.
        case ofTariffs(([TariffUse]) -> [[String]])
        /// Of all files but this one, once nothing is added to them.
        case ofFiles(([FileSeal]) -> [[String]])
    }

    /// How many lines a tariff priced, and what they came to.
    struct TariffUse {
        let digest: String
        let id: String
        let title: String
        var lineCount: Int64 = 0
        var amount = Cents.zero
    }

    /// A file of the package as it grew.
    struct FileSeal {
        let name: String
        private(set) var hash = Digest.Stream()
        private(set) var byteCount: Int64 = 0
        /// Rows below the heading; nil for what is no table.
        var rowCount: Int64?

        mutating func append(_ bytes: some Collection<UInt8>) {
            hash.append(bytes)
            byteCount += Int64(bytes.count)
        }
    }

    var file: String { "\(name).csv" }

    /// The tables of every package, without rows.
    static var known: [AuditTable] { [PlannedClose]().auditTables(.empty) { _ in "" } }

    /// The first control character of a text, line breaks among them; nil for what can be a cell.
    static func control(in text: String) -> Unicode.Scalar? {
        var before: UInt8 = 0
        // U+0080 to U+009F are the bytes C2 80 to C2 9F.
        for byte in text.utf8 {
            if byte < 0x20 || byte == 0x7F || (before == 0xC2 && byte < 0xA0) {
                return Unicode.Scalar(byte)
            }
            before = byte
        }
        return nil
    }
}

extension AuditTable.Column {
    static func text(_ name: String, _ words: String) -> Self {
        Self(name: name, kind: .text, words: words)
    }

    static func coded(_ name: String, _ words: String, _ codes: [AuditTable.Code]) -> Self {
        Self(name: name, kind: .text, words: words, codes: codes)
    }

    static func number(_ name: String, _ words: String) -> Self {
        Self(name: name, kind: .number(digits: 0), words: words)
    }

    static func decimal(_ name: String, _ digits: Int, _ words: String) -> Self {
        Self(name: name, kind: .number(digits: digits), words: words)
    }

    static func amount(_ name: String, _ words: String) -> Self {
        Self(name: name, kind: .number(digits: 2), words: words + " in Euro")
    }

    static func date(_ name: String, _ words: String) -> Self {
        Self(name: name, kind: .date, words: words)
    }

    /// The close that a row belongs to.
    static let close = text("abschluss", "Hof und laufende Nummer")
}

extension [AuditTable.Column] {
    static let ofRecord: Self = [.close, .number("index", "Position im Journal")]
}

extension AuditTable.Link {
    static let toClose = Self(columns: ["abschluss"], table: "abschluesse")
    static let toRecord = Self(columns: ["abschluss", "index"], table: "belege")
    static let toTariff = Self(columns: ["tarif"], table: "tarife")
    static let toCardTerminal = Self(
        columns: ["abschluss", "terminal"], table: "kartenterminals")
    static let toComparison = Self(
        columns: ["abschluss", "terminal", "marke"], table: "kartensummen")
    static let toExport = Self(columns: ["hof", "nummer"], table: "exporte")
    static let toCut = Self(
        columns: ["abschluss", "terminal", "nummer"], table: "kassenschnitte")
}

extension BusinessDay {
    /// `31.12.2026`
    var german: String { GermanFormat.day(self) }
}

extension Cents {
    /// `-1234,50`
    var comma: String { ExportProfile.DecimalMark.comma.text(self) }
}
