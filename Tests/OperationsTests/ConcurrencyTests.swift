import Journal
import Operations
import Sales
import Signing
import Testing
import Units

struct ConcurrencyTests {
    @Test func `a thousand sales from eight terminals at once are all there once`() async throws {
        try await withYard(terminals: 8) { yard in
            let sale = TerminalFact.sale(
                try yard.sale("privat: 1 m³ gruenabfall; 2 Sack restabfall"))
            let signed = try yard.terminals.map { terminal in
                try (0..<125).map { _ in try terminal.sign(sale) }
            }

            let acknowledgements = try await withThrowingTaskGroup(of: [Acknowledgement].self) {
                group in
                for records in signed {
                    group.addTask {
                        var answers: [Acknowledgement] = []
                        for record in records { answers.append(try await yard.admit(record)) }
                        return answers
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }

            #expect(acknowledgements.count == 1_000)
            #expect(Set(acknowledgements.map(\.index)).count == 1_000)
            #expect(acknowledgements.allSatisfy { !$0.isRepeat && $0.flags.isEmpty })
            for acknowledgement in acknowledgements { try yard.verify(acknowledgement) }
            let listed = try await all(yard)
            #expect(listed.count == 1_000)
            #expect(Set(listed) == Set(signed.flatMap { $0 }.map(\.reference)))
            let report = try yard.installation.verify()
            #expect(report.misfit == nil)
            #expect(report.gaps.isEmpty)
        }
    }

    @Test func `batches of several terminals at once find room for all`() async throws {
        try await withYard(terminals: 8) { yard in
            let signed = try yard.terminals.map { try $0.sign(yard.greenWaste) }
            let batch = (0..<256).map { place -> Result<Envelope, any Error> in
                .success(signed[place % 8].envelope)
            }

            let counts = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        try await yard.installation.admit(batch, to: yard.yard).count {
                            if case .success(.acknowledged) = $0 { true } else { false }
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }

            #expect(counts == [256, 256, 256, 256])
        }
    }

    /// Every record of the yard, page after page.
    private func all(_ yard: TestYard) async throws -> [SaleReference] {
        var found: [SaleReference] = []
        var cursor: String?
        repeat {
            let page = try await yard.installation.sales(
                of: yard.yard, after: cursor, limit: 64)
            found += page.rows.map(\.reference)
            cursor = page.next
        } while cursor != nil
        return found
    }
}
