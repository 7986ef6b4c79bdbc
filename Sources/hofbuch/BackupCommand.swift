import ArgumentParser
import Calendars
import Operations
import Signing
import Storage
import Text
import Units

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Back up while the server runs, check, restore.",
        subcommands: [Create.self, Verify.self, Restore.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Copy database and the town's own files into a new folder and check it.",
            discussion: """
                Also while the server runs. The private keys are NOT in the backup: whoever has both
                can write in the town's name. Copy them with --keys-into to another place, once and
                after each change of keys. The backup holds names, plates and password hashes: keep
                it as carefully as the server. A database of an older program is copied as it is.
                """)

        @Option(help: "The data directory.")
        var data = "data"
        @Option(help: "The new folder for the backup.")
        var into: String
        @Option(help: "A new folder for a copy of the private keys, on another medium.")
        var keysInto: String?
        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            try await reporting {
                let manifest = try Backup.create(
                    of: DataDirectory(data), into: into, keys: keysInto, now: SystemClock.now())
                if json { return print(manifest.json.text) }
                print(manifest.words)
                print("Checked after writing: \(into)")
                print(
                    keysInto.map { "Private keys: \($0). Keep them apart from the backup." }
                        ?? "Private keys are not in it; see --keys-into.")
            }
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a backup: files, structure, every tree; needs no key.",
            discussion: """
                Exit code 0 if it fits, 65 if not, 78 if a newer program made it. One of an older \
                program is checked as it is. Nothing in the folder is changed. `hofbuch verify \
                --data` checks more.
                """)

        @Argument(help: "The folder with the backup.")
        var backup: String
        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            try await reporting {
                let backup = Backup(backup)
                let manifest = try backup.verify()
                if json { return print(manifest.json.text) }
                print(manifest.words)
                if let older = try backup.olderSchema() {
                    print(
                        "Written by an older Hofbuch (schema \(older)). `hofbuch verify --data "
                            + "\(backup.path)` checks the rest of it.")
                }
                print("Everything fits.")
            }
        }
    }

    struct Restore: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a backup and put it into an empty data directory.",
            discussion: """
                What was recorded after the backup is not in it. The server goes on from there only
                as long as nobody, such as a terminal, knows more. If somebody does, and no newer
                copy is left, two people can accept the loss: hofbuch log accept-loss
                (docs/guide/it.md, After a loss).

                The files come back byte for byte. The first start of this program on them brings \
                a database of an older program to the newest schema; after that the older program \
                no longer opens it, only what is restored from the backup again.
                """)

        @Argument(help: "The folder with the backup.")
        var backup: String
        @Option(help: "The data directory to make; new or empty.")
        var data: String
        @Option(help: "The folder with the copy of the private keys.")
        var keys: String?
        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            try await reporting {
                let backup = Backup(backup)
                let manifest = try backup.restore(into: DataDirectory(data), keys: keys)
                if json { return print(manifest.json.text) }
                print(manifest.words)
                print("Restored into \(data), as of \(manifest.made.iso).")
                if let older = try backup.olderSchema() {
                    print(
                        "It is of an older Hofbuch (schema \(older)). The first start of this "
                            + "program brings it to schema \(ReadOnlyDatabase.newestSchema).")
                }
                if keys == nil {
                    print("Put the private keys into \(data)/keys (mode 600) before serving.")
                }
            }
        }
    }
}

extension BackupManifest {
    fileprivate var words: String {
        let sums = files.reduce(Int64(0)) { $0 + $1.byteCount }
        return
            (logs.map { "\($0.origin): \($0.size) entries, root \($0.root.base64)" } + [
                "\(files.count) files, \(sums >> 10) kB, made \(made.iso)"
            ]).joined(separator: "\n")
    }
}
