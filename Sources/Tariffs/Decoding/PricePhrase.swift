import Units

/// A price written as one phrase, such as `11,00 € je angefangene 500 l`.
struct PricePhrase {
    private let text: String
    private let catalogue: Catalogue
    private let currency: Currency

    /// The method of a phrase; a derived one still lacks the method of the position it names.
    ///
    /// - Throws: `T-E08` for a phrase of no known form, `T-E09` where it is left open what a part
    ///   of a unit costs, `T-E14` for an amount that is none, `T-E15` for a step that the unit
    ///   does not hold, `T-E20` for another currency.
    static func method(
        _ text: String, catalogue: Catalogue, currency: Currency
    ) throws(PhraseProblem) -> PricingMethod {
        try PricePhrase(text: text, catalogue: catalogue, currency: currency).method()
    }

    private func method() throws(PhraseProblem) -> PricingMethod {
        switch text {
        case "kostenlos": return .free(nil)
        case "nicht veröffentlicht": return .unpublished
        case "abgelehnt": return .refused
        default: break
        }
        if let derived = try Derived(phrase: text, in: currency) { return .derived(derived) }
        var scanner = PhraseScanner(text)
        guard scanner.rest.first?.isNumber == true, scanner.takeFactor() == nil else {
            throw notUnderstood
        }
        let price = try ValuePhrase.unitPrice(&scanner, in: currency)
        if scanner.take("pauschal"), scanner.isAtEnd {
            return .flat(
                try ValuePhrase.cents(text.dropLast("pauschal".count), in: currency))
        }
        guard scanner.take("je") else { throw notUnderstood }
        return try rate(price, &scanner)
    }

    private func rate(
        _ price: UnitPrice, _ scanner: inout PhraseScanner
    ) throws(PhraseProblem) -> PricingMethod {
        if let container = try container(price, scanner) { return container }
        let isStarted = scanner.takeStarted()
        guard let per = try per(&scanner) else { throw notUnderstood }
        if isStarted, per.unit == .squareMetre, scanner.take("und") {
            return try areaTime(price, per, &scanner)
        }
        let step = try step(of: per, isStarted: isStarted, &scanner)
        return .unit(UnitRate(price: price, per: per, step: step))
    }

    /// Takes `500 l`, or `m³` alone for one of them.
    private func per(_ scanner: inout PhraseScanner) throws(PhraseProblem) -> Quantity? {
        let number = scanner.takeNumber() ?? WrittenNumber(digits: 1, decimals: 0)
        guard let unit = ValuePhrase.unit(&scanner), let value = number.scaled(by: unit.size),
            (1...Amount.numberMax).contains(value)
        else { return nil }
        return Quantity(value, in: unit)
    }

    /// `angefangene 5 m² und angefangene Woche`.
    private func areaTime(
        _ price: UnitPrice, _ area: Quantity, _ scanner: inout PhraseScanner
    ) throws(PhraseProblem) -> PricingMethod {
        guard scanner.takeStarted(), let time = try per(&scanner), time.measure == .duration,
            scanner.isAtEnd
        else { throw notUnderstood }
        return .areaTime(AreaTimeRate(price: price, area: area, time: time))
    }

    private func step(
        of per: Quantity, isStarted: Bool, _ scanner: inout PhraseScanner
    ) throws(PhraseProblem) -> Step {
        if isStarted {
            guard scanner.isAtEnd else { throw notUnderstood }
            return .started(per.value)
        }
        if scanner.isAtEnd {
            guard per == Quantity(1, in: .piece) else { throw stepNotStated(per) }
            return .started(1)
        }
        if scanner.take(", anteilig"), scanner.isAtEnd { return .proRata }
        guard scanner.take(", in angefangenen Schritten von") else { throw notUnderstood }
        let step = try ValuePhrase.quantity(scanner.rest)
        guard step.measure == per.measure, per.value % step.value == 0 else {
            throw PhraseProblem(
                .stepsDisagree,
                "„\(text)“: der Schritt muss ohne Rest in \(GermanText.per(per)) aufgehen. "
                    + "Ändern Sie den Schritt.")
        }
        return .started(step.value)
    }

    /// The price of a container of the catalogue; nil if the words name none.
    private func container(
        _ price: UnitPrice, _ start: PhraseScanner
    ) throws(PhraseProblem) -> PricingMethod? {
        var scanner = start
        let word = scanner.takeText(before: ",")
        guard let container = catalogue.container(called: word) else { return nil }
        let filling: ContainerRate.Filling
        if scanner.isAtEnd {
            filling = .whole
        } else if scanner.take(", anteilig nach Füllung"), scanner.isAtEnd {
            filling = .proRata
        } else if scanner.take(", halb volle zur Hälfte"), scanner.isAtEnd {
            filling = .halves
        } else {
            throw notUnderstood
        }
        return .container(ContainerRate(price: price, kind: container.id, filling: filling))
    }

    private func stepNotStated(_ per: Quantity) -> PhraseProblem {
        let unit = GermanText.per(per)
        return PhraseProblem(
            .stepNotStated,
            "„\(text)“ sagt nicht, was ein Teil kostet. Schreiben Sie „je "
                + "\(GermanText.startedAfterPer(per))“, „je \(unit), anteilig“ oder „je \(unit), "
                + "in angefangenen Schritten von …“.")
    }

    private var notUnderstood: PhraseProblem {
        let containers = catalogue.containers.map(\.name)
        let known = containers.isEmpty ? "" : " (Behälter: \(containers.joined(separator: ", ")))"
        let sign = currency.sign
        return PhraseProblem(
            .priceNotUnderstood,
            "„\(text)“ ist keine Preisangabe. Möglich sind „kostenlos“, „nicht veröffentlicht“, "
                + "„abgelehnt“, „6,00 \(sign) pauschal“, „4,00 \(sign) je Stück“, "
                + "„11,00 \(sign) je angefangene 500 l“, „170,00 \(sign) je t, anteilig“, "
                + "„49,00 \(sign) je m³, in angefangenen Schritten von 0,25 m³“, "
                + "„30,00 \(sign) je angefangene 15 Minuten“, "
                + "„10,00 \(sign) je angefangene 5 m² und angefangene Woche“, "
                + "„5,40 \(sign) je Sack“, „5,40 \(sign) je Sack, halb volle zur Hälfte“ und "
                + "„5,40 \(sign) je Sack, anteilig nach Füllung“\(known), „2-fach von Nr. 5.1“, "
                + "„Nr. 5.1 zuzüglich 2,00 \(sign)“, dazu Staffel, Waage und Tabelle.")
    }
}

extension PhraseScanner {
    /// Takes `angefangene` in any of its forms.
    fileprivate mutating func takeStarted() -> Bool {
        take(anyOf: ["angefangene", "angefangenen", "angefangener", "angefangenes"]) != nil
    }
}
