// The other direction: an archive of files, as APPNOTE 6.3 of PKWARE lays it out.

extension ZipArchive {
    /// The largest archive. One byte more would need the fields of ZIP64, and all ones in a field
    /// of 32 bits mean that it is one.
    package static let byteCountMax = 0xFFFF_FFFE
    /// The same for the number of files, a field of 16 bits.
    package static let fileCountMax = 0xFFFE

    /// How many bytes an archive has, from the bytes of each file's name and content.
    ///
    /// - Throws: ``ArchiveTooLarge``.
    package static func byteCount(
        of files: [(name: Int, content: Int)]
    ) throws(ArchiveTooLarge) -> Int {
        let byteCount = files.reduce(22) { $0 + 30 + 46 + 2 * $1.name + $1.content }
        guard byteCount <= byteCountMax, files.count <= fileCountMax,
            files.allSatisfy({ $0.name <= 0xFFFF })
        else { throw ArchiveTooLarge(fileCount: files.count, byteCount: byteCount) }
        return byteCount
    }
}

/// What stands around the contents of files in an archive: stored, not packed, so that nothing has
/// to be trusted to an algorithm; names in UTF-8; every file of 1980-01-01, so that the same files
/// always give the same bytes.
///
/// First the header of each file and its content, then ``directory``. That it all fits, ask
/// ``ZipArchive/byteCount(of:)``.
package struct ZipLayout: Sendable {
    /// 2.0, the oldest that every program reads.
    private static let version = 20

    private var place = 0
    private var fileCount = 0
    private var entries: [UInt8] = []

    package init() {}

    /// What stands before the content of the next file.
    package mutating func header(
        of name: String, byteCount: Int, _ checksum: ZipChecksum
    ) -> [UInt8] {
        let common = Self.commonFields(of: name, byteCount: byteCount, checksum)
        var header: [UInt8] = []
        header.append(number: 0x0403_4B50, in: 4)
        header += common + Array(name.utf8)
        entries.append(number: 0x0201_4B50, in: 4)
        entries.append(number: Self.version, in: 2)
        entries += common
        // No comment, first disk, no attributes.
        entries += [UInt8](repeating: 0, count: 10)
        entries.append(number: place, in: 4)
        entries += Array(name.utf8)
        place += header.count + byteCount
        fileCount += 1
        return header
    }

    /// The end of the archive, behind the content of the last file.
    package var directory: [UInt8] {
        var directory = entries
        directory.append(number: 0x0605_4B50, in: 4)
        directory.append(number: 0, in: 4)
        directory.append(number: fileCount, in: 2)
        directory.append(number: fileCount, in: 2)
        directory.append(number: entries.count, in: 4)
        directory.append(number: place, in: 4)
        directory.append(number: 0, in: 2)
        return directory
    }

    /// What the header of a file and its entry in the directory have in common.
    private static func commonFields(
        of name: String, byteCount: Int, _ checksum: ZipChecksum
    ) -> [UInt8] {
        var fields: [UInt8] = []
        fields.append(number: version, in: 2)
        // Bit 11: the name is UTF-8.
        fields.append(number: 0x0800, in: 2)
        fields.append(number: 0, in: 2)
        // Midnight of 1980-01-01, the first day that the format has.
        fields.append(number: 0, in: 2)
        fields.append(number: 1 << 5 | 1, in: 2)
        fields.append(number: Int(checksum.value), in: 4)
        fields.append(number: byteCount, in: 4)
        fields.append(number: byteCount, in: 4)
        fields.append(number: name.utf8.count, in: 2)
        fields.append(number: 0, in: 2)
        return fields
    }
}

/// More or larger files than one archive without ZIP64 may hold.
package struct ArchiveTooLarge: Error, Hashable, Sendable {
    package let fileCount: Int
    /// Of the whole archive.
    package let byteCount: Int

    package init(fileCount: Int, byteCount: Int) {
        self.fileCount = fileCount
        self.byteCount = byteCount
    }
}

extension [UInt8] {
    /// Appends a number of `count` bytes, the lowest first.
    fileprivate mutating func append(number: Int, in count: Int) {
        for place in 0..<count { append(UInt8(truncatingIfNeeded: number >> (8 * place))) }
    }
}
