import Foundation
import Journal
import Keys
import Operations
import Signing
import Storage
import Testing
import Text
import Transparency
import Units

/// SoftHSM with one token, in a folder of this test process: a module is started once in a
/// process, so all tests share it.
enum SoftHSM {
    static let module = "/usr/lib/softhsm/libsofthsm2.so"
    static let label = "hofbuch-test"
    static let pin = "482913"

    static var isInstalled: Bool { FileManager.default.fileExists(atPath: module) }

    private static let path =
        FileManager.default.temporaryDirectory.path + "/hofbuch-softhsm-\(UUID().uuidString)"

    /// The folder, with the token made; it is removed when the process ends.
    private static let folder: Result<String, any Error> = Result {
        atexit { SoftHSM.clear() }
        try FileManager.default.createDirectory(
            atPath: path + "/tokens", withIntermediateDirectories: true)
        let settings = "directories.tokendir = \(path)/tokens\nobjectstore.backend = file\n"
        try Data(settings.utf8).write(to: URL(fileURLWithPath: path + "/softhsm2.conf"))
        setenv("SOFTHSM2_CONF", path + "/softhsm2.conf", 1)
        let tool = Process()
        tool.executableURL = URL(fileURLWithPath: "/usr/bin/softhsm2-util")
        tool.arguments = [
            "--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", "93811",
        ]
        tool.standardOutput = FileHandle.nullDevice
        try tool.run()
        tool.waitUntilExit()
        try #require(tool.terminationStatus == 0)
        try Data("\(pin)\n".utf8).write(to: URL(fileURLWithPath: path + "/pin"))
        try Data("000000\n".utf8).write(to: URL(fileURLWithPath: path + "/wrong-pin"))
        for name in ["pin", "wrong-pin"] {
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600], ofItemAtPath: "\(path)/\(name)")
        }
        return path
    }

    private static func clear() {
        do { try FileManager.default.removeItem(atPath: path) } catch {
            print("\(path) was not removed: \(error)")
        }
    }

    /// A library that is there and no module: the C library, which this process has loaded.
    static var otherLibrary: String {
        get throws {
            // Its size is said to be 0.
            let maps = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/self/maps"))
            let loaded = try maps.readToEnd() ?? Data()
            let path = String(decoding: loaded, as: UTF8.self)
                .firstMatch(of: /\/\S*\/libc[-.]\S+/)?.output
            return String(try #require(path))
        }
    }

    static func settings(
        module: String = module, token: String = label, pin: String = "pin"
    ) throws -> TokenSettings {
        TokenSettings(module: module, token: token, pin: "\(try folder.get())/\(pin)")
    }

    /// Paths of the files of all objects in the token.
    static func objects() throws -> Set<String> {
        let tokens = try folder.get() + "/tokens"
        return Set(
            try FileManager.default.subpathsOfDirectory(atPath: tokens).lazy
                .filter { $0.hasSuffix(".object") && !$0.hasSuffix("/token.object") }
                .map { "\(tokens)/\($0)" })
    }

    /// Points an installation's `keys/token.json` at the token.
    static func connect(_ directory: DataDirectory, pin: String = "pin") throws {
        let found = try settings(pin: pin)
        let json = JSONValue.fields([
            "module": .string(found.module), "token": .string(found.token),
            "pin": .string(found.pin),
        ])
        try Data(json.bytes).write(to: URL(fileURLWithPath: directory.token))
    }
}

@Suite(
    .serialized, .enabled(if: SoftHSM.isInstalled, "SoftHSM is not installed: tokens not tested"))
struct TokenTests {
    @Test func `keys made in a token sign as those in files do`() throws {
        let token = try Token(SoftHSM.settings())
        let name = "test-\(Hex.encode(SystemRandom.bytes(4)))"
        let es256 = try token.makeES256(label: name)
        let ed25519 = try token.makeEd25519(label: name)

        for message in [[], [0x61], [UInt8](repeating: 7, count: 5_000)] as [[UInt8]] {
            #expect(es256.publicKey.isValid(try es256.sign(message), for: message))
            #expect(ed25519.publicKey.isValid(try ed25519.sign(message), for: message))
        }
        let jws = try CompactJWS.parse(
            try es256.compactJWS(typ: "x", kid: "k", payload: [0x7B, 0x7D]))
        #expect(jws.isSigned(by: es256.publicKey))
        let found = try TokenES256Key(try Token(SoftHSM.settings()), label: name)
        #expect(found.publicKey == es256.publicKey)
        #expect(found.place == .token(SoftHSM.label))
    }

