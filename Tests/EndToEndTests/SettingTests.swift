import Foundation
import Storage
import Testing

/// A server whose database does not keep what durability depends on does not start (trust.md 10).
struct SettingTests {
    @Test(arguments: [("synchronous", "1", "2"), ("journal_mode", "delete", "wal")])
    func `a setting that does not take stops the start and is named`(
        name: String, found: String, wanted: String
    ) async throws {
        try await withFolder { folder in
            let town = try await Town.found(in: folder)
            let marker = "\(town.data)/\(ProvokedFaults.marker)"
            try Data().write(to: URL(fileURLWithPath: marker))

            let result = try await Program.run(
                ["serve", "--data", town.data, "--port", "0"], in: folder,
                environment: [ProvokedFaults.settingVariable: "\(name) \(found)"])

            #expect(result.status == 78, "\(result.errors)")
            #expect(
                result.errors.contains("setting \(name) is \(found) instead of \(wanted)"),
                "\(result.errors)")
            #expect(!result.output.contains("Console: "))
            // Without the fault the same directory is served.
            let (server, _) = try await town.serve()
            server.terminate()
            #expect(await server.ended() == 0)
        }
    }
}
