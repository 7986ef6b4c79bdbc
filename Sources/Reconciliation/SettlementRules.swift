package import Sales
import Units

/// How card money reaches the municipality: agreed with bank and acquirer, given by finance.
package struct SettlementRules: Hashable, Sendable {
    /// Where the takings of a card terminal go.
    package struct Route: Hashable, Sendable {
        /// As the slip names it.
        package let cardTerminal: String
        /// As statements name it: the bank's and the acquirer's numbers differ from the slip's.
        package let otherNames: [String]
        /// As the bank statement names it.
        package let account: String

        package init(cardTerminal: String, otherNames: [String] = [], account: String) {
            self.cardTerminal = cardTerminal
            self.otherNames = otherNames
            self.account = account
        }
    }

    package let routes: [Route]
    /// The merchant numbers (VU-Nr.) that statements name for takings of several terminals.
    package let merchantNumbers: [String]
    /// The schemes that an acquirer settles by statement instead of the bank by cut.
    package let acquired: Set<CardScheme>
    /// Bank days after the cut in which the credit is on time (finance.md 3.3: 3).
    package let bankDaysMax: Int
    /// A credit so much lower than its cut, in basis points, is proposed as netted fee.
    package let feeBasisPointsMax: Int64

    package static let creditCards: Set<CardScheme> = [.visa, .mastercard, .amex]

    package init(
        routes: [Route], merchantNumbers: [String] = [],
        acquired: Set<CardScheme> = Self.creditCards, bankDaysMax: Int = 3,
        feeBasisPointsMax: Int64 = 500
    ) {
        self.routes = routes
        self.merchantNumbers = merchantNumbers
        self.acquired = acquired
        self.bankDaysMax = bankDaysMax
        self.feeBasisPointsMax = feeBasisPointsMax
    }

    /// Days whose cuts one credit may join, at most.
    package static let runDaysMax = 7
    /// Days that one credit for several terminals may join, at most.
    package static let dayCountMax = 4
    /// Credits that one cut may be split into, at most.
    package static let splitCountMax = 4
    /// Credits looked at for a split, at most.
    package static let splitCandidatesMax = 10
    /// Days after the cut in which a credit can still be its late one.
    package static let lateDaysMax = 60
    /// Days after which a card payment without a cut lapses (finance.md 3.1).
    package static let lapseDays = 8
}
