import Sales
package import Text
import Units

extension ExportProfile {
    /// Reads an export profile file (docs/formats/export-csv.md) and runs its examples.
    ///
    /// - Returns: the profile, nil if there is any error or an example fails; problems `P-E01` and
    ///   up with line and column.
    package static func decode(
        _ root: SourceNode
    ) -> (profile: ExportProfile?, problems: [SourceProblem]) {
        var problems = FileProblems(family: "P")
        guard var fields = FileFields(root, &problems) else { return (nil, problems.all) }
        let profile = read(&fields, &problems)
        let examples = fields.list("beispiele", &problems)
        let file = fields.node("beispieldatei", required: false, &problems)
        fields.finish(&problems)
        guard let profile, !problems.hasErrors else { return (nil, problems.all) }
        profile.lint(fields.position, &problems)
        if examples.isEmpty {
            problems.error(8, at: fields.position, "Unter „beispiele“ fehlt ein Beispiel.")
        }
        for example in examples { profile.run(example, &problems) }
        if let file {
            profile.run(file: file, &problems)
        } else if profile.hasRecordTypes {
            problems.error(
                8, at: fields.position,
                "Satzarten brauchen ein Beispiel der ganzen Datei unter „beispieldatei“.")
        }
        return (problems.hasErrors ? nil : profile, problems.all)
    }

    private static func read(
        _ fields: inout FileFields, _ problems: inout FileProblems
    ) -> ExportProfile? {
        let id = fields.value("profil", wanted: "ein Kurzname wie allgemein", &problems) {
            Identifier<ExportProfile>($0)?.text
        }
        let title = fields.text("titel", &problems)
        let note = fields.text("hinweis", required: false, &problems)
        let rows = fields.word("zeilen", of: ProfileWords.rows, &problems)
        let encoding = fields.word("zeichensatz", of: ProfileWords.encodings, &problems)
        let lineEnd = fields.word("zeilenende", of: ProfileWords.lineEnds, &problems)
        let separator = fields.word("trennzeichen", of: ProfileWords.separators, &problems)
        let quoting = fields.word("anführungszeichen", of: ProfileWords.quotings, &problems)
        let mark = fields.word("dezimalzeichen", of: ProfileWords.decimalMarks, &problems)
        let date = fields.word("datum", of: ProfileWords.dates, &problems)
        let sign = sign(&fields, &problems)
        let heading = fields.word("kopfzeile", of: ProfileWords.truths, &problems)
        let guarded = fields.word("tabellenkalkulation", of: ProfileWords.truths, &problems)
        let key = fields.value(
            "fremdkennzeichen", wanted: "ein Muster wie {hof}-{abschluss:6}-{zeile:4}", &problems,
            { KeyPattern($0) })
        let content = fields.word(
            "inhalt", required: false, of: ProfileWords.contents, &problems)
        let dueDays = fields.value(
            "fälligkeit", required: false, wanted: "eine Zahl von Tagen, 0 bis 365", &problems,
            { number($0, 0...365) })
        let reference = fields.node("kassenzeichen", required: false, &problems)
            .map { PaymentReference.read($0, &problems) }
        func record(_ name: String, required: Bool = false) -> [Column] {
            fields.list(name, required: required, &problems)
                .compactMap { column($0, &problems) }
        }
        let (head, group) = (record("kopfsatz"), record("gruppensatz"))
        let (columns, trailer) = (record("spalten", required: true), record("schlusssatz"))
        if let id, reservedIDs.contains(id) {
            problems.error(
                10, at: fields.position,
                "„\(id)“ ist ein eingebautes Format. Geben Sie dem Profil einen anderen Namen.")
        }
        guard let id, let title, let rows, let encoding, let lineEnd, let separator, let quoting,
            let mark, let date, let sign, let heading, let guarded, let key,
            !problems.hasErrors
        else { return nil }
        return ExportProfile(
            id: id, title: title, note: note ?? "", rows: rows, encoding: encoding.set,
            byteOrderMark: encoding.mark, lineEnd: lineEnd, separator: separator,
            quoting: quoting, decimalMark: mark, dateStyle: date, sign: sign,
            hasHeading: heading, guardsFormulas: guarded, key: key, content: content ?? .all,
            dueDays: dueDays ?? 0, reference: reference ?? nil, head: head, group: group,
            columns: columns, trailer: trailer)
    }

    private static func sign(
        _ fields: inout FileFields, _ problems: inout FileProblems
    ) -> SignStyle? {
        let style = fields.word("vorzeichen", of: ProfileWords.signs, &problems)
        let debit = fields.text("soll", required: false, &problems)
        let credit = fields.text("haben", required: false, &problems)
        switch style {
        case .mark: return .mark(debit: debit ?? "S", credit: credit ?? "H")
        case .debitPositive: return .debitPositive
        case .creditPositive: return .creditPositive
        case nil: return nil
        }
    }

