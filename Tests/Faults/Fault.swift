import Foundation
import Storage

/// A fault: how it is provoked, how often, and which broken program proves that its test bites.
struct Fault: Sendable {
    let name: String
    let title: String
    /// Rounds in `make test`, and in `make faults` unless ROUNDS says otherwise.
    let rounds: (short: Int, full: Int)
    /// The breakage that the test has to notice, within how many rounds, and parts of the words of
    /// an ``Unforeseen`` by which it shows, where it does.
    let bite: (breakage: Breakage, rounds: Int, words: [String])
    /// Whether it measures time, so that no other fault may run beside it.
    let isTimed: Bool
    /// Whether every round is another seed, so that ROUNDS may ask for more than the full number.
    let isSeeded: Bool
    let run: @Sendable (Trial) throws -> Void

    init(
        _ name: String, _ title: String, short: Int, full: Int, bite: Breakage, within: Int = 1,
        shownBy words: [String] = [], isTimed: Bool = false, isSeeded: Bool = false,
        run: @escaping @Sendable (Trial) throws -> Void
    ) {
        self.name = name
        self.title = title
        self.isTimed = isTimed
        self.isSeeded = isSeeded
        rounds = (short, full)
        self.bite = (bite, within, words)
        self.run = run
    }

    /// Whether an error that ended a round shows the broken program, and is no trouble of the test
    /// itself or of the machine.
    func isShown(by error: any Error) -> Bool {
        switch error {
        case let error as Unforeseen: bite.words.contains { error.description.contains($0) }
        // One that still runs may only be slow to start.
        case let error as Server.NotServing: error.status != nil
        default: !(error is CocoaError)
        }
    }

    static let all: [Fault] =
        crashes + power + disk + files + backups + tampering + forks + clocks + network + terminals
        + witnesses
        + processes + keys + simulations
}
