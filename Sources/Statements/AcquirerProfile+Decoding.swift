import Reconciliation
import Sales
package import Text
import Units

extension AcquirerProfile {
    /// Reads a profile file (docs/formats/statements.md) and runs its examples.
    ///
    /// - Returns: the profile, nil if there is any error or an example fails; problems `Q-E01` and
    ///   up with line and column.
    package static func decode(
        _ root: SourceNode
    ) -> (profile: AcquirerProfile?, problems: [SourceProblem]) {
        var problems = FileProblems(family: "Q")
        guard var fields = FileFields(root, &problems) else { return (nil, problems.all) }
        let profile = read(&fields, &problems)
        let examples = fields.list("beispiele", &problems)
        fields.finish(&problems)
        guard let profile, !problems.hasErrors else { return (nil, problems.all) }
        profile.lint(fields.position, &problems)
        if examples.isEmpty {
            problems.error(6, at: fields.position, "Unter „beispiele“ fehlt ein Beispiel.")
        }
        for example in examples where !problems.hasErrors { profile.run(example, &problems) }
        return (problems.hasErrors ? nil : profile, problems.all)
    }

    private static func read(
        _ fields: inout FileFields, _ problems: inout FileProblems
    ) -> AcquirerProfile? {
        let id = fields.value("abrechnung", wanted: "ein Kurzname wie nexi", &problems) {
            Identifier<AcquirerProfile>($0)?.text
        }
        let title = fields.text("titel", &problems)
        let note = fields.text("hinweis", required: false, &problems)
        let isUTF8 = fields.word("zeichensatz", of: AcquirerWords.encodings, &problems)
        let separator = fields.word("trennzeichen", of: AcquirerWords.separators, &problems)
        let mark = fields.word("dezimalzeichen", of: AcquirerWords.marks, &problems)
        let date = fields.word("datum", of: AcquirerWords.dates, &problems)
        let heading = fields.word("kopfzeile", of: AcquirerWords.truths, &problems)
        let currency = fields.value("währung", wanted: "EUR; gebucht wird nur Euro", &problems) {
            $0 == BankLine.currency ? $0 : nil
        }
        let columns = fields.list("spalten", &problems).compactMap { column($0, &problems) }
        let kinds = words("arten", of: AcquirerWords.kinds, &fields, &problems)
        let schemes = words("kartenmarken", of: AcquirerWords.schemes, &fields, &problems)
        guard let id, let title, let isUTF8, let separator, let mark, let date, let heading,
            let currency
        else { return nil }
        return AcquirerProfile(
            id: id, title: title, note: note ?? "", isUTF8: isUTF8, separator: separator,
            decimalMark: mark, dateStyle: date, hasHeading: heading, currency: currency,
            columns: columns, kinds: kinds, schemes: schemes)
    }

    private static func column(
        _ node: SourceNode, _ problems: inout FileProblems
    ) -> Column? {
        guard var fields = FileFields(node, &problems) else { return nil }
        let heading = fields.text("titel", &problems)
        let field = fields.word("feld", required: false, of: AcquirerWords.fields, &problems)
        let turned = fields.word(
            "vorzeichen", required: false, of: AcquirerWords.signs, &problems)
        fields.finish(&problems)
        return heading.map { Column(heading: $0, field: field, isNegated: turned ?? false) }
    }

    /// A list of `{wort: …, bedeutet: …}`, each word once.
    private static func words<Value>(
        _ key: String, of meanings: KeyValuePairs<String, Value>, _ fields: inout FileFields,
        _ problems: inout FileProblems
    ) -> [String: Value] {
        var words: [String: Value] = [:]
        for node in fields.list(key, &problems) {
            guard var row = FileFields(node, &problems) else { continue }
            let word = row.text("wort", &problems)
            let meaning = row.word("bedeutet", of: meanings, &problems)
            row.finish(&problems)
            guard let word, let meaning else { continue }
            if words.updateValue(meaning, forKey: word) != nil {
                problems.error(5, at: node.position, "Das Wort „\(word)“ steht schon da.")
            }
        }
        return words
    }

