import Foundation
import Journal
import Sales
import Storage
import Testing
import Units

@testable import Operations

struct BatchTests {
    private struct Failed: Error {}

    /// Full batches are written without savepoints; what fails in one must not take others along.
    @Test func `work that fails in a batch takes back only itself`() async throws {
        try await withYard(terminals: 4) { yard in
            let sale = TerminalFact.sale(try yard.sale("privat: 1 m³ gruenabfall"))
            let signed = try yard.terminals.map { try $0.sign(sale) }
            let (writer, number) = (yard.installation.writer, yard.yard.number)
            let before = try yard.installation.database.read { try $0.logSize(yard: number) }

            let failures = try await withThrowingTaskGroup(of: Bool.self) { group in
                group.addTask {
                    // What comes meanwhile waits for one batch.
                    try await writer.perform { _ in Thread.sleep(forTimeInterval: 0.2) }
                    return false
                }
                for record in signed {
                    group.addTask {
                        _ = try await yard.admit(record)
                        return false
                    }
                    group.addTask {
                        do {
                            try await writer.perform(for: .sales) { batch in
                                let entry = LogEntry(
                                    kind: .evidence, received: yard.installation.clock(),
                                    jws: [0x61], flags: [])
                                _ = try batch.append(entry, to: number)
                                throw Failed()
                            } answer: { (_: Void, _) in
                            }
                            return false
                        } catch is Failed { return true }
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }

            #expect(failures == 4)
            let after = try yard.installation.database.read { try $0.logSize(yard: number) }
            #expect(after == before + 4)
            #expect(try yard.installation.verify().misfit == nil)
        }
    }
}
