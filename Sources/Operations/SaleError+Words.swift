import Sales
import Units

extension SaleError {
    /// What is wrong and what to do.
    var words: String {
        switch self {
        case .noLines: "The sale has no line. Name what was delivered."
        case .negativeLine(let cents):
            "A line of \(GermanFormat.euros(cents)) could not be given back. Correct the tariff."
        case .totalOutOfRange(let cents):
            "\(GermanFormat.euros(cents)) is no total that a sale may have. Divide it."
        case .settlementDoesNotFit(let total):
            "The payment does not fit a total of \(GermanFormat.euros(total)): nothing is paid "
                + "where nothing is due, and only there."
        case .aboveRemainder(let wanted, let left):
            "\(GermanFormat.euros(wanted)) are asked for, \(GermanFormat.euros(left)) are left of "
                + "the original."
        case .nothingToReverse: "Nothing is left of the sale to take back."
        case .lineUnknown(let number):
            "The sale has no line \(number). Lines count from 0, in the order of the receipt."
        case .reasonMissing: "Say why, in a few words."
        }
    }
}
