import Units

/// A price written as one phrase, such as `11,00 € je angefangene 500 l`.
struct PricePhrase {
    private let text: String
    private let catalogue: Catalogue

    /// - Throws: `T-E08` for a phrase of no known form, `T-E09` where it is left open what a part
    ///   of a unit costs, `T-E14` for an amount that is none, `T-E15` for a step that the unit
    ///   does not hold.
    static func method(
        _ text: String, catalogue: Catalogue
    ) throws(PhraseProblem) -> PricingMethod {
        try PricePhrase(text: text, catalogue: catalogue).method()
    }

    private func method() throws(PhraseProblem) -> PricingMethod {
        switch text {
        case "kostenlos": return .free(nil)
        case "nicht veröffentlicht": return .unpublished
        case "abgelehnt": return .refused
        default: break
        }
        var scanner = PhraseScanner(text)
        guard scanner.rest.first?.isNumber == true else { throw notUnderstood }
        let price = try ValuePhrase.unitPrice(&scanner)
        if scanner.take("pauschal"), scanner.isAtEnd {
            return .flat(try ValuePhrase.cents(String(text.dropLast("pauschal".count))))
        }
        guard scanner.take("je") else { throw notUnderstood }
        return try rate(price, &scanner)
    }

    private func rate(
        _ price: UnitPrice, _ scanner: inout PhraseScanner
    ) throws(PhraseProblem) -> PricingMethod {
        let isStarted =
            scanner.take(anyOf: ["angefangene", "angefangenen", "angefangener", "angefangenes"])
            != nil
        let number = scanner.takeNumber()
        guard let unit = ValuePhrase.unit(&scanner) else {
            guard number == nil, !isStarted else { throw notUnderstood }
            return try container(price, &scanner)
        }
        let one = WrittenNumber(digits: 1, decimals: 0)
        guard let value = (number ?? one).scaled(by: unit.size),
            (1...Amount.numberMax).contains(value)
        else { throw notUnderstood }
        let per = Quantity(value, in: unit)
        let step = try step(of: per, isStarted: isStarted, &scanner)
        return .unit(UnitRate(price: price, per: per, step: step))
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

    private func container(
        _ price: UnitPrice, _ scanner: inout PhraseScanner
    ) throws(PhraseProblem) -> PricingMethod {
        let word = scanner.takeText(before: ",")
        guard let container = catalogue.container(called: word) else { throw notUnderstood }
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
        return PhraseProblem(
            .priceNotUnderstood,
            "„\(text)“ ist keine Preisangabe. Möglich sind „kostenlos“, „nicht veröffentlicht“, "
                + "„abgelehnt“, „6,00 € pauschal“, „4,00 € je Stück“, „11,00 € je angefangene "
                + "500 l“, „170,00 € je t, anteilig“, „49,00 € je m³, in angefangenen Schritten "
                + "von 0,25 m³“, „5,40 € je Sack“, „5,40 € je Sack, halb volle zur Hälfte“ und "
                + "„5,40 € je Sack, anteilig nach Füllung“\(known), dazu Staffel und Tabelle.")
    }
}
