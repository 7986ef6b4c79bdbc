import API
import ArgumentParser
import Calendars
import Journal
import Operations
import Remote
import Text
import Transparency
import Units

/// `hofbuch log loss`
struct LossCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loss",
        abstract: "What a restored database lacks, as others remember it; accepts nothing.",
        discussion: """
            Compares the database with the head file, with the witnesses, and with what terminals \
            showed the server. Exit code 0 if nothing is missing, 11 if something is. Without a \
            running server it opens the database as one does: an older program's is brought to \
            the newest schema.
            """)

    @Option(help: "The data directory.")
    var data = "data"
    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        try await reporting {
            let directory = DataDirectory(data)
            try await LossCommand.askWitnesses(of: directory)
            let findings = try LossFinding.all(in: directory)
            if json {
                print(JSONValue.fields(["losses": .array(findings.map(\.json))]).text)
            } else if findings.isEmpty {
                print("Nobody is known to remember more than \(data) holds.")
            } else {
                for finding in findings { print(finding.words) }
                print(
                    "Look for a newer copy first. If there is none, two people accept the loss: "
                        + "hofbuch log accept-loss")
            }
            if !findings.isEmpty { throw Exit.misfit }
        }
    }

    /// Lets the witnesses say what they have stored, and keeps what contradicts; a running server
    /// has done so itself.
    static func askWitnesses(of directory: DataDirectory) async throws {
        guard RunningServer.address(directory) == nil else { return }
        let installation = try Installation(directory: directory, logger: .none)
        await CosignatureRounds(installation, exchange: PlainRequest.overNetwork).compareHeads()
        try installation.close()
    }
}

/// `hofbuch log accept-loss`
struct AcceptLossCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept-loss",
        abstract: "Accept that entries are lost, by two people, and go on without them.",
        discussion: """
            For a database that the server only reads (rollback) and of which no newer copy is \
            left. See first what is missing: hofbuch log loss.

            This cannot be undone. The log ends; what was signed over the lost entries stays \
            true, and whoever holds it can show it. The journal goes on in a new log with its own \
            name and key, whose first own record names what is lost, who knew of it, who accepted \
            it and why. Terminals follow by themselves and send again what they hold. Witnesses \
            follow the new log only after their operator has added its key.

            Stop the server before. Docs: docs/guide/it.md, After a loss.
            """)

    @Option(help: "The data directory.")
    var data = "data"
    @Option(help: "Why the entries are lost, in one sentence. It stands in the journal for ever.")
    var reason: String
    @Option(help: "Sign-in name of the person who reports the loss (operator).")
    var reportedBy: String
    @Option(help: "File with the reporter's password; without it the terminal asks.")
    var reporterPasswordFile: String?
    @Option(help: "Sign-in name of the second person, who accepts it (approver).")
    var approvedBy: String
    @Option(help: "File with the second person's password; without it the terminal asks.")
    var approverPasswordFile: String?
    @Flag(help: "Make the new log's key in the token of keys/token.json.")
    var inToken = false
    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        try await reporting {
            let directory = DataDirectory(data)
            try await LossCommand.askWitnesses(of: directory)
            let acceptance = LossAcceptance(
                directory: directory, reason: reason, inToken: inToken)
            let accepted = try await acceptance.accept(
                reporter: Credential(
                    name: reportedBy,
                    password: try readPassword(of: reportedBy, file: reporterPasswordFile)),
                approver: Credential(
                    name: approvedBy,
                    password: try readPassword(of: approvedBy, file: approverPasswordFile)),
                clock: SystemClock.now, logger: .none)
            if json {
                return print(JSONValue.fields(["losses": .array(accepted.map(\.json))]).text)
            }
            for loss in accepted { print(loss.words) }
            print(
                """
                Start the server. Then: back up the data and the new key in \(data)/keys at once, \
                give the new log's key to every witness (hofbuch witness follow), and go through \
                what people did after the backup (docs/guide/it.md, After a loss).
                """)
        }
    }
}

extension LossFinding {
    fileprivate var words: String {
        let known = heads.map { "\($0.source.words) knows \($0.size)" }
        return "\(yard): \(stored) entries of \(log) are stored; \(known.joined(separator: ", ")). "
            + "From index \(first) to \(last) entries may be missing or stand elsewhere."
    }

    fileprivate var json: JSONValue {
        .fields([
            "yard": .string(yard.text), "log": .string(log), "stored": .integer(stored),
            "first": .integer(first), "last": .integer(last),
            "knownBy": .array(
                heads.map { head in
                    .fields([
                        "size": .integer(head.size), "who": .string(head.source.words),
                    ])
                }),
        ])
    }
}

extension AcceptedLoss {
    /// In one sentence for people.
    var words: String {
        let known = loss.heads.map { "\($0.knownBy) knew \($0.size) entries" }
        return "LOSS accepted at log index \(index) of \(log): entries from index \(loss.first) "
            + "to \(last) may be missing or stand elsewhere (\(known.joined(separator: ", "))). "
            + "The journal goes on as \(loss.key.name). Reported by \(loss.requestedBy), accepted "
            + "by \(loss.approvedBy): \(loss.reason)\nKey of the new log: \(loss.key.text)"
    }
}
