import CardTerminals
import DayClosing
import Foundation
import Journal
import Keys
import Operations
import People
import Remote
import Sales
import Tariffs
import TerminalOperations
import TerminalStorage
import Text
import Units

/// A day at the sample yard: what happens, in order, against the real server.
struct DemoDay: Sendable {
    private let town: DemoTown
    private let base: String
    private let yard: Yard
    private let terminals: [DemoTerminal]
    private var deliveries: DemoDeliveries
    private var counts: [String: Int] = [:]
    private var notes: [String] = []
    private var close: DayClose?
    private var files: [String] = []
    private var report: VerificationReport?

    private static let ordinary = 56

    init(town: DemoTown, base: String) async throws {
        self.town = town
        self.base = base
        yard = try town.installation.yard(DemoTown.yard)
        terminals = [
            try await .open("t1", tid: "51234567", in: town, base: base, memory: .tells),
            try await .open("t2", tid: "51234568", in: town, base: base, memory: .keepsSilent),
        ]
        deliveries = DemoDeliveries(seed: UInt64(town.day.ordinal))
    }

    /// Plays the day from the first delivery to the verified export.
    func play() async throws -> DemoDay {
        var day = self
        try await day.sell()
        try await day.closeDay()
        try await day.export()
        day.report = try town.installation.verify()
        for terminal in terminals { try await terminal.session.close() }
        return day
    }

    private mutating func sell() async throws {
        guard let attendant = PersonID("anna") else { preconditionFailure("anna is a name") }
        for terminal in terminals {
            _ = try await terminal.session.refreshTariffs()
            try await terminal.session.chooseAttendant(attendant)
        }
        for number in 0..<Self.ordinary {
            town.clock.advance(to: time(8 * 60 + number * 8))
            if number == 20 {
                terminals[1].line.setAway(true)
                notes.append("Gerät t2 war eine Stunde ohne Netz und hat alles nachgereicht.")
            }
            if number == 28 { terminals[1].line.setAway(false) }
            try await deliver(deliveries.next(), at: terminals[number % 2])
            try await happen(number)
            for terminal in terminals { _ = try await terminal.session.flush() }
        }
    }

    /// What does not happen every time.
    private mutating func happen(_ number: Int) async throws {
        let (first, second) = (terminals[0], terminals[1])
        switch number {
        case 5: try await refuse("privat: 2,5 m³ sperrmuell", at: first)
        case 9: try await decline("gewerblich: 1 m³ gewerbeabfall", at: first)
        case 13: try await silence("privat: 0,5 m³ baustellenabfall", at: first)
        case 17: try await weigh(at: second)
        case 31: try await unresolved("privat: 1 m³ baustellenabfall", at: second)
        case 36: try await postAgain(at: first)
        case 40: try await refund(at: first)
        case 44: try await void("privat: 2 Stück pkw-reifen-mit-felge", at: second)
        case 48: try await refuse("privat: 3 m³ altmoebel", at: second)
        default: break
        }
    }

    private mutating func deliver(_ phrase: String, at terminal: DemoTerminal) async throws {
        let session = terminal.session
        let number = try await session.startDelivery(.household)
        try await session.addItems(phrase: phrase, to: number)
        guard case .priced(let quote) = try await session.quote(number) else {
            _ = try await session.refuse(number)
            counts["abgewiesen", default: 0] += 1
            return
        }
        if quote.total == .zero {
            _ = try await session.settleFree(number)
            counts["kostenfrei", default: 0] += 1
            return
        }
        _ = try await session.beginPayment(number, amount: quote.total)
        counts["mit Karte bezahlt", default: 0] += 1
    }

    private mutating func refuse(_ phrase: String, at terminal: DemoTerminal) async throws {
        let session = terminal.session
        let number = try await session.startDelivery(.household)
        do {
            try await session.addItems(phrase: phrase, to: number)
        } catch is TerminalError {
            _ = try await session.abandon(number, reason: "nicht im Angebot")
            return
        }
        let decision = try await session.quote(number)
        guard case .refused(let refusals) = decision else {
            _ = try await session.abandon(number, reason: "wieder mitgenommen")
            return
        }
        _ = try await session.refuse(number)
        counts["abgewiesen", default: 0] += 1
        notes.append("Abgewiesen: \(refusals.first?.reason.german ?? "")")
    }

    private mutating func decline(_ phrase: String, at terminal: DemoTerminal) async throws {
        let session = terminal.session
        await terminal.card.behave([.decline])
        let (number, amount) = try await priced(phrase, at: terminal)
        _ = try await session.beginPayment(number, amount: amount)
        _ = try await session.claim(
            number, amount: amount, debtor: "Bau Muster GmbH, Werkstraße 2, 12345 Musterstadt")
        counts["auf Rechnung", default: 0] += 1
        notes.append(
            "Karte abgelehnt nach dem Abladen: \(GermanFormat.euros(amount)) als Forderung.")
    }

