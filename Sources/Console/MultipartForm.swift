import Foundation

/// A file that a person chose in a form.
struct UploadedFile: Hashable, Sendable {
    /// As the browser calls it, without folders; for people only.
    let name: String
    let bytes: [UInt8]
}

/// A form with files as a browser sends it (`multipart/form-data`, RFC 7578).
struct MultipartForm: Sendable {
    /// By name; the last one wins.
    private(set) var values: [String: String] = [:]
    /// By name; none where no file was chosen.
    private(set) var files: [String: UploadedFile] = [:]

    /// No form of ours has as many parts: the count of a close has 162 for each card terminal with
    /// room for nine cuts.
    private static let partsMax = 5_000

    /// - Parameters:
    ///   - body: the whole body.
    ///   - contentType: the header that names the boundary.
    /// - Returns: nil for anything that is not such a form, whole.
    init?(_ body: [UInt8], contentType: String) {
        guard let boundary = Self.boundary(contentType) else { return nil }
        let delimiter = [0x2D, 0x2D] + Array(boundary.utf8)
        guard body.starts(with: delimiter) else { return nil }
        var place = delimiter.count
        for _ in 0...Self.partsMax {
            if body[place...].starts(with: [0x2D, 0x2D]) { return }
            guard body[place...].starts(with: Self.newLine),
                let head = body.firstIndex(of: Self.newLine + Self.newLine, from: place),
                let end = body.firstIndex(of: Self.newLine + delimiter, from: head + 2)
            else { return nil }
            let content = body[min(head + 4, end)..<end]
            guard let part = PartHead(body[(place + 2)..<max(head, place + 2)]) else { return nil }
            take(part, content)
            place = end + 2 + delimiter.count
        }
        return nil
    }

    private mutating func take(_ part: PartHead, _ content: ArraySlice<UInt8>) {
        guard let file = part.file else {
            values[part.name] = String(decoding: content, as: UTF8.self)
            return
        }
        // This is how browsers send a field in which nothing was chosen.
        guard !file.isEmpty || !content.isEmpty else { return }
        files[part.name] = UploadedFile(name: file, bytes: Array(content))
    }

    private static let newLine: [UInt8] = [0x0D, 0x0A]

    /// Of RFC 2046: up to 70 characters.
    private static func boundary(_ contentType: String) -> String? {
        let header = HeaderParameters(contentType)
        guard header.value == "multipart/form-data", let boundary = header["boundary"],
            (1...70).contains(boundary.utf8.count)
        else { return nil }
        return boundary
    }
}

/// What stands above the content of a part.
private struct PartHead {
    let name: String
    /// The file's name; nil for a plain field.
    let file: String?

    /// Nil without a name.
    init?(_ bytes: ArraySlice<UInt8>) {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n")
        let wanted = "content-disposition:"
        guard let line = lines.first(where: { $0.lowercased().hasPrefix(wanted) }) else {
            return nil
        }
        let header = HeaderParameters(String(line.dropFirst(wanted.count)))
        guard header.value == "form-data", let name = header["name"] else { return nil }
        self.name = name
        file = header["filename"].map { path in
            String(path.split { $0 == "/" || $0 == "\\" }.last?.prefix(120) ?? "")
        }
    }
}

/// A header's value with its parameters, such as `form-data; name="datei"`.
private struct HeaderParameters {
    /// In lower case.
    private(set) var value = ""
    private var parameters: [String: String] = [:]

    subscript(_ name: String) -> String? { parameters[name] }

    init(_ text: String) {
        var parts = Self.parts(of: text)
        value = parts.removeFirst().lowercased()
        for part in parts {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else { continue }
            parameters[pair[0].lowercased()] = Self.unquoted(String(pair[1]))
        }
    }

    /// What stands between semicolons, those in quotes left out; never empty.
    private static func parts(of text: String) -> [String] {
        var parts = [""]
        var isQuoted = false
        var isEscaped = false
        for character in text {
            if character == ";", !isQuoted {
                parts.append("")
                continue
            }
            if character == "\"", !isEscaped { isQuoted.toggle() }
            isEscaped = character == "\\" && !isEscaped
            parts[parts.count - 1].append(character)
        }
        return parts.map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// Browsers write quotes and line ends in percent, older programs with a backslash.
    private static func unquoted(_ text: String) -> String {
        guard text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") else { return text }
        return String(text.dropFirst().dropLast()).replacing("\\\"", with: "\"")
            .replacing("%22", with: "\"").replacing("%0D", with: " ").replacing("%0A", with: " ")
    }
}

extension [UInt8] {
    /// Where `pattern` begins first from `start` on; nil if nowhere. It jumps from one first byte
    /// to the next, which are rare in what is searched here.
    fileprivate func firstIndex(of pattern: [UInt8], from start: Int) -> Int? {
        var rest = self[start...]
        while let place = rest.firstIndex(of: pattern[0]) {
            if self[place...].starts(with: pattern) { return place }
            rest = self[(place + 1)...]
        }
        return nil
    }
}
