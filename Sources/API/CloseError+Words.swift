import DayClosing
import Sales
import Units

extension CloseError {
    /// What does not fit and what to do.
    var words: String {
        switch self {
        case .samePerson(let person):
            "\(person) has counted it. Another person has to approve it."
        case .approvedBeforeCount(let counted, let approved):
            "It was counted at \(counted.iso) and approved at \(approved.iso), before that. "
                + "Look at the server's clock, then approve again."
        case .positionsReversed(let from, let to):
            "It would begin at position \(from) of the log and end before it, at \(to). "
                + "Count again."
        case .unbalanced(let debit, let credit):
            "Debits of \(GermanFormat.euros(debit)) and credits of \(GermanFormat.euros(credit)) "
                + "differ. Look at the account plan, then count again."
        case .notCompared(let key, let expected):
            "\(key.words) is not compared once with what the journal holds, "
                + "\(GermanFormat.euros(expected.amount)). Count again."
        case .notTakenUp(let key):
            "What the close before left open of \(key.words) is not in this one. Count again."
        case .cutsDiffer(let key):
            "The total counted of \(key.words) is not that of its batch cuts. Count again."
        case .reasonMissing(let key, let difference):
            "\(key.words) differs by \(GermanFormat.euros(difference)). Give a reason."
        case .explanationMissing(let key, let reason):
            "The reason \(reason.rawValue) of \(key.words) needs an explanation. Write one."
        case .reasonWithoutDifference(let key, let reason):
            "\(key.words) has no difference for the reason \(reason.rawValue). Leave it out."
        case .reasonClaimsTotal(let key, let reason):
            "\(key.words) has no batch cut, which the reason \(reason.rawValue) claims to know. "
                + "Count its cut, or give another reason."
        }
    }
}

extension CardKey {
    fileprivate var words: String { "\(scheme.rawValue) at card terminal \(cardTerminal)" }
}
