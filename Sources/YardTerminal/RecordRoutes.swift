import CardTerminals
import HTTPTypes
import Hummingbird
import Journal
import Pages
import Receipts
import Sales
import TerminalOperations
import TerminalStorage
import Units

extension TerminalPages {
    func addRecordRoutes(to router: Router<Context>) {
        router.get("/heute") { _, _ in try await today() }
        let record = router.group("/beleg/:sequence")
        record.get { _, context in try await showReceipt(try context.number("sequence")) }
        record.get("storno") { _, context in
            try await showVoid(try context.number("sequence"))
        }
        record.post("storno") { request, context in
            try await void(try context.number("sequence"), try await form(request))
        }
        record.get("klaeren") { _, context in
            try await showResolve(try context.number("sequence"))
        }
        record.post("klaeren") { request, context in
            try await resolve(try context.number("sequence"), try await form(request))
        }
    }

    private func today() async throws -> Response {
        let entries = try await session.listToday()
        let rows = entries.reversed().map { entry in
            TodayRow(
                sequence: entry.stored.sequence, number: entry.receiptNumber,
                time: String(session.world.localTime(entry.stored.at).dropLast(3)),
                what: what(entry), state: state(entry), sent: entry.stored.state.german,
                amount: entry.stored.total, action: action(entry).first)
        }
        let sum = entries.map(\.stored.total).sum()
        return try await show(
            TodayPage(rows: rows, count: Int64(entries.count), sum: sum))
    }

    private func what(_ entry: DayEntry) -> String {
        if let sale = entry.sale { return sale.lines.map(\.name).joined(separator: ", ") }
        if entry.void != nil { return "Storno" }
        return entry.noSale == nil ? "Zahlung geklärt" : "Ohne Verkauf beendet"
    }

    private func state(_ entry: DayEntry) -> StatusItem {
        if entry.isUnresolved { return StatusItem(text: "ungeklärt", tone: "danger") }
        if entry.isVoided { return StatusItem(text: "storniert", tone: "neutral") }
        if entry.hasOpenReversal { return StatusItem(text: "Storno offen", tone: "danger") }
        switch entry.sale?.settlement {
        case .card: return StatusItem(text: "bezahlt", tone: "success")
        case .onAccount: return StatusItem(text: "auf Rechnung", tone: "warning")
        case .free: return StatusItem(text: "kostenfrei", tone: "neutral")
        case .unknown: return StatusItem(text: "geklärt", tone: "neutral")
        case nil: return StatusItem(text: "erledigt", tone: "neutral")
        }
    }

    private func action(_ entry: DayEntry) -> [PageLink] {
        let path = "/beleg/\(entry.stored.sequence)"
        if entry.isUnresolved { return [PageLink("Klären", path + "/klaeren")] }
        if entry.isVoidable || entry.hasOpenReversal {
            return [PageLink("Stornieren", path + "/storno")]
        }
        return []
    }

    private func showReceipt(_ sequence: Int64) async throws -> Response {
        let matter = try await session.receipt(sequence)
        let entry = matter.entry
        let check = CheckCode(
            origin: matter.identity.receiptOrigin, reference: entry.reference,
            digest: matter.checkDigest)
        return try await show(
            SlipPage(
                number: entry.receiptNumber, notice: notice(entry),
                slip: slip(matter, check: check), check: check, actions: action(entry)))
    }

    private func slip(_ matter: ReceiptMatter, check: CheckCode) -> String {
        guard let subject = subject(of: matter) else {
            return what(matter.entry) + "\n" + (matter.entry.noSale?.reason ?? "") + "\n"
        }
        let stored = matter.entry.stored
        let time = session.world.localTime(stored.at)
        let receipt = Receipt(
            issuer: Issuer(
                town: matter.identity.town, yard: matter.identity.yardName,
                address: matter.identity.address),
            number: matter.entry.receiptNumber, terminal: matter.identity.terminal.text,
            localTime: "\(GermanFormat.day(stored.day)), \(time.dropLast(3)) Uhr",
            subject: subject, check: check, logIndex: stored.state.index,
            debtor: matter.debtor.map { [$0] } ?? [])
        return receipts.slip(receipt)
    }

    /// What the receipt of a record is about; nil for a delivery that ended without a sale.
    private func subject(of matter: ReceiptMatter) -> ReceiptSubject? {
        switch (matter.entry.record.fact, matter.original) {
        case (.sale(let sale), _): .sale(sale)
        case (.void(let void), let original?): .reversal(void, of: original)
        case (.resolution(let resolution), let original?): .resolution(resolution, of: original)
        case (.void, nil), (.resolution, nil), (.noSale, _): nil
        }
    }

    private func notice(_ entry: DayEntry) -> Notice {
        if entry.isUnresolved {
            return Notice(
                "warning", "Zahlung ungeklärt", "Bitte nicht noch einmal kassieren.")
        }
        switch entry.stored.state {
        case .acknowledged:
            return Notice("success", "Gespeichert und gesendet", "Der Beleg steht im Hofbuch.")
        case .queued:
            return Notice(
                "success", "Gespeichert",
                "Der Beleg ist unterschrieben und wird gesendet, sobald der Server antwortet.")
        case .refused(let problem):
            return Notice(
                "danger", "Vom Server abgelehnt",
                "Der Beleg bleibt auf dem Gerät. Rufen Sie die Betreuung an (\(problem)).")
        }
    }
}

extension RecordState {
    fileprivate var index: Int64? {
        if case .acknowledged(let index) = self { index } else { nil }
    }

    /// Whether the server has it, in a word.
    fileprivate var german: String {
        switch self {
        case .queued: "wartet"
        case .acknowledged: "gesendet"
        case .refused: "abgelehnt"
        }
    }
}
