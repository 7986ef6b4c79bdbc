import Journal
import Keys
import Operations
import People
import Storage
import Testing
import Units

struct EnrolmentTests {
    /// A request approved by a second person, and its code.
    private func approved(_ name: String, _ yard: TestYard) async throws -> String {
        let (id, code) = try await yard.installation.requestEnrolment(
            TestYard.named(name), name: name, at: yard.yard, by: TestYard.office)
        try await yard.installation.approveEnrolment(id, at: yard.yard, by: TestYard.approver)
        return code
    }

    private func enrol(_ code: String, _ yard: TestYard) async throws -> EnrolledTerminal {
        let key = try ES256PrivateKey.generate()
        return try await yard.installation.enrol(
            code: code, key: key.publicKey,
            proof: try TestTerminal.possession(of: key, code: code))
    }

    @Test func `a terminal is enrolled by two people and its code`() async throws {
        try await withYard(terminals: 0) { yard in
            let code = try await approved("t9", yard)

            let enrolled = try await enrol(code, yard)

            #expect(enrolled.terminal.text == "t9")
            #expect(enrolled.yard == yard.yard)
            let row = try #require(try yard.installation.terminal(token: enrolled.token))
            #expect(row.id == enrolled.terminal)
            #expect(row.state == .active)
            #expect(try yard.installation.terminal(token: enrolled.token + "A") == nil)
            #expect(try yard.installation.openEnrolments(of: yard.yard).isEmpty)
        }
    }

