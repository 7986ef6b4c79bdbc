import Calendars
import DayClosing
import Journal
package import Sales
import Storage
package import Units

/// Something to settle before a close, or to know of.
package enum ClosePoint: Hashable, Sendable {
    /// Payments whose outcome nobody knows; the close carries them over by name.
    case unknownPayments([SaleReference], total: Cents)
    /// Payments that a terminal itself says are unknown and has not sent yet.
    case unknownAtTerminal(TerminalID, count: Int64)
    /// Records that a terminal has not sent yet; they would come into the next close.
    case unsent(TerminalID, count: Int64)
    /// A terminal that has not been heard of since before the last close, or for this long.
    case silent(TerminalID, since: Timestamp?)
    /// Numbers that never arrived.
    case missing(TerminalID, [Int64])
    /// It contradicted itself and goes on recording.
    case quarantined(TerminalID)
    /// Records under a revoked key that count as nothing until somebody decides.
    case withheld(Int64)
    /// Approved refunds by card whose slip nobody has typed in.
    case refundsOpen([Int64])
    /// Sales of earlier days that came late.
    case late([SaleReference])
    /// Differences that the close before left open.
    case carried([CardKeyDifference])
    /// The clock of the server or of a terminal was wrong when this many records came.
    case flagged(Int64)
    /// A card terminal without a batch cut for so long that its payments may lapse.
    case cutOverdue(OverdueCut)
    /// Claims of this close whose debtor nobody named, ascending: an export that names debtors
    /// will be refused.
    case debtorMissing([SaleReference])

    /// What was left open at a card terminal and scheme.
    package struct CardKeyDifference: Hashable, Sendable {
        package let cardTerminal: String
        package let scheme: CardScheme
        package let count: Int64
        package let amount: Cents
        /// The close that it began with.
        package let since: Int64
    }

    /// Stable name.
    package var code: String {
        switch self {
        case .unknownPayments: "unknown-payments"
        case .unknownAtTerminal: "unknown-at-terminal"
        case .unsent: "unsent"
        case .silent: "silent"
        case .missing: "missing"
        case .quarantined: "quarantined"
        case .withheld: "withheld"
        case .refundsOpen: "refunds-open"
        case .late: "late"
        case .carried: "carried"
        case .flagged: "flagged"
        case .cutOverdue: "cut-overdue"
        case .debtorMissing: "debtor-missing"
        }
    }

    /// What it is, in an English sentence.
    package var words: String {
        switch self {
        case .unknownPayments(let sales, let total):
            "\(sales.count) unknown payments, \(total.value) cents: "
                + sales.map(\.receiptNumber).joined(separator: ", ")
        case .unknownAtTerminal(let terminal, let count):
            "Terminal \(terminal) says \(count) payments are unknown."
        case .unsent(let terminal, let count):
            "Terminal \(terminal) has not sent \(count) records; they would come later."
        case .silent(let terminal, let since):
            "Terminal \(terminal) was last heard of \(since.map { "at \($0.iso)" } ?? "never")."
        case .missing(let terminal, let numbers):
            "From terminal \(terminal) are missing: " + numbers.listed { "\($0)" }
        case .quarantined(let terminal): "Terminal \(terminal) is in quarantine."
        case .withheld(let count):
            "\(count) records came under a revoked key and count as nothing yet."
        case .refundsOpen(let requests):
            "Approved refunds without their slip: "
                + requests.map(String.init).joined(separator: ", ")
        case .late(let sales):
            "\(sales.count) sales of earlier days came late: "
                + sales.prefix(50).map(\.receiptNumber).joined(separator: ", ")
        case .carried(let open):
            "Left open by earlier closes: "
                + open.map {
                    "\($0.cardTerminal) \($0.scheme.rawValue) \($0.amount.value) cents "
                        + "since close \($0.since)"
                }.joined(separator: ", ")
        case .flagged(let count): "\(count) records came with flags."
        case .cutOverdue(let cut):
            "Card terminal \(cut.cardTerminal) has payments without a batch cut since "
                + "\(cut.since.iso), \(cut.days) days; they may lapse. Cut it today."
        case .debtorMissing(let sales):
            "Claims without debtor: " + sales.listed(\.receiptNumber)
        }
    }

    /// Whether the cashier has to say that it is carried over before going on.
    package var mustBeAcknowledged: Bool {
        switch self {
        case .unknownPayments, .unknownAtTerminal, .unsent, .missing, .refundsOpen: true
        case .silent, .quarantined, .withheld, .late, .carried, .flagged, .cutOverdue,
            .debtorMissing:
            false
        }
    }
}

extension Array {
    /// The first fifty with commas between, and how many more there are.
    func listed(_ word: (Element) -> String) -> String {
        prefix(50).map(word).joined(separator: ", ")
            + (count > 50 ? " and \(count - 50) more" : "")
    }
}

extension Installation {
    /// A terminal that is silent for longer may hold sales that nobody knows of.
    static let silenceMilliseconds: Int64 = 15 * 60_000

    /// What to look at before the next close, in the order of ``ClosePoint``.
    package func closePoints(_ progress: CloseProgress) throws -> [ClosePoint] {
        try closePointsAndNews(progress).points
    }

