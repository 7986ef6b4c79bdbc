import People
import Storage
import Synchronization
import Units

/// Sessions in memory, for people who sign in while nothing is written to the database.
final class UnwrittenSessions: Sendable {
    private let known = Mutex<[[UInt8]: SessionRow]>([:])

    func session(tokenDigest: [UInt8]) -> SessionRow? { known.withLock { $0[tokenDigest] } }

    func insert(tokenDigest: [UInt8], _ session: SessionRow) {
        known.withLock { known in
            // Nobody needs so many while people decide what to do.
            if known.count > 1_000 { known.removeAll() }
            known[tokenDigest] = session
        }
    }

    func remove(tokenDigest: [UInt8]) { known.withLock { $0[tokenDigest] = nil } }

    func remove(of person: PersonID) {
        known.withLock { known in known = known.filter { $0.value.person != person } }
    }
}
