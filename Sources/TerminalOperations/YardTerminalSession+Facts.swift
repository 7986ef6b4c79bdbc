package import Tariffs
package import TerminalStorage
import Units

// What is known of a delivery and of its items besides their amounts.
extension YardTerminalSession {
    /// Whose quota is used, as typed; nil for an empty text.
    ///
    /// - Throws: ``TerminalError`` `text-invalid`.
    package nonisolated func holder(
        _ text: String, for holder: Holder
    ) throws(TerminalError) -> HolderEntry? {
        guard !text.allSatisfy(\.isWhitespace) else { return nil }
        return try HolderEntry(text, for: holder, at: identity.yard)
    }

    /// Sets what holds for an open delivery as a whole, and what is ticked for its items.
    ///
    /// - Parameter itemFeatures: one set for each item, in their order.
    /// - Throws: ``TerminalError`` `delivery-unknown`, `wrong-state`, `item-unknown`, `too-large`.
    package func setFacts(
        _ facts: DeliveryFacts, itemFeatures: [Set<FeatureID>], of number: DeliveryNumber
    ) throws {
        try change(number) { draft in
            guard itemFeatures.count == draft.items.count else { throw TerminalError.itemGone }
            draft.facts = facts
            for (index, features) in itemFeatures.enumerated() {
                let item = draft.items[index]
                var known = ItemFacts(of: item)
                known.features = features
                draft.replace(at: index, with: item.with(known))
            }
        }
    }

    /// Sets what is known of the item at `index`, counted from 0.
    ///
    /// - Throws: ``TerminalError`` `item-unknown`, `text-missing`, `text-invalid` besides the
    ///   usual.
    package func setFacts(
        _ facts: ItemFacts, ofItem index: Int, in number: DeliveryNumber
    ) throws {
        try change(number) { draft in
            guard draft.items.indices.contains(index) else { throw TerminalError.itemGone }
            draft.replace(at: index, with: try draft.items[index].with(facts).checked())
        }
    }

    /// Adds to a draft what a phrase says of the delivery as a whole.
    func add(_ delivery: Delivery, to draft: inout DeliveryDraft) throws {
        draft.group = delivery.group
        if delivery.origin != .resident { draft.facts.origin = delivery.origin }
        draft.facts.features.formUnion(delivery.features)
        for (holder, key) in delivery.holders {
            draft.facts.holders[holder] = try HolderEntry(key.text, for: holder, at: identity.yard)
        }
        draft.facts.isScaleBroken = draft.facts.isScaleBroken || delivery.isScaleBroken
        for item in delivery.items { draft.add(item) }
    }
}

extension TerminalError {
    static let itemGone = TerminalError(
        .itemUnknown, "Diese Position gibt es nicht mehr.", .entered, "Laden Sie die Seite neu.")
}
