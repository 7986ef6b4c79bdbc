import Foundation

/// A plain durable INSERT of as many bytes by PostgreSQL, through its own pgbench, beside ours.
///
/// Uses the server that `PGHOST` and the other variables of libpq name.
struct PostgresBench {
    let size: BenchSize
    let report: BenchReport

    private static let schema = """
        DROP TABLE IF EXISTS hofbuch_bench;
        CREATE TABLE hofbuch_bench(position bigserial PRIMARY KEY, terminal int NOT NULL,
          seq bigserial NOT NULL, statement bytea NOT NULL, previous bytea NOT NULL,
          at bigint NOT NULL, day int NOT NULL, total bigint NOT NULL, subject text NOT NULL,
          entry text NOT NULL, UNIQUE(terminal, seq));
        """
    private static let insert = """
        INSERT INTO hofbuch_bench(terminal, statement, previous, at, day, total, subject, entry)
        VALUES (1, decode(repeat('03', 32), 'hex'), decode(repeat('04', 32), 'hex'), 1, 1, 6460,
          'Gruenabfall', repeat('x', 1900));
        """

    /// - Parameter rates: our sales a second by the shape's name.
    func run(_ rates: [String: Double], folder: String) throws {
        guard let psql = Tool.path(of: "psql"), let pgbench = Tool.path(of: "pgbench"),
            try Tool(path: psql, arguments: ["-qc", Self.schema]).run().status == 0
        else {
            report.note(
                "skipped: PostgreSQL; needs psql, pgbench and a server that PGHOST and PGUSER name"
            )
            return
        }
        let script = folder + "/insert.sql"
        try Data(Self.insert.utf8).write(to: URL(fileURLWithPath: script))
        for clients in [64, 256] {
            guard let ours = rates["sales-\(clients)"] else { continue }
            let theirs = try (0..<size.rounds).compactMap { _ in
                try rate(pgbench, script, clients: clients)
            }
            guard !theirs.isEmpty else {
                report.note("skipped: PostgreSQL with \(clients) clients; pgbench failed")
                continue
            }
            report.add(
                BenchFigure(
                    name: "postgres-\(clients)",
                    what: "sales, \(clients) connections, beside PostgreSQL", value: ours,
                    unit: "/s", floor: theirs.median,
                    floorWhat: "pgbench, one plain durable INSERT, \(clients) clients",
                    ratio: ours / theirs.median, aim: clients == 256 ? "at least 1" : nil))
        }
        _ = try Tool(path: psql, arguments: ["-qc", "DROP TABLE hofbuch_bench"]).run()
    }

    /// Transactions a second.
    private func rate(_ pgbench: String, _ script: String, clients: Int) throws -> Double? {
        let transactions = max(1, size.sales / clients)
        let tool = Tool(
            path: pgbench,
            arguments: [
                "-n", "-M", "prepared", "-f", script, "-c", "\(clients)", "-j", "1", "-t",
                "\(transactions)",
            ])
        let (status, output) = try tool.run()
        guard status == 0, let match = output.firstMatch(of: #/tps = ([0-9.]+)/#) else {
            return nil
        }
        return Double(match.1)
    }
}
