import Calendars
import Hummingbird
import Journal
import Operations
import Pages
import People
import Receipts
import Reconciliation
import Sales
import Units

extension ConsoleRoutes {
    /// Bank and card cuts beside each other, and what finance decides about it.
    var reconciliationRoutes: [ConsoleRoute] {
        let settlement = "/abgleich/zuordnung/{yard}/{index}"
        return [
            .get("/abgleich", .readBank, boardPage),
            .post("/abgleich/regeln", .settle) { visit -> Response in
                do { _ = try await installation.bookMatches(by: visit.person) } catch {
                    throw PartlySaved(
                        cause: error,
                        words: "Zuordnungen, die davor schon gebucht waren, bleiben; sie stehen im "
                            + "Abgleich. Eingelesene Auszüge sind gespeichert.")
                }
                return .redirect("/abgleich")
            },
            .get("/abgleich/posten/{code}", .settle) { visit -> Response in try itemPage(visit) },
            .post("/abgleich/posten/{code}", .settle, settleItem),
            .get(settlement, .readBank) { visit -> Response in try settlementPage(visit) },
            .post("\(settlement)/aufheben", .settle, undo),
        ]
    }

    private func boardPage(_ visit: Visit) async throws -> Response {
        let claims = try installation.openClaims(of: visit.yard)
        let views = SettlementViews(
            book: try installation.bankBook(), mayDecide: visit.may(.settle))
        return show(
            views.page(claims: claims, mayImport: visit.may(.importStatement)), visit,
            at: "/abgleich")
    }

    // One open item

    private static let board = PageLink("Abgleich mit der Bank", "/abgleich")

