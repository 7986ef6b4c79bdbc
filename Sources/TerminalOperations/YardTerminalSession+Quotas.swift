import Remote
import Tariffs
import TerminalStorage
import Units

// Quotas that count over several deliveries, also those of other terminals.
extension YardTerminalSession {
    /// Asks the server what was used of the quotas that decide the price of a delivery.
    ///
    /// Without an answer nothing changes: then counts what it said last, and what this terminal
    /// sold. A quota is asked for again after a few seconds, a silent server after half a minute;
    /// both also when the clock was set back, since a clock that was ahead says nothing.
    /// - Throws: what the store throws; never because the server is away.
    func refreshQuotas(of delivery: Delivery, by tariff: Tariff) async throws {
        let now = world.now().milliseconds
        func isWithin(_ milliseconds: Int64, of moment: Int64?) -> Bool {
            moment.map { (0..<milliseconds).contains(now - $0) } ?? false
        }
        let keys = tariff.quotas(touchedBy: delivery).filter {
            !isWithin(Self.quotaMilliseconds, of: quotasAsked[$0])
        }
        guard !keys.isEmpty, !isWithin(Self.silenceMilliseconds, of: quotaFailure) else { return }
        let own = try store.read { access in
            try keys.map { ($0, try access.takenAsAcknowledged($0)) }
        }
        let uses: [QuotaUse]
        do {
            uses = try await server.quotas(keys)
        } catch {
            quotaFailure = now
            return
        }
        let time = world.now()
        try store.write { access in
            for (key, own) in own {
                guard let use = uses.first(where: { $0.key == key }) else { continue }
                try access.hear(use, own: own, at: time)
            }
        }
        for key in keys { quotasAsked[key] = now }
    }

    /// What was used before of the quotas that decide the price of a delivery: with what others
    /// used, what this terminal sold, and what it is just being paid for.
    func quotaUses(
        before delivery: Delivery, by tariff: Tariff, in access: TerminalAccess
    ) throws -> [QuotaUse] {
        let keys = tariff.quotas(touchedBy: delivery)
        guard !keys.isEmpty else { return [] }
        let pending = try access.deliveries(in: [.paying, .unknown]).flatMap {
            try DeliveryDraft(json: $0.draft).fixedQuota ?? []
        }
        return try keys.map { key in
            let unsigned = pending.filter { $0.key == key }.reduce(0) { $0 + $1.taken }
            return QuotaUse(key: key, used: try access.used(key) + unsigned, taken: 0)
        }
    }

    /// So long an answer about a quota counts as fresh.
    private static let quotaMilliseconds: Int64 = 5_000
    /// So long a server that did not answer is left alone.
    private static let silenceMilliseconds: Int64 = 30_000
}
