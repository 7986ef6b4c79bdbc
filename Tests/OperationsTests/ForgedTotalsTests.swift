import DayClosing
import Foundation
import GRDB
import Journal
import Operations
import Remote
import Sales
import Storage
import Testing
import Transparency
import Units

/// Closes and audit snapshots that somebody with all keys of the server makes anew (trust.md A18,
/// A13): signatures, tree and checkpoint fit, only what they say of the records does not.
struct ForgedTotalsTests {
    /// Three of four sales, an audit snapshot and a close; the second sale never arrived. At rest.
    private func played(_ folder: String) async throws -> TestYard {
        try await playedDay(folder).yard
    }

    private func playedDay(_ folder: String) async throws -> (yard: TestYard, close: DayClose) {
        let yard = try await TestYard.open(
            folder + "/data", clock: TestClock(TestClock.morning), terminals: 1, hasTariff: true)
        let sale = TerminalFact.sale(try yard.sale("privat: 1 m³ gruenabfall"))
        for record in try (0..<4).map({ _ in try yard.terminal.sign(sale) })
        where record.reference.sequence != 2 {
            _ = try await yard.admit(record)
        }
        let snapshot = try await yard.installation.takeSnapshot(
            reason: "Prüfung", at: yard.yard, by: TestYard.auditor)
        let close = try await yard.close(Tally(count: 3, amount: Cents(3_600)))
        for totals in [snapshot.totals, close.totals] {
            #expect(totals.terminals.map(\.missing) == [[2]])
        }
        try yard.installation.close()
        return (yard, close)
    }

    /// What is written over what, in a close and in a snapshot alike.
    private static let forgeries: [(name: String, changes: [(old: String, new: String)])] = [
        ("no gap", [("\"missing\":[2]", "\"missing\":[]")]),
        ("another gap", [("\"missing\":[2]", "\"missing\":[3]")]),
        ("fewer sales", [("\"counts\":{\"sale\":3", "\"counts\":{\"sale\":2")]),
        (
            "less turnover",
            [
                ("\"turnover\":3600", "\"turnover\":2400"),
                ("\"grandTotalAfter\":3600", "\"grandTotalAfter\":2400"),
            ]
        ),
    ]

    @Test(arguments: [
        (RecordKind.close, "close 1 says other totals than its records"),
        (.snapshot, "audit snapshot 1 says other totals than its records"),
    ])
    func `A18: totals signed anew that hide a gap or a sale are found`(
        kind: RecordKind, words: String
    ) async throws {
        try await withFolder { folder in
            let yard = try await played(folder)
            let untouched = try Installation.verify(yard.directory)
            #expect(untouched.misfit == nil && untouched.gaps == ["hof-1/t1": [2]])
            func verdict(_ changes: [(old: String, new: String)]) throws
                -> (index: Int64, misfit: VerificationReport.Misfit?)
            {
                let copy = try yard.copied(to: folder + "/copy")
                let index = try Forgery(yard: yard, directory: copy).rewrite(kind, changes)
                let misfit = try Installation.verify(copy).misfit
                try FileManager.default.removeItem(atPath: copy.path)
                return (index, misfit)
            }
            // Signed anew with the same words it fits: what is found below are the words.
            #expect(try verdict([]).misfit == nil)
            for (name, changes) in Self.forgeries {
                let (index, misfit) = try verdict(changes)
                #expect(misfit?.index == index, "\(name): \(misfit as Any)")
                #expect(misfit?.what == words, "\(name)")
            }
        }
    }

    /// A close signed anew with other words about what it says since balances and program stand in
    /// it, or as a program of before wrote it.
    private func closed(_ changes: (DayClose) throws -> [(old: String, new: String)]) async throws
        -> VerificationReport.Misfit?
    {
        var misfit: VerificationReport.Misfit?
        try await withFolder { folder in
            let (yard, close) = try await playedDay(folder)
            let copy = try yard.copied(to: folder + "/copy")
            _ = try Forgery(yard: yard, directory: copy).rewrite(.close, try changes(close))
            misfit = try Installation.verify(copy).misfit
        }
        return misfit
    }

    /// What takes out of a close all that one of an earlier version does not say.
    private func aged(_ close: DayClose) throws -> [(old: String, new: String)] {
        let times = try #require(close.totals.course?.receipts)
        let said =
            ",\"amounts\":{\"sale\":3600},\"firstReceipt\":\"\(times.lowerBound.iso)\","
            + "\"lastReceipt\":\"\(times.upperBound.iso)\""
        let balances =
            ",\"clearing\":[{\"account\":\"181900\",\"before\":0,\"after\":3600},"
            + "{\"account\":\"181910\",\"before\":0,\"after\":0}]"
        return [(said, ""), (balances, ""), (",\"software\":\"\(Program.name)\"", "")]
    }

