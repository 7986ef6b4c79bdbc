package import Tariffs

/// What is known of an item besides fraction and amount.
package struct ItemFacts: Hashable, Sendable {
    /// What is ticked for this item alone.
    package var features: Set<FeatureID>
    /// Other fractions that the load is mixed with and cannot be parted from.
    package var mixedWith: [FractionID]
    package var reclassification: Reclassification?

    package init(
        features: Set<FeatureID> = [], mixedWith: [FractionID] = [],
        reclassification: Reclassification? = nil
    ) {
        self.features = features
        self.mixedWith = mixedWith
        self.reclassification = reclassification
    }

    package init(of item: DeliveryItem) {
        self.init(
            features: item.features, mixedWith: item.mixedWith,
            reclassification: item.reclassification)
    }
}

extension DeliveryItem {
    /// The same amount of the same fraction with other facts.
    package func with(_ facts: ItemFacts) -> DeliveryItem {
        DeliveryItem(
            fraction: fraction, amount: amount, source: source, features: facts.features,
            mixedWith: facts.mixedWith, reclassification: facts.reclassification)
    }

    /// The item with every text that was typed as a record can carry it.
    ///
    /// - Throws: ``TerminalError`` `text-missing`, `text-invalid`.
    func checked() throws(TerminalError) -> DeliveryItem {
        var source = source
        if case .manual(let reason) = source {
            source = .manual(
                reason: try FreeText.checked(reason, field: "der Grund für die Handeingabe"))
        }
        var reclassification: Reclassification?
        if let given = self.reclassification {
            reclassification = Reclassification(
                declared: given.declared,
                reason: try FreeText.checked(given.reason, field: "der Grund der Einstufung"),
                evidence: try given.evidence.map { evidence throws(TerminalError) in
                    try FreeText.checked(evidence, field: "die Nummer des Belegs")
                })
        }
        return DeliveryItem(
            fraction: fraction, amount: amount, source: source, features: features,
            mixedWith: mixedWith, reclassification: reclassification)
    }
}
