import Operations
import People
import Synchronization
import Units

/// What the console keeps between two requests and loses with the process: enrolment codes not
/// shown yet, bank files not taken in yet, and the last verification.
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

    /// A bank file that a person looks at before it is taken in.
    struct PendingBankFile: Sendable {
        /// In the page's path.
        let code: String
        let file: UploadedFile
        /// Of an acquirer's file; nil for one of the bank.
        let profile: String?
        let preview: BankFilePreview
        let person: PersonID
        let at: Timestamp
        /// Nil until it is taken in.
        var report: ImportReport?
    }

    /// How long a file that nobody takes in is kept, and how many of all people.
    static let bankFileMilliseconds: Int64 = 30 * 60_000
    static let bankFilesMax = 4

    private let bankFiles = Mutex<[PendingBankFile]>([])
    private let codes = Mutex<[Int64: PendingCode]>([:])
    private let verification = Mutex<Verification?>(nil)
    private let isVerifying = Mutex(false)
    private let knowsForeignOrigin = Mutex(false)

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

    /// Keeps the file that a person chose, instead of the one before.
    func keep(_ pending: PendingBankFile) {
        bankFiles.withLock { files in
            files.removeAll { $0.person == pending.person }
            Self.dropOld(&files, now: pending.at)
            files.append(pending)
            files.removeFirst(max(0, files.count - Self.bankFilesMax))
        }
    }

    /// The file of that code, for the person who chose it; nil when it is gone.
    func bankFile(_ code: String, of person: PersonID, now: Timestamp) -> PendingBankFile? {
        bankFiles.withLock { files in
            Self.dropOld(&files, now: now)
            return files.first { $0.code == code && $0.person == person }
        }
    }

    /// Remembers what became of a file, and lets its bytes go. The first report stands: a second
    /// click finds everything known.
    func finish(_ pending: PendingBankFile, _ report: ImportReport) {
        bankFiles.withLock { files in
            let place = files.firstIndex {
                $0.code == pending.code && $0.person == pending.person && $0.report == nil
            }
            guard let place else { return }
            files[place] = PendingBankFile(
                code: pending.code, file: UploadedFile(name: pending.file.name, bytes: []),
                profile: pending.profile, preview: pending.preview, person: pending.person,
                at: pending.at, report: report)
        }
    }

    private static func dropOld(_ files: inout [PendingBankFile], now: Timestamp) {
        files.removeAll { now.milliseconds - $0.at.milliseconds > bankFileMilliseconds }
    }

    /// Whether nobody has asked this before.
    func isFirstForeignOrigin() -> Bool {
        knowsForeignOrigin.withLock { known in
            defer { known = true }
            return !known
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
