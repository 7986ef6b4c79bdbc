import Calendars
import Hummingbird
import Journal
import Operations
import Pages
import People
import Receipts
import Sales
import Storage
import Text
import Units

extension ConsoleRoutes {
    /// Card payments without a result, and how they turned out.
    var paymentRoutes: [ConsoleRoute] {
        let payment = "/zahlungen/{terminal}/{sequence}"
        return [
            .get("/zahlungen", .readSales, paymentsPage),
            .get(payment, .resolvePayment) { visit -> Response in try resolveForm(visit) },
            .post(payment, .resolvePayment, resolve),
        ]
    }

    private func paymentsPage(_ visit: Visit) async throws -> Response {
        let open = try installation.unresolvedPayments(of: visit.yard)
        let calendar = installation.calendar
        let now = installation.clock()
        let mayResolve = visit.may(.resolvePayment)
        let rows = try open.map { row, reference in
            let (_, sale) = try installation.sale(reference, of: visit.yard)
            return PaymentRow(
                number: reference.receiptNumber,
                path: mayResolve ? reference.paymentPath : reference.path,
                time: calendar.german(row.at), age: Self.age(of: row.at, now: now),
                cardTerminal: sale.settlement.silentTerminal, amount: row.total)
        }
        let page = PaymentsPage(
            rows: rows, sum: open.map(\.0.total).sum(),
            reported: reportedUnknown(try installation.terminals(of: visit.yard)))
        return show(page, visit, at: "/zahlungen")
    }

    /// Such as "seit 2 Tagen".
    static func age(of instant: Timestamp, now: Timestamp) -> String {
        let minutes = max(0, (now.milliseconds - instant.milliseconds) / 60_000)
        return switch minutes {
        case 0..<2: "seit eben"
        case 2..<120: "seit \(minutes) Minuten"
        case 120..<2_880: "seit \(minutes / 60) Stunden"
        default: "seit \((minutes / 1_440).german) Tagen"
        }
    }

    private func unresolved(_ visit: Visit) throws -> (SaleReference, SaleDetail, Sale) {
        let reference = try visit.arrival.reference()
        let detail = try installation.saleDetail(reference, of: visit.yard)
        guard case .sale(let sale) = detail.record.fact, case .unknown = sale.settlement else {
            throw OperationsError.notUnknown(reference.receiptNumber)
        }
        return (reference, detail, sale)
    }

    private func resolveForm(_ visit: Visit, errors: [String: String] = [:]) throws -> Response {
        let (reference, detail, sale) = try unresolved(visit)
        if detail.resolution != nil { return .redirect(reference.path) }
        let page = PaymentResolvePage(
            number: reference.receiptNumber, path: reference.paymentPath,
            facts: [
                Fact("Verkauf", reference.receiptNumber, path: reference.path),
                Fact("Zeit", installation.calendar.german(detail.record.head.at)),
                Fact("Betrag", sale.total.german),
                Fact("Kartengerät", sale.settlement.silentTerminal ?? "nicht bekannt"),
            ], values: visit.form.values, errors: errors)
        return show(
            page, visit, at: "/zahlungen",
            back: PageLink("Ungeklärte Zahlungen", "/zahlungen"),
            status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    private func resolve(_ visit: Visit) async throws -> Response {
        if visit.form.isToBeChanged { return try resolveForm(visit) }
        let (reference, detail, sale) = try unresolved(visit)
        let reading = ResolutionReading(visit.form, reference: reference)
        guard let resolution = reading.resolution else {
            return try resolveForm(visit, errors: reading.errors)
        }
        if detail.resolution == resolution { return .redirect(reference.path) }
        guard visit.form.isConfirmed else {
            return checkResolution(resolution, debtor: reading.debtor, sale, visit)
        }
        try await installation.resolve(
            resolution, debtor: reading.debtor, at: visit.yard, by: visit.person)
        return .redirect(reference.path)
    }

    private func checkResolution(
        _ resolution: PaymentResolution, debtor: String?, _ sale: Sale, _ visit: Visit
    ) -> Response {
        let path = resolution.original.paymentPath
        let kept = visit.form.values.filter { $0.key != "csrf" && $0.key != "bestaetigt" }
        var facts = [
            Fact("Verkauf", resolution.original.receiptNumber, path: resolution.original.path),
            Fact("Betrag", sale.total.german), Fact("Ergebnis", resolution.finding.german),
            Fact("Beweis", resolution.evidence.label), Fact("Vermerk", resolution.note),
        ]
        if let debtor { facts.append(Fact("Schuldner", debtor.asOneLine)) }
        if case .charged(let slip) = resolution.finding { facts += slip.facts }
        let page = CheckPage(
            title: "Zahlung zu \(resolution.original.receiptNumber) so klären?",
            lead: "Prüfen Sie die Angaben.", facts: facts,
            consequences: [
                "Die Klärung wird mit Ihrem Namen dauerhaft verzeichnet.",
                "Sie lässt sich nicht zurücknehmen.",
            ],
            hidden: kept.sorted { $0.key < $1.key }.map { HiddenField($0.key, $0.value) },
            action: path, confirm: "Klärung verzeichnen")
        return show(page, visit, at: "/zahlungen")
    }
}

extension Settlement {
    /// The card terminal that gave no result, where it is known.
    fileprivate var silentTerminal: String? {
        if case .unknown(let cardTerminal) = self { cardTerminal } else { nil }
    }
}

/// What the form of a resolution says, or what is wrong by field.
private struct ResolutionReading {
    let resolution: PaymentResolution?
    /// Name and address, for a claim only.
    let debtor: String?
    let errors: [String: String]

    init(_ form: FormValues, reference: SaleReference) {
        var errors: [String: String] = [:]
        let evidence = PaymentResolution.Evidence(rawValue: form["beweis"])
        if evidence == nil { errors["beweis"] = "Wählen Sie, woher Sie es wissen." }
        let finding = Self.finding(form, errors: &errors)
        let isClaim = finding == .notChargedClaim
        errors["schuldner"] = form.problem(
            ofText: "schuldner", missing: isClaim ? "Nennen Sie Name und Anschrift." : nil,
            what: "die Angaben")
        errors["vermerk"] = form.problem(
            ofText: "vermerk", missing: "Schreiben Sie, was Sie gefunden haben.",
            what: "den Vermerk")
        self.errors = errors
        debtor = isClaim ? form["schuldner"] : nil
        guard let finding, let evidence, errors.isEmpty else {
            resolution = nil
            return
        }
        resolution = PaymentResolution(
            original: reference, finding: finding, evidence: evidence,
            note: form.line("vermerk"))
    }

    private static func finding(_ form: FormValues, errors: inout [String: String])
        -> PaymentResolution.Finding?
    {
        switch form["befund"] {
        case "charged":
            if let slip = SlipFields.slip(form.values) { return .charged(slip) }
            errors.merge(SlipProblems.find(form)) { $1 }
            return nil
        case "not-charged-claim": return .notChargedClaim
        case "not-charged-void": return .notChargedVoid
        default:
            errors["befund"] = "Wählen Sie, was geschehen ist."
            return nil
        }
    }
}
