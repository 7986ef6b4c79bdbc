import Foundation
import Testing

struct ModuleTests {
    /// Imports of each module's files, with their places.
    private func imports(of module: String) throws -> [(module: String, place: String)] {
        try Repository.sources(of: module).flatMap(\.imports)
    }

    private func declared(for module: String) throws -> Set<String> {
        try #require(Repository.declared.get()[module], "Package.swift has no target \(module)")
    }

    @Test func `every folder of sources has its floor`() throws {
        let folders = try Set(Repository.folders(in: "Sources"))

        #expect(folders.subtracting(Floors.modules).isEmpty)
        #expect(Floors.modules.subtracting(folders).isEmpty)
    }

    @Test func `within a floor no import leads back`() {
        for (module, others) in Floors.sideways {
            for other in others {
                #expect(Floors.floor(of: module) == Floors.floor(of: other), "\(module) \(other)")
            }
        }
        var open = Floors.sideways
        while let free = open.first(where: { entry in
            entry.value.allSatisfy { open[$0] == nil }
        }) {
            open[free.key] = nil
        }
        #expect(open.isEmpty, "these import each other in a circle")
    }

    @Test(arguments: Floors.modules.sorted())
    func `a module imports only what its floor allows and the package declares`(module: String)
        throws
    {
        let declared = try declared(for: module)
        let own = try imports(of: module).filter { Floors.modules.contains($0.module) }

        let forbidden = own.filter { !Floors.allows(module, importing: $0.module) }
        let undeclared = own.filter { !declared.contains($0.module) }

        #expect(forbidden.isEmpty, forbidden.map { "\($0.place): \($0.module)" }.listed)
        #expect(undeclared.isEmpty, undeclared.map { "\($0.place): \($0.module)" }.listed)
    }

    @Test(arguments: Floors.modules.sorted())
    func `a module declares no dependency that its floor forbids`(module: String) throws {
        let declared = try declared(for: module)

        let forbidden = declared.filter { !Floors.allows(module, importing: $0) }

        #expect(forbidden.isEmpty)
    }

    @Test(arguments: Floors.pure.flatMap { Floors.floors[$0] })
    func `the two lowest floors import nothing of others`(module: String) throws {
        let allowed = Floors.foreignOnPureFloors[module, default: []] + ["Swift"]

        let foreign = try imports(of: module).filter {
            !Floors.modules.contains($0.module) && !allowed.contains($0.module)
        }

        #expect(foreign.isEmpty, foreign.map { "\($0.place): \($0.module)" }.listed)
    }

    @Test(arguments: Floors.pure.flatMap { Floors.floors[$0] })
    func `the two lowest floors wait for nothing and ask no clock and no dice`(module: String)
        throws
    {
        let words: Set = [
            "async", "await", "Task", "actor", "random", "SystemRandomNumberGenerator",
            "ContinuousClock", "SuspendingClock",
        ]
        let lines = try Repository.sources(of: module).flatMap(\.all)

        let found = lines.filter { !$0.words.isDisjoint(with: words) }

        #expect(found.isEmpty, found.map { "\($0.place): \($0.text)" }.listed)
    }

    @Test(arguments: Floors.keepers.keys.sorted())
    func `a library of others is known to its keepers only`(library: String) throws {
        let keepers = try #require(Floors.keepers[library])

        let others = try Floors.modules.subtracting(keepers).sorted().flatMap {
            try imports(of: $0).filter { $0.module == library }
        }

        #expect(others.isEmpty, others.map(\.place).listed)
    }
}