    private static func column(
        _ node: SourceNode, _ problems: inout FileProblems
    ) -> Column? {
        guard var fields = FileFields(node, &problems) else { return nil }
        let heading = fields.text("titel", &problems)
        let field = fields.word("feld", required: false, of: ProfileWords.fields, &problems)
        let constant = fields.node("fest", required: false, &problems).flatMap(\.scalar)
        let pattern = fields.value(
            "muster", required: false, wanted: "ein Muster wie {abschluss:5}{zeile:3}", &problems,
            { KeyPattern(parsing: $0) })
        let width = fields.value(
            "breite", required: false, wanted: "eine Zahl von 1 bis 999", &problems,
            { number($0, 1...999) })
        let fill = fields.word("füllen", required: false, of: ProfileWords.fills, &problems)
        let codes = fields.node("codes", required: false, &problems)
            .flatMap { CodeTable.read($0, &problems) }
        fields.finish(&problems)
        let source: Source
        switch (field, constant, pattern) {
        case (let field?, nil, nil): source = .field(field)
        case (nil, let constant?, nil): source = .constant(constant)
        case (nil, nil, let pattern?): source = .pattern(pattern)
        default:
            problems.error(
                5, at: node.position,
                "Eine Spalte braucht genau eines von „feld“, „fest“ und „muster“.")
            return nil
        }
        return heading.map {
            Column(
                heading: $0, source: source, width: width, fill: fill ?? .none, codes: codes)
        }
    }

    /// Formats that need no profile and that nobody books.
    package static let evidenceIDs = ["hledger", "ledger", "beancount", "gobd", "json"]

    /// Formats that need no profile.
    private static let reservedIDs = evidenceIDs + ["datev"]

    /// That an id was met before: exports are asked for by it.
    package static func repeated(_ id: String) -> SourceProblem {
        SourceProblem(
            "P-E10", at: nil,
            "Zwei Profile heißen „\(id)“. Geben Sie einem unter „profil“ einen anderen Namen.")
    }

    private static func number(_ text: String, _ range: ClosedRange<Int>) -> Int? {
        decimal(Array(text.utf8)[...]).flatMap { range.contains($0) ? $0 : nil }
    }

    /// Contradictions between the settings.
    private func lint(_ position: SourcePosition, _ problems: inout FileProblems) {
        lintFields(position, &problems)
        for column in head + group + columns + trailer {
            guard let complaint = complaint(about: column) else { continue }
            problems.error(7, at: position, "Spalte „\(column.heading)“: \(complaint)")
        }
        if separator == .byte(UInt8(ascii: ",")), decimalMark == .comma, quoting == .never {
            problems.error(
                7, at: position, "Komma trennt Spalten und Dezimalen, ohne Anführungszeichen.")
        }
        lintRecords(position, &problems)
        if separator == .none && quoting != .never {
            problems.error(7, at: position, "Feste Breiten haben keine Anführungszeichen.")
        }
    }

    /// The fields without which a row says too little.
    private func lintFields(_ position: SourcePosition, _ problems: inout FileProblems) {
        let used = Set(columns.map(\.source))
        for field in [Field.key, .amount] where !used.contains(.field(field)) {
            problems.error(6, at: position, "Eine Spalte „\(field.rawValue)“ fehlt.")
        }
        let namesSides = used.isSuperset(of: [.field(.debitAccount), .field(.creditAccount)])
        guard !namesSides else { return }
        if !used.isSuperset(of: [.field(.account), .field(.contra)]) {
            problems.error(
                6, at: position,
                "Es fehlen „konto“ und „gegenkonto“ oder „sollkonto“ und „habenkonto“.")
        }
        if case .mark = sign, !used.contains(.field(.side)) {
            problems.error(
                6, at: position, "Beträge ohne Vorzeichen brauchen eine Spalte „soll/haben“.")
        }
    }

    private func complaint(about column: Column) -> String? {
        if column.fill != .none && column.width == nil {
            return "„füllen“ braucht „breite“."
        }
        if separator == .none && column.fill == .none {
            return "ohne Trennzeichen braucht jede Spalte „breite“ und „füllen“."
        }
        if column.codes != nil,
            Source.fields([.key, .amount, .reference]).contains(column.source)
        {
            return "„codes“ würden verschiedene Werte gleich machen; die Spalte hat keine."
        }
        if let missing = column.uncoded {
            return "unter „codes“ fehlt „\(missing)“ (oder „sonst“)."
        }
        if column.source == .field(.reference) && reference == nil {
            return "das Profil beschreibt kein „kassenzeichen“."
        }
        if column.source.isPerson && (rows == .totals || column.codes != nil) {
            return "wer zahlt oder Geld bekommt, steht nur in „zeilen: Belege“ und ohne „codes“."
        }
        return nil
    }

    /// Fields that say nothing where they stand.
    private func lintRecords(_ position: SourcePosition, _ problems: inout FileProblems) {
        func complain(_ column: Column, _ place: String) {
            problems.error(
                7, at: position,
                "Spalte „\(column.heading)“: „\(column.source.words)“ steht nicht \(place).")
        }
        for column in columns where Source.fields([.count, .order]).contains(column.source) {
            complain(column, "in „spalten“, sondern in Kopf, Gruppe oder Schluss")
        }
        for column in head + trailer where !column.source.suitsWholeFile {
            complain(column, "im Kopf- oder Schlusssatz")
        }
        for column in group where column.source.isPerson {
            complain(column, "im Gruppensatz")
        }
    }
}

