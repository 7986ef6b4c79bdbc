import Tariffs
package import Units

/// A rule of the delivery in words.
package struct RuleWords: Hashable, Sendable {
    /// What it is about, unique within a tariff, such as `Annahmeregel A1` or `Mindestbetrag`.
    package let title: String
    package private(set) var words: String
    package let paragraph: String
    /// What the rule adds, demands or reserves; nil where it is no amount.
    package let amount: Cents?
    /// Under which conditions, where the amount alone does not say it.
    let scope: String?
    /// Legal form and tax of what the rule charges; empty where it charges nothing itself.
    package let law: [LabelledFact]
    /// How what it charges is taxed.
    let taxation: Taxation?
    /// What it says in English; nil where it says nothing of its own.
    let english: LabelledFact?

    init(
        _ title: String, _ words: String, _ paragraph: String, amount: Cents? = nil,
        scope: String? = nil, law: [LabelledFact] = [], taxation: Taxation? = nil,
        english: LabelledFact? = nil
    ) {
        self.title = title
        self.words = words
        self.paragraph = paragraph
        self.amount = amount
        self.scope = scope
        self.law = law
        self.taxation = taxation
        self.english = english
    }

    /// The rule with a sentence more.
    func adding(_ sentence: String) -> RuleWords {
        var rule = self
        rule.words += " \(sentence)"
        return rule
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
            rule.paragraph, english: LabelledFact("Grund auf Englisch", rule.reason.english))
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
        // A share is one of prices that contain their tax already.
        let taxed = tariff.priceBasis == .net ? " mit Umsatzsteuer" : ""
        let (charge, basis): (String, PriceBasis) =
            switch surcharge.charge {
            case .amount(let amount): ("\(money(amount)) je Anlieferung", tariff.priceBasis)
            case .percent(let points):
                ("\(GermanText.percent(points)) auf den Preis\(taxed)", .gross)
            case .factor(let factor):
                ("das \(GermanText.times(factor)) des Preises\(taxed)", .gross)
            }
        let taxation = Taxation(
            vat: surcharge.vat, groups: surcharge.condition.groups, basis: basis)
        let positions = surcharge.positions.map { "für \(numbers($0))" }
        let scope = [surcharge.condition.subject(self), positions].compactMap(\.self)
        return RuleWords(
            "Zuschlag: \(surcharge.name)",
            ([charge.capitalizedFirst] + scope).joined(separator: ", ") + ".",
            surcharge.paragraph, amount: surcharge.charge.amount,
            scope: scope.isEmpty ? nil : scope.joined(separator: ", "),
            law: law(surcharge.legalForm, surcharge.vat, on: basis), taxation: taxation,
            english: LabelledFact("Englischer Name", surcharge.englishName))
    }

    /// Legal form and tax of what a position or a rule charges.
    func law(
        _ form: GroupedFact<LegalForm>, _ vat: GroupedFact<VATTreatment>, on basis: PriceBasis
    ) -> [LabelledFact] {
        [
            LabelledFact("Rechtsform", legalForm(form)),
            LabelledFact("Umsatzsteuer", self.vat(vat, on: basis)),
        ]
    }

    private var bounds: [RuleWords] {
        let rules = tariff.rules
        let included = tariff.priceBasis == .net ? ", Umsatzsteuer eingeschlossen" : ""
        let minimum = rules.minimum.map { minimum in
            let taxation = Taxation(
                vat: minimum.vat, groups: Set(CustomerGroup.allCases), basis: tariff.priceBasis)
            let basis = tax(taxation, on: nil) == nil ? included : ""
            return RuleWords(
                "Mindestbetrag",
                "Eine Anlieferung, die etwas kostet, kostet mindestens "
                    + "\(money(minimum.amount))\(basis).",
                minimum.paragraph, amount: minimum.amount,
                law: law(minimum.legalForm, minimum.vat, on: tariff.priceBasis),
                taxation: taxation)
        }
        let maximum = rules.maximum.map {
            RuleWords(
                "Höchstbetrag",
                "Eine Anlieferung kostet höchstens \(money($0.amount))\(included).",
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
