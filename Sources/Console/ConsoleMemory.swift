import Operations
import People
import Synchronization
import Units

/// What the console keeps between two requests and loses with the process: enrolment codes not
/// shown yet, and the last verification.
final class ConsoleMemory: Sendable {
    /// A one-time code that its page has not shown yet.
    struct PendingCode: Sendable {
        let terminal: TerminalID
        let code: String
        let person: PersonID
    }

    /// What the last verification found, and when.
    struct Verification: Sendable {
        let report: VerificationReport
        let at: Timestamp
    }

    private let codes = Mutex<[Int64: PendingCode]>([:])
    private let verification = Mutex<Verification?>(nil)
    private let isVerifying = Mutex(false)

    /// Keeps a code until it is taken; the oldest go when there are too many.
    func keep(_ code: PendingCode, request: Int64) {
        codes.withLock { codes in
            codes[request] = code
            while codes.count > 100, let oldest = codes.keys.min() { codes[oldest] = nil }
        }
    }

    /// The code of a request, once, for the person who asked for it.
    func take(_ request: Int64, for person: PersonID) -> PendingCode? {
        codes.withLock { codes in
            guard let found = codes[request], found.person == person else { return nil }
            codes[request] = nil
            return found
        }
    }

    var lastVerification: Verification? { verification.withLock { $0 } }

    /// Runs `verify` unless it runs already, and keeps what it found.
    func verify(at now: Timestamp, _ verify: () throws -> VerificationReport) throws {
        let isFirst = isVerifying.withLock { running in
            defer { running = true }
            return !running
        }
        guard isFirst else { return }
        defer { isVerifying.withLock { $0 = false } }
        let report = try verify()
        verification.withLock { $0 = Verification(report: report, at: now) }
    }
}
