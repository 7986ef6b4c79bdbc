package import Reconciliation
import Sales
import Units

extension AcquirerProfile {
    /// The lines of an acquirer's file, in file order; lines that the profile skips are left out.
    /// Read row by row: beside the file itself, only what the lines hold is kept.
    ///
    /// - Throws: `B-E01`, then the first in file order of `B-E07` to `B-E10` and `B-E12` to
    ///   `B-E15`, with the number of the row. Nothing is turned, rounded or left away.
    package func read(_ bytes: [UInt8]) throws(StatementError) -> [AcquirerLine] {
        try StatementLimits.check(byteCount: bytes.count)
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let body = bytes.starts(with: mark) ? bytes.dropFirst(3) : bytes[...]
        var rows = AcquirerCells(body, separator)
        if hasHeading { try check(heading: try rows.next() ?? []) }
        let lineMax = StatementLimits.entryCountMax + (hasHeading ? 1 : 0)
        var lines: [AcquirerLine] = []
        while let row = try rows.next() {
            guard rows.line <= lineMax else {
                throw StatementError(
                    .tooLarge, line: rows.line,
                    remedy: "Erlaubt sind \(StatementLimits.entryCountMax) Zeilen.")
            }
            if let line = try line(row, number: rows.line) { lines.append(line) }
        }
        return lines
    }

    private func check(heading: [[UInt8]]) throws(StatementError) {
        let found = try heading.map { (cell) throws(StatementError) in try text(cell, line: 1) }
        let wanted = columns.map(\.heading)
        guard found != wanted else { return }
        let place = zip(found, wanted).enumerated().first { $0.element.0 != $0.element.1 }
        throw StatementError(
            .columns, line: 1,
            field: "Spalte \((place?.offset ?? min(found.count, wanted.count)) + 1)",
            value: place?.element.0,
            remedy: "Die Spalten sind nicht die des Profils „\(id)“. Gleichen Sie das Profil "
                + "mit dem Vertrag ab.")
    }

    /// One row; nil for a kind that the profile skips.
    func line(_ cells: [[UInt8]], number: Int) throws(StatementError) -> AcquirerLine? {
        guard cells.count == columns.count else {
            throw StatementError(
                .columns, line: number, value: "\(cells.count) Spalten",
                remedy: "Das Profil „\(id)“ hat \(columns.count) Spalten.")
        }
        var row = AcquirerRow(profile: self, number: number)
        for (column, cell) in zip(columns, cells) {
            guard let field = column.field else { continue }
            try row.take(field, try text(cell, line: number), column)
        }
        return try row.line()
    }

    private func text(_ cell: [UInt8], line: Int) throws(StatementError) -> String {
        guard isUTF8 else {
            return String(String.UnicodeScalarView(cell.map { Unicode.Scalar($0) }))
        }
        guard let text = String(validating: cell, as: UTF8.self) else {
            throw StatementError(
                .characters, line: line,
                remedy: "Hier steht kein gültiges UTF-8. Prüfen Sie „zeichensatz“ im Profil.")
        }
        return text
    }
}

/// A row while its cells arrive.
struct AcquirerRow {
    let profile: AcquirerProfile
    let number: Int
    private var texts: [AcquirerProfile.Field: String] = [:]
    private var amounts: [AcquirerProfile.Field: Cents] = [:]

    init(profile: AcquirerProfile, number: Int) {
        self.profile = profile
        self.number = number
    }

    mutating func take(
        _ field: AcquirerProfile.Field, _ text: String, _ column: AcquirerProfile.Column
    ) throws(StatementError) {
        guard field.isAmount else {
            texts[field] = text
            return
        }
        let isNegative = text.utf8.first == 0x2D
        let digits = isNegative ? String(text.dropFirst()) : text
        // An empty cell beside a filled one, such as debit beside credit, is nothing.
        guard let cents = text.isEmpty ? .zero : signless(digits) else {
            throw StatementError(
                .amount, line: number, field: column.heading, value: text,
                remedy: "Erwartet wird ein Betrag in ganzen Cent.")
        }
        let signed = isNegative != column.isNegated ? -cents : cents
        amounts[field, default: .zero] += signed
    }

