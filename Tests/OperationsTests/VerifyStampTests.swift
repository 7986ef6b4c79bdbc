import DayClosing
import Foundation
import GRDB
import Keys
import Operations
import Remote
import Signing
import StampAuthority
import Storage
import Tampering
import Testing
import Transparency
import Units

/// Verification of the time stamps that are kept with closes.
struct VerifyStampTests {
    /// Two closes, each with a time stamp of its own, at rest.
    private func withStamps(
        _ body: (_ yard: TestYard, _ authority: LocalAuthority, _ folder: String) throws -> Void
    ) async throws {
        try await withFolder { folder in
            let authority = try LocalAuthority(in: folder + "/authority")
            let witness = DataDirectory(folder + "/data").witness
            try FileManager.default.createDirectory(
                atPath: witness, withIntermediateDirectories: true)
            try Data("time-stamp http://tsa.example/\n".utf8).write(
                to: URL(fileURLWithPath: witness + "/settings"))
            try Data(try authority.trusted.utf8).write(
                to: URL(fileURLWithPath: witness + "/tsa.pem"))
            // The authority is a program that knows no time but that of the machine.
            let now = try #require(
                Timestamp(milliseconds: Int64(Date().timeIntervalSince1970) * 1_000))
            let yard = try await TestYard.open(
                folder + "/data", clock: TestClock(now.iso), terminals: 1, hasTariff: true)
            let rounds = CosignatureRounds(yard.installation) { request in
                PlainReply(
                    status: 200, contentType: "application/timestamp-reply",
                    body: try authority.reply(to: request.body ?? []))
            }
            for number in 1...2 {
                try await yard.sell("privat: 1 m³ gruenabfall")
                try await yard.close(Tally(count: 1, amount: Cents(1_200)))
                // Stores the checkpoint over the close.
                _ = try await yard.installation.checkpoint(of: yard.yard)
                await rounds.round()
                #expect(try yard.installation.verify().stamps == number)
            }
            try yard.installation.close()
            try body(yard, authority, folder)
        }
    }

    /// What somebody does to the table of stamps, and what is said of which close.
    private struct Change: Sendable {
        let name: String
        let close: Int64
        let words: String
        let make: @Sendable (Stamps) throws -> Void

        init(
            _ name: String, in close: Int64, _ words: String,
            make: @escaping @Sendable (Stamps) throws -> Void
        ) {
            self.name = name
            self.close = close
            self.words = words
            self.make = make
        }
    }

    /// The table of stamps in a copy of a database.
    private struct Stamps {
        let yard: TestYard
        let authority: LocalAuthority
        let connection: Database

        func bytes(_ column: String, ofClose number: Int64) throws -> [UInt8] {
            let found = try Data.fetchOne(
                connection, sql: "SELECT \(column) FROM time_stamp WHERE number = ?",
                arguments: [number])
            return Array(try #require(found))
        }

        func put(_ bytes: [UInt8], into column: String, ofClose number: Int64) throws {
            try connection.execute(
                sql: "UPDATE time_stamp SET \(column) = ? WHERE number = ?",
                arguments: [Data(bytes), number])
        }

        /// Puts a genuine stamp over another note in place of a close's own.
        func put(stampOver note: SignedNote, ofClose number: Int64) throws {
            let stamp = try authority.stamp(note.bytes)
            try put(note.bytes, into: "note", ofClose: number)
            try put(stamp.query, into: "query", ofClose: number)
            try put(stamp.reply, into: "reply", ofClose: number)
        }

        /// How many entries the stamped checkpoint is over.
        func size(ofClose number: Int64) throws -> Int64 {
            let note = try SignedNote.parse(bytes("note", ofClose: number))
            return try #require(Checkpoint(body: note.text)).size
        }
    }

    private static let changes: [Change] = [
        Change("the signature", in: 1, "time-stamp-invalid") { stamps in
            var reply = try stamps.bytes("reply", ofClose: 1)
            reply[reply.count - 1] ^= 1
            try stamps.put(reply, into: "reply", ofClose: 1)
        },
        Change("the stated time, by a second", in: 2, "time-stamp-invalid") { stamps in
            var reply = try stamps.bytes("reply", ofClose: 2)
            // GeneralizedTime in DER: tag, length, YYYYMMDDhhmmss and Z.
            let start = try #require(Data(reply).range(of: Data([0x18, 0x0F, 0x32, 0x30])))
            reply[start.lowerBound + 15] ^= 1
            try stamps.put(reply, into: "reply", ofClose: 2)
        },
        Change("the query of the other close", in: 1, "time-stamp-digest") { stamps in
            let query = try stamps.bytes("query", ofClose: 2)
            try stamps.put(query, into: "query", ofClose: 1)
        },
        Change("the reply of the other close", in: 2, "time-stamp-invalid") { stamps in
            let reply = try stamps.bytes("reply", ofClose: 1)
            try stamps.put(reply, into: "reply", ofClose: 2)
        },
        Change("stamps exchanged", in: 2, "it is of no checkpoint over the close") { stamps in
            for (old, new) in [(1, 3), (2, 1), (3, 2)] {
                try stamps.connection.execute(
                    sql: "UPDATE time_stamp SET number = ? WHERE number = ?",
                    arguments: [new, old])
            }
        },
        Change("another key's checkpoint", in: 1, "not signed by the log's key") { stamps in
            let note = try stamps.yard.signedHead(
                size: try stamps.size(ofClose: 1), root: .sha256([1]), by: try .generate())
            try stamps.put(stampOver: note, ofClose: 1)
        },
        Change("a fork of the log", in: 2, "the log has no such checkpoint") { stamps in
            let note = try stamps.yard.signedHead(
                size: try stamps.size(ofClose: 2), root: .sha256([1]))
            try stamps.put(stampOver: note, ofClose: 2)
        },
        Change("another authority", in: 1, "time-stamp-invalid") { stamps in
            let other = try LocalAuthority(in: stamps.authority.folder + "/other")
            let stamp = try other.stamp(try stamps.bytes("note", ofClose: 1))
            try stamps.put(stamp.query, into: "query", ofClose: 1)
            try stamps.put(stamp.reply, into: "reply", ofClose: 1)
        },
    ]

    /// Makes a change in a copy of the data and gives the log index of its close.
    private func make(
        _ change: Change, _ yard: TestYard, _ authority: LocalAuthority, in copy: DataDirectory
    ) throws -> Int64 {
        let queue = try DatabaseQueue(path: copy.database)
        let position = try queue.write { connection in
            try connection.withoutTriggers {
                try change.make(
                    Stamps(yard: yard, authority: authority, connection: connection))
            }
            return try Int64.fetchOne(
                connection, sql: "SELECT position FROM close WHERE number = ?",
                arguments: [change.close])
        }
        try queue.close()
        return LogPosition(try #require(position)).index
    }

    @Test func `good time stamps count, an altered, exchanged or foreign one is found`()
        async throws
    {
        try await withStamps { yard, authority, folder in
            let clean = try Installation.verify(yard.directory)
            #expect(clean.misfit == nil && clean.stamps == 2)
            for change in Self.changes {
                let copy = try yard.copied(to: folder + "/copy")
                let index = try make(change, yard, authority, in: copy)

                let misfit = try Installation.verify(copy).misfit

                let said = "\(change.name): \(misfit as Any)"
                #expect(misfit?.index == index, "\(said)")
                let start = "the time stamp of close \(change.close) does not fit: "
                #expect(misfit?.what.hasPrefix(start) == true, "\(said)")
                #expect(misfit?.what.contains(change.words) == true, "\(said)")
                try FileManager.default.removeItem(atPath: copy.path)
            }
        }
    }

    @Test func `who verifies with certificates of his own believes no other authority`()
        async throws
    {
        try await withStamps { yard, authority, folder in
            let own = VerificationOptions(authorities: try authority.trusted)
            #expect(try Installation.verify(yard.directory, own).stamps == 2)
            // A stamp by somebody else, with his certificates beside it.
            let other = try LocalAuthority(in: folder + "/other")
            let copy = try yard.copied(to: folder + "/copy")
            let change = Change("another authority and its certificates", in: 1, "") { stamps in
                let stamp = try other.stamp(try stamps.bytes("note", ofClose: 1))
                try stamps.put(stamp.query, into: "query", ofClose: 1)
                try stamps.put(stamp.reply, into: "reply", ofClose: 1)
                try stamps.connection.execute(
                    sql: "UPDATE time_stamp SET chain = ? WHERE number = 1",
                    arguments: [try other.trusted])
            }
            let index = try make(change, yard, authority, in: copy)

            #expect(try Installation.verify(copy).stamps == 2)
            let misfit = try Installation.verify(copy, own).misfit
            #expect(misfit?.index == index, "\(misfit as Any)")
            #expect(misfit?.what.contains("time-stamp-invalid") == true, "\(misfit as Any)")
        }
    }

    @Test func `time stamps in an exported log are checked too`() async throws {
        try await withStamps { yard, _, folder in
            let out = folder + "/out"
            _ = try LogExport.write(yard.directory, yard: nil, into: out, hasEntries: true)
            let whole = try Installation.verify(DataDirectory(out))
            #expect(whole.misfit == nil && whole.stamps == 2, "\(whole)")
            let file = out + "/closes/2/stamp.tsr"
            var reply = try #require(FileManager.default.contents(atPath: file))
            reply[reply.count - 1] ^= 1
            try reply.write(to: URL(fileURLWithPath: file))

            let misfit = try Installation.verify(DataDirectory(out)).misfit

            let words = "the time stamp of close 2 does not fit: time-stamp-invalid"
            #expect(misfit?.what == words, "\(misfit as Any)")
        }
    }
}
