import Text
import Units

extension SourceReader {
    /// The conditions of a position, rule or surcharge; nil, and reported, where one is wrong.
    mutating func condition(_ block: Block, _ catalogue: Catalogue) -> Condition? {
        let groups = groups(block)
        let origins =
            block["herkunft"] == nil ? Set(Origin.allCases) : origin(block).map { Set([$0]) }
        let windows = filledWords(block, "zeitraum").compactMap { word in
            read(word) { text throws(PhraseProblem) in try ValuePhrase.window(text) }
        }
        let weekdays = filledWords(block, "wochentage").compactMap { word in
            read(word) { text throws(PhraseProblem) in try ValuePhrase.weekdays(text) }
        }
        let with = features(block, "nur mit", catalogue)
        let without = features(block, "nicht mit", catalogue)
        guard with.isDisjoint(with: without) else {
            report(
                .contradiction, at: block["nicht mit"]?.position ?? block.position,
                "Dasselbe Merkmal steht unter „nur mit“ und unter „nicht mit“. Streichen Sie "
                    + "eines.")
            return nil
        }
        guard let groups, let origins else { return nil }
        return Condition(
            groups: groups, origins: origins, windows: windows,
            weekdays: Set(weekdays.flatMap(\.self)), with: with, without: without)
    }

    /// The groups that a block speaks of; both if it names none.
    mutating func groups(_ block: Block) -> Set<CustomerGroup>? {
        guard block["wer"] != nil else { return Set(CustomerGroup.allCases) }
        return choice(
            word(block, "wer"),
            [
                "privat": [.household], "gewerblich": [.commercial],
                "alle": Set(CustomerGroup.allCases),
            ])
    }

    mutating func origin(_ block: Block) -> Origin? {
        choice(
            word(block, "herkunft"),
            ["einheimisch": Origin.resident, "auswärtig": .nonResident])
    }

    /// The features that a key names.
    mutating func features(
        _ block: Block, _ key: String, _ catalogue: Catalogue
    ) -> Set<FeatureID> {
        let features = filledWords(block, key).compactMap { word in
            read(word) { text throws(PhraseProblem) in
                if let feature = catalogue.feature(called: text) { return feature.id }
                throw PhraseProblem(
                    .nameNotKnown,
                    "„\(text)“ steht nicht unter merkmale. Tragen Sie das Merkmal dort ein.")
            }
        }
        return Set(features)
    }

    /// The fractions that a key names, each once; goods where `areGoods`.
    mutating func fractions(
        _ block: Block, _ key: String, areGoods: Bool, _ catalogue: Catalogue
    ) -> [FractionID] {
        var fractions: [FractionID] = []
        var known: Set<FractionID> = []
        for word in filledWords(block, key) {
            let fraction = read(word) { text throws(PhraseProblem) in
                guard let fraction = catalogue.fraction(called: text),
                    fraction.isGoods == areGoods
                else {
                    throw PhraseProblem(
                        .nameNotKnown,
                        "„\(text)“ steht nicht unter \(areGoods ? "waren" : "abfallarten"). "
                            + "Tragen Sie es dort ein.")
                }
                guard known.insert(fraction.id).inserted else {
                    throw PhraseProblem(
                        .duplicateName, "„\(text)“ steht hier schon. Streichen Sie es einmal.")
                }
                return fraction.id
            }
            if let fraction { fractions.append(fraction) }
        }
        return fractions
    }
}

extension CustomerGroup {
    /// The word for it in tariff files.
    package var german: String {
        switch self {
        case .household: "privat"
        case .commercial: "gewerblich"
        }
    }
}