    @Test func `nobody approves their own request`() async throws {
        try await withYard(terminals: 0) { yard in
            let (id, _) = try await yard.installation.requestEnrolment(
                TestYard.named("t9"), name: "t9", at: yard.yard, by: TestYard.everybody)

            await #expect(
                throws: OperationsError.forbidden(
                    .samePerson(act: .approveEnrolment, person: TestYard.everybody.id))
            ) {
                try await yard.installation.approveEnrolment(
                    id, at: yard.yard, by: TestYard.everybody)
            }
        }
    }

    @Test func `asking and approving need their roles`() async throws {
        try await withYard(terminals: 0) { yard in
            await #expect(
                throws: OperationsError.forbidden(
                    .roleMissing(act: .requestEnrolment, person: TestYard.cashier.id))
            ) {
                _ = try await yard.installation.requestEnrolment(
                    TestYard.named("t9"), name: "t9", at: yard.yard, by: TestYard.cashier)
            }
            let (id, _) = try await yard.installation.requestEnrolment(
                TestYard.named("t9"), name: "t9", at: yard.yard, by: TestYard.office)
            await #expect(
                throws: OperationsError.forbidden(
                    .roleMissing(act: .approveEnrolment, person: TestYard.cashier.id))
            ) {
                try await yard.installation.approveEnrolment(
                    id, at: yard.yard, by: TestYard.cashier)
            }
        }
    }

    @Test func `a code works up to ten minutes after its approval`() async throws {
        try await withYard(terminals: 0) { yard in
            let code = try await approved("t9", yard)
            yard.clock.advance(milliseconds: Installation.codeMilliseconds)
            _ = try await enrol(code, yard)
        }
    }

    @Test func `a code is refused a millisecond later`() async throws {
        try await withYard(terminals: 0) { yard in
            let code = try await approved("t9", yard)
            yard.clock.advance(milliseconds: Installation.codeMilliseconds + 1)
            await #expect(throws: OperationsError.codeExpired) { try await enrol(code, yard) }
            #expect(try yard.installation.terminals(of: yard.yard).isEmpty)
        }
    }

    @Test func `a code works once`() async throws {
        try await withYard(terminals: 0) { yard in
            let code = try await approved("t9", yard)
            _ = try await enrol(code, yard)
            await #expect(throws: OperationsError.codeUsed) { try await enrol(code, yard) }
        }
    }

    @Test func `an unknown code and one not yet approved are refused`() async throws {
        try await withYard(terminals: 0) { yard in
            let (id, code) = try await yard.installation.requestEnrolment(
                TestYard.named("t9"), name: "t9", at: yard.yard, by: TestYard.office)

            await #expect(throws: OperationsError.codeNotApproved) { try await enrol(code, yard) }
            await #expect(throws: OperationsError.codeUnknown) {
                try await enrol(String(code.reversed()) + "0", yard)
            }
            await #expect(throws: OperationsError.requestUnknown(id + 1)) {
                try await yard.installation.approveEnrolment(
                    id + 1, at: yard.yard, by: TestYard.approver)
            }
        }
    }

    @Test func `a request is approved once`() async throws {
        try await withYard(terminals: 0) { yard in
            let (id, _) = try await yard.installation.requestEnrolment(
                TestYard.named("t9"), name: "t9", at: yard.yard, by: TestYard.office)
            try await yard.installation.approveEnrolment(id, at: yard.yard, by: TestYard.approver)
            await #expect(
                throws: OperationsError.requestState(
                    id, found: "approved", wanted: "requested")
            ) {
                try await yard.installation.approveEnrolment(
                    id, at: yard.yard, by: TestYard.approver)
            }
        }
    }

    @Test func `a request that leads to nothing any more is not listed`() async throws {
        try await withYard(terminals: 0) { yard in
            let installation = yard.installation
            func request() async throws -> Int64 {
                try await installation.requestEnrolment(
                    TestYard.named("t9"), name: "t9", at: yard.yard, by: TestYard.office
                ).id
            }
            func open() throws -> [Int64] {
                try installation.openEnrolments(of: yard.yard).map(\.id)
            }
            let expired = try await request()
            try await installation.approveEnrolment(
                expired, at: yard.yard, by: TestYard.approver)
            yard.clock.advance(milliseconds: Installation.codeMilliseconds)
            #expect(try open() == [expired])
            yard.clock.advance(milliseconds: 1)
            #expect(try open().isEmpty)

            let twin = try await request()
            #expect(try open() == [twin])
            _ = try await enrol(try await approved("t9", yard), yard)
            #expect(try open().isEmpty)
            await #expect(throws: OperationsError.terminalExists("t9")) {
                try await installation.approveEnrolment(
                    twin, at: yard.yard, by: TestYard.approver)
            }
        }
    }

    @Test func `a request that waits can be refused, and its code is unknown then`() async throws {
        try await withYard(terminals: 0) { yard in
            let installation = yard.installation
            let (id, code) = try await installation.requestEnrolment(
                TestYard.named("t9"), name: "t9", at: yard.yard, by: TestYard.office)
            await #expect(
                throws: OperationsError.forbidden(
                    .roleMissing(act: .approveEnrolment, person: TestYard.office.id))
            ) { try await installation.rejectEnrolment(id, at: yard.yard, by: TestYard.office) }

            try await installation.rejectEnrolment(id, at: yard.yard, by: TestYard.approver)

            #expect(try installation.openEnrolments(of: yard.yard).isEmpty)
            await #expect(throws: OperationsError.codeUnknown) { try await enrol(code, yard) }
            await #expect(
                throws: OperationsError.requestState(id, found: "rejected", wanted: "requested")
            ) {
                try await installation.approveEnrolment(id, at: yard.yard, by: TestYard.approver)
            }
            // What is approved ends by itself after ten minutes.
            let (other, _) = try await installation.requestEnrolment(
                TestYard.named("t9"), name: "t9", at: yard.yard, by: TestYard.office)
            try await installation.approveEnrolment(
                other, at: yard.yard, by: TestYard.approver)
            await #expect(
                throws: OperationsError.requestState(
                    other, found: "approved", wanted: "requested")
            ) {
                try await installation.rejectEnrolment(
                    other, at: yard.yard, by: TestYard.approver)
            }
        }
    }

    @Test func `the key has to show that its owner has it`() async throws {
        try await withYard(terminals: 0) { yard in
            let code = try await approved("t9", yard)
            let (key, other) = (try ES256PrivateKey.generate(), try ES256PrivateKey.generate())
            let wrong: [[UInt8]] = [
                try TestTerminal.possession(of: other, code: code),
                try TestTerminal.possession(of: key, code: code + "0"),
                try TestTerminal.possession(of: key, code: code, typ: TerminalRecord.typ),
                Array("no.jws.atall".utf8), [],
            ]

            for proof in wrong {
                await #expect(throws: OperationsError.proofOfPossession) {
                    try await yard.installation.enrol(
                        code: code, key: key.publicKey, proof: proof)
                }
            }

            _ = try await yard.installation.enrol(
                code: code, key: key.publicKey,
                proof: try TestTerminal.possession(of: key, code: code))
        }
    }

    @Test func `a terminal's name is given once`() async throws {
        try await withYard(terminals: 0) { yard in
            let (first, second) = (try await approved("t9", yard), try await approved("t9", yard))
            _ = try await enrol(first, yard)

            await #expect(throws: OperationsError.terminalExists("t9")) {
                try await enrol(second, yard)
            }
            await #expect(throws: OperationsError.terminalExists("t9")) {
                _ = try await yard.installation.requestEnrolment(
                    TestYard.named("t9"), name: "t9", at: yard.yard, by: TestYard.office)
            }
        }
    }
}
