import Foundation
import Journal
import NIOHTTP1
import Operations
import Testing
import Text
import Transparency

/// The real witness beside the real server, over real sockets.
struct WitnessTests {
    private func logKey(_ town: Town) async throws -> String {
        let (program, line) = try await town.serve()
        let answer = try await line.send(.GET, "/log/hof-1/policy")
        let text = String(decoding: answer.bytes, as: UTF8.self)
        program.terminate()
        #expect(await program.ended() == 0)
        return String(try #require(text.firstMatch(of: /log (\S+)/)).1)
    }

    private func enrol(_ name: String, _ line: Line, _ town: Town) async throws {
        _ = try await SigningTerminal.enrol(
            name, at: line, operator: try await town.signIn("clara", line),
            approver: try await town.signIn("bernd", line))
    }

    @Test(.timeLimit(.minutes(5)))
    func `a log is witnessed, and an older copy of it is not written to`() async throws {
        try await withFolder { folder in
            let town = try await Town.found(in: folder)
            let key = try await logKey(town)
            let (witness, base) = try await town.witness(following: key)
            let (server, line) = try await town.serve()

            // Witnessed, and everybody can check it.
            let note = try await line.witnessed(atLeast: 1)
            let text = try await line.send(.GET, "/log/hof-1/policy").bytes
            let policy = try WitnessPolicy.parse(text)
            #expect(try policy.verdict(on: note).isMet)
            let seen = try await Line(base: base).send(.GET, "/")
            #expect(String(decoding: seen.bytes, as: UTF8.self).contains("cosigned up to size 1"))
            #expect(try await line.send(.GET, "/log/hof-1/tile/0/000.p/1").bytes.count == 32)
            let closed = try await line.send(.GET, "/log/hof-1/tile/entries/000.p/1")
            #expect(closed.status == 401)

            // A copy of now, then the log goes on and is witnessed again.
            server.terminate()
            #expect(await server.ended() == 0)
            try FileManager.default.copyItem(atPath: town.data, toPath: folder + "/old")
            let (second, newLine) = try await town.serve()
            try await enrol("t1", newLine, town)
            _ = try await newLine.witnessed(atLeast: 2)
            second.terminate()
            #expect(await second.ended() == 0)

            // The copy comes back whole, head file and all: only the witness knows better.
            let restored = Town(folder: folder + "/again")
            try FileManager.default.createDirectory(
                atPath: restored.folder, withIntermediateDirectories: true)
            try FileManager.default.moveItem(atPath: folder + "/old", toPath: restored.data)
            try await refusesToWrite(restored)
            // It still knows when the witness is away.
            witness.terminate()
            #expect(await witness.ended() == 0)
            try await refusesToWrite(restored)
        }
    }

    private func refusesToWrite(_ town: Town) async throws {
        let (program, line) = try await town.serve()
        let office = try await town.signIn("clara", line)
        let answer = try await line.send(
            .POST, "/v1/yards/hof-1/enrolments", token: office,
            Array(#"{"terminal":"t2","name":"Kasse t2"}"#.utf8))
        #expect(answer.status == 503)
        #expect(try answer.json["code"]?.string == "rollback")
        // Reading goes on.
        let status = try await line.json(.GET, "/v1/yards/hof-1/log/status", token: office)
        #expect(status["size"]?.integer == 1)
        program.terminate()
        #expect(await program.ended() == 0)
    }
}
