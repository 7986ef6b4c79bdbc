package import Units

/// A delivery in words, as worked examples and the command line write it (docs/formats/tariff.md).
///
/// Items are separated by semicolons: `700 l grünabfall`, `2 Stück reifen-mit-felge`,
/// `1 Sack restabfall, halb voll`, `Anhänger bis 750 kg, zu 51 % beladen: haushaltsabfall`,
/// `150 kg gewogen w1 sperrmüll`, `1,24 t boden gemischt mit bauholz`. Fractions, containers,
/// vehicle classes and features go by id or name, fractions also by their other names; case,
/// umlauts written out and spacing make no difference.
///
/// A weight counts as weighed unless it says `von Hand`; volumes and areas count as estimated.
package enum DeliveryPhrase {
    /// Reads a phrase such as `privat, auswärtig: 700 l grünabfall; 2 Stück reifen-mit-felge`.
    ///
    /// Before the first colon stand, with commas between them, who delivers and whatever else
    /// holds for the delivery as a whole: `einheimisch` or `auswärtig`, `Haushalt A` (also
    /// `Person`, `Grundstück`, `Karte`), `Waage ausgefallen`, and features.
    ///
    /// - Parameter group: who delivers, if the phrase does not say it.
    /// - Throws: what is wrong before the colon, then the group, then the first item that is not
    ///   understood.
    package static func parse(
        _ text: String, day: BusinessDay, group: CustomerGroup? = nil, tariff: Tariff
    ) throws(DeliveryPhraseError) -> Delivery {
        let vocabulary = DeliveryVocabulary(catalogue: tariff.catalogue, scales: tariff.scales)
        var rest = text[...]
        let colon = text.firstIndex(of: ":") ?? text.endIndex
        let head = try DeliveryHead(text[..<colon], tariff.catalogue)
        if head != nil { rest = text[colon...].dropFirst() }
        guard let group = head?.group ?? group else {
            throw DeliveryPhraseError(.groupMissing, text)
        }
        return Delivery(
            day: day, group: group, origin: head?.origin ?? .resident,
            features: head?.features ?? [], holders: head?.holders ?? [:],
            isScaleBroken: head?.isScaleBroken ?? false, items: try items(rest, vocabulary))
    }

    /// The items of a phrase; at least one.
    static func items(
        _ text: some StringProtocol, _ vocabulary: DeliveryVocabulary
    ) throws(DeliveryPhraseError) -> [DeliveryItem] {
        let phrases = text.split(separator: ";").filter { $0.contains { !$0.isWhitespace } }
        guard !phrases.isEmpty else { throw DeliveryPhraseError(.empty, text) }
        return try phrases.map { phrase throws(DeliveryPhraseError) in
            try ItemPhrase(Substring(phrase), vocabulary).item()
        }
    }
}

/// What deliveries in words may name.
struct DeliveryVocabulary {
    let catalogue: Catalogue
    let scales: [ScaleProfile]

    /// The id of the first scale that a fraction may be weighed on; one that no yard has where
    /// none is suitable.
    func scale(for fraction: FractionID) -> String {
        scales.first { $0.fractions?.contains(fraction) ?? true }?.id ?? "beispiel"
    }
}
