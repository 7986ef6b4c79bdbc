import Foundation
import Journal
import Keys
import Operations
import Testing
import Units

/// How an installation and its yards begin.
struct BootstrapTests {
    private func description(
        _ id: String = "hof-2", town: String = "Musterstadt", name: String = "Hof Süd",
        address: String = "Am Hof 2", host: String = "musterstadt.example"
    ) -> YardDescription {
        YardDescription(
            id: TestYard.named(id), name: name, town: town, address: address, host: host)
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test func `a yard that cannot be described is refused by its field, and leaves no key`()
        async throws
    {
        let long = String(repeating: "x", count: 201)
        let cases: [(description: YardDescription, field: String)] = [
            (description(town: ""), "town"), (description(town: "a\nb"), "town"),
            (description(town: "o\u{308}"), "town"), (description(name: " "), "yard-name"),
            (description(name: long), "yard-name"), (description(address: "\t"), "address"),
            (description(host: "h h/ü"), "host"), (description(host: ""), "host"),
            (description(host: "a+b"), "host"), (description(host: "a/b"), "host"),
        ]
        try await withYard(terminals: 0, hasTariff: false) { yard in
            for (description, field) in cases {
                let error = await #expect(throws: OperationsError.self, "\(field)") {
                    _ = try await yard.installation.createYard(description)
                }
                guard case .input(let found, _) = error else {
                    Issue.record("\(field): \(String(describing: error))")
                    continue
                }
                #expect(found == field)
            }
            let key = yard.directory.logKey(yard: "hof-2")
            #expect(!FileManager.default.fileExists(atPath: key))
            #expect(yard.installation.yards.count == 1)
        }
    }

    @Test func `a yard is made once, also with the key that an earlier try left`() async throws {
        try await withYard(terminals: 0, hasTariff: false) { yard in
            await #expect(throws: OperationsError.yardExists("hof-1")) {
                _ = try await yard.installation.createYard(description("hof-1"))
            }
            let files = FileManager.default
            let key = yard.directory.logKey(yard: "hof-2")
            try KeyFile.create(path: key, with: .ed25519(.generate()))
            let left = files.contents(atPath: key)

            let second = try await yard.installation.createYard(description())

            #expect(files.contents(atPath: key) == left)
            #expect(second.number == 2 && second.origin == "musterstadt.example/log/hof-2")
            #expect(try yard.installation.verify().misfit == nil)
        }
    }

    @Test func `nobody else can look into what is made in a folder that is there`() async throws {
        try await withFolder { folder in
            let directory = DataDirectory(folder + "/data")
            try FileManager.default.createDirectory(
                atPath: directory.path, withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o755])

            try Installation.create(in: directory, finance: [])

            #expect(try mode(directory.path) == 0o700)
            #expect(try mode(directory.database) == 0o600)
        }
    }

    @Test func `a backup and what is restored from it are open to their owner alone`()
        async throws
    {
        try await withYard(terminals: 0, hasTariff: false) { yard in
            let backup = yard.directory.path + "-backup"
            let restored = DataDirectory(yard.directory.path + "-restored")
            for path in [backup, restored.path] {
                try FileManager.default.createDirectory(
                    atPath: path, withIntermediateDirectories: false,
                    attributes: [.posixPermissions: 0o755])
            }

            _ = try Backup.create(of: yard.directory, into: backup, keys: nil, now: yard.clock.now)
            _ = try Backup(backup).restore(into: restored, keys: nil)

            for directory in [DataDirectory(backup), restored] {
                #expect(try mode(directory.path) == 0o700)
                #expect(try mode(directory.database) == 0o600)
            }
        }
    }
}
