import Calendars
import Defaults
import Foundation
import Journal
import Keys
import Operations
import People
import Sales
import Signing
import Storage
import Synchronization
import Tariffs
import Text
import Transparency
import Units

/// A scratch installation with enrolled terminals and sales signed beforehand.
final class BenchYard: Sendable {
    let installation: Installation
    let yard: Yard
    private let keys: [ES256PrivateKey]
    private let heads: Mutex<[(sequence: Int64, previous: Digest)]>
    private let sale: Sale
    private let day: BusinessDay
    private let rows: BareLedger

    /// - Parameter syncDelay: added to each commit, as a slower disk would.
    init(folder: String, terminals: Int = 8, syncDelay: Duration = .zero) async throws {
        let directory = DataDirectory(folder)
        try Installation.create(in: directory, finance: DefaultFile.files(in: "finance/"))
        installation = try Installation(
            directory: directory, syncDelay: syncDelay, logger: .quiet)
        rows = try BareLedger(
            path: folder + "/rows.sqlite3", terminals: terminals, syncDelay: syncDelay)
        guard let id = YardID("bench"), let first = PersonID("first"),
            let second = PersonID("second")
        else { preconditionFailure("the names are names") }
        yard = try await installation.createYard(
            YardDescription(
                id: id, name: "Bench", town: "Bench", address: "Bench", host: "bench.example"))
        let asking = Person(id: first, name: "first", roles: [.operator])
        let approving = Person(id: second, name: "second", roles: [.approver])
        let tariff = DefaultFile.named("tariffs/goettingen-2024.yaml")?.bytes ?? []
        let digest = try await installation.proposeTariff(tariff, for: yard, by: asking)
        try await installation.approveTariff(digest, for: yard, by: approving)
        var keys: [ES256PrivateKey] = []
        for number in 1...terminals {
            let key = try ES256PrivateKey.generate()
            guard let terminal = TerminalID("t\(number)") else { continue }
            let (request, code) = try await installation.requestEnrolment(
                terminal, name: terminal.text, at: yard, by: asking)
            try await installation.approveEnrolment(request, at: yard, by: approving)
            let proof = try key.compactJWS(
                typ: "wsh-enrol+jws", kid: key.publicKey.thumbprint,
                payload: JSONValue.fields(["code": .string(code)]).bytes)
            _ = try await installation.enrol(code: code, key: key.publicKey, proof: proof)
            keys.append(key)
        }
        self.keys = keys
        heads = Mutex(keys.map { _ in (0, RecordHead.genesisPrevious) })
        day = installation.calendar.day(of: installation.clock())
        let inForce = try installation.tariff(of: yard, on: day)
        let delivery = try DeliveryPhrase.parse(
            "privat: 1 m³ gruenabfall; 2 Sack restabfall; 2 Stück pkw-reifen-ohne-felge", day: day,
            group: .household, tariff: inForce.tariff)
        guard case .priced(let quote) = inForce.price(delivery, quota: []),
            let slip = CardSlip(
                cardTerminal: "51234567", scheme: .girocard, receiptNumber: "0001",
                traceNumber: "000001")
        else { throw Failure("the sample delivery has no price", Exit.badData) }
        sale = try Sale(quote: quote, settlement: .card(slip), attempts: [])
    }

    /// The same yard and terminals in an installation that was opened anew.
    init(_ other: BenchYard, in installation: Installation) {
        self.installation = installation
        (yard, keys, sale, day, rows) = (
            other.yard, other.keys, other.sale, other.day, other.rows
        )
        heads = Mutex(other.heads.withLock { $0 })
    }

    /// Signs `count` new sales and has them admitted in full batches, without a network.
    func admit(_ count: Int) async throws {
        var (ready, left) = (try sealed(min(Self.chunk, count)), count)
        while !ready.isEmpty {
            left -= ready.count
            let next = min(Self.chunk, left)
            // One core signs what the other admits next.
            async let coming = onThread { try self.sealed(next) }
            for first in stride(from: 0, to: ready.count, by: Self.batchMax) {
                try await admit(Array(ready[first..<min(first + Self.batchMax, ready.count)]))
            }
            ready = try await coming
        }
    }

