/// The files of a ZIP archive, read through its directory.
package enum ZipArchive {
    /// A file in an archive may not be larger; an archive of a year's closes is far below.
    package static let sizeMax = 512 << 20
    /// All files of an archive together may not be larger, unless the archive itself is: entries
    /// may share their bytes.
    package static let totalMax = 1 << 30

    /// Whether these bytes begin as an archive does.
    package static func isArchive(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: [0x50, 0x4B, 0x03, 0x04])
            || bytes.starts(with: [0x50, 0x4B, 0x05, 0x06])
    }

    /// Names and bytes of all files, in the order of the directory; none and why for an archive
    /// that cannot be read, holds folders or a name twice (`G-E46` to `G-E48`).
    package static func files(
        in bytes: [UInt8], named archive: String, totalMax: Int = ZipArchive.totalMax
    ) -> (files: [(name: String, bytes: [UInt8])], problems: [PackageProblem]) {
        func refused(_ code: PackageProblem.Code, _ words: String)
            -> (files: [(name: String, bytes: [UInt8])], problems: [PackageProblem])
        {
            ([], [PackageProblem(code, archive, words)])
        }
        guard let directory = Directory(bytes) else {
            return refused(.archive, "it has no directory; it may be cut off")
        }
        guard directory.entries.reduce(0, { $0 + $1.size }) <= max(totalMax, bytes.count) else {
            return refused(.archive, "its files are too large to be looked at together")
        }
        var files: [(name: String, bytes: [UInt8])] = []
        var names: Set<String> = []
        for entry in directory.entries {
            guard !entry.name.contains("/"), !entry.name.contains("\\") else {
                return refused(.archiveFolder, "\(entry.name) lies in a folder")
            }
            guard names.insert(entry.name).inserted else {
                return refused(.archiveTwice, "\(entry.name) stands twice")
            }
            guard let content = entry.content(in: bytes) else {
                return refused(.archive, "\(entry.name) is damaged, encrypted or too large")
            }
            files.append((entry.name, content))
        }
        return (files, [])
    }
}

/// CRC-32 of IEEE 802.3, as ZIP uses it, of bytes that come piece by piece.
package struct ZipChecksum: Sendable {
    private var sum = ~UInt32(0)

    /// Of nothing yet.
    package init() {}

    package mutating func add(_ bytes: [UInt8]) {
        sum = bytes.reduce(sum) { sum, byte in
            Self.table[Int((sum ^ UInt32(byte)) & 0xFF)] ^ sum >> 8
        }
    }

    package var value: UInt32 { ~sum }

    private static let table: [UInt32] = (0..<256).map { start in
        (0..<8).reduce(UInt32(start)) { value, _ in
            value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1
        }
    }
}

private struct Directory {
    struct Entry {
        let name: String
        let isEncrypted: Bool
        let method: Int
        let checksum: UInt32
        let packedSize: Int
        let size: Int
        let header: Int

        /// Nil if it cannot be unpacked to what the directory says.
        func content(in bytes: [UInt8]) -> [UInt8]? {
            guard !isEncrypted, size <= ZipArchive.sizeMax,
                bytes.number(at: header, 4) == 0x0403_4B50,
                let nameLength = bytes.number(at: header + 26, 2),
                let extraLength = bytes.number(at: header + 28, 2)
            else { return nil }
            let start = header + 30 + nameLength + extraLength
            guard packedSize >= 0, start + packedSize <= bytes.count else { return nil }
            let packed = bytes[start..<(start + packedSize)]
            let content: [UInt8]?
            switch method {
            case 0: content = Array(packed)
            case 8: content = Inflate.unpack(packed, sizeMax: size)
            default: content = nil
            }
            guard let content, content.count == size else { return nil }
            var found = ZipChecksum()
            found.add(content)
            guard found.value == checksum else { return nil }
            return content
        }
    }

    let entries: [Entry]

    init?(_ bytes: [UInt8]) {
        guard let end = Self.end(of: bytes), let count = bytes.number(at: end + 10, 2),
            var place = bytes.number(at: end + 16, 4)
        else { return nil }
        var entries: [Entry] = []
        for _ in 0..<count {
            guard bytes.number(at: place, 4) == 0x0201_4B50,
                let flags = bytes.number(at: place + 8, 2),
                let method = bytes.number(at: place + 10, 2),
                let checksum = bytes.number(at: place + 16, 4),
                let packedSize = bytes.number(at: place + 20, 4),
                let size = bytes.number(at: place + 24, 4),
                let nameLength = bytes.number(at: place + 28, 2),
                let extraLength = bytes.number(at: place + 30, 2),
                let commentLength = bytes.number(at: place + 32, 2),
                let header = bytes.number(at: place + 42, 4),
                place + 46 + nameLength <= bytes.count
            else { return nil }
            let name = bytes[(place + 46)..<(place + 46 + nameLength)]
            entries.append(
                Entry(
                    name: String(decoding: name, as: UTF8.self), isEncrypted: flags & 1 == 1,
                    method: method, checksum: UInt32(checksum), packedSize: packedSize,
                    size: size, header: header))
            place += 46 + nameLength + extraLength + commentLength
        }
        self.entries = entries
    }

    /// Where the record at the end begins, which a comment of up to 65,535 bytes may follow.
    private static func end(of bytes: [UInt8]) -> Int? {
        var place = bytes.count - 22
        let lowest = max(0, place - 65_535)
        while place >= lowest {
            if bytes.number(at: place, 4) == 0x0605_4B50 { return place }
            place -= 1
        }
        return nil
    }
}

extension [UInt8] {
    /// A number of `count` bytes, the lowest first; nil beyond the end.
    fileprivate func number(at place: Int, _ count: Int) -> Int? {
        guard place >= 0, place + count <= self.count else { return nil }
        return (0..<count).reduce(0) { $0 | Int(self[place + $1]) << (8 * $1) }
    }
}
