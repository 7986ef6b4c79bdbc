import Exports
import Foundation
import Testing

/// Archives as Python's zipfile writes them: another program's idea of the format.
private enum Python {
    static let path = "/usr/bin/python3"
    static let isInstalled = FileManager.default.isExecutableFile(atPath: path)

    /// Runs `script` with `archive` as the open archive and gives its bytes.
    static func archive(_ script: String) throws -> [UInt8] {
        try output(
            """
            import io, random, sys, warnings, zipfile
            warnings.simplefilter("ignore")
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                \(script)
            sys.stdout.buffer.write(out.getvalue())
            """)
    }

    /// What `script` writes when it is given `input`.
    static func output(_ script: String, input: [UInt8] = []) throws -> [UInt8] {
        let (process, given, output) = (Process(), Pipe(), Pipe())
        process.executableURL = URL(filePath: path)
        process.arguments = ["-c", script]
        process.environment = ["PYTHONIOENCODING": "utf-8"]
        process.standardInput = given
        process.standardOutput = output
        try process.run()
        // A script writes only after it has read everything, so neither waits for the other.
        try given.fileHandleForWriting.write(contentsOf: Data(input))
        try given.fileHandleForWriting.close()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return Array(bytes)
    }
}

extension ZipArchive {
    /// These files in this order as one archive, their contents looked at piece by piece.
    fileprivate static func bytes(of files: [(name: String, bytes: [UInt8])]) -> [UInt8] {
        var (layout, archive) = (ZipLayout(), [UInt8]())
        for file in files {
            var checksum = ZipChecksum()
            for start in stride(from: 0, to: file.bytes.count, by: 999) {
                checksum.add(Array(file.bytes[start..<min(start + 999, file.bytes.count)]))
            }
            archive += layout.header(of: file.name, byteCount: file.bytes.count, checksum)
            archive += file.bytes
        }
        return archive + layout.directory
    }
}

struct ZipWritingTests {
    private static let files: [(name: String, bytes: [UInt8])] = [
        ("index.xml", Array("<?xml version=\"1.0\"?>\r\n".utf8)), ("leer.csv", []),
        ("Gebühren.csv", (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }),
    ]

    @Test func `what is written is read again, in its order`() throws {
        let (files, problems) = ZipArchive.files(
            in: ZipArchive.bytes(of: Self.files), named: "x.zip")

        #expect(problems == [])
        #expect(files.map(\.name) == Self.files.map(\.name))
        #expect(files.map(\.bytes) == Self.files.map(\.bytes))
    }

    @Test func `an archive of one byte is the known one`() throws {
        let archive = ZipArchive.bytes(of: [("a", [0x78])])

        // CRC-32 of "x" is 8CDC1683.
        let fields: [UInt8] = [
            20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0, 0x83, 0x16, 0xDC, 0x8C, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0,
            0, 0,
        ]
        let header: [UInt8] = [0x50, 0x4B, 3, 4] + fields + [0x61, 0x78]
        let entry: [UInt8] =
            [0x50, 0x4B, 1, 2, 20, 0] + fields + [UInt8](repeating: 0, count: 14) + [0x61]
        let end: [UInt8] = [
            0x50, 0x4B, 5, 6, 0, 0, 0, 0, 1, 0, 1, 0, 47, 0, 0, 0, 32, 0, 0, 0, 0, 0,
        ]
        #expect(archive == header + entry + end)
    }

    @Test func `an archive of nothing is only its end`() throws {
        let archive = ZipArchive.bytes(of: [])
        #expect(archive.count == 22 && ZipArchive.isArchive(archive))
    }

    @Test func `the foretold size is the real one`() throws {
        let sizes = Self.files.map { (name: $0.name.utf8.count, content: $0.bytes.count) }
        #expect(
            try ZipArchive.byteCount(of: sizes) == ZipArchive.bytes(of: Self.files).count)
    }

    @Test func `what needs ZIP64 is refused, one byte below is not`() throws {
        let largest = ZipArchive.byteCountMax - 22 - 30 - 46 - 2
        #expect(
            try ZipArchive.byteCount(of: [(name: 1, content: largest)])
                == ZipArchive.byteCountMax)
        #expect(
            throws: ArchiveTooLarge(fileCount: 1, byteCount: ZipArchive.byteCountMax + 1)
        ) {
            _ = try ZipArchive.byteCount(of: [(name: 1, content: largest + 1)])
        }
        let many = Array(repeating: (name: 1, content: 0), count: ZipArchive.fileCountMax)
        #expect(try ZipArchive.byteCount(of: many) > 0)
        #expect(throws: ArchiveTooLarge.self) {
            _ = try ZipArchive.byteCount(of: many + [(name: 1, content: 0)])
        }
        #expect(throws: ArchiveTooLarge.self) {
            _ = try ZipArchive.byteCount(of: [(name: 65_536, content: 0)])
        }
    }

    @Test(.enabled(if: Python.isInstalled, "python3 is not installed"))
    func `Python's zipfile reads it, finds no fault and the names, sizes and times`() throws {
        let found = try Python.output(
            """
            import io, sys, zipfile
            with zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read())) as archive:
                print(archive.testzip())
                for one in archive.infolist():
                    print(one.filename, one.file_size, one.compress_type, one.date_time,
                          len(archive.read(one)))
            """, input: ZipArchive.bytes(of: Self.files))

        #expect(
            String(decoding: found, as: UTF8.self) == """
                None
                index.xml 23 0 (1980, 1, 1, 0, 0, 0) 23
                leer.csv 0 0 (1980, 1, 1, 0, 0, 0) 0
                Gebühren.csv 70000 0 (1980, 1, 1, 0, 0, 0) 70000

                """)
    }
}