    /// The card terminal falls silent after approval; asking it (never charging again) clears it.
    private mutating func silence(_ phrase: String, at terminal: DemoTerminal) async throws {
        await terminal.card.behave([.silentAfterApproval])
        let (number, amount) = try await priced(phrase, at: terminal)
        _ = try await terminal.session.beginPayment(number, amount: amount)
        _ = try await terminal.session.enquire(number)
        counts["mit Karte bezahlt", default: 0] += 1
        notes.append(
            "Kartenterminal verstummt: Nachfrage ergab genehmigt, nicht noch einmal belastet.")
    }

    /// The same, but the card terminal cannot tell: signed as unknown, resolved by its slip.
    private mutating func unresolved(_ phrase: String, at terminal: DemoTerminal) async throws {
        await terminal.card.behave([.silentAfterApproval])
        let (number, amount) = try await priced(phrase, at: terminal)
        _ = try await terminal.session.beginPayment(number, amount: amount)
        let sequence = try await terminal.session.signUnknown(number)
        let slip = CardSlip(
            cardTerminal: "51234568", scheme: .girocard,
            receiptNumber: "9\(town.day.ordinal % 1_000)",
            traceNumber: "9\(town.day.ordinal % 100_000)")
        guard let slip else { preconditionFailure("the sample slip is a slip") }
        _ = try await terminal.session.resolve(
            sequence, .charged(slip), evidence: .repeatReceipt,
            note: "Belegwiederholung am Kartenterminal gezogen")
        counts["mit Karte bezahlt", default: 0] += 1
        notes.append(
            "Ungeklärte Zahlung t2-\(padded(sequence, 6)) durch Belegwiederholung geklärt.")
    }

    private mutating func weigh(at terminal: DemoTerminal) async throws {
        guard let green = FractionID("gruenabfall") else { preconditionFailure("a fraction") }
        let session = terminal.session
        let number = try await session.startDelivery(.household)
        try await session.weighIn(
            number, fraction: green, scale: "W1", ticket: "4711", gross: Grams(2_140_000))
        try await session.park(number)
        try await deliver("privat: 1 m³ papier", at: terminal)
        try await session.resume(number)
        try await session.cancelWeighing(number)
        try await session.addItems(phrase: "privat: 0,75 m³ gruenabfall", to: number)
        guard case .priced(let quote) = try await session.quote(number) else { return }
        _ = try await session.beginPayment(number, amount: quote.total)
        counts["mit Karte bezahlt", default: 0] += 1
        notes.append("Eine Anlieferung wurde zwischen Einfahrt und Abladen geparkt.")
    }

    private mutating func postAgain(at terminal: DemoTerminal) async throws {
        _ = try await terminal.session.flush()
        let matter = try await terminal.session.receipt(1)
        let envelope = Envelope(jws: matter.entry.stored.jws, disclosures: matter.disclosures)
        guard case .acknowledged(let again) = try await terminal.line.submit(envelope),
            again.isRepeat
        else { throw Failure("a repeated record was not recognised", Exit.badData) }
        notes.append(
            "Derselbe Umschlag zweimal gesendet: alte Stelle \(again.index), nichts doppelt.")
    }

    private mutating func void(_ phrase: String, at terminal: DemoTerminal) async throws {
        let (number, amount) = try await priced(phrase, at: terminal)
        guard
            case .sold(let sequence) = try await terminal.session.beginPayment(
                number, amount: amount)
        else { return }
        _ = try await terminal.session.beginVoid(sequence, reason: "falsche Reifenzahl getippt")
        counts["storniert", default: 0] += 1
    }

    /// The cashier asks, another person approves, the money goes back by bank transfer.
    private mutating func refund(at terminal: DemoTerminal) async throws {
        _ = try await terminal.session.flush()
        let entries = try await terminal.session.listToday()
        guard let reference = entries.first(where: \.isPaidByCard)?.record.head.reference else {
            return
        }
        let id = try await town.installation.requestReversal(
            ReversalWish(
                kind: .refund, original: reference, amounts: nil, reason: "doppelt angeliefert",
                method: .bankTransfer),
            payee: try Payee(name: "Erika Beispiel", iban: "DE02 1203 0000 0000 2020 51"), at: yard,
            by: try town.person(.cashier).person)
        try await town.installation.approveReversal(
            id, at: yard, by: try town.person(.approver).person)
        counts["erstattet", default: 0] += 1
        notes.append(
            "Erstattung zu \(reference.receiptNumber): von Anna beantragt, von Bernd freigegeben.")
    }

