package import DayClosing
package import Sales

/// An approved close with its records and the account plan that posted them, all
/// in memory.
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
