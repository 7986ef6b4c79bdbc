import ArgumentParser
import NIOHTTP1
import Transparency

struct LogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "The yard's transparency log: checkpoints, entries, proofs.",
        subcommands: [CheckpointCommand.self, Proof.self, Verify.self])

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

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check an entry against its proof, without any server.",
            discussion: "Exit code 0 if the entry is in the log, 11 if not.")

        @Argument(help: "File with the entry, byte for byte.")
        var entry: String
        @Argument(help: "File with the .tlog-proof.")
        var proof: String
        @Option(help: "The log's verifier key, as `hofbuch init` printed it.")
        var logKey: String

        func run() async throws {
            try await reporting {
                guard let key = VerifierKey(logKey) else {
                    throw Failure("--log-key is no verifier key (name+id+key)", ExitCode(64))
                }
                let entry = try bytes(of: entry)
                let content = try bytes(of: proof)
                do {
                    let parsed = try TlogProof.parse(content)
                    let (checkpoint, _) = try parsed.verify(entry: entry, log: key)
                    print(
                        "The entry is number \(parsed.index) of the \(checkpoint.size) entries of "
                            + "\(checkpoint.origin), signed by its log.")
                } catch {
                    Message.error("the proof does not show that this entry is in the log: \(error)")
                    throw Exit.misfit
                }
            }
        }
    }
}
