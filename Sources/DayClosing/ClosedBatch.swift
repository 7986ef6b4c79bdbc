package import Sales
import Units

/// An approved close with its records and the account plan that posted them: what exports are
/// made of. Equal batches give equal files (design decision 13).
package struct ClosedBatch: Hashable, Sendable {
    package let close: DayClose
    /// In the order of the log.
    package let records: [ClosedRecord]
    /// The plan named by the close; it names the accounts.
    package let plan: AccountPlan

    package init(close: DayClose, records: [ClosedRecord], plan: AccountPlan) {
        self.close = close
        self.records = records
        self.plan = plan
    }

    /// The close as finance refers to it: yard and number, `mitte-000317`.
    package var reference: String { close.reference }

    /// The batch without its records.
    package var planned: PlannedClose { PlannedClose(close: close, plan: plan) }
}

/// An approved close and the account plan that posted it: what is known of a batch whose records
/// are read one by one.
package struct PlannedClose: Hashable, Sendable {
    package let close: DayClose
    /// The plan named by the close; it names the accounts.
    package let plan: AccountPlan

    package init(close: DayClose, plan: AccountPlan) {
        self.close = close
        self.plan = plan
    }

    /// The close as finance refers to it: yard and number, `mitte-000317`.
    package var reference: String { close.reference }
}

extension DayClose {
    /// The close as finance refers to it: yard and number with six digits, `mitte-000317`.
    package var reference: String { "\(yard.text)-\(padded(number, 6))" }
}
