import Defaults
import Foundation
import Keys
import Logging
import Operations
import People
import Units

extension DemoTown {
    /// Stands in the folder of a town that is not whole yet.
    private static let mark = "unfinished-sample-town"

    /// Founds the town beside its place and puts it there when it is whole, with tariff and
    /// terminals: what was interrupted is begun anew.
    static func found(
        _ directory: DataDirectory, on day: BusinessDay, _ clock: DemoClock, port: Int
    ) async throws {
        try DataDirectory.requireEmpty(directory.path)
        let name = directory.path.hasSuffix("/") ? "\(directory.path.dropLast())" : directory.path
        let place = DataDirectory(name + ".new")
        try clear(place)
        try Installation.create(in: place, finance: DefaultFile.files(in: "finance/"))
        let installation = try Installation(
            directory: place, clock: { clock.now }, logger: .quiet)
        try await addYard(to: installation)
        let town = DemoTown(
            installation: installation, clock: clock, day: day,
            signIns: try await addPeople(to: installation))
        try await town.activateTariff()
        try await town.serving(port: port) { base in
            for name in ["t1", "t2"] { try await DemoTerminal.enrol(name, in: town, base: base) }
        }
        try installation.close()
        try DurableFile.move(from: place.path, to: directory.path)
        try FileManager.default.removeItem(atPath: "\(directory.path)/\(mark)")
    }

    /// Removes what an interrupted founding left, and marks the empty folder as one.
    private static func clear(_ place: DataDirectory) throws {
        let (files, mark) = (FileManager.default, "\(place.path)/\(mark)")
        if files.fileExists(atPath: mark), ProcessLock.holder(path: place.lock) == nil {
            try files.removeItem(atPath: place.path)
        }
        try DataDirectory.requireEmpty(place.path)
        try files.createDirectory(
            atPath: place.path, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        try DurableFile.createNew(path: mark, with: [], mode: 0o600)
    }

    private static func addYard(to installation: Installation) async throws {
        guard let id = YardID(yard) else { preconditionFailure("the sample yard has a name") }
        _ = try await installation.createYard(
            YardDescription(
                id: id, name: "Wertstoffhof Musterstadt", town: "Stadt Musterstadt",
                address: "Am Wertstoffhof 1, 12345 Musterstadt", host: "musterstadt.example"))
    }

    /// The four people; their passwords are drawn here and stand in `sign-ins.txt`.
    private static func addPeople(to installation: Installation) async throws -> [SignIn] {
        var signIns: [SignIn] = []
        for (name, fullName, roles) in people {
            guard let id = PersonID(name) else { preconditionFailure("sample names are names") }
            let person = Person(id: id, name: fullName, roles: roles)
            let digits = SystemRandom.bytes(6).map { "\($0 % 10)" }.joined()
            let password = "\(name)-\(digits)-demo"
            try await installation.save(person, password: password)
            signIns.append(SignIn(person: person, password: password))
        }
        let lines = signIns.map { signIn in
            let roles = signIn.person.roles.map(\.rawValue).sorted().joined(separator: ",")
            return "\(signIn.person.id) \(signIn.password) \(roles)\n"
        }
        try DurableFile.createNew(
            path: installation.directory.path + "/sign-ins.txt", with: Array(lines.joined().utf8),
            mode: 0o600)
        return signIns
    }

    private func activateTariff() async throws {
        let tariff = DefaultFile.named("tariffs/goettingen-2024.yaml")?.bytes ?? []
        let home = try installation.yard(Self.yard)
        let digest = try await installation.proposeTariff(
            tariff, for: home, by: try person(.operator).person)
        try await installation.approveTariff(digest, for: home, by: try person(.approver).person)
    }
}
