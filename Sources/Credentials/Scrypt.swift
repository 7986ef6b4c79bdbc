import CLibcrypto

/// scrypt (RFC 7914) by the system's libcrypto.
struct Scrypt: Hashable, Sendable {
    /// Binary logarithm of the cost N.
    let logN: Int
    let blockSize: Int
    let parallelization: Int

    /// 32 MiB and some 60 ms for one password: what a guesser pays for each guess.
    static let standard = Scrypt(logN: 15, blockSize: 8, parallelization: 1)

    /// `count` bytes from `password` and `salt`.
    ///
    /// - Throws: ``PasswordError/unavailable(reason:)``.
    func derive(_ password: [UInt8], salt: [UInt8], count: Int) throws(PasswordError) -> [UInt8] {
        var key = [UInt8](repeating: 0, count: count)
        let cost = UInt64(1) << UInt64(logN)
        // The library's own limit is just below what these parameters need.
        let memoryMax = 256 * cost * UInt64(blockSize)
        let result = password.withUnsafeBytes { password in
            let pointer = password.baseAddress?.assumingMemoryBound(to: CChar.self)
            return EVP_PBE_scrypt(
                pointer, password.count, salt, salt.count, cost, UInt64(blockSize),
                UInt64(parallelization), memoryMax, &key, count)
        }
        guard result == 1 else {
            let reason: UnsafePointer<CChar>? = ERR_reason_error_string(ERR_get_error())
            throw .unavailable(reason: reason.map { String(cString: $0) } ?? "unknown")
        }
        return key
    }

    /// Whether both are the same, in a time that does not tell where they differ.
    static func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
    }
}
