import Foundation
import Sales
import Text

/// The fields of a form as a browser sends them (`application/x-www-form-urlencoded`).
struct FormValues: Sendable {
    /// By name; the last one wins.
    private(set) var values: [String: String] = [:]

    init() {}

    init(_ values: [String: String]) { self.values = values }

    init(_ text: String) {
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            values[Self.decoded(parts[0])] = parts.count == 2 ? Self.decoded(parts[1]) : ""
        }
    }

    /// The value of a field in plain characters, without white space at its ends, lines ending with
    /// a line feed; empty if there is none.
    subscript(_ name: String) -> String {
        (values[name] ?? "").replacing("\r\n", with: "\n").plain
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The value of a field on one line, as records hold it.
    func line(_ name: String) -> String { self[name].asOneLine }

    /// What is wrong with a short text, in the words at its field; nil if nothing is.
    ///
    /// - Parameters:
    ///   - missing: the words where it is empty; nil if it may be.
    ///   - what: it in German, with article, as the object of a sentence.
    func problem(ofText name: String, missing: String?, what: String) -> String? {
        let text = line(name)
        if text.isEmpty { return missing }
        if text.isTooLong {
            return "Höchstens \(ShortText.charactersMax) Zeichen. Kürzen Sie \(what)."
        }
        return text.holdsCardNumber ? Self.cardNumber : nil
    }

    /// At a field that holds a card number.
    static let cardNumber = "Hier steht eine Kartennummer; sie darf nicht behalten werden."

    /// Whether a check page was confirmed.
    var isConfirmed: Bool { self["bestaetigt"] == "ja" }

    /// Whether somebody goes back from a check page to change what they typed.
    var isToBeChanged: Bool { self["bestaetigt"] == "aendern" }

    private static func decoded(_ text: Substring) -> String {
        let spaced = String(text.replacing("+", with: " "))
        return spaced.removingPercentEncoding ?? spaced
    }
}

extension String {
    /// This text as a value of a query.
    var queryEscaped: String {
        let kept = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
        return addingPercentEncoding(withAllowedCharacters: kept) ?? ""
    }
}

extension Substring {
    /// A part of a path without its escapes, where a plus sign stands for itself.
    var pathDecoded: String { removingPercentEncoding ?? String(self) }
}

/// A path on this server, as a place to go on to after signing in.
enum LocalPath {
    /// `text` if it is a path and query on this server; nil for anything that a browser could
    /// take for another server.
    static func checked(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        guard bytes.count <= 1_000, bytes.first == UInt8(ascii: "/"),
            !bytes.dropFirst().starts(with: [UInt8(ascii: "/")]),
            bytes.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") })
        else { return nil }
        return text
    }
}