@Suite(.enabled(if: Python.isInstalled, "python3 is not installed"))
struct ZipArchiveTests {
    private func read(_ bytes: [UInt8]) -> (
        files: [(name: String, bytes: [UInt8])], codes: [String]
    ) {
        let (files, problems) = ZipArchive.files(in: bytes, named: "x.zip")
        return (files, problems.map(\.code.rawValue))
    }

    @Test(arguments: ["ZIP_STORED", "ZIP_DEFLATED"], [0, 1, 9])
    func `stored and deflated files come out as they went in`(method: String, level: Int) throws {
        let bytes = try Python.archive(
            "random.seed(7); archive.writestr('a.csv', ''.join(random.choice(['ab;', 'cde\\r\\n', "
                + "'Müll']) for _ in range(20000)), zipfile.\(method), \(level)); "
                + "archive.writestr('b', b'', zipfile.\(method)); "
                + "archive.writestr('c', bytes(random.randrange(256) for _ in range(70000)), "
                + "zipfile.\(method), \(level)); archive.writestr('d', b'x' * 100000, "
                + "zipfile.\(method), \(level))")
        #expect(ZipArchive.isArchive(bytes))
        let (files, codes) = read(bytes)
        #expect(codes == [])
        #expect(files.map(\.name) == ["a.csv", "b", "c", "d"])
        #expect(files[1].bytes.isEmpty)
        #expect(files[2].bytes.count == 70_000)
        #expect(files[3].bytes == [UInt8](repeating: 0x78, count: 100_000))
    }

    @Test(arguments: [
        ("archive.writestr('a/b.csv', 'x')", "G-E47"),
        ("archive.writestr('a', 'x'); archive.writestr('a', 'y')", "G-E48"),
        ("archive.writestr('a', 'x', zipfile.ZIP_BZIP2)", "G-E46"),
    ])
    func `folders, names twice and other methods are refused`(script: String, code: String) throws {
        let bytes = try Python.archive(script)
        #expect(read(bytes).codes == [code])
    }

    @Test func `a damaged or cut archive is refused and never read beyond its end`() throws {
        let good = try Python.archive("archive.writestr('a.csv', 'abc;def\\r\\n' * 500)")
        for length in 0..<good.count {
            #expect(read(Array(good.prefix(length))).codes == ["G-E46"], "\(length)")
        }
        for place in good.indices {
            var bytes = good
            bytes[place] ^= 0xFF
            // Some bytes carry no content, such as the time; no change may crash the reader.
            for file in read(bytes).files where file.name == "a.csv" {
                #expect(file.bytes.count == 4_500)
            }
        }
    }

    @Test func `an archive that unpacks to more than it says is refused`() throws {
        var bytes = try Python.archive("archive.writestr('a', b'0' * 5_000_000)")
        let directory = try #require(bytes.lastRange(of: [0x50, 0x4B, 0x01, 0x02]))
        bytes.replaceSubrange(
            (directory.lowerBound + 24)..<(directory.lowerBound + 28), with: [100, 0, 0, 0])
        #expect(read(bytes).codes == ["G-E46"])
    }
}

extension ZipArchiveTests {
    @Test func `files that are too large together are refused before any is unpacked`() throws {
        let bytes = try Python.archive(
            "[archive.writestr(name, b'0' * 10_000) for name in ('a', 'b', 'c')]")
        func files(_ most: Int) -> (Int, [String]) {
            let (files, problems) = ZipArchive.files(in: bytes, named: "x.zip", totalMax: most)
            return (files.count, problems.map(\.code.rawValue))
        }

        #expect(files(30_000) == (3, []))
        #expect(files(29_999) == (0, ["G-E46"]))
        // What is only stored is never larger than the archive.
        let stored = ZipArchive.bytes(of: [("a", [UInt8](repeating: 0x30, count: 10_000))])
        let (whole, problems) = ZipArchive.files(in: stored, named: "x.zip", totalMax: 1)
        #expect(whole.count == 1 && problems == [])
    }
}

extension [UInt8] {
    fileprivate func lastRange(of mark: [UInt8]) -> Range<Int>? {
        indices.reversed().first { self[$0...].starts(with: mark) }.map { $0..<($0 + mark.count) }
    }
}