    private func itemPage(_ visit: Visit, errors: [String: String] = [:]) throws -> Response {
        let code = visit.arrival.parameter("code")
        let views = SettlementViews(book: try installation.bankBook(), mayDecide: true)
        guard let item = views.book.board.open.first(where: { $0.item.code == code }) else {
            throw OperationsError.itemUnknown(code)
        }
        let page = SettlementItemPage(
            code: code, heading: "\(item.amount.german) vom \(GermanFormat.day(item.day))",
            facts: views.facts(item), decisions: views.decisions(item),
            counterparts: views.counterparts(of: item), suggested: views.suggestion(for: item),
            values: visit.form.values, errors: errors)
        return show(
            page, visit, at: "/abgleich", back: Self.board,
            status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    private func settleItem(_ visit: Visit) async throws -> Response {
        let reading = SettlementReading(visit)
        guard let wish = reading.wish else { return try itemPage(visit, errors: reading.errors) }
        do {
            let id = try await installation.settle(wish, by: visit.person)
            return .redirect("/abgleich/zuordnung/\(id)")
        } catch let error as OperationsError {
            guard let field = SettlementReading.field(of: error) else { throw error }
            return try itemPage(visit, errors: [field.name: field.words])
        }
    }

    // One settlement

    private func settlementPage(_ visit: Visit, errors: [String: String] = [:]) throws -> Response {
        let id = visit.arrival.settlementID
        let views = SettlementViews(
            book: try installation.bankBook(), mayDecide: visit.may(.settle))
        guard let settlement = views.book.settlements.first(where: { $0.id == id }) else {
            throw OperationsError.settlementUnknown(id)
        }
        let names = PersonNames(try installation.people())
        let page = SettlementPage(
            id: id,
            facts: views.facts(
                settlement, by: names[settlement.record.by],
                at: installation.calendar.german(settlement.at)),
            mayUndo: visit.may(.settle), values: visit.form.values, errors: errors)
        return show(
            page, visit, at: "/abgleich", back: Self.board,
            status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    private func undo(_ visit: Visit) async throws -> Response {
        if let error = SettlementReading.problem(ofReasonIn: visit.form) {
            return try settlementPage(visit, errors: ["grund": error])
        }
        try await installation.undoSettlement(
            visit.arrival.settlementID, reason: visit.form.line("grund"), by: visit.person)
        return .redirect("/abgleich")
    }
}

extension Arrival {
    fileprivate var settlementID: String { "\(parameter("yard"))/\(parameter("index"))" }
}

/// The form of an open item, read.
private struct SettlementReading {
    private(set) var errors: [String: String] = [:]
    private(set) var wish: SettlementWish?

    init(_ visit: Visit) {
        let form = visit.form
        let code = visit.arrival.parameter("code")
        errors["grund"] = Self.problem(ofReasonIn: form)
        let difference = SettlementWish.differences.first { $0.code == form["unterschied"] }
        if difference == nil, !form["unterschied"].isEmpty {
            errors["unterschied"] = "Wählen Sie, was der Unterschied ist."
        }
        guard let decision = Self.decision(form["entscheidung"], difference) else {
            errors["entscheidung"] = "Wählen Sie, was es ist."
            return
        }
        var original: (Yard, SaleReference)?
        if !form["beleg"].isEmpty {
            if let sale = Self.sale(form["beleg"]) {
                original = (visit.yard, sale)
            } else {
                errors["beleg"] = "Schreiben Sie die Belegnummer wie t1-000042."
            }
        } else if [.claimPaid, .claimUnpaid].contains(decision) {
            errors["beleg"] = "Nennen Sie den Beleg der Forderung."
        }
        guard errors.isEmpty else { return }
        let other = form["gegenposten"]
        let items = [code] + (other.isEmpty || !decision.isMatch ? [] : [other])
        wish = SettlementWish(
            decision, expected: items.filter { !$0.hasPrefix("b-") },
            received: items.filter { $0.hasPrefix("b-") }, original: original,
            reason: form.line("grund"))
    }

    /// What is wrong with the reason of a decision or of its undoing; nil if nothing is.
    static func problem(ofReasonIn form: FormValues) -> String? {
        form.problem(
            ofText: "grund", missing: "Schreiben Sie einen Satz dazu.", what: "den Text")
    }

    private static func decision(
        _ name: String, _ difference: SettledMatter?
    ) -> SettlementWish.Decision? {
        switch name {
        case "match": .match(difference: difference)
        case "not-ours": .notOurs
        case "fee": .fee
        case "chargeback": .chargeback
        case "claim-paid": .claimPaid
        case "claim-unpaid": .claimUnpaid
        default: nil
        }
    }

    private static func sale(_ text: String) -> SaleReference? {
        guard let dash = text.lastIndex(of: "-"), let terminal = TerminalID(String(text[..<dash])),
            let sequence = Int64(text[text.index(after: dash)...]), sequence > 0
        else { return nil }
        return SaleReference(terminal: terminal, sequence: sequence)
    }

    /// The field that a refusal is about; nil where it is about none.
    static func field(of error: OperationsError) -> (name: String, words: String)? {
        switch error {
        case .settlementRefused(.differs(let expected, let received)):
            (
                "unterschied",
                "Es kamen \(received.german) für \(expected.german). Sagen Sie, was der "
                    + "Unterschied ist; von selbst wird nichts ausgeglichen."
            )
        case .settlementRefused(.noDifference):
            ("unterschied", "Beide Seiten sind gleich; es gibt keinen Unterschied.")
        case .settlementRefused(.twice):
            ("gegenposten", "Das ist der Posten selbst. Wählen Sie einen anderen.")
        case .notAClaim, .saleUnknown: ("beleg", "Zu diesem Beleg gibt es keine Forderung.")
        case .sale(.aboveRemainder(_, let left)):
            ("beleg", "Von dieser Forderung sind nur \(left.magnitude.german) offen.")
        case .cardNumber:
            ("grund", "Der Text enthält eine Kartennummer. Schreiben Sie nur die letzten vier.")
        default: nil
        }
    }
}

extension SettlementWish.Decision {
    fileprivate var isMatch: Bool {
        if case .match = self { true } else { false }
    }
}
