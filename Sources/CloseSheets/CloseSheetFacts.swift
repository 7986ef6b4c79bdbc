package import Units

/// What a sheet says beside the record of its close.
package struct CloseSheetFacts: Sendable {
    /// Town, name and address of the yard.
    package let town: String
    package let yard: String
    package let address: String
    /// Origin of the yard's log.
    package let log: String
    /// Log index of the close's own record, and the hash of its leaf, hexadecimal.
    package let index: Int64
    package let leafHash: String
    /// First and last entry that it holds; nil if it holds none.
    package let entries: (first: Entry, last: Entry)?
    /// The names of its people when it was approved.
    package let names: [PersonID: String]
    /// The previous close's number; nil for the first.
    package let previous: Int64?
    /// Turns an instant into local words.
    package let localTime: @Sendable (Timestamp) -> String

    package struct Entry: Hashable, Sendable {
        package let index: Int64
        package let received: Timestamp
        /// SHA-256 leaf hash, hexadecimal.
        package let leafHash: String

        package init(index: Int64, received: Timestamp, leafHash: String) {
            self.index = index
            self.received = received
            self.leafHash = leafHash
        }
    }

    package init(
        town: String, yard: String, address: String, log: String, index: Int64, leafHash: String,
        entries: (first: Entry, last: Entry)?, names: [PersonID: String], previous: Int64?,
        localTime: @escaping @Sendable (Timestamp) -> String
    ) {
        self.town = town
        self.yard = yard
        self.address = address
        self.log = log
        self.index = index
        self.leafHash = leafHash
        self.entries = entries
        self.names = names
        self.previous = previous
        self.localTime = localTime
    }

    /// Name with sign-in name, or the sign-in name alone.
    func name(_ id: PersonID) -> String {
        names[id].map { "\($0) (\(id.text))" } ?? id.text
    }
}
