import ArgumentParser
import Exports
import Foundation
import Glibc
import Keys
import Operations
import Units

extension ExportCommand {
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compare a file, folder or ZIP with what was registered; needs no server.",
            discussion: """
                An auditor's package (with index.xml) is checked by itself too: its description, \
                every cell, keys, links, sums; a DATEV file is read back. Exit code 0 if all is \
                as registered, 11 if not. A file is read piece by piece; an auditor's package, a \
                ZIP and a DATEV file (at most 50 MB) are held in memory.
                """)

        @Argument(help: "A file of an export, or a folder or ZIP with all of them.")
        var path: String
        @Option(
            help: """
                The data directory, a backup, or a folder with a copy of hofbuch.sqlite3; also an \
                older program's.
                """)
        var data = "data"
        @Flag(
            name: .customLong("package"),
            help: "It is an auditor's package, even if index.xml is missing.")
        var mustBePackage = false
        @Flag(help: "Check the package by itself only, where no data directory is at hand.")
        var withoutRegister = false

        func run() async throws {
            try await reporting {
                let found = try GivenFiles(path)
                var isGood = found.problems.isEmpty
                for problem in found.problems { print(problem) }
                let isPackage =
                    mustBePackage || found.files.contains { $0.name == PackageCheck.index }
                if isPackage && found.problems.isEmpty {
                    // The list that a hand-over puts beside a package is no part of it.
                    let files = found.files.filter {
                        !$0.name.hasSuffix(ExportBatch.doneFileEnding)
                    }
                    let problems = PackageCheck.problems(
                        in: try files.map { ($0.name, try $0.bytes) })
                    for problem in problems { print(problem) }
                    if problems.isEmpty {
                        print("The package is sound: \(files.count) files.")
                    }
                    isGood = isGood && problems.isEmpty
                }
                let batches = try found.files.filter { DATEVBatch.isDATEV(try $0.start) }
                for file in batches { isGood = try Self.isSound(file) && isGood }
                if withoutRegister {
                    guard isPackage || !batches.isEmpty else {
                        throw Failure(
                            "\(path) is no auditor's package or DATEV file; without a register "
                                + "nothing can be checked", Exit.usage)
                    }
                } else {
                    isGood = try compare(found) && isGood
                }
                guard isGood else { throw Exit.misfit }
            }
        }

        /// Reads a DATEV file back and says what an import would take amiss.
        private static func isSound(_ file: PiecedFile) throws -> Bool {
            let (batch, problems) = try DATEVBatch.read(file)
            for problem in problems { print("\(file.name), \(problem)") }
            guard let batch, problems.isEmpty else { return false }
            print(
                "\(file.name): \(batch.bookings.count) bookings from \(batch.from.iso) to "
                    + "\(batch.to.iso), version \(batch.version)")
            return true
        }

        private func compare(_ found: GivenFiles) throws -> Bool {
            let directory = DataDirectory(data)
            try directory.requireDatabase()
            let verdicts = try Installation.checkExport(
                found.files, isWhole: found.isWhole, in: directory)
            for verdict in verdicts { print(verdict.words) }
            return verdicts.allSatisfy(\.isGood) && !verdicts.isEmpty
        }
    }
}

/// The files that a person points at.
private struct GivenFiles {
    /// Read from the disk when they are looked at, those of an archive from memory.
    var files: [PiecedFile] = []
    var problems: [PackageProblem] = []
    /// Whether they are meant to be all files of an export.
    var isWhole = true

    init(_ path: String) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Failure("\(path) does not exist", Exit.noInput)
        }
        let name = URL(fileURLWithPath: path).lastPathComponent
        if isFolder.boolValue {
            for entry in try FileManager.default.contentsOfDirectory(atPath: path).sorted() {
                var isInner: ObjCBool = false
                let inner = "\(path)/\(entry)"
                _ = FileManager.default.fileExists(atPath: inner, isDirectory: &isInner)
                guard !isInner.boolValue else {
                    problems.append(
                        PackageProblem(.archiveFolder, name, "\(entry) is a folder inside"))
                    continue
                }
                files.append(try PiecedFile(named: entry, at: inner))
            }
            return
        }
        let file = try PiecedFile(named: name, at: path)
        if ZipArchive.isArchive(try file.start) {
            let (packed, problems) = ZipArchive.files(in: try file.bytes, named: name)
            files = packed.map { PiecedFile(name: $0.name, bytes: $0.bytes) }
            self.problems = problems
        } else {
            files = [file]
            isWhole = false
        }
    }
}

extension PiecedFile {
    private static let pieceMax = 1 << 18

    /// A file of the disk; what is none that can be read twice, such as a pipe, is read at once.
    fileprivate init(named name: String, at path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            self.init(name: name, bytes: try hofbuch.bytes(of: path))
            return
        }
        self.init(name: name, byteCount: Int64(status.st_size)) { number in
            let bytes = try Self.read(path, from: number * Int64(Self.pieceMax))
            return bytes.isEmpty ? nil : bytes
        }
    }

    /// A piece; shorter only at the end of the file.
    private static func read(_ path: String, from offset: Int64) throws -> [UInt8] {
        let failure = Failure("\(path) cannot be read", Exit.noInput)
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure }
        defer { close(file) }
        return try FilePart.read(pieceMax, of: file, at: offset, else: failure)
    }
}

extension ExportFileVerdict {
    fileprivate var words: String {
        let place = export.map {
            "export \($0.number) of \(yard?.text ?? "") (\($0.profile), closes "
                + $0.closes.map(String.init).joined(separator: ", ")
                + ", made by \($0.by.text) at \($0.at.iso), log index \(index ?? 0))"
        }
        switch outcome {
        case .registered(nil): return "\(name): as registered in \(place ?? "")"
        case .registered(let other?):
            return "\(name): these bytes are registered as \(other) in \(place ?? "")"
        case .differs(let sentences):
            return (["\(name): DIFFERS from \(place ?? "")"] + sentences.map { "  \($0)" })
                .joined(separator: "\n")
        case .missing: return "\(name): MISSING; it belongs to \(place ?? "")"
        case .unknown: return "\(name): UNKNOWN; no export has a file of this name or content"
        }
    }
}
