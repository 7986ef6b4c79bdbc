import Calendars
import DayClosing
import Journal
package import Reconciliation
import Sales
import Storage
import Text
import Units

/// Everything that reconciliation looks at, read in one snapshot, and what follows from it.
package struct BankBook: Sendable {
    package let setup: SettlementSetup
    package let cuts: [CardCut]
    package let series: StatementSeries
    package let lines: [BankLine]
    package let acquirer: [AcquirerLine]
    /// Settlements that count.
    package let settlements: [PlacedSettlement]
    package let board: SettlementBoard
    /// Why each scheme's clearing is not empty.
    package let clearing: [ClearingProof]
    /// Items in settlements that count.
    let booked: Set<SettledItem>
    /// Items of matches that somebody took back.
    let undone: Set<[[SettledItem]]>

    init(
        setup: SettlementSetup, sources: BankSources, book: SettlementBook, today: BusinessDay
    ) {
        self.setup = setup
        cuts = sources.cuts
        series = StatementSeries(sources.statements)
        lines = series.lines
        acquirer = sources.acquirer
        settlements = book.active
        booked = book.booked
        undone = book.undone
        board = SettlementBoard(
            cuts: cuts, statements: series, acquirer: acquirer, rules: setup.rules,
            booked: booked, today: today)
        clearing = ClearingProof.proofs(
            cuts: cuts, acquirer: acquirer, board: board, rules: setup.rules, booked: booked,
            settled: book.shares)
    }

    package var shares: SettlementShares {
        SettlementShares(setup: setup, cuts: cuts, lines: lines, acquirer: acquirer)
    }

    /// Matches of the rules that money on the bank account stands behind and nobody took back.
    package var bookable: [Match] {
        let former = Dictionary(
            lines.compactMap { line in line.formerKey.map { (line.key, $0) } },
            uniquingKeysWith: { first, _ in first })
        return board.matches.filter { match in
            let expected = match.expected.map(SettledItem.init)
            // What earlier versions called otherwise was taken back by that name.
            let before = match.received.map { item -> SettledItem in
                guard case .bank(let key) = item else { return SettledItem(item) }
                return SettledItem(.bank(former[key] ?? key))
            }
            return Self.isBooked(match)
                && !undone.contains([expected, match.received.map(SettledItem.init)])
                && !undone.contains([expected, before])
        }
    }

    /// A comparison of acquirer lines with cuts, or among themselves, moves no money on the bank
    /// account; the payout does.
    private static func isBooked(_ match: Match) -> Bool {
        match.received.allSatisfy { item in
            if case .bank = item { true } else { false }
        }
    }

    /// The bank line behind an item; nil for other items.
    package func line(_ item: MatchItem) -> BankLine? {
        guard case .bank(let key) = item else { return nil }
        return lines.first { $0.key == key }
    }
}

/// What the journal and the bank files say, as far as reconciliation reads it.
struct BankSources {
    let cuts: [CardCut]
    let statements: [BankStatement]
    /// Each as often as it counts.
    let acquirer: [AcquirerLine]
}

extension Installation {
    /// Closes, bank and acquirers as they stand, and what belongs together.
    ///
    /// - Throws: ``OperationsError`` (`settlementFileMissing`, `settlementFileInvalid`).
    package func bankBook() throws -> BankBook {
        let files = try SettlementFiles(directory: directory)
        let today = calendar.day(of: clock())
        return try database.read { reading in
            let sources = BankSources(
                cuts: try yards.flatMap { try cardCuts(of: $0, reading) },
                statements: try reading.bankStatements().map { try BankStatement($0, reading) },
                acquirer: AcquirerLine.counted(
                    try reading.acquirerFiles().map { file in
                        try reading.bankLines(at: file.position).map {
                            try AcquirerLine(json: StrictJSON.parse($0, depthMax: 4))
                        }
                    }))
            return BankBook(
                setup: files.setup, sources: sources,
                book: try SettlementBook(yards: yards, reading), today: today)
        }
    }

    private func cardCuts(of yard: Yard, _ reading: Reading) throws -> [CardCut] {
        try cutsByClose(of: yard, reading).flatMap(\.self)
    }

    /// The cuts of all closes of a yard, close by close. A close never changes, so each is read
    /// once.
    ///
    /// - Parameter isKept: false inside the writer's turn, whose closes are not durable yet.
    func cutsByClose(
        of yard: Yard, _ reading: Reading, isKept: Bool = true
    ) throws -> [[CardCut]] {
        let rows = try reading.closes(yard: yard.number)
        let known = cutMemory.cuts(of: yard.number)
        let fresh = try rows.dropFirst(known.count).map {
            CardCut.cuts(of: try close($0, of: yard, reading))
        }
        if isKept { cutMemory.append(fresh, to: yard.number, after: known.count) }
        return known + fresh
    }
}

extension BankStatement {
    /// With the lines that are kept of it.
    init(_ row: BankStatementRow, _ reading: Reading) throws {
        try self.init(row, lines: reading.bankLines(at: row.position))
    }

    init(_ row: BankStatementRow, lines: [[UInt8]]) throws {
        self.init(
            row,
            entries: try lines.map { try StatementEntry(json: StrictJSON.parse($0, depthMax: 8)) })
    }

    init(_ row: BankStatementRow, entries: [StatementEntry]) {
        self.init(
            kind: BankStatement.Kind(rawValue: row.kind) ?? .statement, message: row.message,
            id: row.id, sequence: row.sequence, account: row.account, currency: row.currency,
            opening: row.opening.map(StatementBalance.init),
            closing: row.closing.map(StatementBalance.init), entries: entries)
    }
}

extension StatementBalance {
    fileprivate init(_ row: BankStatementRow.Balance) {
        self.init(amount: row.amount, currency: row.currency, day: row.day)
    }
}
