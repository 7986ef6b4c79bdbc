import Units

/// The short phrases for amounts and quantities.
enum ValuePhrase {
    /// `11,00 €`: whole cents up to ``Cents/entryLimit``.
    static func cents(
        _ text: some StringProtocol, in currency: Currency
    ) throws(PhraseProblem) -> Cents {
        var scanner = PhraseScanner(text)
        let price = try unitPrice(&scanner, in: currency)
        guard scanner.isAtEnd, price.tenThousandths % 100 == 0 else {
            throw amountProblem(String(text), currency)
        }
        return Cents(price.tenThousandths / 100)
    }

    /// Takes `11,00 €` or `0,0130 €`: two to four decimals.
    static func unitPrice(
        _ scanner: inout PhraseScanner, in currency: Currency
    ) throws(PhraseProblem) -> UnitPrice {
        let text = String(scanner.rest)
        guard let number = scanner.takeNumber(), (2...4).contains(number.decimals),
            let value = number.scaled(by: 10_000), value <= Cents.entryLimit * 100
        else { throw amountProblem(text, currency) }
        guard scanner.take(currency.sign) else {
            let others = Currency.allCases.filter { $0 != currency }.map(\.sign)
            guard scanner.take(anyOf: others) != nil else { throw amountProblem(text, currency) }
            throw PhraseProblem(
                .currencyDiffers,
                "„\(text)“ steht nicht in der Währung dieser Datei. Schreiben Sie "
                    + "\(currency.sign), oder ändern Sie „währung: \(currency.rawValue)“.")
        }
        return UnitPrice(tenThousandths: value)
    }

    /// `0,25 m³`: a positive quantity up to ``Amount/numberMax`` smallest units.
    static func quantity(_ text: some StringProtocol) throws(PhraseProblem) -> Quantity {
        var scanner = PhraseScanner(text)
        let quantity = try quantity(&scanner)
        guard scanner.isAtEnd else { throw quantityProblem(String(text)) }
        return quantity
    }

    /// A weight such as `200 kg`.
    static func weight(_ text: String) throws(PhraseProblem) -> Grams {
        let quantity = try quantity(text)
        guard quantity.measure == .weight else {
            throw PhraseProblem(
                .amountNotUnderstood,
                "„\(text)“ ist kein Gewicht. Schreiben Sie es in kg oder t: 200 kg.")
        }
        return Grams(quantity.value)
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
        for (word, unit) in units where scanner.take(word) { return unit }
        return nil
    }

    /// Whether a name would be read as a unit.
    static func isUnit(_ name: String) -> Bool {
        var scanner = PhraseScanner(name)
        return unit(&scanner) != nil && scanner.isAtEnd
    }

    private static let units: [(word: String, unit: MeasureUnit)] = [
        ("Stück", .piece), ("Liter", .litre), ("l", .litre), ("m³", .cubicMetre),
        ("m3", .cubicMetre), ("Kubikmeter", .cubicMetre), ("kg", .kilogram), ("t", .tonne),
        ("Tonnen", .tonne), ("Tonne", .tonne), ("m²", .squareMetre), ("m2", .squareMetre),
        ("Quadratmeter", .squareMetre), ("Minuten", .minute), ("Minute", .minute),
        ("Stunden", .hour), ("Stunde", .hour), ("Tagen", .day), ("Tage", .day), ("Tag", .day),
        ("Wochen", .week), ("Woche", .week), ("lb", .pound), ("ton", .shortTon),
        ("yd³", .cubicYard), ("yd3", .cubicYard), ("gal", .gallon),
    ]

    private static func amountProblem(_ text: String, _ currency: Currency) -> PhraseProblem {
        PhraseProblem(
            .amountNotUnderstood,
            "„\(text)“ ist kein Betrag. Schreiben Sie ihn mit Komma, zwei Stellen und "
                + "\(currency.sign), höchstens 10.000,00 \(currency.sign): "
                + "11,00 \(currency.sign).")
    }

    private static func quantityProblem(_ text: String) -> PhraseProblem {
        let known = MeasureUnit.allCases.map(\.rawValue).joined(separator: ", ")
        return PhraseProblem(
            .amountNotUnderstood,
            "„\(text)“ ist keine Menge. Schreiben Sie eine Zahl und eine Einheit (\(known)): "
                + "0,25 m³. Erlaubt sind höchstens 1.000 m³ oder 1.000 t.")
    }
}