    private func signless(_ digits: String) -> Cents? {
        FieldReading.cents(digits, mark: profile.decimalMark)
    }

    func line() throws(StatementError) -> AcquirerLine? {
        guard let meaning = profile.kinds[texts[.kind] ?? ""] else {
            throw StatementError(
                .word, line: number, field: "art", value: texts[.kind],
                remedy: "Das Wort fehlt unter „arten“ im Profil „\(profile.id)“.")
        }
        guard let kind = meaning else { return nil }
        if let currency = texts[.currency], currency != profile.currency {
            throw StatementError(
                .currency, line: number, field: "währung", value: currency,
                remedy: "Das Profil nennt \(profile.currency); gebucht wird keine andere Währung.")
        }
        // Lines of no payout would all be taken for those of one.
        guard let payout = filled(.payout) else { throw .missing("auszahlung", line: number) }
        let (gross, fee) = (amounts[.gross] ?? .zero, amounts[.fee] ?? .zero)
        guard gross - fee == amounts[.net] else {
            throw differs("Brutto weniger Gebühr ist nicht Netto.")
        }
        let line = AcquirerLine(
            kind: kind, reference: texts[.reference] ?? "", day: try day(),
            terminal: filled(.terminal), scheme: try scheme(), cut: filled(.cut),
            gross: gross, fee: fee, payout: payout)
        guard let line else {
            throw differs("Das Vorzeichen des Bruttobetrags passt nicht zur Art.")
        }
        return line
    }

    /// Nil for an empty cell.
    private func filled(_ field: AcquirerProfile.Field) -> String? {
        texts[field].flatMap { $0.isEmpty ? nil : $0 }
    }

    private func day() throws(StatementError) -> BusinessDay {
        let text = texts[.day] ?? ""
        guard let day = profile.dateStyle.day(text) else {
            throw .date(text, line: number, field: "tag")
        }
        return day
    }

    private func scheme() throws(StatementError) -> CardScheme? {
        guard let word = texts[.scheme], !word.isEmpty else { return nil }
        guard let scheme = profile.schemes[word] else {
            throw StatementError(
                .word, line: number, field: "kartenmarke", value: word,
                remedy: "Das Wort fehlt unter „kartenmarken“ im Profil „\(profile.id)“.")
        }
        return scheme
    }

    private func differs(_ why: String) -> StatementError {
        StatementError(
            .lineDiffers, line: number, value: texts[.reference],
            remedy: "\(why) Fragen Sie den Zahlungsdienstleister; geraten wird nichts.")
    }
}

extension AcquirerProfile.DateStyle {
    /// The day of a text; a time behind an ISO date is left away.
    func day(_ text: String) -> BusinessDay? {
        let bytes = Array(text.utf8)
        switch self {
        case .iso:
            let isDated = bytes.count == 10 || bytes.count > 10 && [0x54, 0x20].contains(bytes[10])
            return isDated
                ? BusinessDay(iso: String(decoding: bytes.prefix(10), as: UTF8.self)) : nil
        case .dotted:
            guard bytes.count == 10, bytes[2] == 0x2E, bytes[5] == 0x2E else { return nil }
            return day(bytes[6...], bytes[3..<5], bytes[..<2])
        case .yearFirst:
            guard bytes.count == 8 else { return nil }
            return day(bytes[..<4], bytes[4..<6], bytes[6...])
        }
    }

    private func day(
        _ year: ArraySlice<UInt8>, _ month: ArraySlice<UInt8>, _ day: ArraySlice<UInt8>
    ) -> BusinessDay? {
        guard let year = decimal(year), let month = decimal(month), let day = decimal(day) else {
            return nil
        }
        return BusinessDay(year: year, month: month, day: day)
    }
}