    private func priced(_ phrase: String, at terminal: DemoTerminal) async throws
        -> (DeliveryNumber, Cents)
    {
        let number = try await terminal.session.startDelivery(.household)
        try await terminal.session.addItems(phrase: phrase, to: number)
        guard case .priced(let quote) = try await terminal.session.quote(number) else {
            throw Failure("the sample delivery \(phrase) has no price", Exit.badData)
        }
        return (number, quote.total)
    }

    private func time(_ minutes: Int) -> Timestamp {
        let local = Int64(town.day.ordinal) * 86_400_000 + Int64(minutes) * 60_000
        return Timestamp(milliseconds: local - 3_600_000) ?? town.clock.now
    }

    /// Somebody tried a card at the card terminal of t2 without selling anything: the difference
    /// of the day, which gets its name.
    private mutating func closeDay() async throws {
        town.clock.advance(to: time(16 * 60 + 35))
        for terminal in terminals { _ = try await terminal.session.flush() }
        _ = try await terminals[1].card.pay(Cents(500), reference: "probe")
        var counted: [CardKey: Tally] = [:]
        for (terminal, tid) in zip(terminals, ["51234567", "51234568"]) {
            for total in try await terminal.card.endDay() {
                counted[CardKey(cardTerminal: tid, scheme: total.scheme)] = Tally(
                    count: Int64(total.count), amount: total.amount)
            }
        }
        let cashier = try town.person(.cashier).person
        let installation = town.installation
        try await installation.countClose(counted, day: town.day, at: yard, by: cashier)
        let draft = try installation.closeProgress(of: yard).draft
        for comparison in draft?.comparisons ?? [] where !comparison.agrees {
            try await installation.explainDifference(
                comparison.key, reason: .testTransaction,
                text: "Probezahlung nach Papierwechsel, wird morgen am Terminal storniert",
                at: yard, by: cashier)
            notes.append(
                "Differenz \(GermanFormat.euros(comparison.difference)) am Kartenterminal "
                    + "\(comparison.key.cardTerminal): Probezahlung, benannt.")
        }
        town.clock.advance(to: time(16 * 60 + 50))
        close = try await installation.approveClose(
            at: yard, by: try town.person(.approver).person)
    }

    private mutating func export() async throws {
        guard let close else { return }
        let person = try town.person(.finance).person
        let folder = town.installation.directory.path + "/exports"
        for format in try town.installation.exportFormats() {
            let export = try await town.installation.createExport(
                format, of: [close.number], at: yard, by: person)
            for file in export.files {
                let bytes = try town.installation.exportFile(
                    file.name, ofExport: export.number, at: yard, by: person)
                let path = "\(folder)/\(file.name)"
                try DurableFile.replace(path: path, with: bytes)
                files.append(path)
            }
        }
    }

    /// What happened, where everything is, and who can sign in.
    func summary(data: String, seconds: Duration) throws -> String {
        guard let close, let report else { return "" }
        let kinds = counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        let people = town.signIns.map { signIn in
            "  \(signIn.person.id)   \(signIn.password)   \(signIn.person.name)"
        }
        let total = counts.values.reduce(0, +)
        return """

            Wertstoffhof Musterstadt, \(GermanFormat.day(town.day)): \(total) Vorgänge
              \(kinds.joined(separator: ", "))
            \(notes.map { "  " + $0 }.joined(separator: "\n"))

            Tagesabschluss \(close.number): Umsatz \(GermanFormat.euros(close.totals.turnover)), \
            gezählt von \(close.countedBy), freigegeben von \(close.approvedBy)
            Für die Finanzsoftware:
            \(files.map { "  " + $0 }.joined(separator: "\n"))
            Nachgerechnet: \(Self.verdict(report)) \
            (\(report.entries) Einträge, \(report.checkpoints) Prüfpunkte)

            Anmelden (nur in diesem Beispiel; steht auch in \(data)/sign-ins.txt):
            \(people.joined(separator: "\n"))

            Die Seite für das Hofpersonal: hofbuch terminal run --folder \(data)/terminals/t1 \
            --card simulated
            Dauer: \(seconds.components.seconds) s
            """
    }

    /// German as the whole summary, which shows a German town; `hofbuch verify` says it in English.
    private static func verdict(_ report: VerificationReport) -> String {
        guard let misfit = report.misfit else { return "Alles passt." }
        return "Etwas passt nicht: \(misfit.what). \(misfit.consequence)."
    }
}

extension DayEntry {
    fileprivate var isPaidByCard: Bool {
        guard case .sale(let sale) = record.fact, case .card = sale.settlement else {
            return false
        }
        return true
    }
}
