import Calendars
import DayClosing
import HTTPTypes
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
            .post(sale, .readPersonalData, salePage),
            .get("/kennzeichen", .readPersonalData, platePage),
            .post("/kennzeichen", .readPersonalData, platePage),
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
        let newest = try await installation.sales(of: visit.yard, limit: 1).rows.first?.day
        let terminals = try installation.terminals(of: visit.yard).map(\.id.text)
        let form = SalesForm(
            visit.arrival, terminals: terminals,
            newest: newest ?? installation.calendar.day(of: installation.clock()))
        guard form.errors.isEmpty else {
            return show(
                SalesPage(form, rows: [], sum: nil, next: nil), visit, at: "/verkaeufe",
                status: .unprocessableContent)
        }
        let cursor = visit.arrival.query("ab")
        let page = try await installation.sales(
            of: visit.yard, form.query, after: cursor.isEmpty ? nil : cursor, limit: 50)
        let calendar = installation.calendar
        let isHidden = try installation.isHidden(form.query, of: visit.yard, from: visit.person)
        return show(
            SalesPage(
                form, rows: page.rows.map { SaleRow($0, calendar) },
                sum: try await installation.sum(of: visit.yard, form.query), isHidden: isHidden,
                next: page.next.map { PageLink("Weitere Verkäufe", form.path(from: $0)) },
                plateSearch: visit.may(.readPersonalData)
                    ? PageLink("Nach Kennzeichen suchen", "/kennzeichen") : nil),
            visit, at: "/verkaeufe")
    }

    /// Finds records by a plate, which never stands in an address.
    private func platePage(_ visit: Visit) async throws -> Response {
        guard visit.arrival.request.method == .post else {
            return show(PlatePage(visit.form, rows: nil, error: nil), visit)
        }
        do {
            let found = try await installation.sales(
                withPlate: visit.form["kennzeichen"], at: visit.yard, for: visit.form.line("zweck"),
                by: visit.person)
            let rows = found.map { SaleRow($0, installation.calendar) }
            return show(PlatePage(visit.form, rows: rows, error: nil), visit)
        } catch let error as OperationsError where error.status == 422 {
            return show(
                PlatePage(visit.form, rows: nil, error: error), visit,
                status: .unprocessableContent)
        }
    }

    private func show(_ page: PlatePage, _ visit: Visit, status: HTTPResponse.Status = .ok)
        -> Response
    {
        show(
            page, visit, at: "/verkaeufe", back: PageLink("Verkäufe", "/verkaeufe"),
            status: status)
    }

    private func salePage(_ visit: Visit) async throws -> Response {
        let reference = try visit.arrival.reference()
        let detail = try installation.saleDetail(reference, of: visit.yard)
        let names = PersonNames(try installation.people())
        let calendar = installation.calendar
        let personal = try await personalPart(detail, visit)
        let steps = try installation.steps(of: detail)
        let page = SalePage(
            number: reference.receiptNumber, state: detail.badge, total: detail.total,
            facts: try facts(detail, names, calendar, visit), lines: detail.lines,
            payment: detail.paymentFacts, attempts: detail.attempts(calendar),
            personal: personal.facts, personalHidden: personal.hidden,
            purpose: personal.purpose,
            timeline: detail.timeline(steps, names, calendar), flags: detail.panels(steps),
            proof: try await proofBlock(detail, reference, visit),
            actions: try actions(detail, reference, visit))
        return show(
            page, visit, at: "/verkaeufe",
            back: PageLink(
                "Verkäufe vom \(calendar.germanDay(of: detail.record.head.at))",
                "/verkaeufe?tag=\(calendar.day(of: detail.record.head.at).iso)"),
            status: page.problems.isEmpty ? .ok : .unprocessableContent)
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
        let close = try installation.closeNumber(holding: index, of: visit.yard)
        facts.append(
            close.map { Fact("Abschluss", "Nr. \($0.german)", path: "/abschluesse/\($0)") }
                ?? Fact("Abschluss", "noch nicht abgeschlossen"))
        return facts
    }

    /// Personal data for those who may see it and say what for; who looked is noted by the use
    /// case.
    private func personalPart(_ detail: SaleDetail, _ visit: Visit) async throws -> PersonalPart {
        switch try installation.personalStanding(of: detail) {
        case .none: return PersonalPart()
        case .erased: return PersonalPart(hidden: "Personenbezogene Angaben wurden gelöscht.")
        case .stored: break
        }
        guard visit.may(.readPersonalData) else {
            return PersonalPart(
                hidden: "Es gibt personenbezogene Angaben. Sehen dürfen sie Kasse, Freigabe und "
                    + "Finanzbuchhaltung.")
        }
        guard visit.arrival.request.method == .post else {
            return .asking(visit.form, isMissing: false)
        }
        do {
            let found = try await installation.personalData(
                of: detail, for: visit.form.line("zweck"), by: visit.person)
            return PersonalPart(facts: found.map { Fact($0.name.german, $0.value) })
        } catch OperationsError.reasonMissing {
            return .asking(visit.form, isMissing: true)
        }
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

    private func actions(_ detail: SaleDetail, _ reference: SaleReference, _ visit: Visit) throws
        -> [PageLink]
    {
        guard case .sale = detail.record.fact else { return [] }
        var actions: [PageLink] = []
        if detail.standing == .unknown {
            if visit.may(.resolvePayment) {
                actions.append(PageLink("Zahlung klären", reference.paymentPath))
            }
        } else if visit.may(.requestReversal), detail.left.sum() > .zero {
            actions.append(PageLink("Erstattung beantragen", "\(reference.path)/erstattung"))
        }
        if visit.may(.nameDebtor), let isNamed = try installation.hasDebtor(detail) {
            actions.append(
                PageLink(
                    isNamed ? "Schuldner berichtigen" : "Schuldner benennen",
                    "\(reference.path)/schuldner"))
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

/// What the page of a sale says about personal data.
private struct PersonalPart {
    var facts: [Fact] = []
    /// Why nothing is shown; nil where it is.
    var hidden: String?
    /// Asks what for.
    var purpose: Field?

    static func asking(_ form: FormValues, isMissing: Bool) -> PersonalPart {
        PersonalPart(
            hidden: "Es gibt personenbezogene Angaben. Wer sie ansieht, wird verzeichnet.",
            purpose: .purpose("Wofür brauchen Sie die Angaben?", form, isMissing: isMissing))
    }
}

extension SaleRow {
    fileprivate init(_ sale: SaleSummary, _ calendar: LocalCalendar) {
        self.init(
            number: sale.reference.receiptNumber, path: sale.reference.path,
            time: calendar.german(sale.at), what: sale.words,
            payment: sale.paymentWord, state: SaleState(sale.standing), amount: sale.total)
    }
}

extension SaleDetail {
    fileprivate func timeline(
        _ steps: [SaleStep], _ names: PersonNames, _ calendar: LocalCalendar
    ) -> [TimelineEvent] {
        let head = record.head
        return [
            TimelineEvent(
                time: calendar.german(head.at), iso: head.at.iso,
                text: "Am Terminal unterschrieben", who: names[head.attendant]),
            TimelineEvent(
                time: calendar.german(stored.entry.received), iso: stored.entry.received.iso,
                text: "Im Protokoll verzeichnet", who: nil),
        ] + steps.map { $0.event(names, calendar) }
    }
}
