import Journal
import Logging
package import People
import Reconciliation
package import Sales
import Storage
import Text
import Units

/// What finance decides about open items; codes are those of the board.
package struct SettlementWish: Hashable, Sendable {
    package enum Decision: Hashable, Sendable {
        /// They belong together; a difference is named or there is none.
        case match(difference: SettledMatter?)
        /// Bank lines that have nothing to do with the yards.
        case notOurs
        case fee
        case chargeback
        /// Money for a claim came, went back (a debit), or never came (no bank line).
        case claimPaid, claimUnpaid
    }

    /// What a difference between two sides may be booked as.
    package static let differences: [SettledMatter] = [.fee, .chargeback, .unresolved]

    package let decision: Decision
    /// Cuts or payouts.
    package let expected: [String]
    /// Bank lines.
    package let received: [String]
    /// The sale of a claim; of a chargeback where it is known.
    package let original: (yard: Yard, sale: SaleReference)?
    package let reason: String

    package init(
        _ decision: Decision, expected: [String] = [], received: [String] = [],
        original: (yard: Yard, sale: SaleReference)? = nil, reason: String
    ) {
        self.decision = decision
        self.expected = expected
        self.received = received
        self.original = original
        self.reason = reason
    }

    /// Whether it depends on what is paid of a claim.
    fileprivate var isAboutClaim: Bool { [.claimPaid, .claimUnpaid].contains(decision) }

    package static func == (left: Self, right: Self) -> Bool {
        left.decision == right.decision && left.expected == right.expected
            && left.received == right.received && left.reason == right.reason
            && left.original?.yard == right.original?.yard
            && left.original?.sale == right.original?.sale
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(decision)
        hasher.combine(received)
    }
}

/// One settlement before it is written: the record of each yard.
private struct Draft {
    let records: [(yard: Yard, record: SettlementRecord)]

    var items: [SettledItem] {
        records.first.map { $0.record.expected + $0.record.received } ?? []
    }

    /// Whether each record fits into an entry of its log.
    func fits(at now: Timestamp) -> Bool {
        records.allSatisfy { yard, record in
            ServerRecord(log: yard.origin, yard: yard.id, at: now, fact: .settled(record)).fits
        }
    }
}

extension ServerRecord {
    /// Whether an entry of a log holds it: its payload in base64, and what stands around it there.
    fileprivate var fits: Bool { (payload.count + 2) / 3 * 4 + 512 <= LogEntry.bytesMax }
}

extension Installation {
    /// Lets the rules book what belongs together to the cent and is in no settlement yet; what
    /// somebody took back is left to people.
    ///
    /// They are booked in portions: where one fails, those before it stay. A match of so many items
    /// that no record holds it is left to people, and logged.
    ///
    /// - Returns: how many matches were booked.
    /// - Throws: ``OperationsError`` (`forbidden`, `settlementFileMissing`,
    ///   `settlementFileInvalid`).
    package func bookMatches(by person: Person) async throws -> Int {
        try person.allowed(.settle)
        let book = try bankBook()
        let shares = book.shares
        var drafts: [Draft] = []
        for match in book.bookable {
            // A match with a terminal of a yard that no account leads to waits for the file.
            guard
                case .success(let found) = Result(catching: {
                    try shares.shares(
                        expected: match.expected, received: match.received, difference: nil)
                })
            else { continue }
            drafts.append(
                try draft(
                    .match, rule: match.rule.rawValue, match.expected, match.received, found,
                    by: person))
        }
        let now = clock()
        drafts = drafts.filter { draft in
            guard !draft.fits(at: now) else { return true }
            logger.warning(
                "match left out, its record is too large",
                metadata: ["items": "\(draft.items.count)"])
            return false
        }
        var count = 0
        for start in stride(from: 0, to: drafts.count, by: Self.portion) {
            let part = drafts[start..<min(start + Self.portion, drafts.count)]
            count += try await writer.perform { [self] batch in
                // What somebody settled meanwhile is no reason to leave the rest.
                let open = try part.filter { try isOpen($0, batch.transaction.reading) }
                for draft in open { try write(draft, at: now, in: batch) }
                return open.count
            }
        }
        return count
    }

    private func isOpen(_ draft: Draft, _ reading: Reading) throws -> Bool {
        try draft.items.allSatisfy { try reading.settlement(ofItem: $0.json.text) == nil }
    }

    /// How many matches are booked in one transaction, so that sales wait briefly.
    private static let portion = 100

    /// Books what a person decided; about cuts of a close somebody else decides than who counted
    /// or approved it.
    ///
    /// - Returns: what the settlement is called.
    /// - Throws: ``OperationsError`` (`forbidden`, `reasonMissing`, `cardNumber`, `itemUnknown`,
    ///   `settledBefore`, `settlementRefused`, `notAClaim`, `sale`, `saleUnknown`).
    package func settle(_ wish: SettlementWish, by person: Person) async throws -> String {
        try person.allowed(.settle)
        try Self.requireReason(wish.reason)
        let book = try bankBook()
        try requireOther(thanClosersOf: try wish.expected.map { try book.item($0) }, person)
        let draft = try draft(wish, book, by: person)
        let now = clock()
        return try await writer.perform { [self] batch in
            guard wish.isAboutClaim else { return try write(draft, at: now, in: batch) }
            // Meanwhile somebody may have booked another payment of the claim.
            let newest = try claimDraft(wish, book, batch.transaction.reading, by: person)
            return try write(newest, at: now, in: batch)
        }
    }

