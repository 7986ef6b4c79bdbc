import Pages
package import Sales

/// The public page of a receipt, found by its check code without signing in.
package struct ReceiptPage: Page {
    /// The embedded template of the page around the receipt.
    package static let template = "receipt-page"
    /// "Beleg" and the number.
    package let title: String
    let receiptHTML: String
    let state: String
    let stateClass: String
    let proof: String
    let digest: String
    let short: String
    let slipPath: String

    /// How the recorded sale stands today.
    package enum State: Hashable, Sendable {
        case recorded
        /// Voided, or refunded in whole.
        case reversed
        case partlyReversed
        case unresolved
        /// The payment was unknown and turned out so.
        case resolved(PaymentResolution.Finding)
    }

    /// - Parameters:
    ///   - receipt: shown for ``ReceiptAudience/anyone``.
    ///   - proof: a sentence about log, checkpoint and close.
    ///   - slipPath: where the same receipt can be had as text.
    package init(
        _ receipt: Receipt, templates: ReceiptTemplates, state: State, proof: String,
        slipPath: String
    ) {
        title = "Beleg \(receipt.number)"
        receiptHTML = templates.html(receipt, for: .anyone)
        (self.state, stateClass) =
            switch state {
            case .recorded: ("Dieser Beleg ist unverändert verzeichnet.", "success")
            case .reversed: ("Dieser Beleg wurde storniert oder erstattet.", "warning")
            case .partlyReversed: ("Ein Teil dieses Belegs wurde erstattet.", "warning")
            case .unresolved: ("Die Kartenzahlung zu diesem Beleg wird geklärt.", "warning")
            case .resolved(.charged):
                (
                    "Die Kartenzahlung zu diesem Beleg ist geklärt: Die Karte wurde belastet, der "
                        + "Betrag ist bezahlt.", "success"
                )
            case .resolved(.notChargedClaim):
                (
                    "Die Kartenzahlung zu diesem Beleg ist geklärt: Die Karte wurde nicht "
                        + "belastet, der Betrag ist offen.", "warning"
                )
            case .resolved(.notChargedVoid):
                (
                    "Die Kartenzahlung zu diesem Beleg ist geklärt: Die Karte wurde nicht "
                        + "belastet, und es ist nichts zu zahlen.", "success"
                )
            }
        self.proof = proof
        digest = receipt.check?.digest ?? ""
        short = receipt.check?.short ?? ""
        self.slipPath = slipPath
    }
}
