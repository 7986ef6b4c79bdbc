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

            Of an older program's database, such as last year's backup, a private copy is brought \
            to the newest schema and verified; the file itself is only read. The copy lies where \
            TMPDIR says (/tmp without it), takes about twice the database's space and is removed \
            at the end.
            """)

    @Option(
        help: """
            The data directory, a backup, a folder with a copy of hofbuch.sqlite3, or what \
            `hofbuch log export` wrote.
            """)
    var data = "data"
    @Flag(help: "Let the system's libcrypto check every signature too.")
    var secondOpinion = false
    @Option(help: "Parts checked at the same time, 1 to 256; else as many as cores.")
    var workers: Int?
    @Option(
        help: """
            A policy file that you keep: the log keys and witnesses that you trust (C2SP \
            tlog-policy, as GET /log/<yard>/policy gave it once).
            """)
    var policy: String?
    @Option(help: "Certificates in PEM that time stamps have to lead to.")
    var authorities: String?
    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (1...256).contains(workers ?? 1) else {
            throw ValidationError("--workers has to be from 1 to 256")
        }
    }

    func run() async throws {
        try await reporting {
            let bar = ProgressBar()
            var options = VerificationOptions(
                second: secondOpinion ? .system : nil, progress: { bar.show($0, of: $1) })
            if let workers { options.workers = workers }
            options.policy = try policy.map(WitnessSettings.policy(file:))
            options.authorities = try authorities.map(Self.certificates(file:))
            let report = try Installation.verify(DataDirectory(data), options)
            bar.clear()
            print(json ? report.json.text : report.words)
            if report.misfit != nil { throw Exit.misfit }
        }
    }

    private static func certificates(file path: String) throws -> String {
        let text = String(decoding: try bytes(of: path), as: UTF8.self)
        guard VerificationOptions.isOfAuthorities(text) else {
            throw Failure("\(path) holds no certificate in PEM", Exit.badData)
        }
        return text
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

extension VerificationReport.Absence {
    fileprivate var words: String {
        switch self {
        case .entries: "Not here: the entries. Their hashes alone were checked."
        case .tables:
            "Not here: tariffs, tables, personal data, totals of closes, export files. A data "
                + "directory or a backup has them."
        case .policy:
            "The keys were taken from the copy itself; give --policy with a file that you kept."
        }
    }
}

extension VerificationReport {
    var words: String {
        var lines = [
            "\(sums.entries) entries, \(sums.signatures) signatures, \(sums.terminals) terminals, "
                + "\(sums.checkpoints) checkpoints, \(sums.closes) closes, \(sums.exports) exports "
                + "recomputed; \(sums.repriced) sales priced again."
        ]
        if sums.secondOpinions > 0 {
            lines.append(
                "\(sums.secondOpinions) signatures found right by the system's libcrypto too.")
        }
        if sums.cosignatures + Int64(sums.stamps) > 0 {
            lines.append(
                "\(sums.cosignatures) cosignatures and \(sums.stamps) time stamps are right.")
        }
        if sums.unknownSignatures > 0 {
            lines.append(
                "\(sums.unknownSignatures) signatures of checkpoints are by keys that the policy "
                    + "does not name.")
        }
        if sums.erased > 0 {
            lines.append(
                "\(sums.erased) personal fields were erased, each with a record that says why.")
        }
        for (terminal, missing) in gaps.sorted(by: { $0.key < $1.key }) {
            lines.append(
                "Not arrived from \(terminal): \(missing.map(String.init).joined(separator: ", "))")
        }
        for (origin, root) in roots.sorted(by: { $0.key < $1.key }) {
            lines.append("\(origin) root \(root)")
            lines.append(
                witnessedSizes[origin].map { "\(origin) witnessed up to entry \($0)" }
                    ?? "\(origin) is not witnessed: only the log's own key vouches for it.")
        }
        lines += losses.map(\.words)
        if let migratedFrom {
            lines.append(
                "Written by an older Hofbuch (schema \(migratedFrom)): a copy of it was brought to "
                    + "the newest schema and checked. Search tables that the schema has changed "
                    + "since were written anew; what they said before was not compared.")
        }
        if let misfit {
            let place = misfit.index.map { "log index \($0)" } ?? "tables"
            // A file that cannot be read has no yard.
            let at = misfit.yard.isEmpty ? "" : " at yard \(misfit.yard), \(place)"
            let consequence =
                misfit.consequence.prefix(1).uppercased() + misfit.consequence.dropFirst()
            lines.append("MISFIT\(at): \(misfit.what). \(consequence).")
        } else {
            lines += absent.sorted { $0.rawValue < $1.rawValue }.map(\.words)
            lines.append(absent.isEmpty ? "Everything fits." : "Everything that is here fits.")
        }
        return lines.joined(separator: "\n")
    }
}
