import Tariffs
package import Units

/// A rule of the delivery in words.
package struct RuleWords: Hashable, Sendable {
    /// What it is about, unique within a tariff, such as `Annahmeregel A1` or `Mindestbetrag`.
    package let title: String
    package let words: String
    package let paragraph: String
    /// What the rule adds, demands or reserves; nil where it is no amount.
    package let amount: Cents?
    /// Under which conditions, where the amount alone does not say it.
    let scope: String?

    init(
        _ title: String, _ words: String, _ paragraph: String, amount: Cents? = nil,
        scope: String? = nil
    ) {
        self.title = title
        self.words = words
        self.paragraph = paragraph
        self.amount = amount
        self.scope = scope
    }
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
            "Annahmeregel \(rule.number)",
            "\(subject.capitalizedFirst): \(demand). \(rule.reason.german)",
            rule.paragraph)
    }

    private func words(for rule: OncePerVisit) -> RuleWords {
        RuleWords(
            "Einmal je Anlieferung: \(rule.name)",
            "Von \(numbers(rule.positions)) wird in einer Anlieferung nur der höchste "
                + "Preis berechnet.",
            rule.paragraph)
    }

    /// `Nr. 1, 2 und 3` in the order of the file.
    private func numbers(_ wanted: Set<String>) -> String {
        "Nr. "
            + GermanText.all(tariff.positions.map(\.number).filter { wanted.contains($0) })
    }

    private var standing: [RuleWords] {
        let mixture = tariff.rules.mixture.map {
            RuleWords(
                "Gemischte Ladung",
                "Was gemischt ist und sich nicht trennen lässt, kostet so viel wie die "
                    + "teuerste Abfallart für die ganze Ladung.",
                $0.paragraph)
        }
        let failure = tariff.rules.scaleFailure.map {
            RuleWords(
                "Waage ausgefallen",
                "Ist die Waage ausgefallen, wird das Volumen geschätzt und in Gewicht "
                    + "umgerechnet.",
                $0.paragraph)
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
            "Zuschlag: \(surcharge.name)",
            ([charge.capitalizedFirst] + scope).joined(separator: ", ") + ".",
            surcharge.paragraph, amount: surcharge.charge.amount,
            scope: scope.isEmpty ? nil : scope.joined(separator: ", "))
    }

    private var bounds: [RuleWords] {
        let rules = tariff.rules
        let minimum = rules.minimum.map {
            RuleWords(
                "Mindestbetrag",
                "Eine Anlieferung, die etwas kostet, kostet mindestens "
                    + "\(money($0.amount)).",
                $0.paragraph, amount: $0.amount)
        }
        let maximum = rules.maximum.map {
            RuleWords(
                "Höchstbetrag",
                "Eine Anlieferung kostet höchstens \(money($0.amount)).",
                $0.paragraph, amount: $0.amount)
        }
        let deposit = rules.deposit.map { deposit in
            let scope = deposit.condition.subject(self).map { " (\($0))" } ?? ""
            return RuleWords(
                "Vorautorisierung",
                "Bei der Einfahrt werden \(money(deposit.amount)) auf der Karte "
                    + "reserviert\(scope), aber erst mit dem Preis abgebucht.",
                deposit.paragraph, amount: deposit.amount,
                scope: deposit.condition.subject(self))
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

extension Surcharge.Charge {
    fileprivate var amount: Cents? {
        switch self {
        case .amount(let amount): amount
        case .percent, .factor: nil
        }
    }
}
