import Testing
import Units

@testable import Operations

/// Guessing: how long it has to wait, and whose it is.
struct SignInThrottleTests {
    private let throttle = SignInThrottle()

    private func instant(_ seconds: Int64) throws -> Timestamp {
        try #require(Timestamp(milliseconds: 1_795_000_000_000 + seconds * 1_000))
    }

    @Test func `one password at many names waits by where it comes from`() throws {
        let now = try instant(0)
        for number in 1...30 {
            #expect(throttle.waiting("name\(number)", from: "192.0.2.1", now: now) == nil)
            throttle.note("name\(number)", from: "192.0.2.1", succeeded: false, now: now)
        }

        #expect(throttle.waiting("anna", from: "192.0.2.1", now: now) == 60)
        #expect(throttle.waiting("anna", from: "192.0.2.1", now: try instant(59)) == 1)
        #expect(throttle.waiting("anna", from: "192.0.2.1", now: try instant(60)) == nil)
        #expect(throttle.waiting("anna", from: "192.0.2.2", now: now) == nil)
        #expect(throttle.waiting("anna", now: now) == nil)
        // A right password of one's own does not make the others free.
        throttle.note("anna", from: "192.0.2.1", succeeded: true, now: now)
        #expect(throttle.waiting("bernd", from: "192.0.2.1", now: now) == 60)
    }

    @Test func `what nobody can be called is counted as one, and not kept`() throws {
        let now = try instant(0)
        for number in 1...5 {
            throttle.note("KEIN NAME \(number)", succeeded: false, now: now)
        }
        #expect(throttle.waiting("Noch Einer", now: now) == 1)
        #expect(throttle.waiting("anna", now: now) == nil)
    }

    @Test func `of too many names the oldest is forgotten, and no other`() throws {
        for _ in 1...5 { throttle.note("alt", succeeded: false, now: try instant(0)) }
        for _ in 1...9 { throttle.note("anna", succeeded: false, now: try instant(1)) }
        let now = try instant(2)
        for number in 1..<9_999 { throttle.note("n\(number)", succeeded: false, now: now) }
        #expect(throttle.waiting("alt", now: try instant(0)) == 1)

        throttle.note("neu", succeeded: false, now: now)

        #expect(throttle.waiting("alt", now: try instant(0)) == nil)
        #expect(throttle.waiting("anna", now: now) == 15)
    }

    private static let sources: [(String?, String?, String?)] = [
        ("192.0.2.7", nil, "192.0.2.7"), ("192.0.2.7", "10.0.0.1", "192.0.2.7"),
        ("127.0.0.1", "10.0.0.1, 192.0.2.9", "192.0.2.9"), ("::1", "2001:db8::1", "2001:db8::1"),
        ("127.0.0.1", nil, nil), ("::ffff:127.0.0.1", "", nil), (nil, "192.0.2.9", nil),
        ("127.0.0.1", String(repeating: "1", count: 65), nil),
    ]

    @Test(arguments: sources)
    func `only a proxy on this machine says where somebody is`(
        peer: String?, forwarded: String?, address: String?
    ) {
        #expect(SignInSource.address(peer: peer, forwarded: forwarded) == address)
    }
}
