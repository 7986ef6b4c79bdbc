import Sales
package import Text
import Units

/// Where exports go and which of them must be complete, as decoded from `finance/uebergabe.yaml`
/// (docs/formats/handover.md).
package struct HandoverSettings: Hashable, Sendable {
    /// Formats in which every close must be handed over; nil if the file does not say, then every
    /// booking format that was used at least once.
    package let required: [String]?
    /// In file order; names are unique.
    package let targets: [HandoverTarget]

    /// Without a file: nothing is pushed anywhere.
    package static let none = HandoverSettings(required: nil, targets: [])
}

/// A place that files are put to.
package struct HandoverTarget: Hashable, Sendable {
    package enum Place: Hashable, Sendable {
        /// A folder of this machine.
        case folder(String)
        case server(SFTPServer)
    }

    package let name: String
    package let place: Place
}

/// A server that takes files by SFTP.
package struct SFTPServer: Hashable, Sendable {
    package let user: String
    package let host: String
    package let port: Int
    /// On the server; no quotes, stars or question marks.
    package let folder: String
    /// Type and key as in a known_hosts file, `ssh-ed25519 AAAA…`.
    package let hostKey: String
    /// The private key that signs in, relative to the data directory.
    package let keyFile: String

    package init(
        user: String, host: String, port: Int, folder: String, hostKey: String, keyFile: String
    ) {
        self.user = user
        self.host = host
        self.port = port
        self.folder = folder
        self.hostKey = hostKey
        self.keyFile = keyFile
    }
}

extension HandoverSettings {
    /// Reads the settings file.
    ///
    /// - Returns: the settings, nil if there is any problem; problems `U-E01` to `U-E06` with line
    ///   and column.
    package static func decode(
        _ root: SourceNode
    ) -> (settings: HandoverSettings?, problems: [SourceProblem]) {
        var problems = FileProblems(family: "U")
        guard var fields = FileFields(root, &problems) else { return (nil, problems.all) }
        let required = fields.node("pflicht", required: false, &problems)
            .map { list(of: $0, &problems) }
        let nodes = fields.list("ziele", required: false, &problems)
        let targets = nodes.compactMap { target($0, &problems) }
        fields.finish(&problems)
        for (place, target) in targets.enumerated()
        where targets[..<place].contains(where: { $0.name == target.name }) {
            problems.error(5, at: fields.position, "Das Ziel „\(target.name)“ steht zweimal da.")
        }
        guard !problems.hasErrors else { return (nil, problems.all) }
        return (HandoverSettings(required: required, targets: targets), problems.all)
    }

    private static func list(
        of node: SourceNode, _ problems: inout FileProblems
    ) -> [String] {
        guard case .sequence(let elements) = node.content else {
            problems.error(1, at: node.position, "Unter „pflicht“ wird eine Liste erwartet.")
            return []
        }
        return elements.compactMap { $0.text(&problems) }
    }

    private static func target(
        _ node: SourceNode, _ problems: inout FileProblems
    ) -> HandoverTarget? {
        guard var fields = FileFields(node, &problems) else { return nil }
        let name = fields.value("ziel", wanted: "ein Kurzname wie kasse", &problems) {
            Identifier<HandoverTarget>($0)?.text
        }
        let server = fields.value(
            "server", required: false, wanted: "benutzer@rechner", &problems, address(_:))
        let folder = fields.value(
            "ordner", wanted: "ein Pfad ohne Anführungszeichen, Stern und Fragezeichen",
            &problems, { isPlain($0) ? $0 : nil })
        defer { fields.finish(&problems) }
        guard let server else {
            guard let name, let folder else { return nil }
            guard folder.hasPrefix("/") else {
                problems.error(
                    6, at: fields.position,
                    "Der Ordner „\(folder)“ muss mit / beginnen, damit er überall derselbe ist.")
                return nil
            }
            return HandoverTarget(name: name, place: .folder(folder))
        }
        let port = fields.value(
            "port", required: false, wanted: "eine Zahl von 1 bis 65535", &problems
        ) { text in
            decimal(Array(text.utf8)[...]).flatMap { (1...65_535).contains($0) ? $0 : nil }
        }
        let hostKey = fields.value(
            "hostschlüssel", wanted: "Art und Schlüssel wie ssh-ed25519 AAAA…", &problems,
            { isHostKey($0) ? $0 : nil })
        let keyFile = fields.value(
            "schlüsseldatei", wanted: "ein Pfad unter dem Datenverzeichnis", &problems,
            { isPlain($0) && !$0.hasPrefix("/") && !$0.contains("..") ? $0 : nil })
        guard let name, let folder, let hostKey, let keyFile else { return nil }
        return HandoverTarget(
            name: name,
            place: .server(
                SFTPServer(
                    user: server.user, host: server.host, port: port ?? 22, folder: folder,
                    hostKey: hostKey, keyFile: keyFile)))
    }

    private static func address(_ text: String) -> (user: String, host: String)? {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy(isName) else { return nil }
        return (String(parts[0]), String(parts[1]))
    }

    /// Nothing that a command line could take for an option or a second word.
    private static func isName(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, first != 0x2D else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x3A, 0x5F: true
            default: false
            }
        }
    }

    private static func isPlain(_ text: String) -> Bool {
        let forbidden = Set("\"'\\*?[]".utf8)
        return !text.hasPrefix("-")
            && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F && !forbidden.contains($0) }
    }

    private static let hostKeyTypes = [
        "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
        "ssh-rsa",
    ]

    private static func isHostKey(_ text: String) -> Bool {
        let parts = text.split(separator: " ")
        return parts.count == 2 && hostKeyTypes.contains(String(parts[0]))
            && Base64.decode(String(parts[1])) != nil
    }
}
