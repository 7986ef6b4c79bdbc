import DayClosing
import FinanceSamples
import Reconciliation
import Sales
import Units

/// Cuts, bank entries and acquirer lines of some yards over some days, with every exception
/// planted at random.
struct MadeYear {
    private(set) var cuts: [CardCut] = []
    private(set) var entries: [StatementEntry] = []
    private(set) var acquirer: [AcquirerLine] = []
    let rules: SettlementRules
    private(set) var lastDay = Made.day("2026-01-02")
    /// How many credits carry each exception.
    private(set) var planted: [String: Int] = [:]
    /// What each entry was planted as.
    private var origins: [Origin] = []
    /// The closes whose takings no credit pays in a way that a rule books.
    private(set) var unpaidCloses: Set<String> = []
    private var random: SeededGenerator
    private var held: [Int: (cents: Int64, close: String, isInterrupted: Bool)] = [:]
    private var reach = Reach.oneCut

    /// Which cuts a credit is for.
    enum Reach: Hashable {
        case oneCut
        /// One cut and the one before.
        case consecutiveCuts
        /// Two cuts between which another was paid with the whole account: no rule joins them.
        case interruptedCuts
    }

    /// What an entry was planted as.
    struct Origin: Hashable {
        let kind: String
        let reach: Reach
    }

    init(seed: UInt64, yards: Int, days: Int) {
        random = SeededGenerator(seed: seed)
        rules = SettlementRules(
            routes: (0..<yards).map {
                .init(
                    cardTerminal: "681\(padded($0, 5))", otherNames: ["650\(padded($0, 5))"],
                    account: Made.account)
            }, merchantNumbers: ["455600001"])
        var day = Made.day("2026-01-02")
        var number: Int64 = 0
        for _ in 0..<days {
            number += 1
            addDay(day, number, yards)
            day = day.adding(days: day.weekday == 6 ? 2 : 1) ?? day
        }
        lastDay = day.adding(days: 90) ?? day
        unpaidCloses.formUnion(held.values.map(\.close))
    }

    private mutating func addDay(_ day: BusinessDay, _ number: Int64, _ yards: Int) {
        var merged: Int64 = 0
        let isMerged = Int.random(in: 0..<12, using: &random) == 0
        for yard in 0..<yards {
            let direct = Int64.random(in: 2_000...300_000, using: &random)
            let visa = Int64.random(in: 0...40_000, using: &random)
            addCut(day, number, yard, direct, visa)
            if isMerged {
                merged += direct
                held[yard]?.isInterrupted = true
            } else {
                addCredit(day, yard, direct, close: "hof\(yard)-\(padded(number, 6))")
            }
            if visa > 0 { addAcquirer(day, number, yard, visa) }
        }
        if isMerged { credit(day, 1, merged, "EC-UMSATZ VU 455600001", "merged terminals") }
        if Int.random(in: 0..<5, using: &random) == 0 {
            credit(day, 2, 95_000 + number, "MIETE STELLPLATZ", "other business")
        }
        if day.day == 3 { credit(day, 1, -12_900, "ENTGELT KARTENTERMINALS", "fee") }
    }

    private mutating func addCut(
        _ day: BusinessDay, _ number: Int64, _ yard: Int, _ direct: Int64, _ visa: Int64
    ) {
        let terminal = "681\(padded(yard, 5))"
        let tally = { (cents: Int64) in Tally(count: cents == 0 ? 0 : 20, amount: Cents(cents)) }
        let comparison = { (scheme: CardScheme, cents: Int64) in
            CardComparison(
                key: CardKey(cardTerminal: terminal, scheme: scheme), expected: tally(cents),
                counted: tally(cents))
        }
        cuts.append(
            CardCut(
                close: "hof\(yard)-\(padded(number, 6))", number: number, day: day,
                cardTerminal: terminal,
                comparisons: [comparison(.girocard, direct), comparison(.visa, visa)]))
    }

