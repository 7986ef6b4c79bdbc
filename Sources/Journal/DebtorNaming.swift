package import Sales
import Text
package import Units

/// Who owes a claim is named by the office: because nobody was named at the gate, or not rightly.
/// Name and address travel as the personal field `debtor`; the latest record stands.
package struct DebtorNaming: Hashable, Sendable {
    /// The sale that is owed.
    package let original: SaleReference
    /// Without the data itself.
    package let reason: String
    package let by: PersonID

    package init(original: SaleReference, reason: String, by: PersonID) {
        self.original = original
        self.reason = reason
        self.by = by
    }
}

extension DebtorNaming {
    var members: [JSONValue.Member] {
        [
            .init("original", original.json), .init("reason", .string(reason)),
            .init("by", .string(by.text)),
        ]
    }

    init(from reader: inout ObjectReader) throws(JSONShapeError) {
        self.init(
            original: try SaleReference(
                json: try reader.value("original"), path: reader.path(of: "original")),
            reason: try reader.string("reason"), by: try reader.identifier("by"))
    }
}
