import Sales
import Units

extension Quarter {
    /// What the bank credits for the cuts of a close, with the exceptions of its day.
    func creditCuts(
        _ cuts: [QuarterCut], _ day: BusinessDay, _ yard: QuarterYard, _ event: QuarterEvent?
    ) {
        let cents = cuts.map(\.girocard).reduce(0, +)
        let cut = yard.lastCutCode
        switch event {
        case .missing:
            truth.plant(.missingBatch, "open \(cut) missing-batch")
            truth.leave("open-cut", day, cents)
        case .doubled:
            bank.takings(day, cents, of: yard)
            let second = bank.takings(day, after: 2, cents, of: yard)
            truth.plant(.duplicateBatch, "open \(second) duplicate-batch")
            truth.unresolved -= cents
        case .late:
            bank.takings(day, after: 9, cents, of: yard)
            truth.plant(.lateBatch, "booked late \(cut)")
        case .split:
            bank.takings(day, cents / 3, of: yard)
            bank.takings(day, after: 2, cents - cents / 3, of: yard)
            truth.plant(.splitCredit, "booked split \(cut)")
        case .merged:
            pending.merged.append(cents)
            pending.mergedCuts.append(cut)
        case .waits: pending.waiting = (cut, cents)
        case .comesWithTheOneBefore:
            let before = pending.waiting ?? (cut, 0)
            bank.takings(day, cents + before.cents, of: yard)
            truth.plant(.consecutiveCuts, "booked consecutive \(before.cut) \(cut)")
        case .differs:
            let reference = bank.takings(day, cents + 105, of: yard)
            truth.plant(
                .amountDifference, "open \(reference) amount-differs", "open \(cut) missing-batch")
            truth.unresolved -= 105
        case .netted:
            let reference = bank.takings(day, cents - cents / 100, of: yard)
            truth.plant(.feeNetted, "open \(reference) fee-netted", "open \(cut) missing-batch")
            truth.fees += cents / 100
        case .unknownTerminal:
            let reference = bank.line(day, cents, "KARTENUMSATZ TID 99999999")
            truth.plant(
                .unknownTerminal, "open \(reference) unknown-terminal", "open \(cut) missing-batch")
        case .cutDuringDay:
            for cut in cuts { bank.takings(day, cut.girocard, of: yard) }
            truth.plant(.cutDuringDay, "cuts \(cut) \(cuts.count)")
            for one in cuts { truth.expect("booked single \(cut):\(one.number)") }
        case .refundApart:
            let refund = cuts.flatMap { $0.payments[.girocard] ?? [] }.filter { $0 < 0 }
                .reduce(0, +)
            bank.takings(day, cents - refund, of: yard)
            bank.takings(day, refund, of: yard)
            truth.plant(.refund, "booked split \(cut)", "refund \(cut)")
        case .refundInCut:
            bank.takings(day, cents, of: yard)
            truth.plant(.refund, "refund \(cut)")
        case .chargedBack:
            bank.takings(day, cents, of: yard)
            chargeBack(day)
        case .soldOnAccount:
            bank.takings(day, cents, of: yard)
            payClaim(day)
        case .noCut: break
        case .lastPaymentHeld, .heldPaymentComes, .outcomeUnknown, .outcomeFound, .ledgerOnly,
            .terminalOnly, .afterNoCut, .soldToBeChargedBack, nil:
            bank.takings(day, cents, of: yard)
        }
        plantSlip(day, yard, event)
    }

    /// How the slip of the close has to differ from the journal.
    private func plantSlip(_ day: BusinessDay, _ yard: QuarterYard, _ event: QuarterEvent?) {
        let cut = yard.lastCutCode
        switch event {
        case .lastPaymentHeld: truth.plant(.cutOverMidnight, "slip \(cut) straddles")
        case .heldPaymentComes, .outcomeFound: truth.expect("slip \(cut) straddles")
        case .outcomeUnknown:
            truth.plant(.lateSuccess, "slip \(cut) straddles", "unknown \(cut)")
        case .ledgerOnly: truth.plant(.ledgerOnly, "slip \(cut) ledger-only")
        case .terminalOnly: truth.plant(.terminalOnly, "slip \(cut) terminal-only")
        case .noCut: truth.plant(.lapsed, "slip \(cut) lapsed")
        default: break
        }
    }

    private func chargeBack(_ day: BusinessDay) {
        guard let sale = pending.toBeChargedBack else { return }
        let reference = bank.line(
            day, after: 2, -sale.cents, "RÜCKBELASTUNG BELEG \(sale.reference.receiptNumber)",
            kind: "MCRD/UPCT", transaction: "cb-\(day.iso)-1")
        truth.plant(.chargeback, "open \(reference) chargeback")
        truth.chargebacks += sale.cents
        let won = "cb-\(day.iso)-2"
        bank.line(day, after: 2, -2_405, "RÜCKBELASTUNG", kind: "MCRD/UPCT", transaction: won)
        bank.line(day, after: 5, 2_405, "RÜCKGABE", kind: "MCRD/DAJT", transaction: won)
        truth.plant(.chargebackWonBack, "booked chargeback-won")
    }

    private func payClaim(_ day: BusinessDay) {
        guard let claim = pending.claim else { return }
        let reference = bank.line(
            day, after: 4, claim.cents, "RECHNUNG \(claim.reference.receiptNumber)")
        truth.plant(.claimPaid, "open \(reference) other-business")
    }
}
