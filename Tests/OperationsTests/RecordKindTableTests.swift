import Foundation
import Journal
import Keys
import People
import Sales
import Signing
import Testing
import Text
import Transparency
import Units

/// The tables of docs/formats/journal.md against the program: kinds, signers, members, rights,
/// flags.
struct RecordKindTableTests {
    private static let document: String = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        do {
            return try String(
                contentsOf: folder.appendingPathComponent("docs/formats/journal.md"),
                encoding: .utf8)
        } catch { return "" }
    }()

    /// The rows of the table whose first header is this, cell by cell.
    private static func rows(_ header: String) -> [[String]] {
        let lines = document.split(separator: "\n", omittingEmptySubsequences: false)
        guard let start = lines.firstIndex(where: { $0.hasPrefix("| \(header) |") }) else {
            return []
        }
        return lines[(start + 2)...].prefix { $0.hasPrefix("|") }.map { line in
            line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    /// The words in code style of a cell.
    private static func code(_ cell: String) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }

    /// One fact of each kind that the server signs.
    private static func facts() throws -> [ServerFact] {
        let key = try ES256PrivateKey.generate().publicKey
        let log = try Ed25519PrivateKey.generate().verifierKey(name: "a.example/log", kind: .note)
        let (terminal, person): (TerminalID, PersonID) = (
            TestYard.named("t1"), TestYard.named("anna")
        )
        let sale = SaleReference(terminal: terminal, sequence: 1)
        let announced = AnnouncedKey(
            terminal: terminal, key: key, announcement: [0x61], possession: [0x61])
        func reversal(_ kind: Reversal.Kind) -> ServerFact {
            .reversal(
                Reversal(
                    kind: kind, original: sale, lines: [], vat: [], reason: "x",
                    settlement: .noMoney), approval: 1, completedBy: person)
        }
        return [
            .genesis(
                Genesis(
                    town: "x", yardName: "x", address: "x", logKey: log.text, recordKey: key,
                    policy: "x")),
            .enrol(
                Enrolment(
                    terminal: terminal, name: "x", key: key, requestedBy: person,
                    approvedBy: person)),
            .tariff(
                TariffActivation(
                    id: "x", title: "x", digest: "x", from: try #require(BusinessDay(iso: day)),
                    to: nil,
                    ends: TariffEnding(digest: "x", on: try #require(BusinessDay(iso: day))),
                    proposedBy: person, approvedBy: person)),
            reversal(.void), reversal(.refund),
            .resolution(
                PaymentResolution(
                    original: sale, finding: .notChargedClaim, evidence: .person, note: "x"),
                by: person),
            .release(TerminalRelease(terminal: terminal, reason: "x", approvedBy: person)),
            .rotate(KeyRotation(announced: announced, approvedBy: person)),
            .revoke(
                KeyRevocation(
                    terminal: terminal, kid: "x", trusted: 0, trustedIndex: nil, reason: "x",
                    requestedBy: person, approvedBy: person)),
            .decision(
                RecordDecision(
                    terminal: terminal, sequence: 1, index: 1, counts: true, reason: "x",
                    decidedBy: person)),
            .rotateLog(
                LogKeyRotation(
                    key: log, checkpoint: [0], requestedBy: person, approvedBy: person)),
            .rotateRecord(
                RecordKeyRotation(
                    key: key, possession: [0x61], requestedBy: person, approvedBy: person)),
            .loss(
                JournalLoss(
                    key: log, end: [0], first: 0,
                    heads: [
                        .init(size: 1, root: Digest.sha256([]), knownBy: "x", note: [0])
                    ], reason: "x", requestedBy: person, approvedBy: person)),
            .approve(
                Approval(
                    request: 1, original: sale, amount: .zero, reason: "x", requestedBy: person,
                    approvedBy: person)),
            .close(.fields([:])), .export(.fields([:])), .snapshot(.fields([:])),
            .handover(.fields([:])),
            .erase(
                Erasure(
                    cause: .request, reason: "x", requestedBy: person, approvedBy: person,
                    fields: [])),
            .hold(
                LegalHold(
                    number: 1, first: 0, last: nil, reason: "x", requestedBy: person,
                    approvedBy: person)),
            .lift(HoldLift(number: 1, reason: "x", requestedBy: person, approvedBy: person)),
            .bankStatement(
                ImportedStatement(
                    source: "statement", file: Digest.sha256([]), account: "x", id: "x",
                    sequence: 1, currency: "EUR", opening: nil, closing: nil, lineCount: 0,
                    lines: Digest.sha256([]), by: person)),
            .debtor(DebtorNaming(original: sale, reason: "x", by: person)),
        ]
            + SettlementRecord.Kind.allCases.map { kind in
                .settled(
                    SettlementRecord(
                        kind: kind, rule: "manual", undoes: kind == .unmatch ? 1 : nil,
                        original: sale, reason: "x", by: person))
            }
    }

    private static let day = "2026-11-20"
    private static let signedByTerminals: Set<RecordKind> = [
        .sale, .noSale, .void, .resolution, .evidence,
    ]

    @Test func `every kind stands in the table once, with its signers`() throws {
        let rows = Self.rows("kind")
        let kinds = rows.map { Self.code($0[0]) }
        #expect(kinds == RecordKind.allCases.sortedAs(kinds.flatMap { $0 }).map { [$0.rawValue] })
        let byServer = Set(try Self.facts().map(\.kind))
        for row in rows {
            let kind = try #require(RecordKind(rawValue: Self.code(row[0])[0]))
            var signers: [String] = []
            if Self.signedByTerminals.contains(kind) { signers.append("terminal") }
            if byServer.contains(kind) { signers.append("server") }
            #expect(row[1] == signers.joined(separator: ", "), "\(kind)")
        }
        #expect(byServer.union(Self.signedByTerminals) == Set(RecordKind.allCases))
    }

    @Test func `the members of each record of the server are those in the table`() throws {
        let header = "\n| kind | members |"
        let part = try #require(Self.document.range(of: header))
        let table = Self.document[part.lowerBound...].split(separator: "\n").dropFirst(2)
            .prefix { $0.hasPrefix("|") }.map(String.init)
        var documented: [String: String] = [:]
        for line in table {
            let cells = line.split(separator: "|").map(String.init)
            for kind in Self.code(cells[0]) { documented[kind] = cells[1] }
        }
        let yard: YardID = TestYard.named("hof-1")
        for fact in try Self.facts() {
            let record = ServerRecord(
                log: "a.example/log", yard: yard, at: TestClock(TestClock.morning).now, fact: fact)
            let json = try StrictJSON.parse(record.payload, depthMax: 6)
            let names = (json.members ?? []).map(\.name)
            #expect(names.prefix(5) == ["v", "kind", "log", "yard", "at"])
            #expect(names.last == "personal")
            let text = try #require(documented[fact.kind.rawValue], "\(fact.kind)")
            // Void, refund and resolution name the members that a terminal's record has too.
            let own = names.dropFirst(5).dropLast()
                .filter { name in
                    !text.contains("in envelope.md") || ["approval", "by"].contains(name)
                }
            #expect(own.allSatisfy { text.contains("`\($0)`") }, "\(fact.kind): \(own)")
            let listed = Self.topLevel(text)
            #expect(listed == own, "\(fact.kind)")
        }
    }

    /// The names in code style that stand outside brackets.
    private static func topLevel(_ cell: String) -> [String] {
        var depth = 0
        let outside = cell.filter { letter in
            if letter == "(" { depth += 1 }
            defer { if letter == ")" { depth -= 1 } }
            return depth == 0 && letter != ")"
        }
        return code(outside)
    }

    @Test func `the rights in the table are acts with these roles`() throws {
        var acts: Set<String> = []
        for row in Self.rows("kind") {
            acts.formUnion(Self.code(row[3]).filter { Act(rawValue: $0) != nil })
            // What is in code style is an act, or the command that founds a log.
            #expect(
                Self.code(row[3]).allSatisfy { Act(rawValue: $0) != nil || $0 == "hofbuch init" },
                "\(row)")
        }
        var withRoles: Set<String> = []
        for row in Self.rows("act") {
            for name in Self.code(row[0]) {
                let act = try #require(Act(rawValue: name), "\(name)")
                let roles = row[1].split(separator: ", ").compactMap { Role(rawValue: "\($0)") }
                #expect(Set(roles) == act.roles, "\(name)")
                withRoles.insert(name)
            }
        }
        #expect(withRoles == acts)
    }

    @Test func `the flags in the table are those of the program, in their order`() {
        #expect(
            Self.rows("flag").flatMap { Self.code($0[0]) } == RecordFlag.allCases.map(\.rawValue))
    }
}

extension [RecordKind] {
    /// In the order of these names; those that are missing come last.
    fileprivate func sortedAs(_ names: [String]) -> [RecordKind] {
        sorted { left, right in
            (names.firstIndex(of: left.rawValue) ?? .max)
                < (names.firstIndex(of: right.rawValue) ?? .max)
        }
    }
}
