package import Text
import Units

extension Tariff {
    /// Runs the worked examples and looks for positions without one; empty means good.
    ///
    /// First failing examples, then positions without example, each in file order.
    package func check() -> [SourceProblem] {
        var exercised: Set<String> = []
        var problems: [SourceProblem] = []
        for example in examples {
            exercised.formUnion(numbers(in: example.delivery))
            if let difference = difference(of: example) {
                problems.append(
                    TariffProblem.exampleFails.at(
                        example.place,
                        "Beispiel \(example.number) geht nicht auf: \(difference) Berichtigen Sie "
                            + "das Beispiel oder die Position."))
            }
        }
        for position in positions where !exercised.contains(position.number) {
            problems.append(
                TariffProblem.noExample.at(
                    position.place,
                    "Nr. \(position.number) hat kein Beispiel. Rechnen Sie eines vor."))
        }
        return problems
    }

    /// The positions that an example touches, those that refuse included.
    private func numbers(in delivery: Delivery) -> [String] {
        delivery.items.flatMap { item in
            item.fractions.flatMap { fraction in
                index.matches(
                    fraction, of: Circumstances(of: delivery, item), in: item.amount.measure
                ).map { positions[$0].number }
            }
        }
    }

    /// What pricing says about an example, after its earlier deliveries in order.
    package func outcome(of example: WorkedExample) -> PricingDecision {
        var used = UsedQuotas()
        for delivery in example.earlier {
            let before = used.state(before: delivery, under: self)
            guard case .priced(_, let taken) = amountLines(of: delivery, quota: before) else {
                continue
            }
            used.add(taken)
        }
        return price(example.delivery, quota: used.state(before: example.delivery, under: self))
    }

    /// How an example differs from what it expects; nil if it comes out right.
    package func difference(of example: WorkedExample) -> String? {
        switch (example.expected, outcome(of: example)) {
        case (.refused(let code), .refused(let refusals)):
            let found = refusals.compactMap { RefusalCode(rawValue: $0.code) }
            guard found.contains(code) else {
                return "erwartet „\(code.german)“, gefunden "
                    + found.map { "„\($0.german)“" }.joined(separator: ", ") + "."
            }
            return nil
        case (.refused(let code), .priced(let quote)):
            return "erwartet „\(code.german)“, gefunden \(money(quote.total))."
        case (.total(let total, _), .refused(let refusals)):
            let reasons = refusals.map(\.reason.german).joined(separator: " ")
            return "erwartet \(money(total)), abgelehnt: \(reasons)"
        case (.total(let total, let lines), .priced(let quote)):
            return difference(of: quote, from: total, lines)
        }
    }

    private func difference(
        of quote: Quote, from total: Cents, _ lines: [WorkedExample.ExpectedLine]
    ) -> String? {
        let found = quote.lines.map {
            WorkedExample.ExpectedLine(position: $0.position, gross: $0.gross)
        }
        guard quote.total == total, lines.isEmpty || lines == found else {
            let expected = lines.map(words).joined(separator: ", ")
            return "erwartet \(money(total))"
                + (expected.isEmpty ? "" : " (\(expected))")
                + ", gefunden \(money(quote.total)) "
                + "(\(found.map(words).joined(separator: ", ")))."
        }
        return nil
    }

    private func words(_ line: WorkedExample.ExpectedLine) -> String {
        "Nr. \(line.position): \(money(line.gross))"
    }

    private func money(_ cents: Cents) -> String { GermanText.money(cents, currency) }
}
