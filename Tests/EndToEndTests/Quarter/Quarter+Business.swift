import Foundation
import NIOHTTP1
import Sales
import Testing
import Text
import Units

/// What began on one day and goes on on another.
struct QuarterPending {
    var merged: [Int64] = []
    var mergedCuts: [String] = []
    var waiting: (cut: String, cents: Int64)?
    var held: Int64 = 0
    var unknown: QuarterSale?
    var toBeChargedBack: QuarterSale?
    var claim: QuarterSale?
}

extension Quarter {
    /// Plays every day of business: sales, closes, and what the bank makes of them.
    func play() async throws {
        var day = try #require(BusinessDay(iso: "2026-07-01"))
        for number in 0..<extent.days {
            if day.weekday == 7 { day = try #require(day.adding(days: 1)) }
            for (place, yard) in yards.enumerated() {
                let event = QuarterEvent.due(number, at: place)
                try await play(day, yard, event, byCreditCard: number % 3 == place)
            }
            playBank(day, turn: number % QuarterEvent.cycleDays)
            day = try #require(day.adding(days: 1))
        }
        let onTheWay = bank.payOut()
        truth.fees += bank.acquirerFees
        truth.plant(.payoutOnTheWay, "open payout \(onTheWay.net) payout-missing")
        for line in onTheWay.gross {
            truth.leave("on-the-way", line.day, line.cents, scheme: "visa")
        }
    }

    private func play(
        _ day: BusinessDay, _ yard: QuarterYard, _ event: QuarterEvent?, byCreditCard: Bool
    ) async throws {
        let salesMin = max(2, extent.salesMax / 2)
        for _ in 0..<Int.random(in: salesMin...extent.salesMax, using: &random) {
            try await yard.sell(delivery(), on: day, through: line)
        }
        if byCreditCard, event != .noCut {
            let sale = try await yard.sell(delivery(), on: day, by: .visa, through: line)
            bank.acquire(day, sale.cents, of: yard)
        }
        try await playBeforeCut(day, yard, event)
        while !yard.isDistinct { try await yard.sell(delivery(), on: day, through: line) }
        playAtCut(day, yard, event)
        let cuts = try await close(yard, day, event)
        creditCuts(cuts, day, yard, event)
    }

    /// What a household brings, or sometimes a trader, with tax.
    private func delivery() -> String {
        let quarters = Int.random(in: 1...16, using: &random)
        let volume = "\(quarters / 4),\(padded(quarters % 4 * 25, 2))"
        let sacks = Int.random(in: 1...5, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return "gewerblich: \(volume) m³ sperrmuell"
        case 1: return "privat: \(sacks) Sack restabfall"
        case 2: return "privat: \(volume) m³ gruenabfall; \(sacks) Sack restabfall"
        default: return "privat: \(volume) m³ gruenabfall"
        }
    }

    // MARK: At the yard

    /// What happens during the day.
    private func playBeforeCut(
        _ day: BusinessDay, _ yard: QuarterYard, _ event: QuarterEvent?
    ) async throws {
        switch event {
        case .cutDuringDay:
            yard.cut(day, at: "12:30")
            try await yard.sell("privat: 1 m³ gruenabfall", on: day, through: line)
        case .soldToBeChargedBack:
            pending.toBeChargedBack = try await yard.sell(delivery(), on: day, through: line)
        case .soldOnAccount:
            pending.claim = try await yard.sell(
                delivery(), on: day, through: line, settled: { _ in .onAccount })
        case .outcomeUnknown:
            pending.unknown = try await yard.sell(
                delivery(), on: day, through: line,
                settled: { .unknown(cardTerminal: $0.cardTerminal) })
        case .outcomeFound:
            try await findOutcome(yard)
            try await sellOnceMore(day, yard)
        case .refundInCut, .refundApart:
            try await refund(yard, day)
            try await sellOnceMore(day, yard)
        default: break
        }
    }

    /// The office works today, long after the day that is played: what it records stands in the
    /// close of that day as long as a sale of the day follows.
    private func sellOnceMore(_ day: BusinessDay, _ yard: QuarterYard) async throws {
        try await yard.sell("privat: 1 m³ gruenabfall", on: day, through: line)
    }

    /// The late success of a payment: its slip was found.
    private func findOutcome(_ yard: QuarterYard) async throws {
        let sale = try #require(pending.unknown)
        let finding = [JSONValue.Member("kind", "charged")] + sale.slip.members
        try await office(
            "anna", .POST, yard, "payments/resolve",
            .fields([
                "original": sale.reference.json, "finding": .object(finding),
                "evidence": "repeat-receipt", "note": "Belegwiederholung",
            ]))
        yard.booked[.girocard, default: 0] += sale.cents
    }

    /// A refund on the card, by two people, that takes back a sale of this day.
    private func refund(_ yard: QuarterYard, _ day: BusinessDay) async throws {
        let sale = try await yard.sell(delivery(), on: day, through: line)
        let asked = try await office(
            "anna", .POST, yard, "reversals",
            .fields([
                "kind": "refund", "original": sale.reference.json, "reason": "falsche Menge",
                "method": "card",
            ]))
        let id = try #require(asked["id"]?.integer)
        try await office("bernd", .POST, yard, "reversals/\(id)/approve")
        let slip = try yard.refundSlip(of: sale)
        try await office("anna", .POST, yard, "reversals/\(id)/complete", .object(slip.members))
        yard.giveBack(sale.cents)
    }

    /// What the card terminal and the journal see differently when the cut is made.
    private func playAtCut(_ day: BusinessDay, _ yard: QuarterYard, _ event: QuarterEvent?) {
        switch event {
        case .lastPaymentHeld: pending.held = yard.counted[.girocard]?.popLast() ?? 0
        case .heldPaymentComes: yard.counted[.girocard, default: []].append(pending.held)
        case .ledgerOnly: _ = yard.counted[.girocard]?.popLast()
        case .terminalOnly: yard.counted[.girocard, default: []].append(1_755)
        case .noCut: yard.counted = [:]
        default: break
        }
        if event != .noCut { yard.cut(day) }
    }

    // MARK: At the bank

    private func playBank(_ day: BusinessDay, turn: Int) {
        switch turn {
        case 3:
            let reference = bank.line(day, -1_290, "ENTGELT KARTENTERMINALS", kind: "MCRD/CHRG")
            truth.plant(.feeSeparate, "open \(reference) fee")
            truth.fees += 1_290
            bank.acquirerFee(day, 490)
        case 5:
            bank.line(day, pending.merged.reduce(0, +), "EC-UMSATZ VU 455600001")
            truth.plant(
                .mergedTerminals,
                "booked across-terminals \(pending.mergedCuts.sorted().joined(separator: " "))")
            (pending.merged, pending.mergedCuts) = ([], [])
        case 7:
            let reference = bank.line(day, 9_505, "MIETE STELLPLATZ")
            truth.plant(.otherBusiness, "open \(reference) other-business")
            truth.notOurs += 9_505
        default: break
        }
    }
}
