import Tariffs
import Units

extension PriceWords {
    /// Everything of one kind that the tariff says.
    func subjects(of kind: TariffDiff.Kind) -> [Subject] {
        switch kind {
        case .head: [head]
        case .prices: tariff.positions.map { subject($0) }
        case .rules:
            rules.map { subject($0) }
        case .scales: tariff.scales.map { subject($0) }
        case .fractions: tariff.fractions.map { subject($0) }
        case .containers: tariff.containers.map { subject($0) }
        case .vehicles:
            tariff.vehicleClasses.map {
                Subject($0.id.text, $0.name, [name($0.name), english($0.englishName)])
            }
        case .features: tariff.features.map { subject($0) }
        }
    }

    private func name(_ name: String) -> LabelledFact { LabelledFact("Name", name) }

    private func english(_ name: String) -> LabelledFact { LabelledFact("Englischer Name", name) }

    private var head: Subject {
        let heading = ReportHeading(of: tariff)
        return Subject(
            "", "",
            [
                LabelledFact("Titel", tariff.reference.title),
                LabelledFact("Art", tariff.kind.rawValue),
                LabelledFact("Ort", heading.town), LabelledFact("Hof", heading.yard),
                LabelledFact("Gültigkeit", heading.validity),
            ] + heading.facts + [
                fact("Hinweis", heading.note),
                LabelledFact("Währung", tariff.currency.rawValue),
                LabelledFact("Preise", tariff.priceBasis.rawValue),
                LabelledFact("Rundung", rounding),
                LabelledFact(
                    "Gewicht von Hand", tariff.allowsManualWeights ? "erlaubt" : "nicht erlaubt"),
            ], lists: [LabelledList(label: "Annahme", values: tariff.assumptions)])
    }

    private var rounding: String {
        let profile = tariff.rounding
        let mode =
            switch profile.mode {
            case .halfUp: "kaufmännisch"
            case .down: "abgerundet"
            case .up: "aufgerundet"
            }
        let scope =
            switch profile.scope {
            case .line: "je Zeile"
            case .total: "nur die Summe"
            }
        let step = profile.increment.value == 1 ? "" : " auf \(money(profile.increment))"
        return "\(mode) \(scope)\(step)"
    }

    private func subject(_ position: Position) -> Subject {
        let who = who(position.condition).map { ", \($0)" } ?? ""
        let facts = [
            LabelledFact("Nummer", position.number),
            LabelledFact("Fundstelle", position.paragraph),
            LabelledFact("Für wen", self.who(position.condition) ?? "alle"),
            fact("Zeit", when(position.condition)),
            fact("Merkmale", features(position.condition)),
            fact(
                "Ausnahme von",
                position.exceptionTo.isEmpty
                    ? nil : "Nr. \(GermanText.all(position.exceptionTo))"),
        ]
        let law = self.law(position.legalForm, position.vat, on: tariff.priceBasis)
        let remarks = [
            fact("Grund auf Englisch", position.reason?.english),
            fact("Hinweis für das Personal", position.staffNote),
            fact("Annahme", position.assumption), fact("Wortlaut", position.wording),
        ]
        return Subject(
            position.number, "\(names(of: position.fractions))\(who) (Nr. \(position.number))",
            facts + modifiers(of: position) + law + self.remarks(on: position) + remarks,
            lists: [
                LabelledList(
                    label: "Abfallarten", values: position.fractions.map { name(of: $0) })
            ],
            price: price(of: position))
    }

    private func subject(_ rule: RuleWords) -> Subject {
        let price = rule.amount.map { PricePhrase([step($0)]) }
        let facts = [
            price == nil ? LabelledFact("", rule.words) : fact("Gilt", rule.scope),
            LabelledFact("Fundstelle", rule.paragraph),
        ]
        return Subject(
            rule.title, rule.title, facts + rule.law + [rule.english], price: price)
    }

    private func subject(_ scale: ScaleProfile) -> Subject {
        let fractions = scale.fractions.map { wanted in
            names(of: tariff.fractions.map(\.id).filter { wanted.contains($0) })
        }
        return Subject(
            scale.id, scale.name,
            [
                name(scale.name), LabelledFact("Eichwert", weight(scale.interval)),
                LabelledFact("Mindestlast", weight(scale.minimumLoad)),
                LabelledFact("Klasse", scale.accuracyClass),
                fact("Geeicht bis", scale.verifiedUntil.map { GermanFormat.day($0) }),
                fact("Nur für", fractions),
            ])
    }

    private func weight(_ grams: Grams) -> String { GermanText.quantity(grams.value, .kilogram) }

    private func subject(_ fraction: Fraction) -> Subject {
        Subject(
            fraction.id.text, fraction.name,
            [
                name(fraction.name), english(fraction.englishName),
                LabelledFact("Art", fraction.isGoods ? "Ware" : "Abfall"),
                fact("Gewicht je m³", fraction.gramsPerCubicMetre.map { weight($0) }),
                fact("Gewicht je Stück", fraction.gramsPerPiece.map { weight($0) }),
            ],
            lists: [
                LabelledList(label: "Auch", values: fraction.also),
                LabelledList(label: "Abfallschlüssel", values: fraction.wasteCodes),
                LabelledList(label: "Gehört dazu", values: fraction.belongs),
                LabelledList(label: "Gehört nicht dazu", values: fraction.excluded),
            ])
    }

    private func subject(_ container: Container) -> Subject {
        Subject(
            container.id.text, container.name,
            [
                name(container.name), LabelledFact("Mehrzahl", container.plural),
                english(container.englishName),
                LabelledFact("Englische Mehrzahl", container.englishPlural),
                fact("Inhalt", container.content.map { GermanText.quantity($0.value, .litre) }),
            ])
    }

    private func subject(_ feature: Feature) -> Subject {
        let scope =
            switch feature.scope {
            case .delivery: "die ganze Anlieferung"
            case .item: "eine Abfallart"
            }
        return Subject(
            feature.id.text, feature.name,
            [
                name(feature.name), english(feature.englishName),
                fact("Frage", feature.question), LabelledFact("Gilt für", scope),
                fact("Berechtigung", feature.isEntitlement ? "ja" : nil),
            ])
    }
}
