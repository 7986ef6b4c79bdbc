import Tariffs
import Units

/// A rule of the delivery in words.
package struct RuleWords: Hashable, Sendable {
    /// What it is about, unique within a tariff, such as `Annahmeregel A1` or `Mindestbetrag`.
    package let title: String
    package let words: String
    package let paragraph: String
}

extension PriceWords {
    /// The rules of the delivery in the order of the file format.
    package var rules: [RuleWords] {
        let rules = tariff.rules
        return rules.acceptance.map { words(for: $0) } + rules.oncePerVisit.map { words(for: $0) }
            + standing + rules.surcharges.map { words(for: $0) } + bounds
    }

    private func words(for rule: AcceptanceRule) -> RuleWords {
        let fractions = rule.fractions.map { wanted in
            names(of: tariff.fractions.map(\.id).filter { wanted.contains($0) })
        }
        let subject = [fractions ?? "alle Abfälle", rule.condition.subject(self)]
            .compactMap(\.self).joined(separator: ", ")
        let demand =
            switch rule.demand {
            case .refused: "wird nicht angenommen"
            case .requires(let features): "nur mit \(names(of: features))"
            case .atMost(let limit):
                "höchstens \(words(for: limit))" + (rule.fractions?.count == 1 ? "" : " zusammen")
            }
        return RuleWords(
            title: "Annahmeregel \(rule.number)",
            words: "\(subject.capitalizedFirst): \(demand). \(rule.reason.german)",
            paragraph: rule.paragraph)
    }

    private func words(for rule: OncePerVisit) -> RuleWords {
        RuleWords(
            title: "Einmal je Anlieferung: \(rule.name)",
            words: "Von \(numbers(rule.positions)) wird in einer Anlieferung nur der höchste "
                + "Preis berechnet.",
            paragraph: rule.paragraph)
    }

    /// `Nr. 1, 2 und 3` in the order of the file.
    private func numbers(_ wanted: Set<String>) -> String {
        "Nr. "
            + GermanText.all(tariff.positions.map(\.number).filter { wanted.contains($0) })
    }

    private var standing: [RuleWords] {
        let mixture = tariff.rules.mixture.map {
            RuleWords(
                title: "Gemischte Ladung",
                words: "Was gemischt ist und sich nicht trennen lässt, kostet so viel wie die "
                    + "teuerste Abfallart für die ganze Ladung.",
                paragraph: $0.paragraph)
        }
        let failure = tariff.rules.scaleFailure.map {
            RuleWords(
                title: "Waage ausgefallen",
                words: "Ist die Waage ausgefallen, wird das Volumen geschätzt und in Gewicht "
                    + "umgerechnet.",
                paragraph: $0.paragraph)
        }
        return [mixture, failure].compactMap(\.self)
    }

    private func words(for surcharge: Surcharge) -> RuleWords {
        let charge =
            switch surcharge.charge {
            case .amount(let amount): "\(money(amount)) je Anlieferung"
            case .percent(let points): "\(GermanText.percent(points)) auf den Preis"
            case .factor(let factor): "das \(GermanText.times(factor)) des Preises"
            }
        let positions = surcharge.positions.map { "für \(numbers($0))" }
        let scope = [surcharge.condition.subject(self), positions].compactMap(\.self)
        return RuleWords(
            title: "Zuschlag: \(surcharge.name)",
            words: ([charge] + scope).joined(separator: ", ") + ".", paragraph: surcharge.paragraph)
    }

    private var bounds: [RuleWords] {
        let rules = tariff.rules
        let minimum = rules.minimum.map {
            RuleWords(
                title: "Mindestbetrag",
                words: "Eine Anlieferung, die etwas kostet, kostet mindestens "
                    + "\(money($0.amount)).",
                paragraph: $0.paragraph)
        }
        let maximum = rules.maximum.map {
            RuleWords(
                title: "Höchstbetrag",
                words: "Eine Anlieferung kostet höchstens \(money($0.amount)).",
                paragraph: $0.paragraph)
        }
        let deposit = rules.deposit.map { deposit in
            let scope = deposit.condition.subject(self).map { " (\($0))" } ?? ""
            return RuleWords(
                title: "Vorautorisierung",
                words: "Bei der Einfahrt werden \(money(deposit.amount)) auf der Karte "
                    + "reserviert\(scope), aber erst mit dem Preis abgebucht.",
                paragraph: deposit.paragraph)
        }
        return [minimum, maximum, deposit].compactMap(\.self)
    }
}

extension Condition {
    /// What the condition asks for; nil where it holds for everything.
    fileprivate func subject(_ words: PriceWords) -> String? {
        self == .always ? nil : words.words(for: self)
    }
}

extension String {
    /// With a capital first letter.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
