import Calendars
import DayClosing
import Hummingbird
import Journal
import Operations
import Pages
import People
import Receipts
import Sales
import Signing
import Storage
import Tariffs
import Text
import Transparency
import Units

extension ConsoleRoutes {
    /// Sales: list, one sale with its reasons and proof, and the files to check it with.
    var saleRoutes: [ConsoleRoute] {
        let sale = "/verkaeufe/{terminal}/{sequence}"
        return [
            .get("/verkaeufe", .readSales, salesPage), .get(sale, .readSales, salePage),
            .get("\(sale)/nachweis", .readSales) { visit -> Response in
                let detail = try recordDetail(visit)
                let proof = try await installation.proof(
                    of: detail.stored.position.index, in: visit.yard)
                return .download(Array(proof.utf8), name: "nachweis.tlog-proof", type: .plainText)
            },
            .get("\(sale)/eintrag", .readSales) { visit -> Response in
                .download(
                    try recordDetail(visit).stored.bytes, name: "eintrag.txt", type: .plainText)
            },
        ]
    }

    /// The newest checkpoint as a file.
    func checkpointFile(_ visit: Visit) async throws -> Response {
        let note = try await installation.checkpoint(of: visit.yard)
        return .download(
            Array(note.utf8), name: "pruefpunkt-\(visit.yard.id.text).txt", type: .plainText)
    }

    private func recordDetail(_ visit: Visit) throws -> SaleDetail {
        try installation.saleDetail(try visit.arrival.reference(), of: visit.yard)
    }

    private func salesPage(_ visit: Visit) async throws -> Response {
        let query = visit.arrival
        let calendar = installation.calendar
        let newest = try installation.sales(
            of: visit.yard, day: nil, terminal: nil, state: nil, before: nil, limit: 1
        ).rows.first?.day
        let day =
            BusinessDay(iso: query.query("tag")) ?? newest
            ?? calendar.day(of: installation.clock())
        let terminals = try installation.terminals(of: visit.yard).map(\.id.text)
        let state = SaleState(rawValue: query.query("zustand"))
        let terminal = terminals.contains(query.query("terminal")) ? query.query("terminal") : ""
        var selection = SalesSelection(state: state, start: Int64(query.query("ab")))
        try selection.collect(
            day: day, terminal: TerminalID(terminal), at: visit.yard, of: installation)
        let next = selection.next.map { index in
            PageLink(
                "Weitere Verkäufe",
                "/verkaeufe?tag=\(day.iso)&terminal=\(terminal)"
                    + "&zustand=\(state?.rawValue ?? "")&ab=\(index)")
        }
        return show(
            SalesPage(
                day: day, terminals: terminals, terminal: terminal, state: state,
                rows: selection.found.map { SaleRow($0, calendar) }, count: selection.count,
                sum: selection.sum, next: next), visit, at: "/verkaeufe")
    }

    private func salePage(_ visit: Visit) async throws -> Response {
        let reference = try visit.arrival.reference()
        let detail = try installation.saleDetail(reference, of: visit.yard)
        let names = PersonNames(try installation.people())
        let calendar = installation.calendar
        let (personal, hidden) = try await personalFacts(detail, visit)
        let page = SalePage(
            number: reference.receiptNumber, state: detail.state, total: detail.total,
            facts: try facts(detail, names, calendar, visit), lines: detail.lines,
            payment: detail.paymentFacts, attempts: detail.attempts(calendar),
            personal: personal, personalHidden: hidden,
            timeline: detail.timeline(names, calendar), flags: detail.panels,
            proof: try await proofBlock(detail, reference, visit),
            actions: actions(detail, reference, visit))
        return show(
            page, visit, at: "/verkaeufe",
            back: PageLink(
                "Verkäufe vom \(calendar.germanDay(of: detail.record.head.at))",
                "/verkaeufe?tag=\(calendar.day(of: detail.record.head.at).iso)"))
    }

    private func facts(
        _ detail: SaleDetail, _ names: PersonNames, _ calendar: LocalCalendar, _ visit: Visit
    ) throws -> [Fact] {
        let head = detail.record.head
        var facts = [
            Fact("Zeit", calendar.german(head.at)),
            Fact(
                "Terminal", head.terminal.text, path: visit.may(.readAudit) ? "/terminals" : nil),
            Fact("Bedient von", names[head.attendant]),
        ]
        switch detail.record.fact {
        case .sale(let sale):
            facts += [
                Fact("Anlieferergruppe", sale.delivery.group.label),
                Fact("Tarif", sale.tariff.title),
            ]
        case .noSale: facts.append(Fact("Vorgang", detail.subject))
        case .void(let reversal):
            facts += [
                Fact(
                    "Storno zu", reversal.original.receiptNumber, path: reversal.original.path),
                Fact("Grund", reversal.reason),
            ]
        case .resolution(let resolution):
            facts += [
                Fact(
                    "Klärung zu", resolution.original.receiptNumber,
                    path: resolution.original.path),
                Fact("Ergebnis", resolution.finding.german), Fact("Vermerk", resolution.note),
            ]
        }
        let index = detail.stored.position.index
        let close = try installation.closes(of: visit.yard).first {
            ($0.from..<$0.to).contains(index)
        }
        facts.append(
            close.map {
                Fact("Abschluss", "Nr. \($0.number.german)", path: "/abschluesse/\($0.number)")
            } ?? Fact("Abschluss", "noch nicht abgeschlossen"))
        return facts
    }

