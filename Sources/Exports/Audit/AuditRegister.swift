package import Units

/// What a package says beside its closes: whose they are, tariff versions brought into force and
/// exports made, as the yard's log told it up to the entry of the package's last close. What came
/// later belongs to later packages, so that the same closes give the same bytes.
package struct AuditRegister: Hashable, Sendable {
    /// A `tariff` record.
    package struct TariffActivation: Hashable, Sendable {
        package let yard: YardID
        /// Position in the log.
        package let index: Int64
        /// SHA-256 of the file, hexadecimal.
        package let digest: String
        package let id: String
        package let title: String
        package let from: BusinessDay
        /// Its last day as it was known then; nil for an open end.
        package let to: BusinessDay?
        package let proposedBy: PersonID
        package let approvedBy: PersonID

        package init(
            yard: YardID, index: Int64, digest: String, id: String, title: String,
            from: BusinessDay, to: BusinessDay?, proposedBy: PersonID, approvedBy: PersonID
        ) {
            self.yard = yard
            self.index = index
            self.digest = digest
            self.id = id
            self.title = title
            self.from = from
            self.to = to
            self.proposedBy = proposedBy
            self.approvedBy = approvedBy
        }
    }

    /// An `export` record with what became of it.
    package struct Export: Hashable, Sendable {
        package let yard: YardID
        package let number: Int64
        package let format: String
        /// Numbers of its closes, ascending.
        package let closes: [Int64]
        package let made: Step
        /// The state in German, who led to it, and what they said; that of making it at first.
        package let state: String
        package let stated: Step
        package let note: String
        package let files: [File]

        package init(
            yard: YardID, number: Int64, format: String, closes: [Int64], made: Step,
            state: String, stated: Step, note: String, files: [File]
        ) {
            self.yard = yard
            self.number = number
            self.format = format
            self.closes = closes
            self.made = made
            self.state = state
            self.stated = stated
            self.note = note
            self.files = files
        }
    }

    /// Who did something, and when.
    package struct Step: Hashable, Sendable {
        package let by: PersonID
        package let at: Timestamp

        package init(by: PersonID, at: Timestamp) {
            self.by = by
            self.at = at
        }
    }

    package struct File: Hashable, Sendable {
        package let name: String
        /// SHA-256, hexadecimal.
        package let digest: String
        package let byteCount: Int64

        package init(name: String, digest: String, byteCount: Int64) {
            self.name = name
            self.digest = digest
            self.byteCount = byteCount
        }
    }

    /// Whose books these are, as the first entry of the log says.
    package struct Supplier: Hashable, Sendable {
        package let town: String
        package let yardName: String
        package let address: String

        package init(town: String, yardName: String, address: String) {
            self.town = town
            self.yardName = yardName
            self.address = address
        }
    }

    /// Nil where nobody said.
    package let supplier: Supplier?
    /// In the order of the log.
    package let tariffs: [TariffActivation]
    /// Ascending by number.
    package let exports: [Export]

    package static let empty = AuditRegister(supplier: nil, tariffs: [], exports: [])

    package init(supplier: Supplier?, tariffs: [TariffActivation], exports: [Export]) {
        self.supplier = supplier
        self.tariffs = tariffs
        self.exports = exports
    }
}
