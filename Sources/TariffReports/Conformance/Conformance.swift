package import Tariffs
package import Units

/// The table for the council: each position beside the words of the statute, and worked examples
/// to sign.
package struct Conformance: Hashable, Sendable {
    package let heading: ReportHeading
    /// Positions in the order of the file.
    package let positions: [PositionRow]
    package let rules: [RuleWords]
    /// What the file decided where the statute leaves something open.
    package let assumptions: [String]
    /// In the order of the file.
    package let examples: [ExampleRow]

    /// A position beside the statute.
    package struct PositionRow: Hashable, Sendable {
        package let number: String
        package let paragraph: String
        /// The official words; nil if the file does not quote them.
        package let wording: String?
        package let fractions: String
        /// For whom, when and with what.
        package let scope: String
        package let price: PricePhrase
        /// Free quantity, limits and what else is part of the price.
        package let details: [LabelledFact]
        package let legalForm: String
        package let vat: String
        /// What the statute leaves open here; nil if nothing.
        package let assumption: String?
    }

    /// A worked example with what the tariff makes of it.
    package struct ExampleRow: Hashable, Sendable {
        package let number: String
        package let day: BusinessDay
        /// Who delivers and what, in words.
        package let delivery: String
        /// Earlier deliveries that count, each with its day.
        package let earlier: Int
        /// `22,00 €`, `abgelehnt: zu viel`.
        package let expected: String
        /// What pricing gives, in the same form.
        package let found: String
        /// How the two differ in a sentence; nil where the example comes out right.
        package let difference: String?
        package let checkedBy: String?
    }

    /// The examples that do not come out right.
    package var failing: [ExampleRow] { examples.filter { $0.difference != nil } }

    package init(of tariff: Tariff) {
        let words = PriceWords(tariff)
        heading = ReportHeading(of: tariff)
        positions = tariff.positions.map { PositionRow($0, words) }
        rules = words.rules
        assumptions = tariff.assumptions
        examples = tariff.examples.map { ExampleRow($0, words) }
    }
}

extension Conformance.PositionRow {
    fileprivate init(_ position: Position, _ words: PriceWords) {
        self.init(
            number: position.number, paragraph: position.paragraph, wording: position.wording,
            fractions: words.names(of: position.fractions),
            scope: words.words(for: position.condition), price: words.price(of: position),
            details: words.modifiers(of: position) + words.remarks(on: position)
                + words.exceptions(of: position),
            legalForm: words.legalForm(position.legalForm), vat: words.vat(position.vat),
            assumption: position.assumption)
    }
}

extension PriceWords {
    fileprivate func exceptions(of position: Position) -> [LabelledFact] {
        guard !position.exceptionTo.isEmpty else { return [] }
        return [LabelledFact("Ausnahme von", "Nr. \(GermanText.all(position.exceptionTo))")]
    }
}

extension Conformance.ExampleRow {
    fileprivate init(_ example: WorkedExample, _ words: PriceWords) {
        let tariff = words.tariff
        self.init(
            number: example.number, day: example.delivery.day,
            delivery: words.circumstances(of: example.delivery) + ": "
                + example.phrases.joined(separator: "; "),
            earlier: example.earlier.count, expected: words.words(for: example.expected),
            found: words.words(for: tariff.outcome(of: example)),
            difference: tariff.difference(of: example), checkedBy: example.checkedBy)
    }
}

extension PriceWords {
    /// `privat, auswärtig, mit „unbedeckte Ladung“`.
    fileprivate func circumstances(of delivery: Delivery) -> String {
        let parts = [
            delivery.group.german, delivery.origin == .nonResident ? delivery.origin.german : nil,
            delivery.features.isEmpty ? nil : "mit \(names(of: delivery.features))",
            delivery.isScaleBroken ? "Waage ausgefallen" : nil,
        ]
        return parts.compactMap(\.self).joined(separator: ", ")
    }

    fileprivate func words(for expected: WorkedExample.Expectation) -> String {
        switch expected {
        case .refused(let code): "abgelehnt: \(code.german)"
        case .total(let total, _): money(total)
        }
    }

    fileprivate func words(for decision: PricingDecision) -> String {
        switch decision {
        case .priced(let quote): return money(quote.total)
        case .refused(let refusals):
            let codes = refusals.compactMap { RefusalCode(rawValue: $0.code)?.german }
            let unique = codes.enumerated().filter { !codes[..<$0.offset].contains($0.element) }
            return "abgelehnt: \(unique.map(\.element).joined(separator: ", "))"
        }
    }
}
