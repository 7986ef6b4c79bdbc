package import Units

/// A close on paper (Tagesabschluss): what page, text and archive file say, in their order.
///
/// A pure function of the close and of facts that no longer change, so that the same sheet comes
/// out every time (design decision 13).
package struct CloseSheet: Hashable, Sendable {
    package let title: String
    /// Under the title: town, yard, day.
    package let subtitle: String
    package let parts: [Part]
    /// The date that the archive file carries: that of the approval.
    package let at: Timestamp

    package enum Part: Hashable, Sendable {
        case heading(String)
        case facts([Fact])
        case table(Table)
        case paragraph(String)
        /// The sentence that somebody vouches for.
        case certificate(String)
    }

    /// A label with its value.
    package struct Fact: Hashable, Sendable {
        package let label: String
        package let value: String

        package init(_ label: String, _ value: String) {
            self.label = label
            self.value = value
        }
    }

    package struct Table: Hashable, Sendable {
        package let caption: String
        package let columns: [Column]
        /// As many cells as columns in each.
        package let rows: [[String]]
        /// The last row, set apart; nil if there is none.
        package let total: [String]?
    }

    package struct Column: Hashable, Sendable {
        package let name: String
        package let isNumeric: Bool
    }
}
