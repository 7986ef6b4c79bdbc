import GRDB
import Testing

/// One sale from the command line, with the slip of a card terminal beside it.
struct SellCommandTests {
    @Test func `without its slip no payment is begun and nothing is left`() async throws {
        try await withFolder { folder in
            let town = try await Town.found(in: folder)
            let (server, line) = try await town.serve()
            let terminal = try await town.enrolTerminal(at: line)
            let sell = [
                "terminal", "sell", "--folder", terminal, "--attendant", "anna",
                "privat: 1 m³ gruenabfall",
            ]

            for slip in [[], ["--slip", "girocard:0042:000817"], ["--tid", "51234567"]] {
                let result = try await Program.run(sell + slip, in: folder)
                #expect(result.status == 64, "\(slip): \(result.output)")
                #expect(result.errors.contains("--slip"), "\(slip): \(result.errors)")
            }

            let queue = try DatabaseQueue(path: terminal + "/terminal.db")
            let (attempts, waiting, records) = try await queue.read {
                (
                    try Int.fetchOne($0, sql: "SELECT count(*) FROM payment_attempt"),
                    try Int.fetchOne(
                        $0, sql: "SELECT count(*) FROM delivery WHERE state <> 'abandoned'"),
                    try Int.fetchOne($0, sql: "SELECT count(*) FROM record")
                )
            }
            #expect(attempts == 0)
            #expect(waiting == 0)
            #expect(records == 0)
            try queue.close()
            let sold = try await Program.succeed(
                sell + ["--slip", "girocard:0042:000817", "--tid", "51234567"], in: folder)
            #expect(sold.contains("Beleg t1-000001"))
            #expect(sold.contains("Vom Server bestätigt."))
            let settings = try DatabaseQueue(path: terminal + "/terminal.db")
            let heard = try await settings.read {
                try String.fetchAll(
                    $0,
                    sql: """
                        SELECT value FROM setting WHERE name IN ('receipt-origin', 'yard-name')
                        ORDER BY name
                        """)
            }
            #expect(heard == ["https://musterstadt.example", "Wertstoffhof Nord"])
            try settings.close()
            server.terminate()
            #expect(await server.ended() == 0)
        }
    }

    @Test func `a slip that was used before begins no payment`() async throws {
        try await withFolder { folder in
            let town = try await Town.found(in: folder)
            let (server, line) = try await town.serve()
            let terminal = try await town.enrolTerminal(at: line)
            let sell = [
                "terminal", "sell", "--folder", terminal, "--attendant", "anna", "--slip",
                "girocard:0042:000817", "--tid", "51234567", "privat: 1 m³ gruenabfall",
            ]
            try await Program.succeed(sell, in: folder)

            let refused = try await Program.run(sell, in: folder)

            #expect(refused.status == 65, "\(refused.output)")
            #expect(refused.errors.contains("slip-used"), "\(refused.errors)")
            #expect(refused.errors.contains("t1-000001"), "\(refused.errors)")
            let status = try await Program.succeed(
                ["terminal", "status", "--folder", terminal], in: folder)
            #expect(status.contains("Unknown payments: 0, parked deliveries: 0"), "\(status)")
            let queue = try DatabaseQueue(path: terminal + "/terminal.db")
            let (attempts, waiting) = try await queue.read {
                (
                    try Int.fetchOne($0, sql: "SELECT count(*) FROM payment_attempt"),
                    try Int.fetchOne(
                        $0,
                        sql: """
                            SELECT count(*) FROM delivery WHERE state NOT IN ('done', 'abandoned')
                            """)
                )
            }
            #expect(attempts == 1)
            #expect(waiting == 0)
            try queue.close()
            // Into a file the address is not held back until the end.
            let page = try Program.start(
                ["terminal", "run", "--folder", terminal, "--port", "0"], in: folder)
            _ = try await page.wait(for: /Attendant's page: http:\/\/127\.0\.0\.1:[0-9]+\//)
            page.terminate()
            #expect(await page.ended() == 0)
            server.terminate()
            #expect(await server.ended() == 0)
        }
    }
}
