import Text

/// The place of a tile: 256 neighbouring hashes of one level (C2SP tlog-tiles 0.1.0).
///
/// A hash of level 0 is a leaf hash; a hash of any other level is the root over one full tile of
/// the level below.
package struct TileCoordinate: Hashable, Sendable {
    /// From 0 (leaf hashes) to 7, beyond which no `Int64` size reaches.
    package let level: Int
    /// Counted from 0 within the level.
    package let index: Int64

    package init(level: Int, index: Int64) {
        self.level = level
        self.index = index
    }

    /// How many hashes a full tile has.
    package static let width = 256

    /// No size has hashes at this level or above.
    package static let levelCountMax = 8

    /// How many hashes of level `level` lie beyond its full tiles in a tree of `size` leaves; 0
    /// means that there is no partial tile.
    package static func partialWidth(level: Int, size: Int64) -> Int {
        Int((size >> Int64(8 * level)) & 0xFF)
    }
}

/// The name under which a tile or a bundle of entries is published, below the log's address.
package enum TilePath: Hashable, Sendable {
    /// Hashes: 1 to 256 of them.
    case hashes(TileCoordinate, width: Int)
    /// Entries, each with its length before it: 1 to 256 of them.
    case entries(index: Int64, width: Int)

    /// The path, such as `tile/0/x001/x234/067` or `tile/entries/000.p/17`.
    package var text: String {
        switch self {
        case .hashes(let tile, let width):
            "tile/\(tile.level)/\(Self.indexText(tile.index))\(Self.widthText(width))"
        case .entries(let index, let width):
            "tile/entries/\(Self.indexText(index))\(Self.widthText(width))"
        }
    }

    /// The path that ``text`` writes; nil for any other spelling, a level above 63 and a width that
    /// is not 1 to 255 where one is given.
    package init?(_ text: String) {
        var parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 3, parts[0] == "tile" else { return nil }
        var width: Int64 = 256
        if let last = parts.last, parts[parts.count - 2].utf8.suffix(2).elementsEqual(".p".utf8) {
            guard let number = DecimalText.decode(last), (1...255).contains(number) else {
                return nil
            }
            width = number
            parts.removeLast()
            parts[parts.count - 1] = parts[parts.count - 1].dropLast(2)
        }
        guard parts.count >= 3, let index = Self.index(parts.dropFirst(2)) else { return nil }
        if parts[1] == "entries" {
            self = .entries(index: index, width: Int(width))
            return
        }
        guard let level = DecimalText.decode(parts[1]), level <= 63 else { return nil }
        self = .hashes(TileCoordinate(level: Int(level), index: index), width: Int(width))
    }

    /// The number in groups of three digits, all but the last with an `x` before: `x001/x234/067`.
    package static func indexText(_ index: Int64) -> String {
        var rest = index
        var groups: [String] = []
        repeat {
            let digits = String(rest % 1000)
            let group = String(repeating: "0", count: 3 - digits.count) + digits
            groups.append(groups.isEmpty ? group : "x" + group)
            rest /= 1000
        } while rest > 0
        return groups.reversed().joined(separator: "/")
    }

    private static func index(_ groups: ArraySlice<Substring>) -> Int64? {
        // Six groups are 10^18, the most that cannot overflow.
        guard groups.count <= 6 else { return nil }
        var index: Int64 = 0
        for (place, group) in groups.enumerated() {
            let isLast = place == groups.count - 1
            let digits = isLast ? group : group.dropFirst()
            guard isLast || group.first == "x", digits.utf8.count == 3,
                digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(digits)
            else { return nil }
            index = index * 1000 + number
        }
        let isShortest = groups.elementsEqual(indexText(index).split(separator: "/"))
        return isShortest ? index : nil
    }

    private static func widthText(_ width: Int) -> String {
        width == TileCoordinate.width ? "" : ".p/\(width)"
    }
}

extension TilePath: CustomStringConvertible {
    package var description: String { text }
}
