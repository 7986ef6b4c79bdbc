import Foundation
import Journal
import NIOHTTP1
import Testing
import Text
import Transparency

/// A backup is all that is left of a town: by the real program, with a real terminal and witness.
struct LossTests {
    private struct Site {
        let town: Town
        let port: String
        let terminal: String
        let witnessPort: String

        /// The server at the address that the terminal knows.
        func serve(_ data: String) async throws -> (program: RunningProgram, line: Line) {
            try await Program.serve(data, port: port, in: town.folder)
        }

        func sell(_ number: Int) async throws -> String {
            try await Program.succeed(
                [
                    "terminal", "sell", "--folder", terminal, "--attendant", "anna", "--tid",
                    "51234567", "--slip", "girocard:000\(number):00000\(number)",
                    "privat: 1 m³ gruenabfall",
                ], in: town.folder)
        }

        func flush() async throws -> Program.Result {
            try await Program.run(
                ["terminal", "flush", "--folder", terminal], in: town.folder)
        }

        func acceptLoss(_ data: String, by first: String = "clara", and second: String = "bernd")
            async throws -> Program.Result
        {
            try await Program.run(
                [
                    "log", "accept-loss", "--data", data, "--reason", "Platte defekt",
                    "--reported-by", first, "--reporter-password-file",
                    "\(town.folder)/\(first).password", "--approved-by", second,
                    "--approver-password-file", "\(town.folder)/\(second).password",
                ], in: town.folder)
        }
    }

    /// A town with a tariff, a yard terminal and a witness that follows the log.
    private func found(in folder: String) async throws -> (Site, RunningProgram) {
        let town = try await Town.found(in: folder)
        let (first, line) = try await town.serve()
        let port = String(try #require(line.base.split(separator: ":").last))
        let key = String(
            try #require(
                String(
                    decoding: try await line.send(.GET, "/log/hof-1/policy").bytes, as: UTF8.self
                )
                .firstMatch(of: /log (\S+)/)
            ).1)
        let terminal = try await town.enrolTerminal(at: line)
        first.terminate()
        #expect(await first.ended() == 0)
        let (witness, base) = try await town.witness(following: key)
        let site = Site(
            town: town, port: port, terminal: terminal,
            witnessPort: String(try #require(base.split(separator: ":").last)))
        return (site, witness)
    }

    private func stop(_ program: RunningProgram) async throws {
        program.terminate()
        #expect(await program.ended() == 0)
    }

    @Test(.timeLimit(.minutes(5)))
    func `a backup is restored, the loss accepted, and terminals send again what they hold`()
        async throws
    {
        try await withFolder { folder in
            let (site, witness) = try await found(in: folder)
            let town = site.town
            let (first, line) = try await site.serve(town.data)
            for number in 1...2 {
                #expect(try await site.sell(number).contains("Vom Server bestätigt."))
            }
            let (backup, keys) = (folder + "/backup", folder + "/keys")
            try await Program.succeed(
                [
                    "backup", "create", "--data", town.data, "--into", backup, "--keys-into", keys,
                ], in: folder)
            for number in 3...5 {
                #expect(try await site.sell(number).contains("Vom Server bestätigt."))
            }
            // Genesis, tariff, enrolment, five sales.
            let last = Checkpoint(body: try await line.witnessed(atLeast: 8).text)
            #expect(last?.size == 8)
            var before: [String: [UInt8]] = [:]
            for path in ["tile/0/000.p/8", "consistency/6/8"] {
                let answer = try await line.send(.GET, "/log/hof-1/\(path)")
                #expect(answer.status == 200)
                #expect(answer.cacheControl.contains("immutable"))
                before[path] = answer.bytes
            }
            try await stop(first)

            // The machine is gone; the backup comes back.
            let data = folder + "/restored"
            try await Program.succeed(
                ["backup", "restore", backup, "--data", data, "--keys", keys], in: folder)
            let (refused, _) = try await site.serve(data)
            #expect(try await site.sell(6).contains("Wartet auf den Server."))
            #expect(try await site.flush().status == 75)
            // Nobody accepts anything beside a running server.
            #expect(try await site.acceptLoss(data).status == 69)
            try await stop(refused)

            let shown = try await Program.run(["log", "loss", "--data", data], in: folder)
            #expect(shown.status == 11)
            // The sentence is the command's own; a log line beside it would only frighten.
            #expect(shown.errors == "")
            #expect(shown.output.contains("5 entries of musterstadt.example/log/hof-1 are stored"))
            #expect(shown.output.contains("the terminal t1 knows 8"))
            #expect(shown.output.contains("the witness rpa.example/witness knows 8"))
            #expect(shown.output.contains("From index 5 to 7"))
            #expect(try await site.acceptLoss(data, by: "bernd", and: "bernd").status == 77)
            let accepted = try await site.acceptLoss(data)
            #expect(accepted.status == 0, "\(accepted.errors)")
            #expect(accepted.errors == "")
            let key = String(
                try #require(accepted.output.firstMatch(of: /Key of the new log: (\S+)/)).1)
            #expect(key.hasPrefix("musterstadt.example/log/hof-1~2+"))

            // It starts, the terminal follows and sends again what is missing.
            let (second, newLine) = try await site.serve(data)
            let flushed = try await site.flush()
            #expect(flushed.status == 0, "\(flushed.errors)")
            #expect(flushed.output.contains("4 acknowledged, 0 refused, 0 still queued"))
            #expect(try await site.flush().output.contains("0 acknowledged"))
            #expect(try await site.sell(7).contains("Vom Server bestätigt."))
            let clara = try await town.signIn("clara", newLine)
            let sales = try await newLine.json(
                .GET, "/v1/yards/hof-1/sales/sum", token: clara)
            #expect(sales["count"]?.integer == 7)

            // What the yard's name leads to has changed; the new log's own will not.
            for path in ["tile/0/000.p/8", "consistency/6/8"] {
                let changed = try await newLine.send(.GET, "/log/hof-1/\(path)")
                let own = try await newLine.send(.GET, "/log/hof-1~2/\(path)")
                #expect(changed.cacheControl == "public, max-age=2")
                #expect(own.cacheControl.contains("immutable"))
                #expect(changed.bytes == own.bytes)
                #expect(changed.bytes != before[path])
            }

            // The witness follows the new log only when its operator says so.
            let unwitnessed = try await newLine.send(
                .GET, "/log/hof-1/checkpoint/witnessed")
            #expect(unwitnessed.status == 404)
            try await stop(witness)
            try await Program.succeed(
                ["witness", "follow", "--folder", folder + "/rpa", key], in: folder)
            let again = try Program.start(
                [
                    "witness", "serve", "--folder", folder + "/rpa", "--port", site.witnessPort,
                ], in: folder)
            _ = try await again.wait(for: #/Witness: http/#)
            let head = Checkpoint(
                body: try await newLine.witnessed(log: "hof-1~2", atLeast: 11).text)
            #expect(head?.origin == "musterstadt.example/log/hof-1~2")
            try await stop(second)
            try await stop(again)

            let verified = try await Program.succeed(["verify", "--data", data], in: folder)
            #expect(verified.contains("Everything fits."))
            #expect(verified.contains("LOSS accepted at log index 5"))
            #expect(verified.contains("Reported by clara, accepted by bernd: Platte defekt"))
        }
    }
}
