import Calendars
import HTTPTypes
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
            .get(form, .requestReversal) { visit -> Response in try reversalForm(visit) },
            .post(form, .requestReversal, requestReversal),
            .get("/erstattungen", .readSales, reversalsPage),
            .get("/erstattungen/{number}", .readSales) { visit in try await reversalPage(visit) },
            .post("/erstattungen/{number}", .readPersonalData) { visit in
                try await reversalPage(visit)
            },
            .post("/erstattungen/{number}/genehmigen", .approveReversal, approveReversal),
            .post("/erstattungen/{number}/ablehnen", .approveReversal, rejectReversal),
            .post("/erstattungen/{number}/ausfuehren", .completeReversal, completeReversal),
        ]
    }

    private func reversalsPage(_ visit: Visit) async throws -> Response {
        let names = PersonNames(try installation.people())
        let calendar = installation.calendar
        let requests = try installation.reversalRequests(of: visit.yard)
        let rows = requests.map { request in
            ReversalRow(
                request: request.row.id, saleNumber: request.wish.original.receiptNumber,
                salePath: request.wish.original.path, kind: request.wish.kind,
                requested: "\(calendar.german(request.row.requestedAt)), "
                    + names[request.row.requestedBy],
                reason: request.reasonShown, state: request.row.state.shown,
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
        else { throw OperationsError.requestUnknown(number) }
        return found
    }

    private func reversalPage(_ visit: Visit, errors: [String: String] = [:]) async throws
        -> Response
    {
        let request = try request(visit)
        let payee = try await payeePart(request, visit)
        let row = request.row
        let names = PersonNames(try installation.people())
        let isOwn = row.requestedBy == visit.person.id
        let isOpen = row.state == .requested
        let waitsForSlip = row.state == .approved && request.wish.method == .card
        let page = ReversalPage(
            request: row.id, state: row.state.shown, amount: request.amount,
            facts: try facts(request, payee, names), timeline: try timeline(request, names),
            mayApprove: isOpen && !isOwn && visit.may(.approveReversal),
            isReadable: request.isReadable,
            completion: waitsForSlip && visit.may(.completeReversal) ? .card : nil,
            waitingFor: Self.waitingFor(request, isOwn: isOwn, visit), purpose: payee.purpose,
            values: visit.form.values, errors: errors)
        return show(
            page, visit, at: "/erstattungen", back: PageLink("Erstattungen", "/erstattungen"),
            status: page.problems.isEmpty ? .ok : .unprocessableContent)
    }

    /// The payee of a transfer: masked, until somebody who may see it says what for.
    private func payeePart(_ request: ReversalRequest, _ visit: Visit) async throws -> PayeePart {
        guard request.wish.method == .bankTransfer else { return PayeePart() }
        let masked = try installation.maskedIBAN(
            ofRequest: request.row.id, at: visit.yard, by: visit.person)
        guard let masked else { return PayeePart() }
        let isAsked = visit.arrival.request.method == .post && visit.arrival.path == request.path
        var isMissing = false
        if isAsked {
            do {
                let shown = try await installation.payee(
                    ofRequest: request.row.id, at: visit.yard, for: visit.form.line("zweck"),
                    by: visit.person)
                if let shown { return PayeePart(shown) }
            } catch OperationsError.reasonMissing {
                isMissing = true
            }
        }
        return PayeePart(
            facts: [Fact("IBAN des Empfängers", masked)],
            purpose: .purpose(
                "Wofür brauchen Sie den Empfänger?", visit.form, isMissing: isMissing))
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

    private func facts(
        _ request: ReversalRequest, _ payee: PayeePart, _ names: PersonNames
    ) throws -> [Fact] {
        let original = request.wish.original
        var facts = [
            Fact("Verkauf", original.receiptNumber, path: original.path),
            Fact("Art", request.wish.kind == .void ? "Storno" : "Erstattung"),
            Fact("Betrag", request.amount.german), Fact("Weg", request.wish.method.german),
        ]
        facts += payee.facts
        facts.append(Fact("Grund", request.reasonShown))
        if let person = request.row.decidedBy {
            let label = request.row.state == .rejected ? "Abgelehnt von" : "Entschieden von"
            facts.append(Fact(label, names[person]))
        }
        if case .reversal(let reversal, _, _)? = try record(request.row.completed, request.row)?
            .fact, case .card(let slip) = reversal.settlement
        {
            facts += slip.facts
        }
        return facts
    }

    /// The server's record at a log index; nil where the row of a request names none.
    private func record(_ index: Int64?, _ row: ReversalRequestRow) throws -> ServerRecord? {
        guard let index,
            case .server(let record) = try installation.record(
                at: LogPosition(yard: row.original.yard, index: index)
            ).fact
        else { return nil }
        return record
    }

    private func timeline(_ request: ReversalRequest, _ names: PersonNames) throws
        -> [TimelineEvent]
    {
        let calendar = installation.calendar
        let row = request.row
        func event(_ text: String, at instant: Timestamp, by person: PersonID?) -> TimelineEvent {
            TimelineEvent(
                time: calendar.german(instant), iso: instant.iso, text: text,
                who: person.map { names[$0] })
        }
        var events = [event("Beantragt", at: row.requestedAt, by: row.requestedBy)]
        if let record = try record(row.approval, row), case .approve(let approval) = record.fact {
            events.append(event("Freigegeben", at: record.at, by: approval.approvedBy))
        }
        if let record = try record(row.completed, row),
            case .reversal(let reversal, _, let person) = record.fact
        {
            // Without a card it is done with the approval, by nobody in particular.
            let who: PersonID? = if case .card = reversal.settlement { person } else { nil }
            events.append(event(reversal.settlement.doneWords, at: record.at, by: who))
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
            // The page offers it only while the request waits: an approval that somebody else
            // gave meanwhile stays.
            try await installation.rejectReversal(
                request.row.id, whenIn: .requested, at: visit.yard, by: visit.person)
        }
        return .redirect(request.path)
    }

    private func completeReversal(_ visit: Visit) async throws -> Response {
        let request = try request(visit)
        if request.row.state == .completed { return .redirect(request.path) }
        guard let slip = SlipFields.slip(visit.form.values) else {
            return try await reversalPage(visit, errors: SlipProblems.find(visit.form))
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

    fileprivate var reasonShown: String { isReadable ? wish.reason : "Nicht lesbar" }
}

extension ReversalSettlement {
    /// What was done, in German.
    fileprivate var doneWords: String {
        switch self {
        case .card: "Gutschrift auf die Karte verzeichnet"
        case .bankTransfer: "Überweisung angeordnet"
        case .noMoney: "Ausgebucht"
        }
    }
}

/// What the page of a request says about the payee.
private struct PayeePart {
    var facts: [Fact] = []
    /// Asks what for.
    var purpose: Field?

    init(facts: [Fact] = [], purpose: Field? = nil) {
        self.facts = facts
        self.purpose = purpose
    }

    init(_ shown: ShownPayee) {
        facts = [Fact("Zahlungsempfänger", shown.name), Fact("IBAN des Empfängers", shown.iban)]
    }
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

/// What is wrong with the fields of a card terminal's slip, by field name.
enum SlipProblems {
    static func find(_ form: FormValues) -> [String: String] {
        var errors: [String: String] = [:]
        if !CardSlip.isCode(form["tid"]) {
            errors["tid"] =
                "Schreiben Sie die Terminal-ID vom Beleg ab: Ziffern und Großbuchstaben."
        }
        if CardScheme(rawValue: form["marke"]) == nil {
            errors["marke"] = "Wählen Sie die Kartenmarke."
        }
        for (field, label) in [("belegnummer", "Beleg-Nr."), ("tracenummer", "Trace-Nr.")]
        where !isNumber(form[field], 1...9) {
            errors[field] = "Schreiben Sie die \(label) vom Beleg ab: 1 bis 9 Ziffern."
        }
        if !form["genehmigung"].isEmpty, !CardSlip.isCode(form["genehmigung"]) {
            errors["genehmigung"] =
                "Schreiben Sie die Genehmigungs-Nr. mit Ziffern oder Großbuchstaben, höchstens 16."
        }
        if !form["letzte4"].isEmpty, !isNumber(form["letzte4"], 4...4) {
            errors["letzte4"] = "Schreiben Sie nur die letzten vier Ziffern der Karte."
        }
        return errors
    }

    private static func isNumber(_ text: String, _ length: ClosedRange<Int>) -> Bool {
        length.contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
