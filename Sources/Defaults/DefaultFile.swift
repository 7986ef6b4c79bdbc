import CDefaults

/// A file compiled into the program: finance files, the demonstration's tariff, the interface
/// description, the schema of tariff files.
package struct DefaultFile: Hashable, Sendable {
    /// Such as `finance/kontenplan.yaml`.
    package let name: String
    package let bytes: [UInt8]

    package static let all: [DefaultFile] = (0..<hofbuch_default_count()).map { index in
        let file = hofbuch_default_at(index)
        return DefaultFile(
            name: String(cString: file.name),
            bytes: Array(UnsafeBufferPointer(start: file.bytes, count: file.count)))
    }

    /// The files of a folder such as `finance/`, by their names within it.
    package static func files(in folder: String) -> [(name: String, bytes: [UInt8])] {
        all.filter { $0.name.hasPrefix(folder) }
            .map { (String($0.name.dropFirst(folder.count)), $0.bytes) }
    }

    /// The JSON Schema of tariff files (docs/formats/tariff.schema.json).
    package static var tariffSchema: DefaultFile? { named("schemas/tariff.json") }

    /// The file with this name; nil for none.
    package static func named(_ name: String) -> DefaultFile? { all.first { $0.name == name } }
}
