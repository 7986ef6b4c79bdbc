import Units

/// What stands before the colon of a delivery in words: `gewerblich, auswärtig, Haushalt A`.
struct DeliveryHead {
    private(set) var group: CustomerGroup?
    private(set) var origin: Origin?
    private(set) var holders: [Holder: HolderKey] = [:]
    private(set) var features: Set<FeatureID> = []
    private(set) var isScaleBroken = false

    /// Nil if the text speaks of an item, which its first part decides.
    init?(_ text: Substring, _ catalogue: Catalogue) throws(DeliveryPhraseError) {
        let parts = text.split(separator: ",")
        guard let first = parts.first, text.endIndex < text.base.endIndex else { return nil }
        guard takeWord(first) else { return nil }
        for part in parts.dropFirst() where !takeWord(part) {
            let name = part.hasPrefix(" mit ") ? part.dropFirst(" mit ".count) : part
            guard let feature = catalogue.feature(called: name.trimmed) else {
                throw DeliveryPhraseError(.headNotUnderstood, part)
            }
            guard feature.scope == .delivery else {
                throw DeliveryPhraseError(.featureElsewhere, part)
            }
            features.insert(feature.id)
        }
    }

    /// Takes one of the words that the format knows; each kind once.
    private mutating func takeWord(_ part: Substring) -> Bool {
        let name = SpokenName(part.trimmed)
        if let group = CustomerGroup.allCases.first(where: { SpokenName($0.german) == name }) {
            defer { self.group = group }
            return self.group == nil
        }
        if let origin = Origin.allCases.first(where: { SpokenName($0.german) == name }) {
            defer { self.origin = origin }
            return self.origin == nil
        }
        if name == SpokenName("Waage ausgefallen") {
            defer { isScaleBroken = true }
            return !isScaleBroken
        }
        let words = part.split(whereSeparator: \.isWhitespace)
        guard words.count > 1,
            let holder = Holder.allCases.first(where: {
                SpokenName($0.german) == SpokenName(words[0])
            }), holders[holder] == nil,
            let key = HolderKey(words: words.dropFirst().joined(separator: " "))
        else { return false }
        holders[holder] = key
        return true
    }
}

extension Origin {
    /// The word for it in tariff files.
    package var german: String {
        switch self {
        case .resident: "einheimisch"
        case .nonResident: "auswärtig"
        }
    }
}

extension HolderKey {
    /// The key that words stand for: `Familie Müller` is `familie-mueller`; nil if they hold
    /// anything but letters, digits, hyphens and full stops.
    init?(words: String) where Kind == HolderKeyKind {
        self.init(SpokenName(words.trimmed).folded.replacing(" ", with: "-"))
    }
}

extension StringProtocol {
    /// The text with single spaces and none around it.
    var trimmed: String { String(PhraseScanner(self).rest) }
}
