import Foundation
import Operations
import People
import Storage
import Testing
import Units

/// Who may sign in, as what; and that no change of that leaves no trace.
struct PeopleTests {
    private let password = "richtig-und-lang"

    @Test func `each change of a person is noted with who made it, newest first`() async throws {
        try await withYard(terminals: 0, hasTariff: false) { yard in
            let installation = yard.installation
            let anna = TestYard.cashier
            let more = Person(id: anna.id, name: "Anna Neu", roles: [.cashier, .approver])
            let gone = Person(id: anna.id, name: "Anna Neu", roles: [.approver], isActive: false)
            try await installation.save(anna, password: password)
            yard.clock.advance(minutes: 1)
            let second = yard.clock.now
            try await installation.save(more, password: nil, by: TestYard.office.id)
            try await installation.save(gone, password: "anders-und-lang", by: TestYard.office.id)

            let (rows, next) = try installation.personChanges(by: TestYard.auditor)

            #expect(next == nil)
            #expect(rows.map(\.before) == [more, anna, nil])
            #expect(rows.map(\.after) == [gone, more, anna])
            #expect(rows.map(\.by) == [TestYard.office.id, TestYard.office.id, nil])
            #expect(rows.map(\.isNewPassword) == [true, false, true])
            #expect(rows[1].at == second)
            let forbidden = #expect(throws: OperationsError.self) {
                try installation.personChanges(by: TestYard.cashier)
            }
            #expect(forbidden?.code == "role-missing")
        }
    }

    @Test func `a change of roles keeps the password and ends the sessions`() async throws {
        try await withYard(terminals: 0, hasTariff: false) { yard in
            let installation = yard.installation
            try await installation.save(TestYard.cashier, password: password)
            let token = try await installation.signIn("anna", password: password).token

            let approver = Person(id: TestYard.cashier.id, name: "Anna", roles: [.approver])
            try await installation.save(approver, password: nil, by: TestYard.office.id)

            #expect(try installation.session(token) == nil)
            #expect(try await installation.signIn("anna", password: password).person == approver)
        }
    }

    @Test func `nobody is made without name, roles or password`() async throws {
        try await withYard(terminals: 0, hasTariff: false) { yard in
            let installation = yard.installation
            func refusal(_ name: String, _ roles: Set<Role>, _ password: String?) async -> String? {
                let error = await #expect(throws: OperationsError.self) {
                    try await installation.save(
                        Person(id: TestYard.named("zoe"), name: name, roles: roles),
                        password: password)
                }
                guard case .input(let field, _) = error else { return error?.code }
                return field
            }
            #expect(await refusal("", [.cashier], password) == "name")
            #expect(await refusal("Zoe\nZwei", [.cashier], password) == "name")
            #expect(await refusal("Zoe", [], password) == "roles")
            #expect(await refusal("Zoe", [.cashier], nil) == "password")
            #expect(await refusal("Zoe", [.cashier], "kurz") == "password-too-short")
            #expect(await refusal("Zoe", [.cashier], "lang genug\u{7}") == "password")
            for blank in [" ", "\u{A0}"] {
                let spaces = String(repeating: blank, count: 12)
                #expect(await refusal("Zoe", [.cashier], spaces) == "password")
            }
            #expect(try installation.people().isEmpty)
            #expect(try installation.personChanges(by: TestYard.auditor).rows.isEmpty)
            // Who may no longer sign in needs no role.
            try await installation.save(
                TestYard.person("zoe", [], isActive: false), password: password)
        }
    }

    @Test func `one's own password is changed with the old one, and ends every session`()
        async throws
    {
        try await withYard(terminals: 0, hasTariff: false) { yard in
            let (installation, anna) = (yard.installation, TestYard.cashier)
            try await installation.save(anna, password: password)
            let token = try await installation.signIn("anna", password: password).token
            await #expect(throws: OperationsError.passwordWrong) {
                try await installation.changePassword(
                    of: anna.id, from: "falsch-und-lang", to: "neu-und-auch-lang")
            }
            #expect(try installation.session(token) != nil)

            try await installation.changePassword(
                of: anna.id, from: password, to: "neu-und-auch-lang")

            #expect(try installation.session(token) == nil)
            await #expect(throws: OperationsError.signInFailed) {
                _ = try await installation.signIn("anna", password: password)
            }
            let again = try await installation.signIn("anna", password: "neu-und-auch-lang")
            #expect(again.person == anna)
            let newest = try #require(
                try installation.personChanges(by: TestYard.auditor).rows.first)
            #expect(newest.by == anna.id && newest.before == anna && newest.after == anna)
            #expect(newest.isNewPassword)
        }
    }

    @Test func `the old password is no new one`() async throws {
        try await withYard(terminals: 0, hasTariff: false) { yard in
            let (installation, anna) = (yard.installation, TestYard.cashier)
            try await installation.save(anna, password: password)
            await #expect(throws: OperationsError.passwordUnchanged) {
                try await installation.changePassword(of: anna.id, from: password, to: password)
            }
            await #expect(throws: OperationsError.passwordWrong) {
                try await installation.changePassword(
                    of: anna.id, from: "falsch-und-lang", to: "falsch-und-lang")
            }
            let changes = try installation.personChanges(by: TestYard.auditor).rows
            #expect(changes.count == 1)
        }
    }

    @Test func `guessing the old password is slowed down like signing in`() async throws {
        try await withYard(terminals: 0, hasTariff: false) { yard in
            let (installation, anna) = (yard.installation, TestYard.cashier)
            try await installation.save(anna, password: password)
            for _ in 0..<5 {
                await #expect(throws: OperationsError.passwordWrong) {
                    try await installation.changePassword(
                        of: anna.id, from: "falsch-und-lang", to: "neu-und-auch-lang")
                }
            }
            await #expect(throws: OperationsError.tooManyAttempts(seconds: 1)) {
                try await installation.changePassword(
                    of: anna.id, from: password, to: "neu-und-auch-lang")
            }
        }
    }

    @Test func `the list of changes goes on behind its cursor`() async throws {
        try await withYard(terminals: 0, hasTariff: false) { yard in
            let installation = yard.installation
            try await installation.save(TestYard.cashier, password: password)
            for _ in 0..<100 { try await installation.save(TestYard.cashier, password: nil) }

            let first = try installation.personChanges(by: TestYard.auditor)
            let rest = try installation.personChanges(after: first.next, by: TestYard.auditor)

            #expect(first.rows.count == 100 && rest.rows.count == 1 && rest.next == nil)
            #expect(rest.rows.first?.before == nil)
            #expect(throws: OperationsError.cursorInvalid) {
                try installation.personChanges(after: "AAAA", by: TestYard.auditor)
            }
        }
    }
}
