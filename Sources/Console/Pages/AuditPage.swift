import Pages
import Units

/// `GET /pruefung`: what an auditor looks at first.
struct AuditPage: Page {
    static let template = "console-audit"
    let title = "Prüfung"
    let verdicts: [Panel]
    let terminals: [Row]
    let checkpoint: [Fact]
    let flags: [Flag]
    let hasFlags: Bool
    let people: [Change]
    let hasPeople: Bool
    let commands: [String]
    let downloads: [PageLink]

    /// A terminal's completeness.
    struct Row: Sendable {
        let terminal: String
        let first: String
        let last: String
        let count: String
        let missing: String
        let state: Badge

        init(terminal: String, first: Int64, last: Int64, count: Int64, missing: [Int64]) {
            self.terminal = terminal
            self.first = padded(first, 6)
            self.last = padded(last, 6)
            self.count = count.german
            self.missing =
                missing.isEmpty ? "keine" : missing.map { padded($0, 6) }.joined(separator: ", ")
            state = missing.isEmpty ? Badge("Lückenlos", .success) : Badge("Lücke", .danger)
        }
    }

    /// An entry that the server marked, or a finding.
    struct Flag: Sendable {
        let index: String
        let path: String
        let time: String
        let text: String
        /// Whether the path leads to bytes, not to a page.
        var isFile = false
    }

    /// What somebody changed about a person.
    struct Change: Sendable {
        let time: String
        /// Sign-in name of who did it.
        let who: String
        /// Sign-in name of the person.
        let whom: String
        let text: String
    }

    /// - Parameters:
    ///   - verdicts: one sentence each on numbers, closes and the last check of the log.
    ///   - checkpoint: size, root, time, witnesses of the last one.
    ///   - people: the newest changes, newest first.
    ///   - log: the log's origin, for the commands.
    init(
        verdicts: [Panel], terminals: [Row], checkpoint: [Fact], flags: [Flag],
        people: [Change] = [], log: String, downloads: [PageLink]
    ) {
        self.verdicts = verdicts
        self.terminals = terminals
        self.checkpoint = checkpoint
        self.flags = flags
        hasFlags = !flags.isEmpty
        self.people = people
        hasPeople = !people.isEmpty
        commands = [
            "hofbuch verify --data KOPIE", "hofbuch log checkpoint --as NAME",
        ]
        self.downloads = downloads
    }
}
