import Storage

/// A fault: how it is provoked, how often, and which broken program proves that its test bites.
struct Fault: Sendable {
    let name: String
    let title: String
    /// Rounds in `make test`, and in `make faults` unless ROUNDS says otherwise.
    let rounds: (short: Int, full: Int)
    /// The breakage that the test has to notice, and within how many rounds.
    let bite: (breakage: Breakage, rounds: Int)?
    let run: @Sendable (Trial) throws -> Void

    init(
        _ name: String, _ title: String, short: Int, full: Int, bite: Breakage?, within: Int = 1,
        run: @escaping @Sendable (Trial) throws -> Void
    ) {
        self.name = name
        self.title = title
        rounds = (short, full)
        self.bite = bite.map { ($0, within) }
        self.run = run
    }

    static let all: [Fault] =
        crashes + power + disk + files + tampering + clocks + network + terminals + processes + keys
        + simulations
}
