import Foundation
import NIOHTTP1
import Testing
import Transparency

extension Town {
    /// A witness in a folder beside the town's that follows its log and is asked every second.
    func witness(following log: String) async throws -> (program: RunningProgram, base: String) {
        let rpa = folder + "/rpa"
        let printed = try await Program.succeed(
            ["witness", "init", "--folder", rpa, "--name", "rpa.example/witness"], in: folder)
        let key = try #require(printed.firstMatch(of: /(rpa\.example\/witness\+\S+)/)).1
        try await Program.succeed(["witness", "follow", "--folder", rpa, log], in: folder)
        let program = try Program.start(
            ["witness", "serve", "--folder", rpa, "--port", "0"], in: folder)
        let found = try await program.wait(for: /Witness: (http:\/\/127\.0\.0\.1:[0-9]+)\//)
        let place = data + "/witness"
        try FileManager.default.createDirectory(
            atPath: place, withIntermediateDirectories: true)
        let policy = "witness rpa \(key) \(found.1)\nquorum rpa\n"
        try Data(policy.utf8).write(to: URL(fileURLWithPath: place + "/policy"))
        try Data("interval 1\ntimeout 5\n".utf8).write(
            to: URL(fileURLWithPath: place + "/settings"))
        return (program, String(found.1))
    }
}

extension Line {
    /// The newest witnessed checkpoint, once it covers `size` entries.
    func witnessed(log: String = "hof-1", atLeast size: Int64) async throws -> SignedNote {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            let answer = try await send(.GET, "/log/\(log)/checkpoint/witnessed")
            if answer.status == 200 {
                let note = try SignedNote.parse(answer.bytes)
                if let head = Checkpoint(body: note.text), head.size >= size { return note }
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Unexpected("no witnessed checkpoint over \(size) entries")
    }
}
