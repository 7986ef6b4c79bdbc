import Hummingbird
import Operations
import People
import Reports
import Text
import Units

extension APIRoutes {
    func addReportRoutes(to group: RouterGroup<APIContext>) {
        group.get("v1/reports/sales") { request, _ in
            let query = try ReportQuery(request, installation)
            let grouping: ReportGrouping = try request.choice("by") ?? .fraction
            try installation.requireShown(
                query.period.from...query.period.to, of: query.yards, to: query.person)
            guard request.uri.queryParameters.get("compare") != nil else {
                let report = try installation.salesReport(
                    by: grouping, query.period, at: query.yards)
                return query.answer(report.table(query.period), report.json(query.period))
            }
            let _: ComparedWith? = try request.choice("compare")
            let report = try installation.yearComparison(
                by: grouping, query.period, at: query.yards)
            return query.answer(report.table(query.period), report.json(query.period))
        }
        group.get("v1/reports/differences") { request, _ in
            let query = try ReportQuery(request, installation)
            let report = try installation.differenceReport(query.period, at: query.yards)
            return query.answer(report.table(query.period), report.json(query.period))
        }
    }
}

/// What a report may be compared with.
private enum ComparedWith: String, CaseIterable {
    case yearBefore = "year-before"
}

private enum ReportForm: String, CaseIterable {
    case json, csv, text
}

/// What every report asks: days, yards, form.
private struct ReportQuery {
    let person: Person
    let period: ReportPeriod
    let yards: [Yard]
    let form: ReportForm

    /// - Throws: `OperationsError` where the person may not, the yard is unknown or a parameter
    ///   is off.
    init(_ request: Request, _ installation: Installation) throws {
        person = try installation.person(request, for: .readSales)
        let parameters = request.uri.queryParameters
        yards = try parameters.get("yard").map { [try installation.yard($0)] } ?? installation.yards
        form = try request.choice("form") ?? .json
        guard let from = parameters.get("from").flatMap(BusinessDay.init(iso:)),
            let to = parameters.get("to").flatMap(BusinessDay.init(iso:)),
            let period = ReportPeriod(from: from, to: to)
        else {
            throw OperationsError.input(
                field: "from, to", wanted: "two days such as 2026-11-01, the first not later")
        }
        self.period = period
    }

    func answer(_ table: ReportTable, _ json: JSONValue) -> Response {
        switch form {
        case .json: .json(json)
        case .csv: .bytes(table.csv, type: "text/csv; charset=utf-8")
        case .text: .bytes(Array(table.text.utf8), type: "text/plain; charset=utf-8")
        }
    }
}

extension Request {
    /// A query parameter that takes one of a few words; nil if it is not there.
    fileprivate func choice<Choice: RawRepresentable & CaseIterable>(_ name: String) throws
        -> Choice? where Choice.RawValue == String
    {
        guard let text = uri.queryParameters.get(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw OperationsError.input(field: name, wanted: "one of \(known)")
        }
        return choice
    }
}
