package import Tariffs
package import TerminalStorage
package import Units

/// What an item that is being entered would change.
package enum AddedPrice: Hashable, Sendable {
    /// The delivery would cost so much more; why, for each line that is new.
    case adds(Cents, because: [Explanation])
    case refused([Refusal])
}

extension YardTerminalSession {
    /// The price of a delivery, or why it is not accepted.
    ///
    /// While nothing is being paid, the server is asked for the quotas that decide the price; if
    /// it is away, what is known here counts.
    /// - Throws: ``TerminalError`` `delivery-unknown`, `tariff-missing`, `tariff-unreadable`,
    ///   `nothing-entered`.
    package func quote(_ number: DeliveryNumber) async throws -> PricingDecision {
        let view = try delivery(number)
        if view.state == .open || view.state == .parked {
            try await refreshQuotas(of: view.draft.delivery, by: try tariff(of: number))
        }
        return try price(of: number)
    }

    /// ``quote(_:)`` without asking the server.
    func price(of number: DeliveryNumber) throws -> PricingDecision {
        try store.read { access in
            let (stored, draft) = try delivery(number, in: Set(DeliveryState.allCases), access)
            return try price(draft, digest: stored.tariff, in: access)
        }
    }

    /// What an item would add to the price of a delivery, for showing while it is entered.
    package func price(
        adding item: DeliveryItem, to number: DeliveryNumber
    ) async throws -> AddedPrice {
        let draft = try delivery(number).draft
        let tariff = try tariff(of: number)
        var whole = draft
        whole.add(item)
        try await refreshQuotas(of: whole.delivery, by: tariff)
        return try store.read { access in
            func price(_ draft: DeliveryDraft) throws -> PricingDecision {
                tariff.price(
                    draft.delivery,
                    quota: try quotaUses(before: draft.delivery, by: tariff, in: access))
            }
            guard !draft.items.isEmpty, case .priced(let before) = try price(draft) else {
                var alone = DeliveryDraft(day: draft.day, group: draft.group)
                alone.facts = draft.facts
                alone.add(item)
                return try price(alone).added(to: nil)
            }
            return try price(whole).added(to: before)
        }
    }
}

extension PricingDecision {
    /// What it adds to the quote of the same delivery without its last item; nil for none.
    fileprivate func added(to before: Quote?) -> AddedPrice {
        switch self {
        case .refused(let refusals): return .refused(refusals)
        case .priced(let quote):
            let place = quote.delivery.items.count - 1
            let known = Set(before?.lines ?? [])
            let new =
                quote.lines[place...place]
                + quote.lines[(place + 1)...].filter { !known.contains($0) }
            return .adds(
                quote.total - (before?.total ?? .zero), because: new.map(\.explanation))
        }
    }
}
