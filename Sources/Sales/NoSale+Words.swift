extension NoSale.Cause {
    /// The cause in a word or two.
    package var german: String {
        switch self {
        case .refused: "Abgewiesen"
        case .declined: "Karte abgelehnt"
        case .aborted: "Abgebrochen"
        }
    }
}

extension FailedAttempt.Outcome {
    /// How the card step ended, in a word or two.
    package var german: String {
        switch self {
        case .declined: "abgelehnt"
        case .aborted: "abgebrochen"
        case .notStarted: "nicht begonnen"
        }
    }
}
