import ArgumentParser
import Exports
import Foundation
import Operations
import Units

extension ExportCommand {
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compare a file, folder or ZIP with what was registered; needs no server.",
            discussion: """
                An auditor's package (with index.xml) is checked by itself too: its description, \
                every cell, keys, links, sums; a DATEV file is read back. Exit code 0 if all is \
                as registered, 11 if not.
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
                    let problems = PackageCheck.problems(in: found.files)
                    for problem in problems { print(problem) }
                    if problems.isEmpty {
                        print("The package is sound: \(found.files.count) files.")
                    }
                    isGood = isGood && problems.isEmpty
                }
                let batches = found.files.filter { DATEVBatch.isDATEV($0.bytes) }
                for file in batches { isGood = Self.isSound(file.name, file.bytes) && isGood }
                if withoutRegister {
                    guard isPackage || !batches.isEmpty else {
                        throw Failure(
                            "\(path) is no auditor's package or DATEV file; without a register "
                                + "nothing can be checked", ExitCode(64))
                    }
                } else {
                    isGood = try compare(found) && isGood
                }
                guard isGood else { throw Exit.misfit }
            }
        }

        /// Reads a DATEV file back and says what an import would take amiss.
        private static func isSound(_ name: String, _ bytes: [UInt8]) -> Bool {
            let (batch, problems) = DATEVBatch.read(bytes)
            for problem in problems { print("\(name), \(problem)") }
            guard let batch, problems.isEmpty else { return false }
            print(
                "\(name): \(batch.bookings.count) bookings from \(batch.from.iso) to "
                    + "\(batch.to.iso), version \(batch.version)")
            return true
        }

        private func compare(_ found: GivenFiles) throws -> Bool {
            let directory = DataDirectory(data)
            guard FileManager.default.fileExists(atPath: directory.database) else {
                throw OperationsError.notInitialised(path: data)
            }
            let verdicts = try Installation.checkExport(
                found.files, isWhole: found.isWhole, in: directory)
            for verdict in verdicts { print(verdict.words) }
            return verdicts.allSatisfy(\.isGood) && !verdicts.isEmpty
        }
    }
}

/// The files that a person points at.
private struct GivenFiles {
    var files: [(name: String, bytes: [UInt8])] = []
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
                files.append((entry, try bytes(of: inner)))
            }
            return
        }
        let content = try bytes(of: path)
        if ZipArchive.isArchive(content) {
            (files, problems) = ZipArchive.files(in: content, named: name)
        } else {
            files = [(name, content)]
            isWhole = false
        }
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
