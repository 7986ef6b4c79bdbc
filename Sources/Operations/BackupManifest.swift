import Sales
package import Signing
package import Text
package import Units

/// What a backup holds, as its file `backup.json` says.
package struct BackupManifest: Hashable, Sendable {
    /// A log as far as the backup holds it.
    package struct Log: Hashable, Sendable {
        package let origin: String
        package let size: Int64
        package let root: Digest
    }

    /// A file with its path inside the backup.
    package struct File: Hashable, Sendable {
        package let name: String
        package let byteCount: Int64
        package let digest: Digest
    }

    package let made: Timestamp
    package let logs: [Log]
    /// Ascending by name; all files but this one.
    package let files: [File]

    package static let name = "backup.json"

    package var json: JSONValue {
        .fields([
            "v": 1, "made": .string(made.iso),
            "logs": .array(
                logs.map {
                    .fields([
                        "origin": .string($0.origin), "size": .integer($0.size),
                        "root": .string($0.root.hex),
                    ])
                }),
            "files": .array(
                files.map {
                    .fields([
                        "name": .string($0.name), "bytes": .integer($0.byteCount),
                        "sha256": .string($0.digest.hex),
                    ])
                }),
        ])
    }
}

extension BackupManifest {
    /// Reads what ``json`` writes.
    init(json: JSONValue) throws {
        var reader = try ObjectReader(json, path: "backup")
        _ = try reader.integer("v", in: 1...1)
        made = try reader.timestamp("made")
        var (logs, files): ([Log], [File]) = ([], [])
        for var log in try reader.objects("logs") {
            logs.append(
                Log(
                    origin: try log.string("origin"),
                    size: try log.integer("size", in: 0...StrictJSON.numberMax),
                    root: try log.parsed("root", as: "64 hexadecimal digits", Digest.init(hex:))))
            try log.finish()
        }
        for var file in try reader.objects("files") {
            files.append(
                File(
                    name: try file.string("name"),
                    byteCount: try file.integer("bytes", in: 0...StrictJSON.numberMax),
                    digest: try file.parsed(
                        "sha256", as: "64 hexadecimal digits", Digest.init(hex:))
                ))
            try file.finish()
        }
        try reader.finish()
        (self.logs, self.files) = (logs, files)
    }
}