    /// - Throws: ``Failure`` if one of them is not recorded.
    func admit(_ sales: [Result<Envelope, any Error>]) async throws {
        for answer in try await installation.admit(sales, to: yard) {
            guard case .success(.acknowledged) = answer else {
                throw Failure("a sale of the bench was not recorded: \(answer)", Exit.bug)
            }
        }
    }

    /// `count` new sales as the server reads them.
    func sealed(_ count: Int) throws -> [Result<Envelope, any Error>] {
        try envelopes(count).map { body in
            Result { try Envelope(json: try StrictJSON.parse(body)) }
        }
    }

    private static let chunk = 8 * batchMax

    /// Bodies of `count` new envelopes, the terminals in turn.
    func envelopes(_ count: Int) throws -> [[UInt8]] {
        guard let attendant = PersonID("first") else { return [] }
        return try heads.withLock { heads in
            try (0..<count).map { number in
                let slot = number % keys.count
                guard let terminal = TerminalID("t\(slot + 1)") else { return [] }
                let head = RecordHead(
                    log: yard.origin, yard: yard.id, terminal: terminal,
                    sequence: heads[slot].sequence + 1, previous: heads[slot].previous,
                    at: installation.clock(), attendant: attendant)
                let record = TerminalRecord(head: head, fact: .sale(sale), personal: [])
                let jws = try keys[slot].compactJWS(
                    typ: TerminalRecord.typ, kid: keys[slot].publicKey.thumbprint,
                    payload: record.payload)
                heads[slot] = (
                    head.sequence, try CompactJWS.parse(jws).signingInputDigest
                )
                return Envelope(jws: jws, disclosures: []).json.bytes
            }
        }
    }

    /// Where terminals post.
    var path: String { "/v1/yards/\(yard.id)/envelopes" }

    /// What a terminal signs for a sale.
    func payload() throws -> [UInt8] {
        let body = try envelopes(1)[0]
        let envelope = try Envelope(json: try StrictJSON.parse(body))
        return try CompactJWS.parse(envelope.jws).payload
    }

    /// Serves and posts `count` new sales in batches.
    func post(_ count: Int) async throws {
        for first in stride(from: 0, to: count, by: Self.chunk) {
            let batches = try batches(min(Self.chunk, count - first))
            try await serving { port in
                _ = try LoadSender(
                    port: port, path: self.path + "/batch", connections: 4
                ).post(batches, wanted: "200")
            }
        }
    }

    /// Bytes of the answer to one sale.
    func answerSize() async throws -> Int {
        let bodies = try envelopes(1)
        let path = path
        return try await serving { port in
            let line = try LoadConnection(port: port)
            defer { line.close() }
            let head =
                "POST \(path) HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Length: \(bodies[0].count)\r\n\r\n"
            guard line.send(Array(head.utf8) + bodies[0]) else { return 0 }
            while case .partial = line.receive() {}
            return line.body.count
        }
    }

