/// The character set of a file.
package enum FileEncoding: String, Hashable, Sendable, CaseIterable {
    case utf8 = "UTF-8"
    case windows1252 = "Windows-1252"
    case latin1 = "ISO-8859-1"
}

/// Why a text cannot be written.
enum EncodingProblem: Error, Hashable {
    case unknown(Character)
    case forbidden(Unicode.Scalar)
}

extension FileEncoding {
    /// Appends `text` to `out`, replacing what the set lacks by the rule of ``replacements``.
    ///
    /// Composed and decomposed spellings of a letter give the same byte in the one-byte sets.
    func append(_ text: String, to out: inout [UInt8]) throws(EncodingProblem) {
        let start = out.count
        out.append(contentsOf: text.utf8)
        guard !out.isPlain(from: start) else { return }
        out.removeSubrange(start...)
        for scalar in text.unicodeScalars where Self.isForbidden(scalar) {
            throw .forbidden(scalar)
        }
        guard self != .utf8 else {
            out.append(contentsOf: text.utf8)
            return
        }
        for character in text {
            if let byte = byte(of: character) {
                out.append(byte)
            } else if let replacement = Self.replacements[character] {
                out.append(contentsOf: replacement.utf8)
            } else {
                throw .unknown(character)
            }
        }
    }

    /// Line breaks of any kind and control characters: never part of a value.
    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0xFEFF: true
        default: false
        }
    }

    private func byte(of character: Character) -> UInt8? {
        if let ascii = character.asciiValue { return ascii }
        if let byte = Self.upperLatin[character] { return byte }
        return self == .windows1252 ? Self.windowsOnly[character] : nil
    }

    /// U+00A0 to U+00FF, the same byte in both one-byte sets.
    private static let upperLatin: [Character: UInt8] = {
        var table: [Character: UInt8] = [:]
        for byte in UInt8(0xA0)...0xFF { table[Character(Unicode.Scalar(byte))] = byte }
        return table
    }()

    /// The bytes 80 to 9F that Windows-1252 assigns.
    private static let windowsOnly: [Character: UInt8] = [
        "€": 0x80, "‚": 0x82, "ƒ": 0x83, "„": 0x84, "…": 0x85, "†": 0x86, "‡": 0x87, "ˆ": 0x88,
        "‰": 0x89, "Š": 0x8A, "‹": 0x8B, "Œ": 0x8C, "Ž": 0x8E, "‘": 0x91, "’": 0x92, "“": 0x93,
        "”": 0x94, "•": 0x95, "–": 0x96, "—": 0x97, "˜": 0x98, "™": 0x99, "š": 0x9A, "›": 0x9B,
        "œ": 0x9C, "ž": 0x9E, "Ÿ": 0x9F,
    ]

    /// The rule for characters that a set lacks: punctuation becomes its plain form, the euro
    /// sign `EUR`, a letter with a mark the plain letter. Everything else is refused.
    private static let replacements: [Character: String] = {
        var table: [Character: String] = [
            "€": "EUR", "‚": "'", "„": "\"", "…": "...", "‘": "'", "’": "'", "“": "\"",
            "”": "\"", "–": "-", "—": "-", "\u{2010}": "-", "\u{2011}": "-", "\u{2212}": "-",
            "\u{2009}": " ", "\u{202F}": " ", "‹": "<", "›": ">", "•": "*", "™": "(TM)",
            "ẞ": "SS", "œ": "oe", "Œ": "OE", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i",
        ]
        let letters = [
            ("a", "āăąǎ"), ("A", "ĀĂĄǍ"), ("c", "ćĉċč"), ("C", "ĆĈĊČ"), ("d", "ď"), ("D", "Ď"),
            ("e", "ēĕėęě"), ("E", "ĒĔĖĘĚ"), ("g", "ĝğġģ"), ("G", "ĜĞĠĢ"), ("h", "ĥ"), ("H", "Ĥ"),
            ("i", "ĩīĭįǐ"), ("I", "ĨĪĬĮİǏ"), ("j", "ĵ"), ("J", "Ĵ"), ("k", "ķ"), ("K", "Ķ"),
            ("l", "ĺļľ"), ("L", "ĹĻĽ"), ("n", "ńņň"), ("N", "ŃŅŇ"), ("o", "ōŏőǒ"),
            ("O", "ŌŎŐǑ"), ("r", "ŕŗř"), ("R", "ŔŖŘ"), ("s", "śŝşšș"), ("S", "ŚŜŞŠȘ"),
            ("t", "ţťț"), ("T", "ŢŤȚ"), ("u", "ũūŭůűųǔ"), ("U", "ŨŪŬŮŰŲǓ"), ("w", "ŵ"),
            ("W", "Ŵ"), ("y", "ŷ"), ("Y", "ŶŸ"), ("z", "źżž"), ("Z", "ŹŻŽ"),
        ]
        for (plain, marked) in letters {
            for character in marked { table[character] = plain }
        }
        return table
    }()
}
