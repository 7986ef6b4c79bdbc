import Foundation
import GRDB
import Journal
import Keys
import Remote
import Sales
import Signing
import TerminalOperations
import Testing
import Transparency
import Units

struct KeyTests {
    /// Runs `body` with an open terminal in a folder of its own.
    private func withTerminal(
        _ body: (Yard, YardTerminalSession) async throws -> Void
    ) async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open()
        try await body(yard, session)
        try await session.close()
    }

    /// Thumbprint of the key in the terminal's folder.
    private func kid(_ yard: Yard) throws -> String {
        try KeyFile.readES256(path: yard.folder + "/terminal.key").publicKey.thumbprint
    }

    /// Thumbprint of the key that signed the newest record.
    private func lastKid(_ yard: Yard) async throws -> String {
        try CompactJWS.parse(try #require(await yard.server.entries.last).jws).kid
    }

    @Test func `a new key signs once the server has it in force`() async throws {
        try await withTerminal { yard, session in
            let old = try kid(yard)
            let next = try await session.announceNextKey()
            #expect(next != old)
            try await session.sellTyres(slip: 1)
            _ = try await session.flush()
            #expect(try await lastKid(yard) == old)

            await yard.server.set { $0.approveAnnounced() }
            _ = try await session.flush()
            try await session.sellTyres(slip: 2)
            let report = try await session.flush()

            #expect(report.isComplete)
            #expect(try await lastKid(yard) == next)
            #expect(try kid(yard) == next)
            #expect(!FileManager.default.fileExists(atPath: yard.folder + "/terminal-next.key"))
        }
    }

    @Test func `an announcement is made again as it was, also after a restart`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        await yard.server.set { $0.isAway = true }
        var session = try yard.open()
        await #expect(throws: TerminalError.self) { _ = try await session.announceNextKey() }
        await yard.server.set { $0.isAway = false }
        let first = try await session.announceNextKey()
        let made = await yard.server.announced
        try await session.close()

        session = try yard.open()
        #expect(try await session.announceNextKey() == first)
        #expect(await yard.server.announced == made)
        #expect(await yard.server.announcements == 2)
        try await session.close()
    }

    @Test func `a queue signed with the old key is still taken`() async throws {
        try await withTerminal { yard, session in
            await yard.server.set { $0.isAway = true }
            try await session.sellTyres(slip: 1)
            await yard.server.set { $0.isAway = false }
            _ = try await session.announceNextKey()
            await yard.server.set { $0.approveAnnounced() }
            #expect(try await session.flush().isComplete)
            try await session.sellTyres(slip: 2)
            #expect(try await session.flush().isComplete)
            #expect(try await session.verifyChain().isEmpty)
        }
    }

    @Test func `the log's next key is learned while both sign`() async throws {
        try await withTerminal { yard, session in
            try await session.sellTyres(slip: 1)
            _ = try await session.flush()
            try await yard.server.rotateLog()
            #expect(try await session.flush().isComplete)
            await yard.server.set { $0.retireLogKey() }
            try await session.sellTyres(slip: 2)
            #expect(try await session.flush().isComplete)
            #expect(try await session.status().alarm == nil)
        }
    }

    @Test func `a terminal that was away through two rotations follows afterwards`() async throws {
        try await withTerminal { yard, session in
            await yard.server.set { $0.isAway = true }
            try await session.sellTyres(slip: 1)
            await yard.server.set { $0.isAway = false }
            for _ in 1...2 {
                try await yard.server.rotateLog()
                await yard.server.set { $0.retireLogKey() }
            }
            let report = try await session.flush()
            #expect(report.isComplete)
            #expect(try await session.status().alarm == nil)
        }
    }

    @Test func `a log key that nobody vouches for is not believed`() async throws {
        try await withTerminal { yard, session in
            try await session.sellTyres(slip: 1)
            await yard.server.set { $0.lie = .otherKey }
            let report = try await session.flush()
            #expect(report.acknowledged == 0)
            #expect(report.queued == 1)
            #expect(try await session.status().alarm == "proof-no-known-signature")
        }
    }

    @Test func `after an accepted loss the terminal follows and sends again what was lost`()
        async throws
    {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open()
        for slip in 1...3 { try await session.sellTyres(slip: slip) }
        #expect(try await session.flush().acknowledged == 3)
        try await yard.server.lose(from: 1)

        let report = try await session.flush()

        #expect(report.acknowledged == 2)
        #expect(report.isComplete)
        #expect(try await session.status().alarm == nil)
        #expect(try await session.verifyChain().isEmpty)
        let kinds = await yard.server.entries.map(\.kind)
        #expect(kinds == [.sale, .loss, .sale, .sale])
        // It goes on in the new log, and sends nothing a third time.
        try await session.sellTyres(slip: 4)
        #expect(try await session.flush().acknowledged == 1)
        #expect(await yard.server.entries.count == 5)
        try await session.close()
        // What the ended log proved is kept beside the new proofs.
        let raw = try DatabaseQueue(path: yard.folder + "/terminal.db")
        let kept = try await raw.read {
            try Int64.fetchAll($0, sql: "SELECT position FROM lost_proof ORDER BY sequence")
        }
        let now = try await raw.read {
            try Int64.fetchAll($0, sql: "SELECT position FROM record ORDER BY sequence")
        }
        #expect(kept == [1, 2])
        #expect(now == [0, 2, 3, 4])
        try raw.close()
    }

    @Test func `a terminal with a queue follows at its first answer`() async throws {
        try await withTerminal { yard, session in
            for slip in 1...2 { try await session.sellTyres(slip: slip) }
            _ = try await session.flush()
            try await session.sellTyres(slip: 3)
            try await yard.server.lose(from: 1)

            #expect(try await session.flush().isComplete)

            #expect(await yard.server.entries.map(\.kind) == [.sale, .loss, .sale, .sale])
            #expect(try await session.status().alarm == nil)
        }
    }

    @Test func `a loss that the old log does not vouch for is not believed`() async throws {
        try await withTerminal { yard, session in
            for slip in 1...2 { try await session.sellTyres(slip: slip) }
            _ = try await session.flush()
            try await yard.server.lose(from: 1, isVouchedFor: false)

            _ = try await session.flush()

            #expect(try await session.status().alarm == "log-key")
            #expect(await yard.server.entries.map(\.kind) == [.sale, .loss])
        }
    }

    @Test func `the newest checkpoint seen is presented to the server`() async throws {
        try await withTerminal { yard, session in
            try await session.sellTyres(slip: 1)
            _ = try await session.flush()
            let shown = try #require(await yard.server.heartbeats.last?.checkpoint)
            let note = try SignedNote.parse(shown)
            let key = try await yard.server.logVerifier
            #expect(try note.verified(by: [key]) == [key])
            #expect(Checkpoint(body: note.text)?.size == 1)
        }
    }
}
