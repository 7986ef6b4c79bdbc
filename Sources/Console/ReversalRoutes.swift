import Calendars
import Hummingbird
import Journal
import Operations
import Pages
import People
import Receipts
import Sales
import Storage
import Units

extension ConsoleRoutes {
    /// Refunds and voids: asked for by one person, approved by another, then carried out.
    var reversalRoutes: [ConsoleRoute] {
        let form = "/verkaeufe/{terminal}/{sequence}/erstattung"
        return [
            .get(form, .requestReversal, reversalForm),
            .post(form, .requestReversal, requestReversal),
            .get("/erstattungen", .readSales, reversalsPage),
            .get("/erstattungen/{number}", .readSales) { visit -> Response in
                try reversalPage(visit)
            },
            .post("/erstattungen/{number}/genehmigen", .approveReversal, approveReversal),
            .post("/erstattungen/{number}/ablehnen", .approveReversal, rejectReversal),
            .post("/erstattungen/{number}/ausfuehren", .completeReversal, completeReversal),
        ]
    }

    // Asking

    private func reversalForm(_ visit: Visit) async throws -> Response {
        try reversalForm(visit, errors: [:])
    }

    private func reversalForm(_ visit: Visit, errors: [String: String]) throws -> Response {
        let reference = try visit.arrival.reference()
        let detail = try installation.saleDetail(reference, of: visit.yard)
        guard case .sale(let sale) = detail.record.fact else { throw ConsoleProblem.notFound }
        let remainder = zip(sale.lines, detail.left).map { line, left in
            (name: "\(line.position) \(line.name)", left: left)
        }
        let page = ReversalFormPage(
            number: reference.receiptNumber, salePath: reference.path, remainder: remainder,
            values: visit.form.values, errors: errors)
        return show(
            page, visit, at: "/verkaeufe",
            back: PageLink("Verkauf \(reference.receiptNumber)", reference.path),
            status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    private func requestReversal(_ visit: Visit) async throws -> Response {
        let reference = try visit.arrival.reference()
        let detail = try installation.saleDetail(reference, of: visit.yard)
        let reading = ReversalReading(visit.form, of: detail, reference: reference)
        guard let wish = reading.wish else {
            return try reversalForm(visit, errors: reading.errors)
        }
        guard visit.form.isConfirmed else {
            return checkReversal(wish, reading.amount, visit)
        }
        do {
            let same = try installation.reversalRequests(of: visit.yard).first {
                $0.row.state == .requested && $0.row.requestedBy == visit.person.id
                    && $0.wish == wish
            }
            if let same { return .redirect("/erstattungen/\(same.row.id)") }
            let id = try await installation.requestReversal(
                wish, at: visit.yard, by: visit.person)
            return .redirect("/erstattungen/\(id)")
        } catch OperationsError.notReversible(let why) {
            return try reversalForm(visit, errors: ["weg": GermanWords.notReversible(why)])
        } catch OperationsError.sale(let error) {
            let words = GermanWords.words(for: .sale(error))
            return try reversalForm(
                visit, errors: [error == .reasonMissing ? "grund" : "betrag-0": words.what])
        }
    }

    private func checkReversal(_ wish: ReversalWish, _ amount: Cents, _ visit: Visit)
        -> Response
    {
        let verb = wish.kind == .void ? "stornieren" : "erstatten"
        let path = "\(wish.original.path)/erstattung"
        let kept = visit.form.values.filter { $0.key != "csrf" && $0.key != "bestaetigt" }
        let page = CheckPage(
            title: "\(amount.german) \(verb)?", lead: "Prüfen Sie den Antrag.",
            facts: [
                Fact("Verkauf", wish.original.receiptNumber, path: wish.original.path),
                Fact("Betrag", amount.german), Fact("Weg", wish.method.german),
                Fact("Grund", wish.reason),
            ],
            consequences: [
                "Der Antrag wird mit Ihrem Namen verzeichnet.",
                "Eine zweite Person wird um Freigabe gebeten. Erst danach fließt Geld.",
            ],
            hidden: kept.sorted { $0.key < $1.key }.map { HiddenField($0.key, $0.value) },
            action: path, confirm: "Antrag stellen", changePath: path)
        return show(page, visit, at: "/verkaeufe")
    }

    // Deciding

    private func reversalsPage(_ visit: Visit) async throws -> Response {
        let names = PersonNames(try installation.people())
        let calendar = try installation.calendar()
        let requests = try installation.reversalRequests(of: visit.yard)
        let rows = requests.map { request in
            ReversalRow(
                request: request.row.id, saleNumber: request.wish.original.receiptNumber,
                salePath: request.wish.original.path, kind: request.wish.kind,
                requested: "\(calendar.german(request.row.requestedAt)), "
                    + names[request.row.requestedBy],
                reason: request.wish.reason, state: request.row.state.shown,
                amount: request.amount)
        }
        let waiting = Int64(requests.count { $0.row.state == .requested })
        return show(ReversalsPage(rows: rows, waiting: waiting), visit, at: "/erstattungen")
    }

    private func request(_ visit: Visit) throws -> ReversalRequest {
        let number = try visit.arrival.number("number")
        guard
            let found = try installation.reversalRequests(of: visit.yard)
                .first(where: { $0.row.id == number })
        else { throw ConsoleProblem.notFound }
        return found
    }

    private func reversalPage(_ visit: Visit, errors: [String: String] = [:]) throws -> Response {
        let request = try request(visit)
        let row = request.row
        let names = PersonNames(try installation.people())
        let isOwn = row.requestedBy == visit.person.id
        let isOpen = row.state == .requested
        let waitsForSlip = row.state == .approved && request.wish.method == .card
        let page = ReversalPage(
            request: row.id, state: row.state.shown, amount: request.amount,
            facts: facts(request, names), timeline: try timeline(request, names),
            mayApprove: isOpen && !isOwn && visit.may(.approveReversal),
            completion: waitsForSlip && visit.may(.completeReversal) ? .card : nil,
            waitingFor: Self.waitingFor(request, isOwn: isOwn, visit),
            values: visit.form.values, errors: errors)
        return show(
            page, visit, at: "/erstattungen", back: PageLink("Erstattungen", "/erstattungen"),
            status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    private static func waitingFor(_ request: ReversalRequest, isOwn: Bool, _ visit: Visit)
        -> String?
    {
        switch request.row.state {
        case .requested where isOwn:
            "Sie haben den Antrag gestellt; freigeben muss jemand anderes."
        case .requested where !visit.may(.approveReversal):
            "Eine Person mit der Rolle „\(Role.approver.german)“ entscheidet."
        case .approved where !visit.may(.completeReversal):
            "Die Kasse bucht die Gutschrift am Kartengerät."
        case .requested, .approved, .completed, .rejected: nil
        }
    }

    private func facts(_ request: ReversalRequest, _ names: PersonNames) -> [Fact] {
        let original = request.wish.original
        var facts = [
            Fact("Verkauf", original.receiptNumber, path: original.path),
            Fact("Art", request.wish.kind == .void ? "Storno" : "Erstattung"),
            Fact("Betrag", request.amount.german), Fact("Weg", request.wish.method.german),
            Fact("Grund", request.wish.reason),
        ]
        if let person = request.row.decidedBy {
            facts.append(Fact("Entschieden von", names[person]))
        }
        return facts
    }

    private func timeline(_ request: ReversalRequest, _ names: PersonNames) throws
        -> [TimelineEvent]
    {
        let calendar = try installation.calendar()
        let row = request.row
        var events = [
            TimelineEvent(
                time: calendar.german(row.requestedAt), iso: row.requestedAt.iso,
                text: "Beantragt", who: names[row.requestedBy])
        ]
        if let approval = row.approval, let person = row.decidedBy,
            case .server(let record) = try installation.record(
                at: LogPosition(yard: row.original.yard, index: approval)
            ).fact
        {
            events.append(
                TimelineEvent(
                    time: calendar.german(record.at), iso: record.at.iso,
                    text: "Freigegeben", who: names[person]))
        }
        return events
    }

    private func approveReversal(_ visit: Visit) async throws -> Response {
        let request = try request(visit)
        try await unless(request, isNow: [.approved, .completed], by: visit.person) {
            try await installation.approveReversal(
                request.row.id, at: visit.yard, by: visit.person)
        }
        return .redirect(request.path)
    }

    private func rejectReversal(_ visit: Visit) async throws -> Response {
        let request = try request(visit)
        try await unless(request, isNow: [.rejected], by: visit.person) {
            try await installation.rejectReversal(request.row.id, by: visit.person)
        }
        return .redirect(request.path)
    }

    private func completeReversal(_ visit: Visit) async throws -> Response {
        let request = try request(visit)
        if request.row.state == .completed { return .redirect(request.path) }
        guard let slip = SlipFields.slip(visit.form.values) else {
            return try reversalPage(visit, errors: SlipProblems.find(visit.form))
        }
        try await installation.completeReversal(
            request.row.id, slip: slip, at: visit.yard, by: visit.person)
        return .redirect(request.path)
    }

    /// A second click finds that the first one did it.
    private func unless(
        _ request: ReversalRequest, isNow states: Set<ReversalRequestRow.State>,
        by person: Person, act: () async throws -> Void
    ) async throws {
        if states.contains(request.row.state), request.row.decidedBy == person.id { return }
        try await act()
    }
}

extension ReversalRequest {
    fileprivate var path: String { "/erstattungen/\(row.id)" }
}

extension ReversalRequestRow.State {
    fileprivate var shown: RequestState {
        switch self {
        case .requested: .requested
        case .approved: .approved
        case .completed: .completed
        case .rejected: .rejected
        }
    }
}

extension ReversalWish.Method {
    fileprivate var german: String {
        switch self {
        case .card: "Gutschrift auf die Karte"
        case .bankTransfer: "Überweisung durch die Verwaltung"
        case .noMoney: "Es fließt kein Geld"
        }
    }
}

/// What the form of a reversal says: a wish, or what is wrong by field.
private struct ReversalReading {
    /// In UTF-8 bytes.
    static let reasonMax = 200

    let wish: ReversalWish?
    let amount: Cents
    let errors: [String: String]

    init(_ form: FormValues, of detail: SaleDetail, reference: SaleReference) {
        var errors: [String: String] = [:]
        let kind = Reversal.Kind(rawValue: form["art"])
        if kind == nil { errors["art"] = "Wählen Sie, was geschehen soll." }
        let method = ReversalWish.Method(rawValue: form["weg"])
        if method == nil { errors["weg"] = "Wählen Sie, wie das Geld zurückkommt." }
        let reason = form["grund"]
        if reason.isEmpty { errors["grund"] = "Nennen Sie einen Grund." }
        if reason.utf8.count > Self.reasonMax {
            errors["grund"] = "Kürzen Sie den Grund auf \(Self.reasonMax) Zeichen."
        }
        let typed = Self.amounts(form, left: detail.left, errors: &errors)
        if kind == .refund, typed.isEmpty, errors["betrag-0"] == nil {
            errors["betrag-0"] = "Geben Sie mindestens einen Betrag ein."
        }
        if kind == .void, !typed.isEmpty {
            errors["betrag-0"] = "Bei einem Storno bleiben alle Beträge leer."
        }
        self.errors = errors
        amount = kind == .void ? detail.left.sum() : typed.values.sum()
        guard let kind, let method, errors.isEmpty else {
            wish = nil
            return
        }
        wish = ReversalWish(
            kind: kind, original: reference, amounts: kind == .void ? nil : typed,
            reason: reason, method: method)
    }

    private static func amounts(
        _ form: FormValues, left: [Cents], errors: inout [String: String]
    ) -> [Int: Cents] {
        var amounts: [Int: Cents] = [:]
        for (index, rest) in left.enumerated() where !form["betrag-\(index)"].isEmpty {
            let field = "betrag-\(index)"
            guard let cents = GermanAmount.parse(form[field]), cents >= .zero else {
                errors[field] = "Geben Sie einen Betrag ein, etwa 12,50."
                continue
            }
            guard cents <= rest else {
                errors[field] = "Höchstens \(rest.german) sind noch zurückzunehmen."
                continue
            }
            if cents > .zero { amounts[index] = cents }
        }
        return amounts
    }
}

/// What is wrong with the fields of a card terminal's slip, by field name.
enum SlipProblems {
    static func find(_ form: FormValues) -> [String: String] {
        var errors: [String: String] = [:]
        if !CardSlip.isCode(form["tid"]) {
            errors["tid"] = "Schreiben Sie die Terminal-ID vom Beleg ab: Ziffern und Großbuchstaben."
        }
        if CardScheme(rawValue: form["marke"]) == nil {
            errors["marke"] = "Wählen Sie die Kartenmarke."
        }
        for (field, label) in [("belegnummer", "Beleg-Nr."), ("tracenummer", "Trace-Nr.")]
        where !isNumber(form[field], 1...9) {
            errors[field] = "Schreiben Sie die \(label) vom Beleg ab: 1 bis 9 Ziffern."
        }
        if !form["genehmigung"].isEmpty, !CardSlip.isCode(form["genehmigung"]) {
            errors["genehmigung"] = "Nur Ziffern und Großbuchstaben, höchstens 16."
        }
        if !form["letzte4"].isEmpty, !isNumber(form["letzte4"], 4...4) {
            errors["letzte4"] = "Genau vier Ziffern, nie mehr."
        }
        return errors
    }

    private static func isNumber(_ text: String, _ length: ClosedRange<Int>) -> Bool {
        length.contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
