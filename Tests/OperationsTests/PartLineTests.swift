import Synchronization
import Testing

@testable import Operations

struct PartLineTests {
    private struct Bad: Error, Equatable { let number: Int }

    @Test func `after a part that is not taken up none is, and its error is the one thrown`()
        throws
    {
        for _ in 0..<5_000 {
            let taken = Mutex<[Int]>([])
            let line = PartLine<Int>(count: 24, workers: 4)
            let error = #expect(throws: Bad.self) {
                try line.run(workers: 4) {
                } work: { number, _ in
                    number
                } take: { number in
                    taken.withLock { $0.append(number) }
                    if number >= 3 { throw Bad(number: number) }
                }
            }
            #expect(error == Bad(number: 3))
            #expect(taken.withLock { $0 } == [0, 1, 2, 3])
        }
    }
}