    /// What to look at before the next close, and, as ``newClosePoints(_:)`` says, what turned up
    /// after the count: from one look.
    package func closePointsAndNews(
        _ progress: CloseProgress
    ) throws -> (points: [ClosePoint], news: [ClosePoint]) {
        let yard = progress.yard
        return try database.read { reading in
            let unknown = try unresolvedPayments(of: yard, reading)
            let open = try openPoints(progress, unknown: unknown, reading)
            var points = open
            points += try overdueCuts(of: yard, progress, reading).map { .cutOverdue($0) }
            let debtorless = try claimsWithoutDebtor(progress, reading)
            if !debtorless.isEmpty { points.append(.debtorMissing(debtorless)) }
            return (points, progress.draft.map { Self.news(after: $0, in: open, unknown) } ?? [])
        }
    }

    /// What turned up after the count and has to be known before the close becomes final; empty
    /// while nobody has counted.
    package func newClosePoints(_ progress: CloseProgress) throws -> [ClosePoint] {
        guard progress.draft != nil else { return [] }
        return try database.read { reading in
            try newClosePoints(
                progress, unknown: try unresolvedPayments(of: progress.yard, reading), reading)
        }
    }

    /// What is open when somebody counts.
    func knownPoints(_ progress: CloseProgress, unknown seen: UnknownPaymentsSeen) throws
        -> KnownPoints
    {
        try database.read { reading in
            let unknown = try unresolvedPayments(seen, of: progress.yard, reading)
            return KnownPoints(try openPoints(progress, unknown: unknown, reading))
        }
    }

    /// - Parameter unknown: the payments of the yard that are unknown now.
    func newClosePoints(
        _ progress: CloseProgress, unknown: [(row: RecordRow, sale: SaleReference)],
        _ reading: Reading
    ) throws -> [ClosePoint] {
        guard let draft = progress.draft else { return [] }
        return Self.news(
            after: draft, in: try openPoints(progress, unknown: unknown, reading), unknown)
    }

    private static func news(
        after draft: CloseProgress.Draft, in points: [ClosePoint],
        _ unknown: [(row: RecordRow, sale: SaleReference)]
    ) -> [ClosePoint] {
        draft.known.news(in: points).map { found in
            guard case .unknownPayments(let sales, _) = found else { return found }
            let named = Set(sales)
            return point(unknown.filter { named.contains($0.sale) })
        }
    }

    private static func point(_ unknown: [(row: RecordRow, sale: SaleReference)]) -> ClosePoint {
        .unknownPayments(unknown.map(\.sale), total: unknown.map(\.row.total).sum())
    }

    /// The points but those that take a look at earlier closes or at each sale: also for the
    /// writer's turn.
    private func openPoints(
        _ progress: CloseProgress, unknown: [(row: RecordRow, sale: SaleReference)],
        _ reading: Reading
    ) throws -> [ClosePoint] {
        let yard = progress.yard
        let terminals = try reading.terminals(yard: yard.number).filter { $0.state != .revoked }
        let totals = progress.totals
        var points: [ClosePoint] = []
        if !unknown.isEmpty { points.append(Self.point(unknown)) }
        points += terminals.filter { $0.unknown > 0 }
            .map { .unknownAtTerminal($0.id, count: $0.unknown) }
        points += terminals.filter { $0.queued > 0 }.map { .unsent($0.id, count: $0.queued) }
        points += silent(terminals)
        points += totals.terminals.filter { !$0.missing.isEmpty }
            .map { .missing($0.terminal, $0.missing) }
        points += terminals.filter { $0.state == .quarantined }.map { .quarantined($0.id) }
        if let withheld = totals.counts["withheld"] { points.append(.withheld(withheld)) }
        let refunds = try openCardRefunds(of: yard, reading)
        if !refunds.isEmpty { points.append(.refundsOpen(refunds)) }
        if !totals.late.isEmpty { points.append(.late(totals.late)) }
        points += carried(progress.previous)
        if !totals.flagged.isEmpty { points.append(.flagged(Int64(totals.flagged.count))) }
        return points
    }

    private func claimsWithoutDebtor(
        _ progress: CloseProgress, _ reading: Reading
    ) throws -> [SaleReference] {
        let start = LogPosition(yard: progress.yard.number, index: progress.previous?.to ?? 0)
        let end = progress.draft?.upto ?? .max
        return try reading.claimsWithoutDebtor(from: start)
            .filter { $0.index < end }
            .compactMap { position in
                guard case .terminal(let record) = try record(at: position, reading).fact else {
                    return nil
                }
                return record.head.reference
            }
    }

    private func silent(_ terminals: [TerminalRow]) -> [ClosePoint] {
        let limit = clock().milliseconds - Self.silenceMilliseconds
        return terminals.filter { ($0.seen?.milliseconds ?? 0) < limit && $0.highest > 0 }
            .map { .silent($0.id, since: $0.seen) }
    }

    private func carried(_ previous: DayClose?) -> [ClosePoint] {
        let open = (previous?.carried ?? [:]).sorted { $0.key < $1.key }.map { key, carried in
            ClosePoint.CardKeyDifference(
                cardTerminal: key.cardTerminal, scheme: key.scheme, count: carried.tally.count,
                amount: carried.tally.amount, since: carried.since)
        }
        return open.isEmpty ? [] : [.carried(open)]
    }

    private func openCardRefunds(of yard: Yard, _ reading: Reading) throws -> [Int64] {
        try reading.reversalRequests(yard: yard.number)
            .filter { $0.state == .approved }.map(\.id).sorted()
    }
}
