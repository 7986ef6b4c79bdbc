// The other direction: an archive of files, as APPNOTE 6.3 of PKWARE lays it out.

extension ZipArchive {
    /// The largest archive. One byte more would need the fields of ZIP64, and all ones in a field
    /// of 32 bits mean that it is one.
    package static let byteCountMax = 0xFFFF_FFFE
    /// The same for the number of files, a field of 16 bits.
    package static let fileCountMax = 0xFFFE

    /// These files in this order as one archive: stored, not packed, so that nothing has to be
    /// trusted to an algorithm; names in UTF-8; every file of 1980-01-01, so that the same files
    /// always give the same bytes.
    ///
    /// - Throws: ``ArchiveTooLarge``.
    package static func bytes(
        of files: [(name: String, bytes: [UInt8])]
    ) throws(ArchiveTooLarge) -> [UInt8] {
        let byteCount = try byteCount(
            of: files.map { (name: $0.name.utf8.count, content: $0.bytes.count) })
        var archive: [UInt8] = []
        archive.reserveCapacity(byteCount)
        var directory: [UInt8] = []
        for file in files {
            let common = commonFields(of: file)
            let place = archive.count
            archive.append(number: 0x0403_4B50, in: 4)
            archive += common + Array(file.name.utf8) + file.bytes
            directory.append(number: 0x0201_4B50, in: 4)
            directory.append(number: version, in: 2)
            directory += common
            // No comment, first disk, no attributes.
            directory += [UInt8](repeating: 0, count: 10)
            directory.append(number: place, in: 4)
            directory += Array(file.name.utf8)
        }
        let start = archive.count
        archive += directory
        archive.append(number: 0x0605_4B50, in: 4)
        archive.append(number: 0, in: 4)
        archive.append(number: files.count, in: 2)
        archive.append(number: files.count, in: 2)
        archive.append(number: directory.count, in: 4)
        archive.append(number: start, in: 4)
        archive.append(number: 0, in: 2)
        return archive
    }

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

    /// 2.0, the oldest that every program reads.
    private static let version = 20

    /// What the header of a file and its entry in the directory have in common.
    private static func commonFields(of file: (name: String, bytes: [UInt8])) -> [UInt8] {
        var fields: [UInt8] = []
        fields.append(number: version, in: 2)
        // Bit 11: the name is UTF-8.
        fields.append(number: 0x0800, in: 2)
        fields.append(number: 0, in: 2)
        // Midnight of 1980-01-01, the first day that the format has.
        fields.append(number: 0, in: 2)
        fields.append(number: 1 << 5 | 1, in: 2)
        fields.append(number: Int(checksum(file.bytes)), in: 4)
        fields.append(number: file.bytes.count, in: 4)
        fields.append(number: file.bytes.count, in: 4)
        fields.append(number: file.name.utf8.count, in: 2)
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