    @Test func `what is wrong with a token is said, and the PIN never is`() throws {
        func refusal(_ settings: TokenSettings) -> String {
            do {
                _ = try TokenES256Key(try Token(settings), label: "no-such-key")
                return "opened"
            } catch { return "\(error)" }
        }
        let wrong: [(TokenSettings, String)] = [
            (try SoftHSM.settings(module: "/nowhere.so"), "cannot be loaded"),
            (try SoftHSM.settings(module: try SoftHSM.otherLibrary), "no PKCS#11"),
            (try SoftHSM.settings(token: "other"), "no token with this label"),
            (try SoftHSM.settings(pin: "no-pin"), "file-open"),
            (try SoftHSM.settings(), "no key has this label"),
        ]
        for (settings, text) in wrong {
            let found = refusal(settings)
            #expect(found.contains(text), "\(found)")
            #expect(!found.contains(SoftHSM.pin))
        }
    }

    @Test func `a PIN file that others may read is refused`() throws {
        let settings = try SoftHSM.settings()
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o644], ofItemAtPath: settings.pin)
        defer {
            do {
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o600], ofItemAtPath: settings.pin)
            } catch { Issue.record(error) }
        }
        do {
            _ = try Token(settings)
            Issue.record("it was opened")
        } catch let error as FileError {
            #expect(error.code == .mode)
        }
    }

    @Test func `the server's keys move into a token and are found there after a restart`()
        async throws
    {
        try await withReopenableYard { yard in
            try SoftHSM.connect(yard.directory)
            let old = try yard.logKey
            for purpose in ServerKeyPurpose.allCases {
                let (id, _) = try await yard.installation.requestRotation(
                    of: purpose, inToken: true, at: yard.yard, by: TestYard.office)
                try await yard.installation.approveKeyRequest(
                    id, at: yard.yard, by: TestYard.approver)
            }
            #expect(try yard.serverKey(.record, .inForce).place == "token hofbuch-test")
            #expect(try yard.serverKey(.log, .inForce).place == "token hofbuch-test")
            try await yard.close(nil)

            let again = try yard.reopened()
            let acknowledgement = try await again.admit(again.terminal.sign(again.greenWaste))
            let steps = try again.installation.logKeySteps(of: again.yard)
            let new = try LogKeyStep.follow(steps, from: old).key
            let proof = try TlogProof.parse(Array(acknowledgement.proof.utf8))
            try proof.verify(entry: acknowledgement.entry, log: new)
            #expect(try again.installation.verify().misfit == nil)
            return again
        }
    }

    @Test func `a token that fails behind a commit ends the process, and the sale is kept`()
        async throws
    {
        try await withFolder { path in
            let clock = TestClock(TestClock.morning)
            let first = try await TestYard.open(
                path + "/data", clock: clock, terminals: 1, hasTariff: true)
            try SoftHSM.connect(first.directory)
            let before = try SoftHSM.objects()
            let (id, _) = try await first.installation.requestRotation(
                of: .log, inToken: true, at: first.yard, by: TestYard.office)
            try await first.installation.approveKeyRequest(
                id, at: first.yard, by: TestYard.approver)
            try first.installation.close()
            let (codes, ended) = AsyncStream.makeStream(of: Int32.self)
            let installation = try Installation(
                directory: first.directory, clock: { clock.now },
                safety: Safety(end: { ended.yield($0) }), logger: .silent)
            let size = try installation.logStatus(of: first.yard).size
            for file in try SoftHSM.objects().subtracting(before) {
                try FileManager.default.removeItem(atPath: file)
            }
            let signed = try first.terminal.sign(
                .sale(try first.sale("privat: 1 m³ gruenabfall")))

            let waiting = Task { try await installation.admit(signed.envelope, to: first.yard) }

            var iterator = codes.makeAsyncIterator()
            #expect(await iterator.next() == 69)
            waiting.cancel()
            try installation.close()
            let database = try ReadOnlyDatabase(path: first.directory.database)
            #expect(try database.read { try $0.logSize(yard: first.yard.number) } == size + 1)
            try database.close()
        }
    }

    @Test func `without its token the server does not start`() async throws {
        try await withFolder { path in
            let clock = TestClock(TestClock.morning)
            let yard = try await TestYard.open(
                path + "/data", clock: clock, terminals: 0, hasTariff: false)
            try SoftHSM.connect(yard.directory)
            let (id, _) = try await yard.installation.requestRotation(
                of: .record, inToken: true, at: yard.yard, by: TestYard.office)
            try await yard.installation.approveKeyRequest(
                id, at: yard.yard, by: TestYard.approver)
            try yard.installation.close()

            try FileManager.default.removeItem(atPath: yard.directory.token)
            #expect(throws: FileError.self) {
                try Installation(
                    directory: yard.directory, clock: { clock.now }, logger: .silent
                ).close()
            }
        }
    }
}
