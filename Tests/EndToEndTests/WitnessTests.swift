import Foundation
import Journal
import NIOHTTP1
import Operations
import Testing
import Text
import Transparency

/// The real witness beside the real server, over real sockets.
struct WitnessTests {
    /// A witness in a folder beside the town's that follows its log.
    private func witness(_ town: Town, log: String) async throws -> (
        program: RunningProgram, base: String
    ) {
        let folder = town.folder + "/rpa"
        let printed = try await Program.succeed(
            ["witness", "init", "--folder", folder, "--name", "rpa.example/witness"],
            in: town.folder)
        let key = try #require(printed.firstMatch(of: /(rpa\.example\/witness\+\S+)/)).1
        try await Program.succeed(["witness", "follow", "--folder", folder, log], in: town.folder)
        let program = try Program.start(
            ["witness", "serve", "--folder", folder, "--port", "0"], in: town.folder)
        let found = try await program.wait(for: /Witness: (http:\/\/127\.0\.0\.1:[0-9]+)\//)
        let place = town.data + "/witness"
        try FileManager.default.createDirectory(
            atPath: place, withIntermediateDirectories: true)
        let policy = "witness rpa \(key) \(found.1)\nquorum rpa\n"
        try Data(policy.utf8).write(to: URL(fileURLWithPath: place + "/policy"))
        try Data("interval 1\ntimeout 5\n".utf8).write(
            to: URL(fileURLWithPath: place + "/settings"))
        return (program, String(found.1))
    }

    private func logKey(_ town: Town) async throws -> String {
        let (program, line) = try await town.serve()
        let answer = try await line.send(.GET, "/log/hof-1/policy")
        let text = String(decoding: answer.bytes, as: UTF8.self)
        program.terminate()
        #expect(await program.ended() == 0)
        return String(try #require(text.firstMatch(of: /log (\S+)/)).1)
    }

    /// The newest witnessed checkpoint, once it covers `size` entries.
    private func witnessed(_ line: Line, atLeast size: Int64) async throws -> SignedNote {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            let answer = try await line.send(.GET, "/log/hof-1/checkpoint/witnessed")
            if answer.status == 200 {
                let note = try SignedNote.parse(answer.bytes)
                if let head = Checkpoint(body: note.text), head.size >= size { return note }
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Unexpected("no witnessed checkpoint over \(size) entries")
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
            let (witness, base) = try await witness(town, log: key)
            let (server, line) = try await town.serve()

            // Witnessed, and everybody can check it.
            let note = try await witnessed(line, atLeast: 1)
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
            _ = try await witnessed(newLine, atLeast: 2)
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