    @Test func `A18: a close as an earlier version wrote it still verifies`() async throws {
        #expect(try await closed(aged) == nil)
    }

    @Test func `a yard whose closes were made before goes on with their clearing balances`()
        async throws
    {
        try await withFolder { folder in
            let (before, close) = try await playedDay(folder)
            _ = try Forgery(yard: before, directory: before.directory)
                .rewrite(.close, try aged(close))
            let clock = before.clock
            // The head file knows the close as it was.
            let installation = try Installation(
                directory: before.directory, clock: { clock.now }, logger: .silent,
                faults: ProvokedFaults(breakages: [.noGuard], observe: { _ in }))
            let yard = TestYard(
                directory: before.directory, clock: clock, installation: installation,
                yard: before.yard, terminals: before.terminals)
            #expect(try installation.close(1, of: yard.yard).clearing == nil)
            clock.advance(minutes: 24 * 60)
            try await yard.sell("privat: 1 m³ gruenabfall")

            let next = try await yard.close(Tally(count: 1, amount: Cents(1_200)))

            #expect(next.clearing?.map(\.before) == [Cents(3_600), .zero])
            #expect(next.clearing?.map(\.after) == [Cents(4_800), .zero])
            #expect(next.software == Program.name)
            try installation.close()
            let report = try Installation.verify(try yard.copied(to: folder + "/copy"))
            #expect(report.misfit == nil && report.closes == 2, "\(report.misfit as Any)")
        }
    }

    @Test(arguments: [
        ("{\"sale\":3600}", "{\"sale\":3500}", "says other totals than its records"),
        ("\"after\":3600", "\"after\":3500", "says clearing balances that do not follow"),
        (
            ",{\"account\":\"181910\",\"before\":0,\"after\":0}", "",
            "says other clearing balances than its accounts and those before"
        ),
        (
            ",\"software\":\"\(Program.name)\"", "",
            "leaves out what closes say since they name their program"
        ),
        (
            ",\"grandTotalBefore\":",
            ",\"cutFindings\":[{\"kind\":\"gap\",\"tid\":\"51234567\",\"number\":\"3\","
                + "\"after\":\"1\",\"missing\":1}],\"grandTotalBefore\":",
            "says other things about its batch cuts than their numbers show"
        ),
    ])
    func `A18: other amounts and balances signed anew are found`(
        old: String, new: String, words: String
    ) async throws {
        let misfit = try await closed { _ in [(old, new)] }
        #expect(misfit?.what.contains(words) == true, "\(misfit as Any)")
    }

    @Test func `A18: a gap that is filled in the search table alone is found at its entry`()
        async throws
    {
        try await withFolder { folder in
            let yard = try await played(folder)
            let queue = try DatabaseQueue(path: yard.directory.database)
            // As if the late record had come before the close.
            try await queue.write { database in
                try database.execute(sql: "DROP TRIGGER record_no_update")
                try database.execute(sql: "UPDATE record SET seq = 2 WHERE seq = 3")
            }
            try queue.close()
            #expect(try Installation.verify(yard.directory).misfit?.index == 4)
        }
    }

    @Test func `A13: a log made anew with its own keys contradicts the head that a witness holds`()
        async throws
    {
        try await withFolder { folder in
            let yard = try await played(folder)
            let copy = try yard.copied(to: folder + "/copy")
            try Forgery(yard: yard, directory: copy).rewrite(.close, [])
            let (old, new) = (try head(yard.directory), try head(copy))

            // In itself the forged log is whole, and as long as the one before.
            #expect(try Installation.verify(copy).misfit == nil)
            let sizes = [old, new].map { Checkpoint(body: $0.text)?.size }
            #expect(sizes[0] == sizes[1] && old.text != new.text)
            let witness = try FakeWitness(yard.clock)
            witness.follow(try yard.logKey)
            func status(_ note: SignedNote, after size: Int64) throws -> Int {
                let request = try #require(
                    WitnessRequest(oldSize: size, path: [], checkpoint: note))
                return try witness.answer(
                    PlainRequest(
                        "http://rpa.example/add-checkpoint", body: request.body, timeoutSeconds: 1)
                ).status
            }
            #expect(try status(old, after: 0) == 200)
            let size = try #require(sizes[0])
            #expect(try status(old, after: size) == 200)
            #expect(try status(new, after: size) == 422)
        }
    }

    /// The newest stored checkpoint.
    private func head(_ directory: DataDirectory) throws -> SignedNote {
        let database = try ReadOnlyDatabase(path: directory.database)
        let stored = try database.read { try $0.checkpoint(yard: 1) }
        try database.close()
        return try SignedNote.parse(Array(try #require(stored).note.utf8))
    }
}
