import API
import ArgumentParser
import Foundation
import Glibc
import Operations
import SecondOpinion
import Synchronization
import Text

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Recompute everything from the stored bytes; needs no key of the server.",
        discussion: """
            May run beside the server. Exit code 0 if all fits, 11 if not; the first misfit is named
            with its log index and what follows from it.
            """)

    @Option(
        help: """
            The data directory, a backup, or a folder with a copy of hofbuch.sqlite3.
            """)
    var data = "data"
    @Flag(help: "Let the system's libcrypto check every signature too.")
    var secondOpinion = false
    @Option(help: "Parts checked at the same time; as many as there are cores unless given.")
    var workers: Int?
    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (workers ?? 1) >= 1 else { throw ValidationError("--workers has to be at least 1") }
    }

    func run() async throws {
        try await reporting {
            let directory = DataDirectory(data)
            guard FileManager.default.fileExists(atPath: directory.database) else {
                throw OperationsError.notInitialised(path: data)
            }
            let bar = ProgressBar()
            var options = VerificationOptions(
                second: secondOpinion ? .system : nil, progress: { bar.show($0, of: $1) })
            if let workers { options.workers = workers }
            let report = try Installation.verify(directory, options)
            bar.clear()
            print(json ? report.json.text : report.words)
            if report.misfit != nil { throw Exit.misfit }
        }
    }
}

extension SecondLibrary {
    /// The system's libcrypto.
    static let system = SecondLibrary(
        es256: { SystemLibcrypto.isES256($0, $1, by: $2) },
        ed25519: { SystemLibcrypto.isEd25519($0, $1, by: $2) })
}

/// A line on standard error that says how far something is; none where that is no terminal.
final class ProgressBar: Sendable {
    private static let width = 40
    private let isShown = isatty(STDERR_FILENO) == 1
    private let last = Mutex<Int64>(-1)

    /// Draws again when another thousandth is done.
    func show(_ done: Int64, of all: Int64) {
        guard isShown, all > 0 else { return }
        let thousandths = done * 1_000 / all
        last.withLock { last in
            guard thousandths != last else { return }
            last = thousandths
            let filled = Int(thousandths) * Self.width / 1_000
            let bar =
                String(repeating: "#", count: filled)
                + String(repeating: ".", count: Self.width - filled)
            FileHandle.standardError.write(
                Data("\r[\(bar)] \(thousandths / 10) %  \(done) of \(all) entries".utf8))
        }
    }

    /// Takes the line away.
    func clear() {
        guard isShown else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
    }
}

extension VerificationReport {
    var words: String {
        var lines = [
            "\(entries) entries, \(signatures) signatures, \(terminals) terminals, "
                + "\(checkpoints) checkpoints, \(closes) closes, \(exports) exports recomputed; "
                + "\(repriced) sales priced again."
        ]
        if secondOpinions > 0 {
            lines.append("\(secondOpinions) signatures found right by the system's libcrypto too.")
        }
        for (terminal, missing) in gaps.sorted(by: { $0.key < $1.key }) {
            lines.append(
                "Not arrived from \(terminal): \(missing.map(String.init).joined(separator: ", "))")
        }
        for (origin, root) in roots.sorted(by: { $0.key < $1.key }) {
            lines.append("\(origin) root \(root)")
        }
        if let misfit {
            let place = misfit.index.map { "log index \($0)" } ?? "tables"
            lines.append(
                "MISFIT at yard \(misfit.yard), \(place): \(misfit.what). \(misfit.consequence).")
        } else {
            lines.append("Everything fits.")
        }
        return lines.joined(separator: "\n")
    }
}
