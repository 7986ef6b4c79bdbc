/// Why the terminal did not do what it was asked; for people first.
///
/// Equal by ``code``. What a sentence says stands in docs/errors/terminal.md.
package struct TerminalError: Error, Sendable {
    /// What became of what the person had entered.
    package enum Saved: Hashable, Sendable {
        /// Everything entered so far is stored.
        case entered
        /// Nothing was changed by this step.
        case unchanged
        /// Nothing was stored; it has to be entered again.
        case nothing

        /// The German sentence.
        package var sentence: String {
            switch self {
            case .entered: "Alle bisherigen Eingaben sind gespeichert."
            case .unchanged: "Es wurde nichts geändert."
            case .nothing: "Es wurde nichts gespeichert."
            }
        }
    }

    /// The stable names.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        case notEnrolled = "not-enrolled"
        case alreadyEnrolled = "already-enrolled"
        case inUse = "in-use"
        case enrolmentRefused = "enrolment-refused"
        case serverUnreachable = "server-unreachable"
        case keyRefused = "key-refused"
        case blocked
        case attendantMissing = "attendant-missing"
        case attendantUnknown = "attendant-unknown"
        case tariffMissing = "tariff-missing"
        case tariffUnreadable = "tariff-unreadable"
        case deliveryUnknown = "delivery-unknown"
        case wrongState = "wrong-state"
        case nothingEntered = "nothing-entered"
        case itemNeeded = "item-needed"
        case itemUnknown = "item-unknown"
        case amountInvalid = "amount-invalid"
        case textInvalid = "text-invalid"
        case textMissing = "text-missing"
        case weighingOpen = "weighing-open"
        case weighingMissing = "weighing-missing"
        case weighingInvalid = "weighing-invalid"
        case refusedByTariff = "refused-by-tariff"
        case priceChanged = "price-changed"
        case nothingToPay = "nothing-to-pay"
        case somethingToPay = "something-to-pay"
        case amountTooLarge = "amount-too-large"
        case tooLarge = "too-large"
        case slipUsed = "slip-used"
        case cardTerminalBusy = "card-terminal-busy"
        case enquiryWithoutAnswer = "enquiry-without-answer"
        case recordUnknown = "record-unknown"
        case notASale = "not-a-sale"
        case alreadyVoided = "already-voided"
        case tooLateForVoid = "too-late-for-void"
        case paymentUnknown = "payment-unknown"
        case reversalFailed = "reversal-failed"
        case reversalUnknown = "reversal-unknown"
        case notUnknown = "not-unknown"
        case internalFault = "internal-fault"
    }

    package let code: Code
    /// What happened, in German.
    package let what: String
    package let saved: Saved
    /// What to do now, in German.
    package let advice: String

    package init(_ code: Code, _ what: String, _ saved: Saved = .unchanged, _ advice: String) {
        self.code = code
        self.what = what
        self.saved = saved
        self.advice = advice
    }

    /// All three sentences.
    package var message: String { "\(what) \(saved.sentence) \(advice)" }
}

extension TerminalError: Hashable {
    package static func == (left: Self, right: Self) -> Bool { left.code == right.code }

    package func hash(into hasher: inout Hasher) { hasher.combine(code) }
}

extension TerminalError: CustomStringConvertible {
    package var description: String { "\(code.rawValue): \(message)" }
}
