import ArgumentParser
import NIOHTTP1
import Operations
import Text
import Transparency
import Units

struct LogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "The yard's transparency log: checkpoints, entries, proofs.",
        subcommands: [
            CheckpointCommand.self, Status.self, Proof.self, Consistency.self, Export.self,
            Verify.self, LossCommand.self, AcceptLossCommand.self,
        ])

    struct CheckpointCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "checkpoint", abstract: "Print the newest signed checkpoint.")
        @OptionGroup var office: OfficeOptions

        func run() async throws {
            try await office.run { client in
                let note = try await client.fetch(
                    .GET, "/v1/yards/\(client.yard)/log/checkpoint")
                print(String(decoding: note, as: UTF8.self), terminator: "")
            }
        }
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "How far the log is witnessed, and how many sales came since.")
        @OptionGroup var office: OfficeOptions

        func run() async throws {
            let json = office.json
            try await office.run { client in
                let status = try await client.atYard(.GET, "log/status")
                print(json ? status.text : Self.words(status))
            }
        }

        private static func words(_ status: JSONValue) -> String {
            let size = status["size"]?.integer ?? 0
            let sales = status["salesSince"]?.integer ?? 0
            let head =
                status["witnessedSize"]?.integer.map {
                    "\(size) entries, witnessed up to \($0); \(sales) sales since the last "
                        + "cosignature."
                } ?? "\(size) entries, not yet witnessed; \(sales) sales."
            let witnesses = (status["witnesses"]?.array ?? []).map { witness in
                let cosigned = witness["size"]?.integer.map { "cosigned up to \($0)" }
                let problem = witness["problem"]?.string.map { ", last answer: \($0)" }
                return "\(witness["name"]?.string ?? ""): \(cosigned ?? "nothing cosigned")"
                    + (problem ?? "")
            }
            return ([head] + witnesses).joined(separator: "\n")
        }
    }

    struct Proof: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the .tlog-proof of the entry at a log index.")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "Log index.")
        var index: Int64

        func run() async throws {
            let index = index
            try await office.run { client in
                let proof = try await client.fetch(
                    .GET, "/v1/yards/\(client.yard)/log/proof/\(index)")
                print(String(decoding: proof, as: UTF8.self), terminator: "")
            }
        }
    }

    struct Consistency: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the proof that a size of the log continues an earlier one.",
            discussion: "One base64 hash a line (RFC 9162 section 2.1.4); none for equal sizes.")
        @OptionGroup var office: OfficeOptions
        @Argument(help: "The earlier size, above 0.")
        var from: Int64
        @Argument(help: "The later size.")
        var to: Int64

        func run() async throws {
            let (from, to) = (from, to)
            try await office.run { client in
                let proof = try await client.fetch(
                    .GET, "/log/\(client.yard)/consistency/\(from)/\(to)")
                print(String(decoding: proof, as: UTF8.self), terminator: "")
            }
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the log as files for other people's tools; needs no server.",
            discussion: """
                Layout: C2SP tlog-tiles, with policy and a folder for each close \
                (docs/formats/log.md). Reads a data directory or a copy of its database, also an \
                older program's.
                """)
        @Option(help: "The data directory, a backup, or a folder with a copy of hofbuch.sqlite3.")
        var data = "data"
        @Option(help: "The yard; may be left out if there is only one.")
        var yard: String?
        @Option(help: "The folder to create.")
        var into: String
        @Flag(help: "Leave out the entries, which hold sign-in names: hashes and proofs only.")
        var withoutEntries = false

        func run() async throws {
            try await reporting {
                let id = try yard.map { name in
                    guard let id = YardID(name) else {
                        throw Failure("\(name) is no name of a yard", Exit.usage)
                    }
                    return id
                }
                let summary = try LogExport.write(
                    DataDirectory(data), yard: id, into: into, hasEntries: !withoutEntries)
                print(
                    "\(summary.origin): \(summary.size) entries, \(summary.tiles) tiles, "
                        + "\(summary.bundles) bundles, \(summary.closes) closes written to "
                        + "\(into). "
                        + (summary.isWitnessed
                            ? "The checkpoint is witnessed." : "The checkpoint is not witnessed."))
            }
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check an entry against its proof, without any server.",
            discussion: """
                Exit code 0 if the entry is in the log, 11 if not, 65 if the file is no proof.
                """)

        @Argument(help: "File with the entry, byte for byte.")
        var entry: String
        @Argument(help: "File with the .tlog-proof.")
        var proof: String
        @Option(help: "The log's verifier key, as `hofbuch init` printed it.")
        var logKey: String

        func run() async throws {
            try await reporting {
                guard let key = VerifierKey(logKey) else {
                    throw Failure("--log-key is no verifier key (name+id+key)", Exit.usage)
                }
                let entry = try bytes(of: entry)
                let content = try bytes(of: proof)
                let parsed: TlogProof
                do throws(ProofError) { parsed = try TlogProof.parse(content) } catch {
                    throw Failure("\(proof) is no proof: \(error.words)", Exit.badData)
                }
                do throws(ProofError) {
                    let (checkpoint, _) = try parsed.verify(entry: entry, log: key)
                    print(
                        "The entry is number \(parsed.index) of the \(checkpoint.size) entries of "
                            + "\(checkpoint.origin), signed by its log.")
                } catch {
                    Message.error(
                        "the proof does not show that this entry is in the log: \(error.words)")
                    throw Exit.misfit
                }
            }
        }
    }
}
