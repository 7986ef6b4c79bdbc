import Text

/// How much one file may hold (trust.md 6 and 7): what is read stays bounded whatever is sent.
package enum StatementLimits {
    /// 20 MB.
    package static let byteCountMax = 20_000_000
    package static let depthMax = 40
    package static let elementCountMax = 2_000_000
    /// Bytes of text in one element.
    package static let textByteCountMax = 20_000
    /// Entries in one file, with their details.
    package static let entryCountMax = 200_000
    /// Characters of a statement's id (Max35Text of ISO 20022): it stands in every record that is
    /// about one of its lines.
    package static let idLengthMax = 35
    /// The highest number of a statement: what a record can hold.
    package static let sequenceMax = StrictJSON.numberMax

    static func check(byteCount: Int) throws(StatementError) {
        guard byteCount <= byteCountMax else {
            throw StatementError(
                .tooLarge, value: "\(byteCount) Byte",
                remedy: "Erlaubt sind \(byteCountMax) Byte. Holen Sie die Auszüge je Tag ab.")
        }
    }
}
