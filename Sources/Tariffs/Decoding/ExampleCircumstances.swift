import Text
import Units

/// What an example says about a delivery besides what is in it.
struct ExampleCircumstances {
    let day: BusinessDay
    let group: CustomerGroup
    let origin: Origin
    let features: Set<FeatureID>
    let holders: [Holder: HolderKey]
    let isScaleBroken: Bool

    func delivery(of items: [DeliveryItem]) -> Delivery {
        Delivery(
            day: day, group: group, origin: origin, features: features, holders: holders,
            isScaleBroken: isScaleBroken, items: items)
    }

    /// An earlier delivery of the same holder: the scale was in order then.
    func delivery(on day: BusinessDay, of items: [DeliveryItem]) -> Delivery {
        Delivery(
            day: day, group: group, origin: origin, features: features, holders: holders,
            items: items)
    }
}

extension SourceReader {
    /// Nil, and reported, where anything is wrong.
    mutating func circumstances(
        _ block: Block, _ catalogue: Catalogue
    ) -> ExampleCircumstances? {
        let day = day(word(block, "datum"))
        let group = choice(
            word(block, "wer"), ["privat": CustomerGroup.household, "gewerblich": .commercial])
        let origin = block["herkunft"] == nil ? Origin.resident : origin(block)
        let features = features(block, "merkmale", catalogue)
        for feature in features where catalogue.feature(feature)?.scope == .item {
            report(
                .contradiction, at: block["merkmale"]?.position,
                "„\(feature)“ ist Merkmal einer Abfallart. Schreiben Sie es hinter „mit“ zur "
                    + "Abfallart.")
        }
        let holders = holders(block)
        let isScaleBroken = choice(word(block, "waage"), ["ausgefallen": true])
        guard let day, let group, let origin else { return nil }
        return ExampleCircumstances(
            day: day, group: group, origin: origin, features: features, holders: holders,
            isScaleBroken: isScaleBroken ?? false)
    }

    private mutating func holders(_ block: Block) -> [Holder: HolderKey] {
        var holders: [Holder: HolderKey] = [:]
        for holder in Holder.allCases {
            holders[holder] = read(word(block, holder.german.lowercased())) {
                text throws(PhraseProblem) in
                if let key = HolderKey(words: text) { return key }
                throw PhraseProblem(
                    .identifierForm,
                    "„\(text)“ ist keine Angabe zum Kontingent. Nehmen Sie Buchstaben, Ziffern, "
                        + "Punkt und Bindestrich: A, oder 17-3.")
            }
        }
        return holders
    }

    /// Earlier deliveries, oldest first; nil, and reported, where one is wrong.
    mutating func earlier(
        _ block: Block, _ circumstances: ExampleCircumstances, _ vocabulary: DeliveryVocabulary
    ) -> [Delivery]? {
        let nodes = list(block, "vorher")
        var deliveries: [Delivery] = []
        for node in nodes {
            let (day, phrases) = earlierPhrases(node, circumstances.day)
            let items = phrases.map { deliveryItems($0, vocabulary) }
            guard let day, !items.isEmpty, !items.contains(nil) else { continue }
            let previous = deliveries.last?.day ?? day
            guard previous <= day, day <= circumstances.day else {
                report(
                    .dateNotUnderstood, at: node.position,
                    "Unter „vorher“ steht die älteste Anlieferung zuerst und keine nach dem Tag "
                        + "des Beispiels. Ordnen Sie die Tage.")
                continue
            }
            deliveries.append(
                circumstances.delivery(on: day, of: items.compactMap(\.self).flatMap(\.self)))
        }
        return deliveries.count == nodes.count ? deliveries : nil
    }

    /// `800 l grünabfall` on `day`, or `02.01.2022: 1 m³ grünabfall`, which YAML reads as a
    /// mapping like `Kombi: sperrmüll`.
    private mutating func earlierPhrases(
        _ node: SourceNode, _ day: BusinessDay
    ) -> (day: BusinessDay?, phrases: [Word]) {
        guard case .mapping(let entries) = node.content, entries.count == 1,
            let entry = entries.first, entry.key.first?.isNumber == true
        else { return (day, [phrase(node)].compactMap(\.self)) }
        let date = self.day(Word(text: entry.key, position: entry.keyPosition))
        guard case .sequence(let nodes) = entry.value.content else {
            return (date, [phrase(entry.value)].compactMap(\.self))
        }
        return (date, nodes.compactMap { phrase($0) })
    }
}
