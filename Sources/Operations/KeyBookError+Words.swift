import Journal

extension KeyBookError {
    /// What does not fit, in a few words.
    var words: String {
        switch self {
        case .genesis: "its log does not begin as a log does"
        case .enrolledTwice(let id): "\(id) is enrolled already"
        case .notInForce(let id): "\(id) has no key in force"
        case .keyUsedBefore: "it is or was in use"
        case .announcement: "the key in force did not sign it"
        case .possession: "it did not sign its own announcement"
        case .checkpoint: "its checkpoint is not signed by the old key and the new one"
        case .loss: "its log has ended"
        }
    }
}