    /// Personal data for those who may see it; who looked is noted by the use case.
    private func personalFacts(_ detail: SaleDetail, _ visit: Visit) async throws
        -> (facts: [Fact], hidden: String?)
    {
        guard !detail.record.personal.isEmpty else { return ([], nil) }
        guard visit.may(.readPersonalData) else {
            return (
                [],
                "Es gibt personenbezogene Angaben. Sehen dürfen sie Kasse, Freigabe und "
                    + "Finanzbuchhaltung."
            )
        }
        let found = try await installation.personalData(of: detail, by: visit.person)
        guard !found.isEmpty else {
            return ([], "Personenbezogene Angaben wurden nach Ablauf der Frist gelöscht.")
        }
        return (found.map { Fact($0.name.german, $0.value) }, nil)
    }

    private func proofBlock(_ detail: SaleDetail, _ reference: SaleReference, _ visit: Visit)
        async throws -> ProofBlock
    {
        let head = CheckpointWords(try await installation.checkpoint(of: visit.yard))
        return ProofBlock(
            index: detail.stored.position.index,
            leafHash: MerkleTree.leafHash(detail.stored.bytes).hex,
            checkpoint: "\(head.size) Einträge, Wurzel \(head.root)", keyID: detail.stored.kid,
            downloadBase: reference.path, logKey: visit.yard.logKey)
    }

    private func actions(_ detail: SaleDetail, _ reference: SaleReference, _ visit: Visit)
        -> [PageLink]
    {
        guard case .sale = detail.record.fact else { return [] }
        var actions: [PageLink] = []
        if detail.state == .unknown {
            if visit.may(.resolvePayment) {
                actions.append(PageLink("Zahlung klären", reference.paymentPath))
            }
        } else if visit.may(.requestReversal), detail.left.sum() > .zero {
            actions.append(PageLink("Erstattung beantragen", "\(reference.path)/erstattung"))
        }
        let code = detail.stored.statement.base64url
        return actions + [
            PageLink("Beleg ansehen", "\(reference.receiptPath)?pruefcode=\(code)")
        ]
    }
}

extension String {
    static let plainText = "text/plain; charset=utf-8"
}

extension SaleReference {
    /// The path of the form that resolves its payment.
    var paymentPath: String { "/zahlungen/\(terminal.text)/\(sequence)" }
    /// The path of the public receipt.
    var receiptPath: String { "/b/\(terminal.text)/\(sequence)" }
}

extension LocalCalendar {
    /// `22.11.2026`.
    func germanDay(of instant: Timestamp) -> String { GermanFormat.day(day(of: instant)) }
}

/// Size and root of a signed checkpoint, for people.
struct CheckpointWords {
    let size: String
    /// Base64, as the checkpoint writes it.
    let root: String

    init(_ note: String) {
        let lines = note.split(separator: "\n", omittingEmptySubsequences: false)
        size = lines.count > 1 ? Int64(lines[1])?.german ?? "–" : "–"
        root = lines.count > 2 ? String(lines[2]) : "–"
    }
}

extension SaleRow {
    fileprivate init(_ sale: SaleSummary, _ calendar: LocalCalendar) {
        self.init(
            number: sale.reference.receiptNumber, path: sale.reference.path,
            time: String(calendar.time(of: sale.at).prefix(5)), what: sale.words,
            payment: sale.paymentWord, state: sale.standing, amount: sale.total)
    }
}

extension SaleDetail {
    fileprivate func timeline(_ names: PersonNames, _ calendar: LocalCalendar) -> [TimelineEvent] {
        let head = record.head
        return [
            TimelineEvent(
                time: calendar.german(head.at), iso: head.at.iso,
                text: "Am Terminal unterschrieben", who: names[head.attendant]),
            TimelineEvent(
                time: calendar.german(stored.entry.received), iso: stored.entry.received.iso,
                text: "Im Protokoll verzeichnet", who: nil),
        ]
    }
}
