import ArgumentParser
import Calendars
import CardTerminals
import Foundation
import Journal
import Logging
import NIOHTTP1
import Remote
import Sales
import Tariffs
import TerminalOperations
import TerminalStorage
import Text
import Units
import YardTerminal

/// Which terminal, and which card terminal beside it.
struct TerminalOptions: ParsableArguments {
    @Option(help: "The terminal's folder: key, queue, tariff.")
    var folder = "terminal"

    @Option(help: "Card terminal beside it: stand-alone (type what its slip says) or simulated.")
    var card = "stand-alone"

    @Option(help: "Number (TID) of the card terminal, where it is known.")
    var tid: String?

    func cardTerminal() throws -> any CardTerminal {
        switch card {
        case "stand-alone": return StandAloneCardTerminal(number: tid)
        case "simulated":
            return try SimulatedCardTerminal(
                path: folder + "/simulated-card.json", number: tid ?? "51234567")
        default:
            throw Failure("--card is stand-alone or simulated", Exit.usage)
        }
    }

    func open() throws -> YardTerminalSession {
        try YardTerminalSession.open(
            folder: folder, cardTerminal: try cardTerminal(),
            world: .system(calendar: try yardCalendar(), version: Hofbuch.version))
    }
}

struct TerminalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "terminal", abstract: "The yard terminal, and its place at the server.",
        subcommands: [
            Request.self, Admit.self, Reject.self, List.self, Release.self, Enrol.self, Run.self,
            Sell.self, Flush.self, Status.self, RotateKey.self,
        ])

    struct Enrol: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make this folder a terminal, with the one-time code from the office.")
        @Option(help: "The terminal's folder.")
        var folder = "terminal"
        @Option(help: "Address of the server, such as https://hofbuch.musterstadt.de.")
        var server: String
        @Argument(help: "The one-time code.")
        var code: String

        func run() async throws {
            try await reporting {
                let answer = try await TerminalEnrolment.enrol(
                    server: server, code: code, folder: folder)
                print("Enrolled as \(answer.terminal) of \(answer.yard).")
            }
        }
    }

    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Serve the attendant's page on this machine, and send what is queued.")
        @OptionGroup var terminal: TerminalOptions
        @Option(help: "Port on loopback.")
        var port: UInt16 = 8081

        func run() async throws {
            try await reporting {
                let port = Int(port)
                let address = ServerAddress(host: "127.0.0.1", port: port, tls: nil)
                try address.requireFree()
                let session = try terminal.open()
                var logger = Logger(label: "hofbuch.terminal")
                logger.logLevel = .warning
                try await address.listening {
                    try await YardTerminalServer(session: session, port: port, logger: logger).run {
                        print("Attendant's page: http://127.0.0.1:\($0)/   Stop with Ctrl-C.")
                        // Into a pipe or file the line would wait for more to come.
                        fflush(nil)
                    }
                }
            }
        }
    }

    struct Sell: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "One sale from the command line.",
            discussion: """
                Example, with the slip of a stand-alone card terminal:
                  hofbuch terminal sell "privat: 1 m³ gruenabfall" --slip girocard:0042:000817 \
                --tid 51234567 --attendant anna
                Before the colon may also stand einheimisch or auswärtig, whose quota it is \
                (Haushalt 4711), Waage ausgefallen, and features of the tariff.
                """)
        @OptionGroup var terminal: TerminalOptions
        @Argument(help: "The delivery, such as \"privat: 700 l gruenabfall; 2 Stück reifen\".")
        var delivery: String
        @Option(help: "Who sells: sign-in name of an attendant.")
        var attendant: String
        @Option(help: "scheme:receipt:trace of the slip, for a stand-alone card terminal.")
        var slip: String?
        @Option(help: "Name and address of the debtor: a claim instead of a card payment.")
        var debtor: String?

        func run() async throws {
            try await reporting {
                let session = try terminal.open()
                guard let person = PersonID(attendant) else {
                    throw Failure("--attendant is a sign-in name", Exit.usage)
                }
                try await session.chooseAttendant(person)
                _ = try await session.refreshTariffsIfReachable()
                let sequence = try await sell(session)
                let matter = try await session.receipt(sequence)
                let report = try await session.flush()
                print(
                    "Beleg \(matter.entry.record.head.reference.receiptNumber), "
                        + "Prüfcode \(matter.checkPath)")
                print(report.isComplete ? "Vom Server bestätigt." : "Wartet auf den Server.")
                try await session.close()
            }
        }

        private func sell(_ session: YardTerminalSession) async throws -> Int64 {
            let number = try await session.startDelivery(.household)
            do {
                try await session.addItems(phrase: delivery, to: number)
            } catch {
                _ = try await session.abandon(number, reason: "nicht verstanden")
                throw error
            }
            guard case .priced(let quote) = try await session.quote(number) else {
                return try await session.refuse(number)
            }
            for line in quote.lines {
                print("\(GermanFormat.euros(line.gross))  \(line.explanation.german)")
            }
            if quote.deposit > .zero {
                print("Zur Vorautorisierung: \(GermanFormat.euros(quote.deposit))")
            }
            if quote.total == .zero { return try await session.settleFree(number) }
            if let debtor {
                return try await session.claim(number, amount: quote.total, debtor: debtor)
            }
            // What is asked of a card terminal cannot be taken back, so the slip is read and
            // looked up before.
            let typed: CardSlip?
            do {
                typed = try session.cardTerminal.identity.kind == .standAlone ? typedSlip() : nil
                if let typed { try await session.requireFresh(typed) }
            } catch {
                try await forget(number, session)
                throw error
            }
            let begun = try await session.beginPayment(number, amount: quote.total)
            return try await finish(session, number, begun, typed)
        }

        private func finish(
            _ session: YardTerminalSession, _ number: DeliveryNumber, _ progress: PaymentProgress,
            _ typed: CardSlip?
        ) async throws -> Int64 {
            switch progress {
            case .sold(let sequence): return sequence
            case .awaitsSlip:
                guard let typed else { preconditionFailure("only a typed slip is awaited") }
                let outcome = CardOutcome.approved(typed)
                return try await finish(
                    session, number, try await session.recordOutcome(number, outcome), typed)
            case .failed(let outcome):
                throw Failure(
                    "the card was not charged (\(outcome.rawValue)); the delivery waits on the "
                        + "attendant's page", Exit.badData)
            case .unknown:
                throw Failure(
                    "nobody knows if the card was charged; do not charge again, resolve it on the "
                        + "attendant's page", Exit.unavailable)
            }
        }

        /// Drops a delivery for which no card terminal was asked, without a record.
        private func forget(
            _ number: DeliveryNumber, _ session: YardTerminalSession
        ) async throws {
            for _ in try await session.delivery(number).draft.items {
                try await session.removeItem(at: 0, from: number)
            }
            _ = try await session.abandon(number, reason: "ohne Beleg des Kartenterminals")
        }

        private func typedSlip() throws -> CardSlip {
            let parts = (slip ?? "").split(separator: ":").map(String.init)
            guard parts.count == 3, let scheme = CardScheme(rawValue: parts[0]),
                let found = CardSlip(
                    cardTerminal: terminal.tid ?? "", scheme: scheme, receiptNumber: parts[1],
                    traceNumber: parts[2])
            else {
                throw Failure(
                    "charge the card on the card terminal first, then give --tid and --slip "
                        + "scheme:receipt:trace from its slip", Exit.usage)
            }
            return found
        }
    }

    struct RotateKey: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate-key",
            abstract: "Make this terminal's next key and announce it to the server.",
            discussion: """
                The key in force signs on until an approver has approved the new one (`hofbuch key \
                approve`, or the console) and this terminal has heard of it at its next contact.
                """)
        @OptionGroup var terminal: TerminalOptions

        func run() async throws {
            try await reporting {
                let session = try terminal.open()
                let key = try await session.announceNextKey()
                _ = try await session.flush()
                try await session.close()
                print("Announced: \(key)")
                print("An approver compares this with what `hofbuch key requests` shows.")
            }
        }
    }

    struct Flush: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send what is queued to the server.")
        @OptionGroup var terminal: TerminalOptions
        @Flag(help: "Also send again what the server refused.")
        var retryRefused = false

        func run() async throws {
            try await reporting {
                let session = try terminal.open()
                let report = try await session.flush(retryRefused: retryRefused)
                try await session.close()
                print(
                    "\(report.acknowledged) acknowledged, \(report.refused) refused, "
                        + "\(report.queued) still queued")
                if let stop = report.stop {
                    Message.error(stop.words(session.identity.server))
                    throw Exit.tryAgain
                }
            }
        }
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "How the terminal stands: queue, unknown payments, tariff.")
        @OptionGroup var terminal: TerminalOptions

        func run() async throws {
            try await reporting {
                let session = try terminal.open()
                let status = try await session.status()
                try await session.close()
                print(
                    "Terminal \(status.identity.terminal) of \(status.identity.yard): "
                        + "\(status.state)"
                )
                print("Queued: \(status.queue.queued), refused: \(status.queue.refused)")
                print("Unknown payments: \(status.unknown), parked deliveries: \(status.parked)")
                print("Tariff today: \(status.tariff ?? "none here; connect to the server")")
                if let alarm = status.alarm { print("Alarm: \(alarm)") }
            }
        }
    }
}

extension YardTerminalSession {
    /// Fetches the tariff if the server answers; the one at hand does otherwise.
    func refreshTariffsIfReachable() async throws -> Bool {
        do {
            return try await refreshTariffs()
        } catch let error as TerminalError {
            throw error
        } catch {
            return false
        }
    }
}
