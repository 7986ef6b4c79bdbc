import Foundation
import Hummingbird
import Operations
import Signing
import Testing

@testable import hofbuch

/// `hofbuch export fetch` where a server hands over something else than its register names, as a
/// broken disk or a proxy on the way may make it.
struct ExportFetchTests {
    private static let file = "buchungen.csv"
    private static let registered = "Konto;Betrag\n1600;12,00\n"
    private static let refusal =
        "what came for neu/\(file) is not what the register names; it was not kept. Fetch it again."

    /// As much of a server as the command asks: export 1 has one file, and `served` comes for it.
    private static func routes(serving served: String) -> Router<BasicRequestContext> {
        let digest = Digest.sha256(Array(registered.utf8)).hex
        let export = #"{"number":1,"files":[{"name":"\#(file)","sha256":"\#(digest)"}]}"#
        let router = Router(context: BasicRequestContext.self)
        router.post("v1/sessions") { _, _ in #"{"token":"t"}"# }
        router.delete("v1/sessions") { _, _ in "" }
        router.get("v1/yards") { _, _ in #"{"yards":[{"id":"hof-1"}]}"# }
        router.get("v1/yards/hof-1/exports") { _, _ in #"{"exports":[\#(export)]}"# }
        router.get("v1/yards/hof-1/exports/1/buchungen.csv") { _, _ in served }
        return router
    }

    /// Fetches export 1 into the folder `neu`.
    private func fetch(_ served: String, in folder: String) async throws -> Program.Result {
        let directory = DataDirectory(folder + "/data")
        try FileManager.default.createDirectory(
            atPath: directory.path, withIntermediateDirectories: true)
        try Data("clara-hat-ein-passwort\n".utf8).write(
            to: URL(fileURLWithPath: folder + "/clara.password"))
        // Who holds the lock is the directory's server, which is asked where `address` says.
        let lock = try ProcessLock(path: directory.lock)
        defer { lock.release() }
        return try await ServerAddress(host: "127.0.0.1", port: 0, tls: nil).serving(
            Self.routes(serving: served)
        ) { base in
            try Data(base.utf8).write(to: URL(fileURLWithPath: RunningServer.path(directory)))
            return try await Program.run(
                [
                    "export", "fetch", "--data", directory.path, "--as", "clara",
                    "--password-file", "clara.password", "1", "--into", "neu",
                ], in: folder)
        }
    }

    private func files(in folder: String) throws -> [String: String] {
        var files: [String: String] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            files[name] = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
        }
        return files
    }

    @Test(arguments: ["Konto;Betrag\n1600;13,00\n", "Konto;Betrag\n", ""])
    func `what is not what the register names is not kept, and takes no good file's place`(
        served: String
    ) async throws {
        try await withFolder { folder in
            let refused = try await fetch(served, in: folder)

            #expect(refused.status == 65, "\(refused)")
            #expect(refused.errors.contains(Self.refusal), "\(refused)")
            #expect(refused.output.isEmpty, "\(refused)")
            #expect(try files(in: folder + "/neu").isEmpty)

            let good = try await fetch(Self.registered, in: folder)
            #expect(good.status == 0 && good.output == "neu/\(Self.file)\n", "\(good)")
            let kept = [Self.file: Self.registered]
            #expect(try files(in: folder + "/neu") == kept)

            let again = try await fetch(served, in: folder)
            #expect(again.status == 65 && again.errors.contains(Self.refusal), "\(again)")
            #expect(try files(in: folder + "/neu") == kept)
        }
    }
}
