package import Sales
import Units

/// An approved close and the account plan that posted it. With the records of the close, which are
/// read one by one, it is what exports are made of: equal ones give equal files.
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
    package var reference: String { Self.reference(number, of: yard.text) }

    /// How finance refers to the close of a yard with a number: `mitte-000317`.
    package static func reference(_ number: Int64, of yard: String) -> String {
        "\(yard)-\(padded(number, 6))"
    }
}
