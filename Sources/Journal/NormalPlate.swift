import Text

/// A plate (Kennzeichen) reduced to what two spellings of it have in common: capital letters and
/// digits (A–Z, ÄÖÜ, 0–9), without spaces and hyphens.
package struct NormalPlate: Hashable, Sendable {
    package let text: String

    /// Nil if `plate` holds none of these characters, or a letter of another alphabet: such a
    /// plate was typed to look like another one.
    package init?(_ plate: String) {
        var kept = ""
        for scalar in plate.composed.unicodeScalars {
            switch scalar {
            case "A"..."Z", "0"..."9", "Ä", "Ö", "Ü": kept.unicodeScalars.append(scalar)
            case "a"..."z", "ä", "ö", "ü": kept += scalar.properties.uppercaseMapping
            default: if scalar.properties.isAlphabetic { return nil }
            }
        }
        guard !kept.isEmpty else { return nil }
        text = kept
    }
}

extension Disclosure {
    /// A plate with a letter that is none of ``NormalPlate``: it may look like another plate, and
    /// no search finds it (trust.md A40).
    package var isPlateOfAnotherAlphabet: Bool {
        name == .plate && NormalPlate(value) == nil
            && value.composed.unicodeScalars.contains(where: \.properties.isAlphabetic)
    }
}
