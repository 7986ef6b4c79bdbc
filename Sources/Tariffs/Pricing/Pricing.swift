package import Units

extension Tariff {
    /// The price of a delivery with its reasons, or why it is not accepted.
    ///
    /// Deterministic; the same delivery gives the same quote for ever. Refused are, in this order:
    /// a day outside the validity, an empty delivery or one of more than ``itemCountMax`` items,
    /// then each item that has no price, then a total above ``Cents/entryLimit``.
    ///
    /// - Parameter quota: what was used of free quantities before. No position grants one yet, so
    ///   none enters the quote.
    package func price(_ delivery: Delivery, quota: [QuotaUse] = []) -> PricingDecision {
        switch calculate(delivery) {
        case .refused(let refusals):
            return .refused(refusals.map { refusal($0, of: delivery) })
        case .calculated(let calculation):
            var lines = calculation.lines.map { quoteLine($0, of: delivery) }
            if let line = minimumLine(calculation, of: delivery) { lines.append(line) }
            return .priced(
                Quote(tariff: reference, delivery: delivery, lines: lines, quota: []))
        }
    }

    /// The prices that ``price(_:quota:)`` gives, line by line, without its sentences; nil where
    /// it refuses. For pricing again what was priced before.
    package func amounts(of delivery: Delivery, quota: [QuotaUse] = []) -> [Cents]? {
        guard case .calculated(let calculation) = calculate(delivery) else { return nil }
        let supplement = calculation.minimumSupplement
        return calculation.lines.map(\.gross) + (supplement > .zero ? [supplement] : [])
    }

    /// The most items a delivery may have.
    package static let itemCountMax = 100

    private func quoteLine(_ line: CalculatedLine, of delivery: Delivery) -> QuoteLine {
        let item = delivery.items[line.item]
        let position = positions[line.position]
        return QuoteLine(
            position: position.number, paragraph: position.paragraph, fraction: item.fraction,
            name: name(of: item.fraction).german, item: item, billed: line.charge.billed,
            legalForm: position.legalForm.value(on: delivery.day),
            vat: position.vat.value(on: delivery.day), gross: line.gross,
            explanation: explanation(of: line, in: delivery))
    }

    private func minimumLine(_ calculation: Calculation, of delivery: Delivery) -> QuoteLine? {
        let supplement = calculation.minimumSupplement
        guard let minimum, supplement > .zero, let id = FractionID("mindestbetrag") else {
            return nil
        }
        let sum = calculation.lines.map(\.gross).sum()
        return QuoteLine(
            position: "Mindestbetrag", paragraph: minimum.paragraph, fraction: id,
            name: "Mindestbetrag",
            item: DeliveryItem(fraction: id, amount: .delivery, source: .counted), billed: 1,
            legalForm: minimum.legalForm.value(on: delivery.day),
            vat: minimum.vat.value(on: delivery.day), gross: supplement,
            explanation: Explanation(
                german: "Eine Anlieferung kostet mindestens "
                    + "\(GermanFormat.euros(sum + supplement)); zu "
                    + "\(GermanFormat.euros(sum)) kommen \(GermanFormat.euros(supplement)) dazu "
                    + "(\(minimum.paragraph)).",
                english: "A delivery costs at least \(EnglishText.euros(sum + supplement)); "
                    + "\(EnglishText.euros(supplement)) is added to \(EnglishText.euros(sum)) "
                    + "(\(minimum.paragraph))."))
    }

    /// The names of a fraction in sentences; its id if the catalogue does not know it.
    func name(of fraction: FractionID) -> Explanation {
        catalogue.fraction(fraction).map { Explanation(german: $0.name, english: $0.englishName) }
            ?? Explanation(german: fraction.text, english: fraction.text)
    }
}
