import Text
import Transparency

extension YardDescription {
    /// Checks that a yard can be made of it. Asked before anything is written, so that a wrong
    /// value leaves nothing behind.
    ///
    /// - Throws: ``OperationsError`` `input` for the first value that does not fit, in the order
    ///   `town`, `yard-name`, `address`, `host`.
    package func check() throws(OperationsError) {
        for (field, text) in [("town", town), ("yard-name", name), ("address", address)] {
            guard text.isNaming else { throw .input(field: field, wanted: String.wantedNaming) }
        }
        guard host.isHostName, VerifierKey.isName(origin) else {
            throw .input(
                field: "host",
                wanted: "a host name such as hofbuch.musterstadt.de, with its port where it is "
                    + "another than 443")
        }
    }
}

extension String {
    /// Whether the text names something and can stand in a record: one line of 1 to
    /// ``ShortText/charactersMax`` characters, not blank, which strict JSON reads back.
    var isNaming: Bool {
        guard !isBlank, !isTooLong else { return false }
        do {
            _ = try StrictJSON.parse(JSONValue.string(self).bytes)
            return true
        } catch {
            return false
        }
    }

    /// What is wanted where a text is not ``isNaming``.
    static let wantedNaming =
        "one line of 1 to \(ShortText.charactersMax) characters, composed, without control "
        + "characters"

    /// Whether the text looks like a host with or without a port.
    fileprivate var isHostName: Bool {
        utf8.count <= 255 && utf8.first?.isLetterOrDigit == true
            && utf8.allSatisfy { $0.isLetterOrDigit || [0x2D, 0x2E, 0x3A].contains($0) }
    }
}

extension UInt8 {
    fileprivate var isLetterOrDigit: Bool {
        (0x30...0x39).contains(self) || (0x41...0x5A).contains(self)
            || (0x61...0x7A).contains(self)
    }
}
