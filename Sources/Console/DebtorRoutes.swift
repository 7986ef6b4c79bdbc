import Hummingbird
import Journal
import Operations
import Pages
import People
import Sales
import Text
import Units

extension ConsoleRoutes {
    /// Who owes a claim, named by the office.
    var debtorRoutes: [ConsoleRoute] {
        let form = "/verkaeufe/{terminal}/{sequence}/schuldner"
        return [
            .get(form, .nameDebtor) { visit -> Response in try debtorForm(visit) },
            .post(form, .nameDebtor, nameDebtor),
        ]
    }

    private func debtorForm(_ visit: Visit, errors: [String: String] = [:]) throws -> Response {
        let reference = try visit.arrival.reference()
        let detail = try installation.saleDetail(reference, of: visit.yard)
        guard let isNamed = try installation.hasDebtor(detail) else {
            throw OperationsError.notAClaim(reference.receiptNumber)
        }
        let page = DebtorPage(
            number: reference.receiptNumber, salePath: reference.path,
            facts: [
                Fact("Verkauf", reference.receiptNumber, path: reference.path),
                Fact("Betrag", detail.total.german),
            ], isNamed: isNamed, values: visit.form.values, errors: errors)
        return show(
            page, visit, at: "/verkaeufe",
            back: PageLink("Verkauf \(reference.receiptNumber)", reference.path),
            status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    private func nameDebtor(_ visit: Visit) async throws -> Response {
        let reference = try visit.arrival.reference()
        let errors = Self.debtorErrors(visit.form)
        guard errors.isEmpty else { return try debtorForm(visit, errors: errors) }
        try await installation.nameDebtor(
            visit.form["schuldner"], of: reference, reason: visit.form.line("grund"),
            at: visit.yard, by: visit.person)
        return .redirect(reference.path)
    }

    private static func debtorErrors(_ form: FormValues) -> [String: String] {
        var errors: [String: String] = [:]
        for (field, missing, what) in [
            ("schuldner", "Nennen Sie Name und Anschrift.", "Name und Anschrift"),
            ("grund", "Nennen Sie einen Grund.", "den Grund"),
        ] {
            errors[field] = form.problem(ofText: field, missing: missing, what: what)
        }
        return errors
    }
}
