import ArgumentParser
import Calendars
import Operations
import Text

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look at settings, database, disk, lock, heads, keys, clock; says what to do.",
        discussion: """
            Changes nothing and may run beside the server; reads the whole database once. Exit
            code 0 if nothing failed, 78 if something did; warnings do not count.
            """)

    @Option(help: "The data directory.")
    var data = "data"
    @OptionGroup var space: SpaceOptions
    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        try await reporting {
            let findings = Examiner(
                DataDirectory(data), reserve: space.reserve, now: SystemClock.now()
            ).examine()
            print(json ? Self.json(findings).text : Self.words(findings))
            if findings.contains(where: { $0.state == .failed }) { throw Exit.configuration }
        }
    }

    private static func json(_ findings: [Finding]) -> JSONValue {
        .fields(["findings": .array(findings.map(\.json))])
    }

    private static func words(_ findings: [Finding]) -> String {
        findings.map { finding in
            let state =
                switch finding.state {
                case .fine: "ok     "
                case .warning: "WARNING"
                case .failed: "FAILED "
                }
            let remedy = finding.remedy.isEmpty ? "" : "\n         \(finding.remedy)"
            return "\(state)  \(finding.name): \(finding.found)\(remedy)"
        }.joined(separator: "\n")
    }
}

/// How much of the disk is kept free.
struct SpaceOptions: ParsableArguments {
    @Option(
        help: """
            Megabytes to keep free on the disk of the database; below it no sales are taken, \
            everything else goes on. 0 watches nothing.
            """)
    var diskReserve: Int64 = DiskSpace.reserveDefault >> 20

    var reserve: Int64 { diskReserve << 20 }

    func validate() throws {
        guard (0...1 << 20).contains(diskReserve) else {
            throw ValidationError("--disk-reserve has to be 0 to 1048576 megabytes")
        }
    }
}
