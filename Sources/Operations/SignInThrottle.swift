import People
import Synchronization
import Units

/// Slows down guessing: by name, where after five failures each further try waits longer, and by
/// the address that tries come from, where thirty are free and then one a minute, whatever the
/// names.
///
/// Somebody who means it can keep a name waiting for up to five minutes at a time (trust.md A25).
final class SignInThrottle: Sendable {
    private enum Key: Hashable {
        case person(PersonID)
        /// Everything that nobody can be called: long texts are not kept.
        case nobody
        case source(String)

        init(_ name: String) { self = PersonID(name).map(Key.person) ?? .nobody }
    }

    private struct Failures {
        var count: Int64
        var last: Timestamp

        /// Milliseconds from the last failure until the next try at a name.
        var pause: Int64 {
            count < 5 ? 0 : min(Int64(1) << min(count - 5, 9), 300) * 1_000
        }

        /// What is left of the failures of an address: each minute takes one away.
        func left(now: Timestamp) -> Int64 { max(0, count - elapsed(now) / 60_000) }

        func elapsed(_ now: Timestamp) -> Int64 { max(0, now.milliseconds - last.milliseconds) }
    }

    private static let sourceMax: Int64 = 30
    private static let keysMax = 10_000

    private let failures = Mutex<[Key: Failures]>([:])

    /// Seconds to wait before the next try; nil if one is free.
    func waiting(_ name: String, from source: String? = nil, now: Timestamp) -> Int64? {
        failures.withLock { failures in
            var left: Int64 = 0
            if let found = failures[Key(name)] { left = found.pause - found.elapsed(now) }
            if let source, let found = failures[.source(source)],
                found.left(now: now) >= Self.sourceMax
            {
                left = max(left, 60_000 - found.elapsed(now) % 60_000)
            }
            return left > 0 ? (left + 999) / 1_000 : nil
        }
    }

    /// Who signs in is forgiven what was tried at that name; the address is not, or one's own name
    /// would let one go on with others.
    func note(_ name: String, from source: String? = nil, succeeded: Bool, now: Timestamp) {
        failures.withLock { failures in
            guard !succeeded else {
                failures[Key(name)] = nil
                return
            }
            let count = failures[Key(name)]?.count ?? 0
            Self.keep(Failures(count: count + 1, last: now), Key(name), in: &failures)
            guard let source else { return }
            let left = failures[.source(source)]?.left(now: now) ?? 0
            Self.keep(Failures(count: left + 1, last: now), .source(source), in: &failures)
        }
    }

    /// The oldest goes where there are too many.
    private static func keep(
        _ failure: Failures, _ key: Key, in failures: inout [Key: Failures]
    ) {
        if failures[key] == nil, failures.count >= keysMax,
            let oldest = failures.min(by: { $0.value.last < $1.value.last })?.key
        {
            failures[oldest] = nil
        }
        failures[key] = failure
    }
}

/// Where tries to sign in come from.
package enum SignInSource {
    /// The address that tries are counted by: the other end of the line, or, where that is a proxy
    /// on this machine, the last one that the proxy names.
    ///
    /// - Parameter forwarded: `X-Forwarded-For`, which anybody else could write as they like.
    /// - Returns: nil where nobody can tell: then only names are counted, so that nobody locks out
    ///   a whole town.
    package static func address(peer: String?, forwarded: String?) -> String? {
        guard let peer, isLoopback(peer) else { return peer }
        let last = (forwarded ?? "").split(separator: ",").last ?? ""
        let address = String(last.drop { $0 == " " })
        return address.isEmpty || address.utf8.count > 64 ? nil : address
    }

    private static func isLoopback(_ address: String) -> Bool {
        address == "::1" || address.hasPrefix("127.") || address.hasPrefix("::ffff:127.")
    }
}
