package import TerminalStorage

/// A delivery as people see it.
package struct DeliveryView: Hashable, Sendable {
    package let stored: StoredDelivery
    package let draft: DeliveryDraft
    /// What card terminals were asked for it, in order.
    package let attempts: [StoredAttempt]

    package var number: DeliveryNumber { stored.number }
    package var state: DeliveryState { stored.state }
}
