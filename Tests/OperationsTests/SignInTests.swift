import Foundation
import Operations
import People
import Storage
import Testing
import Units

struct SignInTests {
    private let password = "richtig-und-lang"

    @Test func `who knows the password gets a session`() async throws {
        try await withYard(terminals: 0, hasTariff: false) { yard in
            try await yard.installation.save(TestYard.cashier, password: password)
            let signedIn = try await yard.installation.signIn("anna", password: password)
            #expect(signedIn.person == TestYard.cashier)
            #expect(try yard.installation.session(signedIn.token)?.person == TestYard.cashier)
            #expect(try yard.installation.session(signedIn.token + "A") == nil)

            try await yard.installation.signOut(signedIn.token)
            #expect(try yard.installation.session(signedIn.token) == nil)
        }
    }

    @Test func `wrong passwords, unknown names and inactive people look the same`() async throws {
        try await withYard(terminals: 0, hasTariff: false) { yard in
            try await yard.installation.save(TestYard.cashier, password: password)
            try await yard.installation.save(
                TestYard.person("gone", [.cashier], isActive: false), password: password)
            for (name, typed) in [
                ("anna", "falsch-und-lang"), ("anna", ""), ("nobody", password), ("gone", password),
                ("NO NAME", password),
            ] {
                await #expect(throws: OperationsError.signInFailed, "\(name)") {
                    _ = try await yard.installation.signIn(name, password: typed)
                }
            }
        }
    }

    @Test func `guessing is slowed down per name, and ends with the right one`() async throws {
        try await withYard(terminals: 0, hasTariff: false) { yard in
            let installation = yard.installation
            try await installation.save(TestYard.cashier, password: password)
            func guess() async throws {
                _ = try await installation.signIn("anna", password: "falsch-und-lang")
            }
            for _ in 0..<5 {
                await #expect(throws: OperationsError.signInFailed) { try await guess() }
            }
            await #expect(throws: OperationsError.tooManyAttempts(seconds: 1)) {
                _ = try await installation.signIn("anna", password: password)
            }
            yard.clock.advance(milliseconds: 1_000)
            await #expect(throws: OperationsError.signInFailed) { try await guess() }
            await #expect(throws: OperationsError.tooManyAttempts(seconds: 2)) { try await guess() }
            yard.clock.advance(milliseconds: 2_000)

            _ = try await installation.signIn("anna", password: password)

            for _ in 0..<5 {
                await #expect(throws: OperationsError.signInFailed) { try await guess() }
            }
        }
    }

    @Test func `a session ends after a quarter of an hour without use`() async throws {
        try await withYard(terminals: 0, hasTariff: false) { yard in
            try await yard.installation.save(TestYard.cashier, password: password)
            let token = try await yard.installation.signIn("anna", password: password).token
            yard.clock.advance(milliseconds: 15 * 60_000)
            #expect(try yard.installation.session(token) == nil)
        }
    }

    @Test func `use prolongs a session, but not beyond ten hours`() async throws {
        try await withYard(terminals: 0, hasTariff: false) { yard in
            try await yard.installation.save(TestYard.cashier, password: password)
            let token = try await yard.installation.signIn("anna", password: password).token
            for _ in 1..<60 {
                yard.clock.advance(minutes: 10)
                try #require(try yard.installation.session(token) != nil)
                try await yard.waitForTouch(of: token)
            }
            yard.clock.advance(milliseconds: 10 * 60_000 - 1)
            #expect(try yard.installation.session(token) != nil)
            yard.clock.advance(milliseconds: 1)
            #expect(try yard.installation.session(token) == nil)
        }
    }

    @Test func `a session that is too old is forgotten at the next sign-in`() async throws {
        try await withYard(terminals: 0, hasTariff: false) { yard in
            try await yard.installation.save(TestYard.cashier, password: password)
            let old = try await yard.installation.signIn("anna", password: password).token
            yard.clock.advance(milliseconds: 9 * 3_600_000)
            let newer = try await yard.installation.signIn("anna", password: password).token
            #expect(try yard.lastUse(of: old) != nil)

            yard.clock.advance(milliseconds: 3_600_001)
            _ = try await yard.installation.signIn("anna", password: password)

            #expect(try yard.lastUse(of: old) == nil)
            #expect(try yard.lastUse(of: newer) != nil)
        }
    }

    @Test func `a changed person has to sign in again, and a short password is refused`()
        async throws
    {
        try await withYard(terminals: 0, hasTariff: false) { yard in
            let installation = yard.installation
            await #expect(throws: OperationsError.passwordTooShort) {
                try await installation.save(TestYard.cashier, password: "neun-wörä")
            }
            try await installation.save(TestYard.cashier, password: "zehn-lang-")
            let token = try await installation.signIn("anna", password: "zehn-lang-").token

            try await installation.save(
                TestYard.person("anna", [.cashier], isActive: false), password: password)

            #expect(try installation.session(token) == nil)
            await #expect(throws: OperationsError.signInFailed) {
                _ = try await installation.signIn("anna", password: password)
            }
        }
    }
}

extension TestYard {
    /// Waits until the use of a session was noted, which happens beside the answer.
    ///
    /// Sessions are noted by the one writer in the order asked for, so what is written after it
    /// has seen it.
    fileprivate func waitForTouch(of token: String) async throws {
        let deadline = ContinuousClock.now + .seconds(10)
        while try lastUse(of: token) != clock.now {
            guard ContinuousClock.now < deadline else { throw Unexpected("not noted in 10 s") }
            await Task.yield()
        }
    }
}
