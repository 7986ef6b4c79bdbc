import Units

/// The short phrases for amounts, quantities, dates and windows.
enum ValuePhrase {
    /// `11,00 €`: whole cents up to ``Cents/entryLimit``.
    static func cents(_ text: String) throws(PhraseProblem) -> Cents {
        var scanner = PhraseScanner(text)
        let price = try unitPrice(&scanner)
        guard scanner.isAtEnd, price.tenThousandths % 100 == 0 else { throw amountProblem(text) }
        return Cents(price.tenThousandths / 100)
    }

    /// Takes `11,00 €` or `0,0130 €`: two to four decimals.
    static func unitPrice(_ scanner: inout PhraseScanner) throws(PhraseProblem) -> UnitPrice {
        let text = String(scanner.rest)
        guard let number = scanner.takeNumber(), (2...4).contains(number.decimals),
            let value = number.scaled(by: 10_000), value <= Cents.entryLimit * 100,
            scanner.take("€")
        else { throw amountProblem(text) }
        return UnitPrice(tenThousandths: value)
    }

    /// `0,25 m³`: a positive quantity up to ``Amount/numberMax`` smallest units.
    static func quantity(_ text: some StringProtocol) throws(PhraseProblem) -> Quantity {
        var scanner = PhraseScanner(text)
        let quantity = try quantity(&scanner)
        guard scanner.isAtEnd else { throw quantityProblem(String(text)) }
        return quantity
    }

    static func quantity(_ scanner: inout PhraseScanner) throws(PhraseProblem) -> Quantity {
        let text = String(scanner.rest)
        guard let number = scanner.takeNumber(), let unit = unit(&scanner),
            let value = number.scaled(by: unit.size), (1...Amount.numberMax).contains(value)
        else { throw quantityProblem(text) }
        return Quantity(value, in: unit)
    }

    /// Takes a unit by its sign or its name.
    static func unit(_ scanner: inout PhraseScanner) -> MeasureUnit? {
        scanner.take(anyOf: units.map(\.word)).flatMap { word in
            units.first { $0.word == word }?.unit
        }
    }

    private static let units: [(word: String, unit: MeasureUnit)] = [
        ("Stück", .piece), ("Liter", .litre), ("l", .litre), ("m³", .cubicMetre),
        ("m3", .cubicMetre), ("Kubikmeter", .cubicMetre), ("kg", .kilogram), ("t", .tonne),
        ("Tonnen", .tonne), ("Tonne", .tonne), ("m²", .squareMetre), ("m2", .squareMetre),
        ("Quadratmeter", .squareMetre),
    ]

    /// `05.01.2024`.
    static func day(_ text: some StringProtocol) throws(PhraseProblem) -> BusinessDay {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [2, 2, 4],
            let day = decimal(ArraySlice(Array(parts[0].utf8))),
            let month = decimal(ArraySlice(Array(parts[1].utf8))),
            let year = decimal(ArraySlice(Array(parts[2].utf8))),
            let date = BusinessDay(year: year, month: month, day: day)
        else {
            throw PhraseProblem(
                .dateNotUnderstood,
                "„\(text)“ ist kein Datum. Schreiben Sie es so: 05.01.2024.")
        }
        return date
    }

    /// `16.10.2023 bis 16.12.2023`, `ab 01.01.2022`, `bis 31.12.2017` or
    /// `jedes Jahr 01.11. bis 31.03.`; both days are included.
    static func window(_ text: String) throws(PhraseProblem) -> DateWindow {
        let words = text.split(whereSeparator: \.isWhitespace)
        switch words.count {
        case 2 where words[0] == "ab":
            return .from(try day(words[1]))
        case 2 where words[0] == "bis":
            return .until(try day(words[1]))
        case 3 where words[1] == "bis":
            guard let range = DateRange(from: try day(words[0]), to: try day(words[2])) else {
                throw PhraseProblem(
                    .dateNotUnderstood, "„\(text)“ endet vor seinem Anfang. Tauschen Sie die Tage.")
            }
            return .range(range)
        case 5 where words[0...1] == ["jedes", "Jahr"] && words[3] == "bis":
            guard let from = monthDay(words[2]), let to = monthDay(words[4]) else { fallthrough }
            return .yearly(from: from, to: to)
        default:
            throw PhraseProblem(
                .dateNotUnderstood,
                "„\(text)“ ist kein Zeitraum. Möglich sind „16.10.2023 bis 16.12.2023“, "
                    + "„ab 01.01.2022“, „bis 31.12.2017“ und „jedes Jahr 01.11. bis 31.03.“.")
        }
    }

    /// `31.01.`.
    private static func monthDay(_ text: Substring) -> MonthDay? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [2, 2, 0],
            let day = decimal(ArraySlice(Array(parts[0].utf8))),
            let month = decimal(ArraySlice(Array(parts[1].utf8)))
        else { return nil }
        return MonthDay(month: month, day: day)
    }

    private static func amountProblem(_ text: String) -> PhraseProblem {
        PhraseProblem(
            .amountNotUnderstood,
            "„\(text)“ ist kein Betrag. Schreiben Sie ihn mit Komma, zwei Stellen und €, "
                + "höchstens 10.000,00 €: 11,00 €.")
    }

    private static func quantityProblem(_ text: String) -> PhraseProblem {
        PhraseProblem(
            .amountNotUnderstood,
            "„\(text)“ ist keine Menge. Schreiben Sie eine Zahl und eine Einheit aus Stück, l, m³, "
                + "kg, t, m²: 0,25 m³.")
    }
}
