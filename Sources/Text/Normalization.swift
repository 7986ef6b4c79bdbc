// The standard library normalises strings for `==` and offers the result only as an SPI; it is
// tested here (NormalizationTests) so that a toolchain without it is noticed at once.
@_spi(_Unicode) import Swift

extension String {
    /// This text in Unicode normalisation form C (UAX #15).
    package var composed: String {
        isASCIIOnly ? self : String(String.UnicodeScalarView(_nfc))
    }

    /// Whether this text is in Unicode normalisation form C, scalar by scalar.
    ///
    /// Not inlined: each call of the parser's `string()` would make room for the normaliser, which
    /// few strings need.
    @inline(never) package var isComposed: Bool {
        if !unicodeScalars.contains(where: Self.mayCombine) { return true }
        return _nfc.elementsEqual(unicodeScalars)
    }

    /// Whether a scalar may combine with what precedes it or decompose under form C. False is
    /// certain: below U+0300 nothing does, nor do the dashes, quotation marks and currency signs
    /// that sentences about prices are full of.
    static func mayCombine(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x300, 0x2010...0x2027, 0x2030...0x205E, 0x20A0...0x20C0: false
        default: true
        }
    }

    private var isASCIIOnly: Bool { utf8.allSatisfy { $0 < 0x80 } }
}

extension String {
    /// Whether both texts are the same bytes of UTF-8. `==` compares by canonical equivalence,
    /// which takes a composed and a decomposed letter for the same.
    package func hasSameBytes(as other: String) -> Bool {
        utf8.elementsEqual(other.utf8)
    }
}