    /// Bodies of requests with up to ``batchMax`` of `count` new envelopes each.
    func batches(_ count: Int) throws -> [[UInt8]] {
        let envelopes = try envelopes(count)
        return stride(from: 0, to: count, by: Self.batchMax).map { first in
            let part = envelopes[first..<min(first + Self.batchMax, count)]
            return Array(#"{"envelopes":["#.utf8)
                + part.joined(separator: [UInt8(ascii: ",")]) + Array("]}".utf8)
        }
    }

    /// Sales in a full batch.
    static let batchMax = 256

    /// Serves on loopback while `body` runs with the port, on a thread of its own.
    func serving<Value: Sendable>(_ body: @Sendable @escaping (Int) throws -> Value) async throws
        -> Value
    {
        let server = Server(
            installation: installation,
            address: ServerAddress(host: "127.0.0.1", port: 0, tls: nil)
        ) { _ in }
        return try await server.serving { base in
            let port = Int(base.split(separator: ":").last ?? "") ?? 0
            return try await onThread { try body(port) }
        }
    }

    /// Serves a ``BarePipeline`` in the same way; its answers have as many bytes as given.
    func servingBareParts<Value: Sendable>(
        answerSize: Int, _ body: @Sendable @escaping (Int) throws -> Value
    ) async throws -> Value {
        let pipeline = try BarePipeline(rows: rows, check: check())
        let value = try await EchoServer.durable(answerSize, pipeline).serving(body)
        try pipeline.stop()
        return value
    }

    /// The tariff that prices its sales.
    var tariff: Tariff {
        get throws { try installation.tariff(of: yard, on: day).tariff }
    }

    /// What has to be checked about each envelope.
    func check() throws -> BareCheck {
        let register = Dictionary(
            uniqueKeysWithValues: keys.enumerated().compactMap { slot, key in
                TerminalID("t\(slot + 1)").map { terminal in
                    (
                        key.publicKey.thumbprint,
                        RegisteredKey(
                            key: key.publicKey, terminal: terminal, yard: yard.id, enrolledAt: 0)
                    )
                }
            })
        return BareCheck(yard: yard, register: register, tariff: try tariff)
    }

    /// CPU microseconds of reading, checking and pricing one envelope.
    func checkCost(_ bodies: [[UInt8]]) throws -> Double {
        let check = try check()
        let used = try Usage.cpuMicroseconds { for body in bodies { try check(body) } }
        return used / Double(bodies.count)
    }

    /// CPU microseconds of the rows and bytes of one sale in full batches, durable.
    func rowCost(_ bodies: [[UInt8]]) throws -> Double {
        let used = try Usage.cpuMicroseconds {
            for start in stride(from: 0, to: bodies.count, by: Self.batchMax) {
                try rows.commit(bodies[start..<min(start + Self.batchMax, bodies.count)])
            }
        }
        return used / Double(bodies.count)
    }

    /// Seconds of a durable commit of the rows of these sales by a bare writer.
    func commitSeconds(_ bodies: ArraySlice<[UInt8]>) throws -> Double {
        try Usage.seconds { try rows.commit(bodies) }
    }

    /// Microseconds of each sale from its turn to its durable rows, written by a bare writer that
    /// takes whatever is due; checkpoints come between commits, as in the server.
    func commitLatencies(_ bodies: [[UInt8]], ratePerSecond rate: Double) throws -> [Double] {
        var times: [Double] = []
        let began = Nanoseconds.now
        func due() -> Int { Int(Double(Nanoseconds.now - began) / 1e9 * rate) }
        while times.count < bodies.count {
            let next = min(due(), bodies.count, times.count + Self.batchMax)
            guard next > times.count else {
                usleep(50)
                continue
            }
            try rows.write(bodies[times.count..<next])
            let now = Double(Nanoseconds.now - began) / 1e3
            times += (times.count..<next).map { now - Double($0) / rate * 1e6 }
            try rows.lookAfter(isQuiet: due() <= next)
        }
        return times
    }

    func close() throws {
        try rows.close()
        try installation.close()
    }

    /// CPU microseconds of one leaf, proof and answer, and a full batch's share of a checkpoint;
    /// an envelope stands for its entry, which is as long.
    func proofCost(_ bodies: [[UInt8]]) throws -> Double {
        let key = try Ed25519PrivateKey.generate()
        let verifier = try key.verifierKey(name: yard.origin, kind: .note)
        var tree = LogTree()
        let used = try Usage.cpuMicroseconds {
            for start in stride(from: 0, to: bodies.count, by: Self.batchMax) {
                let entries = bodies[start..<min(start + Self.batchMax, bodies.count)]
                for entry in entries { _ = tree.append(MerkleTree.leafHash(entry)) }
                let body = "\(yard.origin)\n\(tree.size)\n\(tree.root.base64)\n"
                let signature = try NoteSignature.note(of: body, by: verifier) {
                    try key.sign($0)
                }
                let note = try SignedNote(text: body, signatures: [signature])
                for (place, entry) in zip(entries.indices, entries) {
                    let index = Int64(place)
                    let path = try tree.inclusionPath(index: index) { _ in [] }
                    let proof = TlogProof(index: index, path: path, checkpoint: note)
                    _ =
                        Acknowledgement(
                            index: index, isRepeat: false, flags: [], entry: entry,
                            proof: proof?.text ?? ""
                        ).json.bytes
                }
            }
        }
        return used / Double(bodies.count)
    }
}
