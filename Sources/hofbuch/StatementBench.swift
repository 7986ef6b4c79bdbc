import ArgumentParser
import Defaults
import Foundation
import Operations
import People
import SourceFiles
import Statements
import Units

extension BenchCommand {
    struct Statement: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "statement",
            abstract: "Measure reading and taking in large files of bank and acquirer.",
            discussion: """
                A file each of camt.053, MT940 and an acquirer's lines is made, then read, and \
                taken into an empty installation with everything that an import does. Memory is \
                the most that was taken above what the program had at its start, the file \
                included, and what earlier rounds did not give back.
                """)

        @Option(help: "Rounds; medians are printed, of memory the most.")
        var rounds = 1
        @Option(help: "Size of each file in megabytes; 20 is the most that is taken in.")
        var megabytes = 20
        @Flag(help: "One round of 200 kB, to see that the bench works.")
        var short = false
        @Flag(help: "Print JSON at the end instead of lines.")
        var json = false

        func validate() throws {
            guard rounds >= 1, (1...20).contains(megabytes) else {
                throw ValidationError("--rounds from 1, --megabytes from 1 to 20")
            }
        }

        func run() async throws {
            try await reporting {
                try await StatementBench(
                    rounds: short ? 1 : rounds, byteCount: short ? 200_000 : megabytes * 1_000_000,
                    report: BenchReport(isJSON: json), start: try Usage.residentMegabytes
                ).run()
            }
        }
    }
}

/// How long a large bank file takes, and how much memory.
private struct StatementBench {
    let rounds: Int
    let byteCount: Int
    let report: BenchReport
    /// Megabytes before anything was made.
    let start: Double

    private struct Measured {
        var seconds: [Double] = []
        var megabytes: [Double] = []
    }

    func run() async throws {
        try await withBenchFolder { folder in
            for kind in BenchStatement.allCases {
                let path = "\(folder)/\(kind.rawValue)"
                let (bytes, entries) = kind.file(of: byteCount)
                try Data(bytes).write(to: URL(filePath: path))
                try await measure(kind, path, entries, in: folder)
            }
        }
        try report.finish()
    }

    private func measure(
        _ kind: BenchStatement, _ path: String, _ entries: Int, in folder: String
    ) async throws {
        var (read, taken) = (Measured(), Measured())
        for round in 1...rounds {
            try await measured(into: &read) { try kind.read(try bytes(of: path)) }
            let data = "\(folder)/\(kind.rawValue)-\(round)"
            let installation = try await Self.installation(data)
            let person = try Self.person()
            try await measured(into: &taken) {
                let found = try await installation.importBankFile(
                    try bytes(of: path), profile: kind.profile, by: person)
                guard found.parts.map(\.lineCount).reduce(0, +) == entries else {
                    throw Failure("\(kind.what): not every entry was taken in", Exit.bug)
                }
            }
            try installation.close()
            try FileManager.default.removeItem(atPath: data)
        }
        let size = Double(byteCount) / 1e6
        add("read", "reading \(entries) entries of \(kind.what)", read, kind, size)
        add("import", "taking them in", taken, kind, size)
    }

    /// Time, and the most memory above that at the start.
    private func measured(
        into found: inout Measured, _ body: () async throws -> Void
    ) async throws {
        try Usage.forgetPeak()
        let began = Nanoseconds.now
        try await body()
        found.seconds.append(Double(Nanoseconds.now - began) / 1e9)
        found.megabytes.append(try Usage.peakMegabytes - start)
    }

    private func add(
        _ step: String, _ what: String, _ found: Measured, _ kind: BenchStatement, _ size: Double
    ) {
        let name = "statement-\(kind.rawValue)-\(step)"
        report.add(
            BenchFigure(
                name: name, what: "\(kind.what), \(BenchFigure.text(size)) MB: \(what)",
                value: found.seconds.median, unit: "s"))
        report.add(
            BenchFigure(
                name: name + "-memory", what: "memory at most above that at the start",
                value: found.megabytes.max() ?? 0, unit: "MB", floor: size,
                floorWhat: "the file", ratio: (found.megabytes.max() ?? 0) / size,
                aim: "bounded by the file"))
    }

    /// One yard, and the settings of reconciliation that come with the program.
    private static func installation(_ folder: String) async throws -> Installation {
        let directory = DataDirectory(folder)
        try Installation.create(in: directory, finance: DefaultFile.files(in: "finance/"))
        let installation = try Installation(directory: directory, logger: .quiet)
        guard let id = YardID("hof-1") else { preconditionFailure("the name is a name") }
        _ = try await installation.createYard(
            YardDescription(
                id: id, name: "Bench", town: "Bench", address: "Bench", host: "bench.example"))
        return installation
    }

    private static func person() throws -> Person {
        guard let id = PersonID("clara") else { preconditionFailure("the name is a name") }
        return Person(id: id, name: "clara", roles: [.finance])
    }
}
