import Foundation

/// The power of a simulated yard terminal.
///
/// A crash copies the store as it is at that moment; what goes on afterwards goes on in the old
/// one, which nobody looks at again, and reaches neither card terminal nor server.
final class TerminalPower: @unchecked Sendable {
    enum Moment: CaseIterable, Sendable {
        /// The question is stored, and the card terminal has not heard it.
        case beforeCard
        /// The card is charged, or not, and nobody has stored what the card terminal said.
        case afterCard
        /// The server has recorded, and the acknowledgement is not stored.
        case afterAnswer
    }

    private let folder: String
    private let lock = NSLock()
    private var armed: Moment?
    private var isOut = false
    private var life = 0

    init(of folder: String) { self.folder = folder }

    /// The folder of the store.
    var store: String { "\(folder)/life-\(failures)" }

    var failures: Int { lock.withLock { life } }

    var hasFailed: Bool { lock.withLock { isOut } }

    /// Fails when this moment comes next.
    func arm(_ moment: Moment) { lock.withLock { armed = moment } }

    func disarm() { lock.withLock { armed = nil } }

    func reach(_ moment: Moment) {
        let isTime = lock.withLock {
            guard armed == moment, !isOut else { return false }
            (armed, isOut) = (nil, true)
            return true
        }
        guard isTime else { return }
        do { try copyStore() } catch {
            preconditionFailure("the store of a crash cannot be copied: \(error)")
        }
    }

    /// The power is back: the store is the one of the crash, if there was one.
    func goOn() {
        lock.withLock {
            if isOut { life += 1 }
            (armed, isOut) = (nil, false)
        }
    }

    private func copyStore() throws {
        let (files, old) = (FileManager.default, store)
        let new = "\(folder)/life-\(failures + 1)"
        try files.createDirectory(atPath: new, withIntermediateDirectories: true)
        for name in try files.contentsOfDirectory(atPath: old)
        where name != "lock" && !name.hasSuffix("-shm") {
            try files.copyItem(atPath: "\(old)/\(name)", toPath: "\(new)/\(name)")
        }
    }
}
