import Text
import Units

extension WasteList {
    /// What is wrong with a code as it is written, such as `17 06 05*`; nil for a good one.
    static func problem(with code: String) -> (problem: TariffProblem, message: String)? {
        let isMarked = code.hasSuffix("*")
        let digits = String(code.filter(\.isNumber))
        switch entry(digits) {
        case .hazardous where !isMarked:
            return (
                .hazardMark,
                "Der Abfallschlüssel \(code) ist gefährlich; hier fehlt das Sternchen. Schreiben "
                    + "Sie „\(code)*“."
            )
        case .harmless where isMarked:
            return (
                .hazardMark,
                "Der Abfallschlüssel \(code) ist im Abfallverzeichnis (AVV) nicht gefährlich. "
                    + "Streichen Sie das Sternchen oder nehmen Sie den gefährlichen Spiegeleintrag."
            )
        case nil:
            return (
                .wasteCodeNotListed,
                "Den Abfallschlüssel \(code) gibt es im Abfallverzeichnis (AVV) nicht. Prüfen Sie "
                    + "die Ziffern."
            )
        case .hazardous, .harmless: return nil
        }
    }
}

extension Tariff {
    /// Codes that the waste list does not have or marks otherwise, in the order of the catalogue.
    func wasteCodeProblems() -> [SourceProblem] {
        fractions.flatMap { fraction in
            fraction.wasteCodes.compactMap { code in
                WasteList.problem(with: code).map { problem, message in
                    problem.at(fraction.place, "„\(fraction.name)“: \(message)")
                }
            }
        }
    }

    /// Hazardous waste that is taken without a word on how it must be packed.
    func packingProblems() -> [SourceProblem] {
        fractions.filter { $0.wasteCodes.contains { $0.hasSuffix("*") } && !hasPackingRule($0.id) }
            .compactMap { fraction in
                let taken = index.places(of: fraction.id).map { positions[$0] }
                    .filter { $0.method.isPriced && $0.requires.isEmpty }
                guard let first = taken.first else { return nil }
                return first.problem(
                    .packingNotRequired,
                    "„\(fraction.name)“ ist gefährlicher Abfall, aber bei Nr. \(first.number) "
                        + "steht nicht, wie er verpackt sein muss. Ergänzen Sie „verlangt“ oder "
                        + "eine Annahmeregel.")
            }
    }

    private func hasPackingRule(_ fraction: FractionID) -> Bool {
        rules.acceptance.contains { rule in
            guard case .requires = rule.demand else { return false }
            return rule.fractions?.contains(fraction) ?? true
        }
    }

    /// Extra charges for paying by card (BGB section 270a); only Euro tariffs stand under it.
    func cardSurcharges() -> [SourceProblem] {
        guard currency == .euro else { return [] }
        let message =
            "verlangt mehr, wenn mit Karte gezahlt wird. Das verbietet § 270a BGB. Streichen Sie "
            + "den Zuschlag."
        let surcharges = rules.surcharges.filter { isPaidByCard($0.condition.with) }.map {
            TariffProblem.cardSurcharge.at($0.place, "Der Zuschlag „\($0.name)“ \(message)")
        }
        let factors = positions.filter { position in
            position.adjustments.contains { adjustment in
                guard case .factor(let factor) = adjustment.change else { return false }
                return factor > 10_000 && isPaidByCard(adjustment.features)
            }
        }
        return surcharges
            + factors.map { $0.problem(.cardSurcharge, "Nr. \($0.number) \(message)") }
    }

    private func isPaidByCard(_ features: Set<FeatureID>) -> Bool {
        features.contains { feature in
            let name = SpokenName("\(feature.text) \(catalogue.feature(feature)?.name ?? "")")
            return name.folded.contains("karte") && name.folded.contains("zahl")
        }
    }
}
