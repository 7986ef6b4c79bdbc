import Sales

extension PayeeProblem {
    /// Which field, what was found and what to do. An IBAN is masked but for its last four
    /// characters.
    var words: String {
        switch self {
        case .missing:
            "payee: a refund by bank transfer needs name and IBAN of whom to pay, and this one has "
                + "none. Name them; a request without them is rejected and asked for again."
        case .unwanted:
            "payee: only a refund by bank transfer has one. Leave name and IBAN out, or choose "
                + "bank-transfer."
        case .nameTooLong(let found):
            "payee.name: \(found) characters; a transfer carries \(Payee.nameMax). Shorten it as "
                + "the bank has it."
        case .nameCharacter:
            "payee.name: wanted is one line without control characters. Type it again."
        case .iban(let problem, let masked):
            "payee.iban: \(masked): \(problem.words). Compare it with the card or the statement."
        }
    }
}

extension IBAN.Problem {
    /// What is wrong, as the end of a sentence.
    fileprivate var words: String {
        switch self {
        case .empty: "it is empty"
        case .character(let place):
            "character \(place) is neither a letter A to Z nor a digit"
        case .beginning: "wanted are two letters for the country and two check digits first"
        case .length(let found, let wanted):
            wanted.count == 1
                ? "it has \(found) characters, in this country wanted are \(wanted.lowerBound)"
                : "it has \(found) characters, wanted are \(wanted.lowerBound) to "
                    + "\(wanted.upperBound)"
        case .checkDigits: "the check digits do not fit, so a character is wrong or two are swapped"
        }
    }
}
