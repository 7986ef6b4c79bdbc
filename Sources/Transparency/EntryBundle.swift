/// The entries under one tile of level 0, as they are published (C2SP tlog-tiles 0.1.0): each with
/// its length before it, 2 bytes big-endian.
package enum EntryBundle {
    /// A longer entry cannot be published.
    package static let entryByteCountMax = 65_535

    /// The bytes of 1 to 256 entries in order; nil for another count and for an entry longer than
    /// ``entryByteCountMax``.
    package static func bytes(_ entries: [[UInt8]]) -> [UInt8]? {
        guard (1...TileCoordinate.width).contains(entries.count),
            entries.allSatisfy({ $0.count <= entryByteCountMax })
        else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.reduce(0) { $0 + 2 + $1.count })
        for entry in entries {
            bytes.append(UInt8(entry.count >> 8))
            bytes.append(UInt8(entry.count & 0xFF))
            bytes += entry
        }
        return bytes
    }

    /// The entries that `bytes` are, in order; nil if they end within one, or if they are none or
    /// more than 256.
    package static func entries(_ bytes: [UInt8]) -> [[UInt8]]? {
        var entries: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            guard rest.count >= 2, entries.count < TileCoordinate.width else { return nil }
            let length = Int(rest[rest.startIndex]) << 8 | Int(rest[rest.startIndex + 1])
            rest = rest.dropFirst(2)
            guard rest.count >= length else { return nil }
            entries.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return entries.isEmpty ? nil : entries
    }
}
