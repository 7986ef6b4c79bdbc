import Exports
import Foundation
import Testing

/// Archives as Python's zipfile writes them: another program's idea of the format.
private enum Python {
    static let path = "/usr/bin/python3"
    static let isInstalled = FileManager.default.isExecutableFile(atPath: path)

    /// Runs `script` with `archive` as the open archive and gives its bytes.
    static func archive(_ script: String) throws -> [UInt8] {
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(filePath: path)
        let frame = """
            import io, random, sys, warnings, zipfile
            warnings.simplefilter("ignore")
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                \(script)
            sys.stdout.buffer.write(out.getvalue())
            """
        process.arguments = ["-c", frame]
        process.standardOutput = output
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return Array(bytes)
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

extension [UInt8] {
    fileprivate func lastRange(of mark: [UInt8]) -> Range<Int>? {
        indices.reversed().first { self[$0...].starts(with: mark) }.map { $0..<($0 + mark.count) }
    }
}
