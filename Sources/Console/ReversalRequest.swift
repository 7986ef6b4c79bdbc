import Hummingbird
import Journal
import Operations
import Pages
import People
import Sales
import Storage
import Text
import Units

extension ConsoleRoutes {
    /// The form; `errors` by field after a refusal.
    func reversalForm(_ visit: Visit, errors: [String: String] = [:]) throws -> Response {
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

    func requestReversal(_ visit: Visit) async throws -> Response {
        if visit.form.isToBeChanged { return try reversalForm(visit) }
        let reference = try visit.arrival.reference()
        let detail = try installation.saleDetail(reference, of: visit.yard)
        let reading = ReversalReading(visit.form, of: detail, reference: reference)
        guard let wish = reading.wish else {
            return try reversalForm(visit, errors: reading.errors)
        }
        guard visit.form.isConfirmed else {
            return checkReversal(wish, reading.payee, reading.amount, visit)
        }
        do {
            let same = try installation.openRequest(
                for: wish, payee: reading.payee, at: visit.yard, by: visit.person)
            if let same { return .redirect("/erstattungen/\(same)") }
            let id = try await installation.requestReversal(
                wish, payee: reading.payee, at: visit.yard, by: visit.person)
            return .redirect("/erstattungen/\(id)")
        } catch OperationsError.notReversible(let why) {
            return try reversalForm(visit, errors: ["weg": GermanWords.notReversible(why)])
        } catch OperationsError.sale(let error) {
            let words = GermanWords.words(for: .sale(error))
            return try reversalForm(
                visit, errors: [error == .reasonMissing ? "grund" : "betrag-0": words.what])
        }
    }

    private func checkReversal(
        _ wish: ReversalWish, _ payee: Payee?, _ amount: Cents, _ visit: Visit
    ) -> Response {
        let verb = wish.kind == .void ? "stornieren" : "erstatten"
        let path = "\(wish.original.path)/erstattung"
        let kept = visit.form.values.filter { $0.key != "csrf" && $0.key != "bestaetigt" }
        let page = CheckPage(
            title: "\(amount.german) \(verb)?", lead: "Prüfen Sie den Antrag.",
            facts: [
                Fact("Verkauf", wish.original.receiptNumber, path: wish.original.path),
                Fact("Betrag", amount.german), Fact("Weg", wish.method.german),
            ] + (payee?.facts ?? []) + [Fact("Grund", wish.reason)],
            consequences: [
                "Der Antrag wird mit Ihrem Namen verzeichnet.",
                "Eine zweite Person wird um Freigabe gebeten. "
                    + (wish.method == .noMoney
                        ? "Erst danach wird ausgebucht." : "Erst danach fließt Geld."),
            ],
            hidden: kept.sorted { $0.key < $1.key }.map { HiddenField($0.key, $0.value) },
            action: path, confirm: "Antrag stellen")
        return show(page, visit, at: "/verkaeufe")
    }
}

extension ReversalWish.Method {
    /// The way of the money in German.
    var german: String {
        switch self {
        case .card: "Gutschrift auf die Karte"
        case .bankTransfer: "Überweisung durch die Verwaltung"
        case .noMoney: "Es fließt kein Geld"
        }
    }
}

extension Payee {
    /// For whom has just typed it.
    fileprivate var facts: [Fact] {
        [Fact("Zahlungsempfänger", name), Fact("IBAN", iban.masked)]
    }
}

/// What the form of a reversal says: a wish, or what is wrong by field.
private struct ReversalReading {
    let wish: ReversalWish?
    /// Nil for other ways than a bank transfer: what such a form has in these fields is hidden and
    /// left out.
    let payee: Payee?
    let amount: Cents
    let errors: [String: String]

    init(_ form: FormValues, of detail: SaleDetail, reference: SaleReference) {
        var errors: [String: String] = [:]
        let kind = Reversal.Kind(rawValue: form["art"])
        if kind == nil { errors["art"] = "Wählen Sie, was geschehen soll." }
        let method = ReversalWish.Method(rawValue: form["weg"])
        if method == nil { errors["weg"] = "Wählen Sie, wie das Geld zurückkommt." }
        errors["grund"] = form.problem(
            ofText: "grund", missing: "Nennen Sie einen Grund.", what: "den Grund")
        let typed = Self.amounts(form, left: detail.left, errors: &errors)
        if kind == .refund, typed.isEmpty, errors["betrag-0"] == nil {
            errors["betrag-0"] = "Geben Sie mindestens einen Betrag ein."
        }
        if kind == .void, !typed.isEmpty {
            errors["betrag-0"] = "Bei einem Storno bleiben alle Beträge leer."
        }
        payee = method == .bankTransfer ? Self.payee(form, errors: &errors) : nil
        self.errors = errors
        amount = kind == .void ? detail.left.sum() : typed.values.sum()
        guard let kind, let method, errors.isEmpty else {
            wish = nil
            return
        }
        wish = ReversalWish(
            kind: kind, original: reference, amounts: kind == .void ? nil : typed,
            reason: form.line("grund"), method: method)
    }

    private static func payee(_ form: FormValues, errors: inout [String: String]) -> Payee? {
        do throws(PayeeProblem) {
            let payee = try Payee(name: form["empfaenger"], iban: form["iban"])
            guard payee.name.holdsCardNumber else { return payee }
            errors["empfaenger"] = "Hier steht eine Kartennummer. Gemeint ist ein Name."
        } catch .missing {
            if form["empfaenger"].isEmpty { errors["empfaenger"] = "Nennen Sie den Empfänger." }
            if form["iban"].isEmpty { errors["iban"] = "Geben Sie die IBAN ein." }
        } catch {
            let (field, words) = GermanWords.payee(error)
            errors[field] = words
        }
        // Whatever is wrong with the name, what is wrong with the IBAN is told with it.
        guard !form["iban"].isEmpty else { return nil }
        do throws(IBAN.Problem) { _ = try IBAN(form["iban"]) } catch {
            errors["iban"] =
                GermanWords.payee(.iban(error, masked: IBAN.masked(form["iban"]))).words
        }
        return nil
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
