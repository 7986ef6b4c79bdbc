import Foundation
import Testing
import Units

/// How much business is played, and by which random numbers.
struct QuarterExtent: Sendable, CustomTestStringConvertible {
    /// Days of business, Monday to Saturday, from 1 July on.
    let days: Int
    /// What a yard sells on a day, at most; half of it at least.
    let salesMax: Int
    let seed: UInt64
    let isWhole: Bool

    /// The fortnight that holds every exception, or with `HOFBUCH_QUARTER=whole` July to September;
    /// `HOFBUCH_QUARTER_SEED` plays other business.
    static var chosen: QuarterExtent {
        let environment = ProcessInfo.processInfo.environment
        let isWhole = environment["HOFBUCH_QUARTER"] == "whole"
        return QuarterExtent(
            days: isWhole ? 79 : QuarterEvent.cycleDays, salesMax: isWhole ? 30 : 4,
            seed: environment["HOFBUCH_QUARTER_SEED"].flatMap(UInt64.init) ?? 3,
            isWhole: isWhole)
    }

    var testDescription: String { "\(days) days, up to \(salesMax) sales, seed \(seed)" }
}

/// What goes wrong between yard, card terminal, bank and acquirer.
enum QuarterException: String, CaseIterable {
    case missingBatch = "missing batch"
    case duplicateBatch = "duplicate batch"
    case lateBatch = "late batch"
    case splitCredit = "split credit"
    case mergedTerminals = "merged terminals"
    case amountDifference = "amount difference"
    case feeNetted = "fee netted"
    case feeSeparate = "fee separate"
    case chargeback
    case chargebackWonBack = "chargeback won back"
    case refund
    case unknownTerminal = "unknown terminal"
    case cutDuringDay = "cut in the middle of the day"
    case cutOverMidnight = "cut over midnight"
    case lateSuccess = "terminal paid, ledger unknown"
    case terminalOnly = "terminal paid, never in the ledger"
    case ledgerOnly = "ledger paid, terminal unknown"
    case lapsed = "lapsed without a cut"
    case emptyStatement = "empty statement"
    case statementGap = "gap in statement sequence"
    case statementTwice = "statement delivered twice"
    case consecutiveCuts = "consecutive cuts in one credit"
    case payoutOnTheWay = "payout on the way"
    case claimPaid = "claim paid by transfer"
    case otherBusiness = "other business on the account"
}

/// What a yard lives through on one day; everything comes once in a fortnight of business, and in
/// the next at the next yard.
enum QuarterEvent {
    case missing, doubled, late, split, merged, differs, netted, unknownTerminal
    case soldToBeChargedBack, chargedBack
    case cutDuringDay, lastPaymentHeld, heldPaymentComes
    case outcomeUnknown, outcomeFound, ledgerOnly, terminalOnly
    case noCut, afterNoCut, waits, comesWithTheOneBefore
    case refundInCut, refundApart, soldOnAccount

    static let cycleDays = 14

    /// - Parameters:
    ///   - number: of the day of business, from 0.
    ///   - place: of the yard.
    static func due(_ number: Int, at place: Int) -> QuarterEvent? {
        let (cycle, turn) = number.quotientAndRemainder(dividingBy: cycleDays)
        switch ((place + cycle) % 3, turn) {
        case (0, 1): return .missing
        case (0, 2): return .doubled
        case (0, 3): return .late
        case (0, 4): return .split
        case (_, 5): return .merged
        case (0, 6): return .soldOnAccount
        case (0, 8): return .terminalOnly
        case (0, 10): return .waits
        case (0, 11): return .comesWithTheOneBefore
        case (1, 1): return .differs
        case (1, 2): return .netted
        case (1, 3): return .soldToBeChargedBack
        case (1, 4): return .chargedBack
        case (1, 6): return .refundInCut
        case (1, 8): return .refundApart
        case (2, 1): return .unknownTerminal
        case (2, 2): return .cutDuringDay
        case (2, 3): return .lastPaymentHeld
        case (2, 4): return .heldPaymentComes
        case (2, 6): return .outcomeUnknown
        case (2, 7): return .outcomeFound
        case (2, 8): return .ledgerOnly
        case (2, 9): return .noCut
        case (2, 10): return .afterNoCut
        default: return nil
        }
    }

    /// The reason that the cashier gives for the difference of the close; nil if there is none.
    var differenceReason: String? {
        switch self {
        case .lastPaymentHeld, .outcomeUnknown: "straddling"
        case .ledgerOnly, .afterNoCut: "missing-in-terminal"
        case .terminalOnly: "missing-in-ledger"
        case .noCut: "cut-missing"
        case .missing, .doubled, .late, .split, .merged, .differs, .netted, .unknownTerminal,
            .soldToBeChargedBack, .chargedBack, .cutDuringDay, .heldPaymentComes, .outcomeFound,
            .waits, .comesWithTheOneBefore, .refundInCut, .refundApart, .soldOnAccount:
            nil
        }
    }
}
