package import Reconciliation

/// A bank file of any kind we read.
package enum StatementFile {
    /// The statements in it, by what the file is: XML begins with `<`, MT940 holds `:20:`.
    ///
    /// - Throws: `B-E02` for anything else; what ``CamtReader`` and ``MT940Reader`` throw.
    package static func read(_ bytes: [UInt8]) throws(StatementError) -> [BankStatement] {
        try StatementLimits.check(byteCount: bytes.count)
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let rest = bytes.starts(with: mark) ? bytes.dropFirst(3) : bytes[...]
        let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
        switch rest.drop(while: isSpace).first {
        case UInt8(ascii: "<"): return try CamtReader.read(bytes)
        case UInt8(ascii: ":"): return try MT940Reader.read(Array(rest))
        default:
            throw StatementError(
                .formatUnknown, value: bytes.isEmpty ? "leer" : nil,
                remedy: "Gelesen werden camt.053, camt.054 und MT940; ZIP-Dateien bitte vorher "
                    + "auspacken.")
        }
    }
}
