import ArgumentParser
import Operations

/// The one program of Hofbuch.
@main
struct Hofbuch: AsyncParsableCommand {
    static let version = Program.version

    static let configuration = CommandConfiguration(
        commandName: "hofbuch",
        abstract: "Cashless payment at municipal waste yards: prices, journal, close, exports.",
        discussion: """
            First steps:
              hofbuch demo --data demo          a town's day, played and served
              hofbuch tariff check tariffs/*    check tariff files with their examples
              hofbuch verify --data DIR         recompute everything from the stored bytes

            Exit codes: 0 done, 64 usage, 65 bad data, 66 no input, 69 unavailable, 70 bug,
            74 input or output failed, 75 try again, 77 not permitted, 78 configuration,
            11 verification found a misfit, 12 the outcome of a commit is unknown: start again.
            """,
        version: version,
        subcommands: [
            DemoCommand.self, InitCommand.self, ServeCommand.self, DoctorCommand.self,
            VerifyCommand.self, BackupCommand.self,
            UserCommand.self, YardCommand.self, TariffCommand.self, TerminalCommand.self,
            PaymentCommand.self,
            RefundCommand.self, CloseCommand.self, ExportCommand.self, ReconcileCommand.self,
            ReportCommand.self,
            LogCommand.self, KeyCommand.self, PersonalCommand.self, EventsCommand.self,
            WitnessCommand.self,
            BenchCommand.self,
        ])
}
