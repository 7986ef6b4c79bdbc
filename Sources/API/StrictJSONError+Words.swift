import Text

extension StrictJSONError.Code {
    /// What is wrong, in a few words.
    var words: String {
        switch self {
        case .byteOrderMark: "a byte order mark, which may not stand there"
        case .unexpectedByte: "a byte that cannot stand there"
        case .unexpectedEnd: "the document ends too early"
        case .invalidUTF8: "what is not UTF-8"
        case .invalidEscape: "a backslash that JSON does not know"
        case .loneSurrogate: "half of a surrogate pair"
        case .controlCharacter: "a control character in a string"
        case .directionControl: "a character that turns the direction of writing"
        case .notComposed: "a string that is not in normalisation form C"
        case .notWhole: "a number that is not whole"
        case .negativeZero: "-0"
        case .leadingZero: "a number with a leading zero"
        case .numberTooLarge: "a number beyond 2^53-1"
        case .duplicateName: "a name that stood before"
        case .tooDeep: "too many levels within each other"
        }
    }
}
