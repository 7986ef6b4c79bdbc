// The standard library normalises strings for `==` and offers the result only as an SPI; it is
// tested here (NormalizationTests) so that a toolchain without it is noticed at once.
@_spi(_Unicode) import Swift

extension String {
    /// This text in Unicode normalisation form C (UAX #15).
    package var composed: String {
        isASCIIOnly ? self : String(String.UnicodeScalarView(_nfc))
    }

    /// Whether this text is in Unicode normalisation form C, scalar by scalar.
    package var isComposed: Bool {
        if unicodeScalars.allSatisfy({ $0.value < Self.combiningScalarMin }) { return true }
        return _nfc.elementsEqual(unicodeScalars)
    }

    /// The first scalar that may combine with what precedes it or decompose under form C.
    static let combiningScalarMin: UInt32 = 0x300

    private var isASCIIOnly: Bool { utf8.allSatisfy { $0 < 0x80 } }
}

extension String {
    /// Whether both texts are the same bytes of UTF-8. `==` compares by canonical equivalence,
    /// which takes a composed and a decomposed letter for the same.
    package func hasSameBytes(as other: String) -> Bool {
        utf8.elementsEqual(other.utf8)
    }
}
