import Foundation
import Journal
import NIOHTTP1
import Operations
import Sales
import Synchronization
import Tariffs
import Testing
import Text
import Transparency
import Units

/// What the clients were told, by terminal and sequence number.
final class Acknowledged: Sendable {
    private let kept = Mutex<[SaleReference: [Acknowledgement]]>([:])

    /// Keeps it; gives how many sales are acknowledged now.
    func add(_ acknowledgement: Acknowledgement, _ reference: SaleReference) -> Int {
        kept.withLock { kept in
            kept[reference, default: []].append(acknowledgement)
            return kept.count
        }
    }

    var all: [SaleReference: [Acknowledgement]] { kept.withLock { $0 } }
}

struct CrashTests {
    private static let terminals = 8
    private static let perTerminal = 125

    @Test(.timeLimit(.minutes(10)))
    func `a killed server loses no acknowledged sale and doubles none`() async throws {
        try await withFolder { folder in
            let town = try await Town.found(in: folder)
            let (first, line) = try await town.serve()
            let (office, approver) = (
                try await town.signIn("clara", line), try await town.signIn("bernd", line)
            )
            let sale = try await activateTariff(line, office, approver)
            var terminals: [SigningTerminal] = []
            for number in 1...Self.terminals {
                terminals.append(
                    try await .enrol("t\(number)", at: line, operator: office, approver: approver))
            }
            let bodies = try terminals.map { try $0.envelopes(Self.perTerminal, of: sale) }

            let before = Acknowledged()
            try await post(bodies, terminals, line, into: before) { count in
                if count == 400 { first.killNow() }
            }
            #expect(await first.ended() == SIGKILL)

            let (second, newLine) = try await town.serve()
            let after = Acknowledged()
            let unanswered = try await post(bodies, terminals, newLine, into: after) { _ in }

            #expect(unanswered == 0)
            let listed = try await list(newLine, try await town.signIn("anna", newLine))
            let wanted = terminals.flatMap { terminal in
                (1...Int64(Self.perTerminal)).map {
                    SaleReference(terminal: terminal.id, sequence: $0)
                }
            }
            #expect(Set(listed) == Set(wanted))
            #expect(listed.count == wanted.count)
            let lost = try compare(before.all, after.all, terminals)
            #expect(lost == 0)
            second.terminate()
            #expect(await second.ended() == 0)
            let report = try await Program.succeed(["verify", "--data", town.data], in: folder)
            #expect(report.contains("Everything fits."))
            let survived = after.all.values.count { $0[0].isRepeat }
            print(
                "before the crash \(before.all.count) sales were acknowledged; \(survived) were "
                    + "there after it, \(lost) acknowledged ones lost; \(listed.count) in the "
                    + "end, \(listed.count - Set(listed).count) doubled")
        }
    }

    private func activateTariff(_ line: Line, _ office: String, _ approver: String) async throws
        -> Sale
    {
        let path = repository + "/tariffs/goettingen-2024.yaml"
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        let answer = try await line.send(
            .POST, "/v1/yards/hof-1/tariffs", token: office, bytes)
        #expect(answer.status == 201)
        let digest = try #require(try answer.json["digest"]?.string)
        try await line.json(
            .POST, "/v1/yards/hof-1/tariffs/\(digest)/approve", token: approver)
        return try .sample(try TariffFile.decode(bytes))
    }

    /// Each terminal posts its envelopes in order, all terminals at once, and stops when the line
    /// breaks; gives how many envelopes got no answer.
    @discardableResult
    private func post(
        _ bodies: [[[UInt8]]], _ terminals: [SigningTerminal], _ line: Line,
        into acknowledged: Acknowledged, _ noted: @escaping @Sendable (Int) -> Void
    ) async throws -> Int {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for (terminal, envelopes) in zip(terminals, bodies) {
                group.addTask {
                    for (index, body) in envelopes.enumerated() {
                        let answer: Answer
                        do {
                            answer = try await line.send(
                                .POST, "/v1/yards/hof-1/envelopes", body)
                        } catch { return envelopes.count - index }
                        guard [200, 201].contains(answer.status) else {
                            throw Unexpected(String(decoding: answer.bytes, as: UTF8.self))
                        }
                        let acknowledgement = try answer.acknowledgement
                        #expect(acknowledgement.isRepeat == (answer.status == 200))
                        noted(
                            acknowledged.add(
                                acknowledgement,
                                SaleReference(
                                    terminal: terminal.id, sequence: Int64(index) + 1)))
                    }
                    return 0
                }
            }
            return try await group.reduce(0, +)
        }
    }

    /// Every proof is checked offline; gives how many acknowledged sales moved or are new.
    private func compare(
        _ before: [SaleReference: [Acknowledgement]], _ after: [SaleReference: [Acknowledgement]],
        _ terminals: [SigningTerminal]
    ) throws -> Int {
        let key = terminals[0].logKey
        var lost = 0
        for (reference, answers) in after {
            let now = try #require(answers.first)
            for acknowledgement in answers + (before[reference] ?? []) {
                let proof = try TlogProof.parse(Array(acknowledgement.proof.utf8))
                #expect(proof.index == acknowledgement.index)
                try proof.verify(entry: acknowledgement.entry, log: key)
            }
            for then in before[reference] ?? []
            where then.index != now.index || then.entry != now.entry || !now.isRepeat {
                lost += 1
            }
        }
        return lost + before.keys.count { after[$0] == nil }
    }

    /// All records of the yard, page after page.
    private func list(_ line: Line, _ token: String) async throws -> [SaleReference] {
        var found: [SaleReference] = []
        var query = ""
        while true {
            let page = try await line.json(
                .GET, "/v1/yards/hof-1/sales\(query)", token: token)
            for row in page["sales"]?.array ?? [] {
                found.append(
                    SaleReference(
                        terminal: try #require(row["terminal"]?.string.flatMap { TerminalID($0) }),
                        sequence: try #require(row["seq"]?.integer)))
            }
            guard let next = page["next"]?.string else { return found }
            query = "?cursor=\(next)"
        }
    }
}
