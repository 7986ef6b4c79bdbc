import Foundation
import Storage
import Text
import Transparency

extension Fault {
    static let witnesses = [
        Fault(
            "F23", "a witness that signs wrongly, repeats itself, is down, slow, or in conflict",
            short: 2, full: 12, bite: .trustsWitness, shownBy: ["in the status"]
        ) { trial in
            let manners = FakeWitness.Manner.allCases.filter { $0 != .honest }
            let manner = manners[trial.round % manners.count]
            let site = try trial.site()
            let witness = try FakeWitness()
            defer { witness.stop() }
            try site.ask(witness.key, port: witness.port)
            witness.manner = manner == .repeatsItself ? .honest : manner
            let server = try site.serve()
            let office = try server.office()
            if manner == .repeatsItself {
                try trial.expect("a first cosignature") { try office.witnessed() > 0 }
                witness.manner = manner
            }
            let before = try office.witnessed()
            let load = Load(site, port: server.port, pauseMicroseconds: 5_000)
            try trial.expect("'\(manner.problem)' in the status") {
                try office.witnessProblem() == manner.problem
            }
            try office.closeDay(site.today)
            let asked = witness.asked
            try trial.expect("a request after the close") { witness.asked > asked }
            usleep(200_000)
            let seal = try office.seal()
            if try office.witnessed() != before || seal != "approved" {
                trial.complain("\(manner): witnessed by \(try office.witnessed()), \(seal)")
            }
            load.stop()
            if site.history.acknowledged == 0 { trial.complain("no sale went through") }
            trial.count("\(manner)")
            // Later it comes round, and nothing that was refused is in the way.
            witness.manner = .honest
            try trial.expect("a cosignature of the whole log") { try office.seal() == "witnessed" }
            try trial.finish(site, server)
        },
        Fault(
            "F24", "the witness knows a larger head than the log", short: 1, full: 5,
            bite: .ignoresWitness
        ) { trial in
            let site = try trial.site()
            let witness = try WitnessProgram(of: site.town, in: trial.folder)
            try site.ask(witness.key, port: witness.port)
            try trial.sell(site, milliseconds: 200)
            // The whole folder of a moment, head file and all: only the witness knows better.
            let old = "\(trial.folder)/old"
            try FileManager.default.copyItem(atPath: site.data, toPath: old)
            let server = try site.serve()
            let load = Load(site, port: server.port)
            usleep(500_000)
            load.stop()
            let size = try site.size
            try trial.expect("a cosignature of \(size)") { try witness.size(of: site.town) >= size }
            try server.stop()
            let newest = "\(trial.folder)/newest"
            try FileManager.default.moveItem(atPath: site.data, toPath: newest)
            try FileManager.default.moveItem(atPath: old, toPath: site.data)
            try trial.expectRefusal(site, of: size)
            // The newest copy comes back, and the log goes on.
            try FileManager.default.removeItem(atPath: site.data)
            try FileManager.default.moveItem(atPath: newest, toPath: site.data)
            try trial.recover(site)
        },
    ]
}

extension Trial {
    /// Waits until something holds.
    func expect(_ words: String, seconds: Double = 20, _ holds: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < deadline {
            if try holds() { return }
            usleep(50_000)
        }
        throw Unforeseen("waited \(Int(seconds)) s for \(words)")
    }
}

extension Site {
    /// How many entries the stored log has.
    var size: Int64 {
        get throws { try ReadOnlyDatabase(path: database).read { try $0.logSize(yard: 1) } }
    }
}

extension Office {
    private func status() throws -> JSONValue {
        try succeed("GET", "/v1/yards/hof-1/log/status", by: "anna")
    }

    /// The largest size that has its quorum; 0 if there is none.
    fileprivate func witnessed() throws -> Int64 { try status()["witnessedSize"]?.integer ?? 0 }

    /// What the status says of the one witness.
    fileprivate func witnessProblem() throws -> String? {
        try status()["witnesses"]?.array?.first?["problem"]?.string
    }

    /// How far the first close has come.
    fileprivate func seal() throws -> String {
        let close = try succeed("GET", "/v1/yards/hof-1/closes/1", by: "anna")
        return close["seal"]?["state"]?.string ?? ""
    }
}