    /// The credit of one cut, on time as a rule; about half the cuts wait for the next one.
    private mutating func addCredit(
        _ day: BusinessDay, _ yard: Int, _ amount: Int64, close: String
    ) {
        let text = "KARTENUMSATZ TID 650\(padded(yard, 5))"
        let sum = (held[yard]?.cents ?? 0) + amount
        let waits = Int.random(in: 0..<10, using: &random) < 4 && held[yard] == nil
        if waits {
            held[yard] = (sum, close, false)
            return
        }
        let before = held.removeValue(forKey: yard)
        let wasHeld = before != nil
        reach =
            before.map { $0.isInterrupted ? Reach.interruptedCuts : .consecutiveCuts } ?? .oneCut
        defer { reach = .oneCut }
        let choice = Int.random(in: 0..<200, using: &random)
        if [0, 3, 5, 6].contains(choice) || (choice == 4 && wasHeld) || reach == .interruptedCuts {
            unpaidCloses.formUnion([close, before?.close].compactMap(\.self))
        }
        switch choice {
        case 0: planted["missing", default: 0] += 1
        case 1:
            credit(day, 1, sum, text, "duplicate")
            credit(day, 2, sum, text, "duplicate")
        case 2 where !wasHeld:
            credit(day, 1, sum / 3, text, "split")
            credit(day, 2, sum - sum / 3, text, "split")
        case 3: credit(day, 1, sum - sum / 100, text, "fee netted")
        case 4: credit(day, 9, sum, text, "late")
        case 5: credit(day, 1, sum, "GUTSCHRIFT", "unreferenced")
        case 6: credit(day, 1, sum, "TID 99999999", "unknown terminal")
        case 7:
            credit(day, 1, sum, text, wasHeld ? "consecutive" : "clean")
            credit(day, 3, -4_200, "RÜCKBELASTUNG " + text, "chargeback")
        default: credit(day, 1, sum, text, wasHeld ? "consecutive" : "clean")
        }
    }

    /// Payments of a day by one acquirer line; a payout for each month.
    private mutating func addAcquirer(
        _ day: BusinessDay, _ number: Int64, _ yard: Int, _ gross: Int64
    ) {
        acquirer.append(
            Made.line(
                .payment, day.iso, gross, gross / 90, reference: "a\(number)-\(yard)",
                payout: "PO\(day.year)\(padded(day.month, 2))\(day.day / 8)",
                terminal: "650\(padded(yard, 5))"))
    }

    private mutating func credit(
        _ day: BusinessDay, _ bankDays: Int, _ cents: Int64, _ text: String, _ kind: String
    ) {
        planted[kind, default: 0] += 1
        origins.append(Origin(kind: kind, reach: reach))
        entries.append(Made.entry(BankDays.day(bankDays, after: day).iso, cents, text))
    }

    /// The payouts as the bank credits them.
    mutating func addPayouts() {
        for (payout, lines) in Dictionary(grouping: acquirer, by: \.payout)
            .sorted(by: { $0.key < $1.key })
        {
            let net = lines.map(\.net.value).reduce(0, +)
            let last = lines.map(\.day).max() ?? lastDay
            credit(last, 3, net, "AUSZAHLUNG \(payout)", "payout")
        }
    }

    /// One statement a booking day, numbered and chained.
    var statements: [BankStatement] {
        var balance: Int64 = 0
        return placesByDay.enumerated().map { place, day in
            let booked = day.value.map { entries[$0] }
            defer { balance += booked.map(\.amount.value).reduce(0, +) }
            return Made.statement(booked, number: Int64(place + 1), opening: balance, day: day.key)
        }
    }

    /// What the bank lines of ``statements`` were planted as, in their order.
    var lineOrigins: [Origin] { placesByDay.flatMap { $0.value.map { origins[$0] } } }

    private var placesByDay: [(key: String, value: [Int])] {
        Dictionary(grouping: entries.indices) { entries[$0].bookedOn?.iso ?? "" }
            .sorted { $0.key < $1.key }
    }

    func board(cuts: [CardCut]? = nil, statements: [BankStatement]? = nil) -> SettlementBoard {
        SettlementBoard(
            cuts: cuts ?? self.cuts,
            statements: StatementSeries(statements ?? self.statements), acquirer: acquirer,
            rules: rules, today: lastDay)
    }
}