    private static func requireOnce(_ items: [MatchItem]) throws {
        var seen: Set<SettledItem> = []
        for item in items.map(SettledItem.init) where !seen.insert(item).inserted {
            throw OperationsError.settlementRefused(.twice(item))
        }
    }

    /// Takes a settlement back; its items are open again and no rule books them the same way.
    ///
    /// - Throws: ``OperationsError`` (`forbidden`, `reasonMissing`, `cardNumber`,
    ///   `settlementUnknown`).
    package func undoSettlement(_ id: String, reason: String, by person: Person) async throws {
        try person.allowed(.settle)
        try Self.requireReason(reason)
        let now = clock()
        try await writer.perform { [self] batch in
            let book = try SettlementBook(yards: yards, batch.transaction.reading)
            for place in try book.settlement(id).places {
                let undone = place.record.undone(at: place.index, reason: reason, by: person.id)
                _ = try append(.settled(undone), to: place.yard, at: now, in: batch)
                for item in undone.expected + undone.received {
                    try batch.transaction.deleteSettledItem(item.json.text)
                }
            }
        }
    }

    /// Appends the records and notes their items.
    ///
    /// - Returns: what the settlement is called.
    @discardableResult
    private func write(_ draft: Draft, at now: Timestamp, in batch: Batch) throws -> String {
        for item in draft.items {
            if let other = try batch.transaction.reading.settlement(ofItem: item.json.text) {
                throw OperationsError.settledBefore(item.code, by: name(other))
            }
        }
        var first: LogPosition?
        for (yard, record) in draft.records {
            let position = try append(.settled(record), to: yard, at: now, in: batch)
            first = first ?? position
        }
        guard let first else { throw OperationsError.settlementRefused(.empty) }
        for item in draft.items {
            try batch.transaction.insertSettledItem(item.json.text, at: first)
        }
        return name(first)
    }

    private func name(_ position: LogPosition) -> String {
        let yard = yards.first { $0.number == position.yard }
        return "\(yard?.id.text ?? "?")/\(position.index)"
    }

    private func draft(
        _ kind: SettlementRecord.Kind, rule: String, _ expected: [MatchItem],
        _ received: [MatchItem], _ shares: [YardID: [SettledShare]],
        original: SaleReference? = nil, reason: String? = nil, by person: Person
    ) throws -> Draft {
        let records = try shares.map { id, shares in
            (
                yard: try yard(id.text),
                record: SettlementRecord(
                    kind: kind, rule: rule, expected: expected.map(SettledItem.init),
                    received: received.map(SettledItem.init), shares: shares,
                    original: original, reason: reason, by: person.id)
            )
        }
        return Draft(records: records.sorted { $0.yard.number < $1.yard.number })
    }

    private func draft(
        _ wish: SettlementWish, _ book: BankBook, by person: Person
    ) throws -> Draft {
        let expected = try wish.expected.map { try book.item($0) }
        let received = try wish.received.map { try book.item($0) }
        try Self.requireOnce(expected + received)
        func draft(
            _ kind: SettlementRecord.Kind, _ shares: [YardID: [SettledShare]],
            rule: String = "manual"
        ) throws -> Draft {
            try self.draft(
                kind, rule: rule, expected, received, shares, original: wish.original?.sale,
                reason: wish.reason, by: person)
        }
        func shares(_ difference: SettledMatter?) throws -> [YardID: [SettledShare]] {
            do throws(SettlementShares.Refusal) {
                return try book.shares.shares(
                    expected: expected, received: received, difference: difference)
            } catch {
                throw OperationsError.settlementRefused(error)
            }
        }
        switch wish.decision {
        case .match(let difference): return try draft(.match, try shares(difference))
        case .notOurs:
            // An entry and its reversal together come to nothing.
            let sum = received.compactMap { book.line($0)?.amount }.sum()
            let found = try shares(sum == .zero ? nil : .unresolved)
            return try draft(.match, found.mapValues { _ in [] }, rule: "not-ours")
        case .fee: return try draft(.bankFee, try shares(.fee))
        case .chargeback: return try draft(.chargeback, try shares(.chargeback))
        case .claimPaid, .claimUnpaid:
            return try database.read { try claimDraft(wish, book, $0, by: person) }
        }
    }

    /// What came for a claim, or went back, by legal form.
    private func claimDraft(
        _ wish: SettlementWish, _ book: BankBook, _ reading: Reading, by person: Person
    ) throws -> Draft {
        let expected = try wish.expected.map { try book.item($0) }
        let received = try wish.received.map { try book.item($0) }
        let isPaid = wish.decision == .claimPaid
        guard let (yard, sale) = wish.original else {
            throw OperationsError.input(field: "original", wanted: "the sale of the claim")
        }
        let claim = try claim(sale, of: yard, reading)
        let amount = try received.map { item in
            guard let line = book.line(item) else {
                throw OperationsError.itemUnknown(SettledItem(item).code)
            }
            return line.amount
        }.sum()
        guard isPaid ? amount > .zero : amount <= .zero else {
            throw OperationsError.input(
                field: "received",
                wanted: isPaid ? "a credit" : "a debit, or no bank line at all")
        }
        // Of a claim that was taken back after it was paid nothing is open.
        let left = max(Cents.zero, isPaid ? claim.open : claim.paid)
        guard amount.magnitude <= left else {
            throw OperationsError.sale(
                .aboveRemainder(wanted: amount, left: isPaid ? left : -left))
        }
        return try draft(
            isPaid ? .claimPaid : .claimUnpaid, rule: "manual", expected, received,
            [yard.id: claim.shares(of: amount)], original: sale, reason: wish.reason, by: person)
    }
}
