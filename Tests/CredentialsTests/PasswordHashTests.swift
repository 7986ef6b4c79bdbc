import Testing

@testable import Credentials

@Suite(.serialized) struct PasswordHashTests {
    @Test func `a password matches its hash only, and two hashes of it differ`() throws {
        let hash = try PasswordHash.make("Wertstoffhof 7")
        let again = try PasswordHash.make("Wertstoffhof 7")

        #expect(try hash.matches("Wertstoffhof 7"))
        #expect(try again.matches("Wertstoffhof 7"))
        #expect(hash != again)
        for other in [
            "", "Wertstoffhof 8", "Wertstoffhof 7 ", "wertstoffhof 7", "Wertstoffhof 7\0",
        ] {
            #expect(try !hash.matches(other))
        }
    }

    @Test func `letters typed in parts are the same as whole ones`() throws {
        let hash = try PasswordHash.make("Gru\u{308}ngutplatz")

        #expect(try hash.matches("Gr\u{FC}ngutplatz"))
        #expect(try !hash.matches("Grungutplatz"))
    }

    @Test func `short, long and unprintable passwords are refused`() {
        #expect(throws: PasswordError.tooShort(wanted: 10, found: 9)) {
            try PasswordHash.make("123456789")
        }
        #expect(throws: PasswordError.tooShort(wanted: 10, found: 0)) { try PasswordHash.make("") }
        #expect(throws: PasswordError.tooShort(wanted: 10, found: 9)) {
            try PasswordHash.make("u\u{308}bbbbbbbb")
        }
        #expect(throws: PasswordError.tooLong(wanted: 1024, found: 1025)) {
            try PasswordHash.make(String(repeating: "x", count: 1025))
        }
        #expect(throws: PasswordError.controlCharacter) { try PasswordHash.make("123456789\n0") }
        #expect(throws: PasswordError.controlCharacter) {
            try PasswordHash.make("123456789\u{85}0")
        }
    }

    @Test(arguments: [10, 1024]) func `the shortest and the longest are accepted`(
        count: Int
    ) throws {
        let password = String(repeating: "x", count: count)
        #expect(try PasswordHash.make(password).matches(password))
    }

    @Test func `a hash comes back from its text`() throws {
        let hash = try PasswordHash.make("Wertstoffhof 7")
        let read = try PasswordHash(text: hash.text)

        #expect(read == hash)
        #expect(hash.text.hasPrefix("$scrypt$ln=15,r=8,p=1$"))
        #expect(hash.text.utf8.count == 22 + 22 + 1 + 43)
        #expect(try read.matches("Wertstoffhof 7"))
    }

    private static let salt = "AAECAwQFBgcICQoLDA0ODw"
    private static let hash = "zoJOWrgDeLApLmkMRi7LW5mq0hrWNbOnTaDfgRQP7Qg"

    @Test func `a hash that another program made matches`() throws {
        let hash = try PasswordHash(
            text: "$scrypt$ln=15,r=8,p=1$\(Self.salt)$\(Self.hash)")

        #expect(try hash.matches("Wertstoffhof 7"))
    }

    @Test(arguments: [
        "", "scrypt", "$scrypt$ln=15,r=8,p=1$\(salt)", "$scrypt$ln=15,r=8,p=1$\(salt)$\(hash)$",
        "$scrypt$ln=14,r=8,p=1$\(salt)$\(hash)", "$scrypt$ln=31,r=8,p=1$\(salt)$\(hash)",
        "$scrypt$r=8,ln=15,p=1$\(salt)$\(hash)", "$scrypt$ln=15,r=8,p=1$\(salt)==$\(hash)=",
        "$scrypt$ln=15,r=8,p=1$\(salt)$\(hash)\n", "$scrypt$ln=15,r=8,p=1$\(salt)$\(salt)",
        "$scrypt$ln=15,r=8,p=1$\(hash)$\(hash)", "$scrypt$ln=15,r=8,p=1$$",
        "x$scrypt$ln=15,r=8,p=1$a$b",
        "$argon2id$ln=15,r=8,p=1$\(salt)$\(hash)", "$Scrypt$ln=15,r=8,p=1$\(salt)$\(hash)",
    ])
    func `other texts are refused`(text: String) {
        #expect(throws: PasswordError.malformedHash) { try PasswordHash(text: text) }
    }

    @Test func `no password is that of an unknown user, and finding out costs as much`() throws {
        let hash = try PasswordHash.make("Wertstoffhof 7")

        for password in ["wrong password", "", String(repeating: "x", count: 100_000)] {
            #expect(try !PasswordHash.unknownUser.matches(password))
            #expect(try !hash.matches(password))
        }
        #expect(cost(of: .unknownUser) == cost(of: hash))
    }

    /// The parameters of the work in a stored hash: all but its salt and digest.
    private func cost(of hash: PasswordHash) -> [Substring] {
        Array(hash.text.split(separator: "$").dropLast(2))
    }

    @Test func `the examples of RFC 7914 section 12 hold`() throws {
        let empty = Scrypt(logN: 4, blockSize: 1, parallelization: 1)
        let second = Scrypt(logN: 10, blockSize: 8, parallelization: 16)
        let nacl = Array("NaCl".utf8)

        #expect(
            try empty.derive([], salt: [], count: 64).prefix(8)
                == [0x77, 0xD6, 0x57, 0x62, 0x38, 0x65, 0x7B, 0x20])
        #expect(
            try second.derive(Array("password".utf8), salt: nacl, count: 64).prefix(8)
                == [0xFD, 0xBA, 0xBE, 0x1C, 0x9D, 0x34, 0x72, 0x00])
    }

    @Test func `parameters that cannot be computed are an error`() {
        let wrong = Scrypt(logN: 0, blockSize: 8, parallelization: 1)

        #expect(throws: PasswordError.self) { try wrong.derive([1], salt: [1], count: 32) }
    }

    @Test func `equal means the same bytes and length`() {
        #expect(Scrypt.isEqual([1, 2], [1, 2]))
        #expect(Scrypt.isEqual([], []))
        #expect(!Scrypt.isEqual([1, 2], [1, 3]))
        #expect(!Scrypt.isEqual([1, 2], [1]))
    }
}