    /// The fields without which a line says too little, and contradictions.
    private func lint(_ position: SourcePosition, _ problems: inout FileProblems) {
        let used = columns.compactMap(\.field)
        for field in [Field.kind, .reference, .day, .gross, .fee, .net, .payout]
        where !used.contains(field) {
            problems.error(5, at: position, "Eine Spalte „\(field.rawValue)“ fehlt.")
        }
        for field in Field.allCases where !field.isAmount {
            guard used.filter({ $0 == field }).count > 1 else { continue }
            problems.error(5, at: position, "„\(field.rawValue)“ steht in zwei Spalten.")
        }
        for column in columns where column.isNegated && column.field?.isAmount != true {
            problems.error(
                5, at: position, "Spalte „\(column.heading)“: nur Beträge haben ein Vorzeichen.")
        }
        if separator == decimalMark {
            problems.error(5, at: position, "Spalten und Dezimalen sind gleich getrennt.")
        }
    }

    /// Runs one example: the line that it shows must be read as it says.
    private func run(_ node: SourceNode, _ problems: inout FileProblems) {
        guard var fields = FileFields(node, &problems) else { return }
        let row = fields.text("zeile", &problems)
        let wanted = fields.text("ergibt", &problems)
        fields.finish(&problems)
        guard let row, let wanted else { return }
        do throws(StatementError) {
            let text = row.replacing("→", with: "\t")
            var rows = AcquirerCells(Array(text.utf8)[...], separator)
            let found = try line(try rows.next() ?? [], number: 1)?.sentence ?? "übersprungen"
            guard found != wanted else { return }
            problems.error(
                7, at: node.position, "Das Beispiel ergibt nicht „\(wanted)“, sondern „\(found)“.")
        } catch {
            problems.error(7, at: node.position, "Das Beispiel scheitert: \(error)")
        }
    }
}

extension AcquirerLine {
    /// `Zahlung 2026-11-20 brutto 12,50 Gebühr 0,15 netto 12,35`: how examples say a line.
    var sentence: String {
        let word = AcquirerWords.kinds.first { $0.value == kind }?.key ?? kind.rawValue
        return "\(word) \(day.iso) brutto \(plain(gross)) Gebühr \(plain(fee)) "
            + "netto \(plain(net))"
    }

    private func plain(_ cents: Cents) -> String {
        "\(cents.isNegative ? "-" : "")\(cents.magnitude.value / 100),"
            + padded(cents.magnitude.value % 100, 2)
    }
}

/// The words of acquirer profile files.
enum AcquirerWords {
    static let truths: KeyValuePairs<String, Bool> = ["ja": true, "nein": false]
    static let encodings: KeyValuePairs<String, Bool> = ["UTF-8": true, "ISO-8859-1": false]
    static let separators: KeyValuePairs<String, UInt8> = [
        "Semikolon": 0x3B, "Komma": 0x2C, "Strich": 0x7C, "Tabulator": 0x09,
    ]
    static let marks: KeyValuePairs<String, UInt8> = ["Komma": 0x2C, "Punkt": 0x2E]
    static let dates: KeyValuePairs<String, AcquirerProfile.DateStyle> = [
        "JJJJ-MM-TT": .iso, "TT.MM.JJJJ": .dotted, "JJJJMMTT": .yearFirst,
    ]
    static let signs: KeyValuePairs<String, Bool> = ["wie in der Datei": false, "umgekehrt": true]
    static let kinds: KeyValuePairs<String, AcquirerLine.Kind?> = [
        "Zahlung": .payment, "Erstattung": .refund, "Rückbelastung": .chargeback,
        "Rückbelastung gewonnen": .chargebackReversal, "Gebühr": .fee, "Auszahlung": nil,
    ]
    static let schemes: KeyValuePairs<String, CardScheme> = [
        "girocard": .girocard, "Maestro": .maestro, "V PAY": .vpay, "Visa Debit": .visaDebit,
        "Mastercard Debit": .mastercardDebit, "Visa": .visa, "Mastercard": .mastercard,
        "American Express": .amex,
    ]
    static let fields: KeyValuePairs<String, AcquirerProfile.Field> = [
        "art": .kind, "referenz": .reference, "tag": .day, "terminal": .terminal,
        "kartenmarke": .scheme, "brutto": .gross, "gebühr": .fee, "netto": .net,
        "auszahlung": .payout, "währung": .currency, "schnitt": .cut,
    ]
}
