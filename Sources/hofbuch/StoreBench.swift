import Calendars
import DayClosing
import Foundation
import Journal
import Operations
import Sales
import Signing
import Storage
import Tariffs
import Transparency
import Units

/// A journal of many sales: memory while they come in, start, and verification.
struct StoreBench {
    let folder: String
    let size: BenchSize
    let report: BenchReport

    func run() async throws {
        let bench = try await BenchYard(folder: folder)
        let directory = bench.installation.directory
        try await fill(bench)
        let calendar = bench.installation.calendar
        let tariff = try bench.tariff
        try bench.close()
        let small = try await BenchYard(folder: folder + "/small")
        try small.close()
        try start(directory, beside: small.installation.directory)
        try verify(directory, calendar, tariff)
        try CloseTotalsBench(
            directory: directory, rounds: size.rounds, sales: size.stored, report: report
        ).run()
    }

    /// Takes the sales in over HTTP and looks at the memory after each tenth. The client and what
    /// it has signed beforehand live in the same process.
    private func fill(_ bench: BenchYard) async throws {
        let step = max(1, size.stored / 10)
        var memory: [Double] = []
        while memory.count < 10 {
            let done = memory.count * step
            try await bench.post(min(step, size.stored - done))
            memory.append(try Usage.residentMegabytes)
        }
        report.add(
            BenchFigure(
                name: "memory", what: "memory after \(size.stored) sales, client included",
                value: memory[9], unit: "MB", floor: memory[0],
                floorWhat: "after the first tenth of them", ratio: memory[9] / memory[0],
                aim: "under 200 MB, flat"))
    }

    /// Opening this journal, and one without sales, in turn.
    private func start(_ directory: DataDirectory, beside small: DataDirectory) throws {
        var (times, floors): ([Double], [Double]) = ([], [])
        for _ in 0..<size.rounds {
            times.append(try Self.opening(directory))
            floors.append(try Self.opening(small))
        }
        report.add(
            BenchFigure(
                name: "start", what: "start with \(size.stored) sales stored",
                value: times.median * 1e3, unit: "ms", floor: floors.median * 1e3,
                floorWhat: "with none", aim: "under 2 s, not growing"))
    }

    private static func opening(_ directory: DataDirectory) throws -> Double {
        var opened: Installation?
        let time = try Usage.seconds {
            opened = try Installation(directory: directory, logger: .quiet)
        }
        try opened?.close()
        return time
    }

    /// Verification, the bare checks of as many signatures, and leaf, signature, decoding and
    /// price of as many sales, all on all cores, in turn.
    private func verify(
        _ directory: DataDirectory, _ calendar: LocalCalendar, _ tariff: Tariff
    ) throws {
        let signed = try SignedSale.sample(directory)
        var (times, signatures, sums): ([Double], [Double], [Double]) = ([], [], [])
        var (peaks, before): ([Double], [Double]) = ([], [])
        for _ in 0..<size.rounds {
            before.append(try Usage.residentMegabytes)
            try Usage.forgetPeak()
            times.append(
                try Usage.seconds {
                    let report = try JournalVerifier(
                        path: directory.database, calendar: calendar
                    ).verify()
                    if let misfit = report.misfit {
                        throw Failure("the journal of the bench: \(misfit.what)", Exit.bug)
                    }
                })
            peaks.append(try Usage.peakMegabytes)
            signatures.append(try SignedSale.seconds(signed, count: size.stored) { $0.isSigned })
            sums.append(
                try SignedSale.seconds(signed, count: size.stored) { $0.isRight(by: tariff) })
        }
        for (name, floor, what, aim) in [
            ("verify", sums, "leaf, signature, decoding and price of each", "at most 1.15"),
            ("verify-signatures", signatures, "bare checks of their signatures", nil),
        ] as [(String, [Double], String, String?)] {
            report.add(
                BenchFigure(
                    name: name, what: "verification of \(size.stored) sales",
                    value: times.median, unit: "s", floor: floor.median,
                    floorWhat: "\(what) on all cores",
                    ratio: times.median / floor.median, aim: aim))
        }
        report.add(
            BenchFigure(
                name: "verify-memory",
                what: "most memory while verifying, that of the client included",
                value: peaks.max() ?? 0, unit: "MB", floor: before.median,
                floorWhat: "before it", aim: "flat, whatever the number of sales"))
    }
}

/// A recorded sale, with what its signature is over.
private struct SignedSale: Sendable {
    let entry: [UInt8]
    let leaf: Digest
    let message: [UInt8]
    let signature: [UInt8]
    let key: ES256PublicKey

    var isSigned: Bool { key.isValid(signature, for: message) }

    /// Whether the entry is the one of its leaf and holds a sale that is signed and has the price
    /// that the tariff gives it.
    func isRight(by tariff: Tariff) -> Bool {
        do {
            guard MerkleTree.leafHash(entry) == leaf, let jws = LogEntry(bytes: entry)?.jws,
                case let parts = try CompactJWS.parse(jws), parts.isSigned(by: key),
                case .sale(let sale) = try TerminalRecord(payload: parts.payload).fact
            else { return false }
            return tariff.amounts(of: sale.delivery) == sale.lines.map(\.gross)
        } catch { return false }
    }

    /// Some sales of a journal.
    static func sample(_ directory: DataDirectory) throws -> [SignedSale] {
        try ReadOnlyDatabase(path: directory.database).read { reading in
            guard let yard = try reading.yards().first else { return [] }
            let keys = Dictionary(
                try reading.terminals(yard: yard.number).map { ($0.kid, $0.key) },
                uniquingKeysWith: { $1 })
            var found: [SignedSale] = []
            let size = try reading.logSize(yard: yard.number)
            try reading.entries(yard: yard.number, from: max(0, size - 1_000), to: size) {
                guard let entry = LogEntry(bytes: $1) else { return }
                let jws = try CompactJWS.parse(entry.jws)
                guard let key = keys[jws.kid].flatMap(ES256PublicKey.init(raw:)) else { return }
                found.append(
                    SignedSale(
                        entry: $1, leaf: MerkleTree.leafHash($1), message: jws.signingInput,
                        signature: jws.signature, key: key))
            }
            return found
        }
    }

    /// Seconds of `count` checks, shared by all cores.
    static func seconds(
        _ signed: [SignedSale], count: Int, _ isRight: @Sendable (SignedSale) -> Bool
    ) throws -> Double {
        guard !signed.isEmpty else { throw Failure("the journal has no sales", Exit.bug) }
        let cores = ProcessInfo.processInfo.activeProcessorCount
        return Usage.seconds {
            DispatchQueue.concurrentPerform(iterations: cores) { core in
                for index in stride(from: core, to: count, by: cores) {
                    precondition(
                        isRight(signed[index % signed.count]), "a recorded sale is right")
                }
            }
        }
    }
}