extension ExportProfile.Column {
    /// A value that the field can have and the code table has no code for.
    fileprivate var uncoded: String? {
        guard let codes else { return nil }
        let values: [String] =
            switch source {
            case .field(.channel): PaymentChannel.allCases.map(\.words)
            case .field(.category): LineCategory.allCases.map(\.rawValue)
            case .field(.reversal): ["0", "1"]
            default: []
            }
        return values.first { codes[$0] == nil }
    }
}

extension ExportProfile.Source {
    static func fields(_ fields: [ExportProfile.Field]) -> [Self] { fields.map { .field($0) } }

    fileprivate var words: String {
        if case .field(let field) = self { field.rawValue } else { "muster" }
    }

    /// Whether it can be told of a whole file, which has one budget year.
    fileprivate var suitsWholeFile: Bool {
        switch self {
        case .constant: true
        case .pattern: false
        case .field(let field):
            [
                .count, .amount, .side, .closes, .closeDate, .budgetYear, .orderYear, .currency,
            ].contains(field)
        }
    }
}

extension SourceNode {
    /// The text of a scalar, which may be empty.
    var scalar: String? {
        if case .scalar(let text) = content { text } else { nil }
    }
}

/// The words of export profile files.
enum ProfileWords {
    enum Sign { case mark, debitPositive, creditPositive }

    static let truths: KeyValuePairs<String, Bool> = ["ja": true, "nein": false]
    static let rows: KeyValuePairs<String, ExportProfile.Rows> = [
        "Summen": .totals, "Belege": .receipts,
    ]
    static let encodings: KeyValuePairs<String, (set: FileEncoding, mark: Bool)> = [
        "UTF-8": (.utf8, false), "UTF-8 mit BOM": (.utf8, true),
        "Windows-1252": (.windows1252, false), "ISO-8859-1": (.latin1, false),
    ]
    static let lineEnds: KeyValuePairs<String, ExportProfile.LineEnd> = ["CRLF": .crlf, "LF": .lf]
    static let separators: KeyValuePairs<String, ExportProfile.Separator> = [
        "Semikolon": .byte(0x3B), "Komma": .byte(0x2C), "Strich": .byte(0x7C),
        "Tabulator": .byte(0x09), "keines": .none,
    ]
    static let quotings: KeyValuePairs<String, ExportProfile.Quoting> = [
        "nie": .never, "bei Bedarf": .whereNeeded, "Texte": .texts, "immer": .always,
    ]
    static let decimalMarks: KeyValuePairs<String, ExportProfile.DecimalMark> = [
        "Komma": .comma, "Punkt": .point, "keines": .none,
    ]
    static let dates: KeyValuePairs<String, ExportProfile.DateStyle> = [
        "TT.MM.JJJJ": .dotted, "JJJJ-MM-TT": .iso, "TTMMJJJJ": .dayFirst, "JJJJMMTT": .yearFirst,
        "TT.MM.JJ": .dottedShort,
    ]
    static let signs: KeyValuePairs<String, Sign> = [
        "Kennzeichen": .mark, "Soll positiv": .debitPositive, "Haben positiv": .creditPositive,
    ]
    static let fills: KeyValuePairs<String, ExportProfile.Fill> = [
        "Leerzeichen dahinter": .spacesBehind, "Leerzeichen davor": .spacesBefore,
        "Nullen davor": .zerosBefore,
    ]
    static let fields: KeyValuePairs<String, ExportProfile.Field> = [
        "fremdkennzeichen": .key, "hof": .yard, "abschluss": .close,
        "abschlussnummer": .closeNumber, "zeile": .line, "belegnummer": .receipt,
        "belegdatum": .date, "buchungsdatum": .closeDate, "haushaltsjahr": .budgetYear,
        "konto": .account, "gegenkonto": .contra, "sollkonto": .debitAccount,
        "habenkonto": .creditAccount, "kostenstelle": .costCentre, "betrag": .amount,
        "soll/haben": .side, "text": .text, "bezeichnung": .name, "zahlweg": .channel,
        "storno": .reversal, "währung": .currency, "fälligkeit": .dueDate,
        "anordnungsjahr": .orderYear, "buchungsstelle": .budgetLine, "art": .category,
        "kassenzeichen": .reference, "anzahl": .count, "sammelanordnung": .order,
        "abschlüsse": .closes, "zahlungsempfänger": .payee, "iban": .iban,
        "schuldner": .debtor, "schuldnername": .debtorName, "schuldneranschrift": .debtorAddress,
    ]
    static let contents: KeyValuePairs<String, ExportProfile.Content> = [
        "Buchungen": .all, "Forderungen": .claims, "Auszahlungen": .payments,
    ]
}
