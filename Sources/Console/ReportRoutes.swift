import Calendars
import Hummingbird
import Operations
import Pages
import People
import Reports
import Units

extension ConsoleRoutes {
    /// Reports over recorded sales and closes, as page and as file for a spreadsheet.
    var reportRoutes: [ConsoleRoute] {
        [
            .get("/auswertung", .readSales) { visit -> Response in
                let question = try ReportQuestion(visit, installation)
                do {
                    return try reportPage(question, visit)
                } catch OperationsError.countFirst {
                    return show(
                        ReportPage(
                            question, .hidden, problems: [.countFirst], hiddenUntilCounted: true),
                        visit,
                        at: "/auswertung")
                }
            },
            .get("/auswertung.csv", .readSales) { visit -> Response in
                let question = try ReportQuestion(visit, installation)
                // A file of other days than those asked for would pass for the right one.
                guard question.problems.isEmpty else { return try reportPage(question, visit) }
                let table = try question.answer(visit, installation).table
                return .download(
                    table.csv, name: "auswertung-\(question.period.from.iso).csv", type: "text/csv")
            },
        ]
    }

    private func reportPage(_ question: ReportQuestion, _ visit: Visit) throws -> Response {
        let answer = try question.answer(visit, installation)
        return show(
            ReportPage(question, answer, problems: question.problems), visit, at: "/auswertung",
            status: question.problems.isEmpty ? .ok : .unprocessableContent)
    }
}

/// What somebody wants to see: parameters `nach`, `von`, `bis`, `vergleich`, `hoefe`, `groesse`.
struct ReportQuestion {
    enum Subject: Hashable {
        case sales(ReportGrouping, withYearBefore: Bool)
        case differences
    }

    static let differences = "abweichungen"

    let subject: Subject
    let period: ReportPeriod
    let isAllYards: Bool
    /// What the chart draws.
    let measure: ReportMeasure
    let problems: [FormProblem]

    init(
        subject: Subject, period: ReportPeriod, isAllYards: Bool, measure: ReportMeasure,
        problems: [FormProblem]
    ) {
        self.subject = subject
        self.period = period
        self.isAllYards = isAllYards
        self.measure = measure
        self.problems = problems
    }

    /// This month, where no days were asked for or they make no period.
    init(_ visit: Visit, _ installation: Installation) throws {
        let query = visit.arrival
        let today = installation.calendar.day(of: installation.clock())
        let first = today.adding(days: 1 - today.day) ?? today
        let from = BusinessDay(iso: query.query("von")) ?? first
        let to = BusinessDay(iso: query.query("bis")) ?? today
        let isCompared = query.query("vergleich") == "ja"
        if query.query("nach") == Self.differences {
            subject = .differences
        } else {
            subject = .sales(
                ReportGrouping(rawValue: query.query("nach")) ?? .fraction,
                withYearBefore: isCompared)
        }
        isAllYards = query.query("hoefe") == "alle"
        measure = ReportMeasure(rawValue: query.query("groesse")) ?? .turnover
        guard let month = ReportPeriod(from: first, to: today) else {
            throw ConsoleProblem.notFound
        }
        let unread = ["von", "bis"].filter {
            !query.query($0).isEmpty && BusinessDay(iso: query.query($0)) == nil
        }
        guard unread.isEmpty else {
            period = month
            problems = unread.map { FormProblem(field: $0, message: Self.noDay) }
            return
        }
        period = ReportPeriod(from: from, to: to) ?? month
        problems =
            from <= to
            ? []
            : [
                FormProblem(
                    field: "bis",
                    message: "Der letzte Tag liegt vor dem ersten. Gezeigt wird dieser Monat.")
            ]
    }

    private static let noDay =
        "Diesen Tag gibt es nicht. Wählen Sie einen; gezeigt wird dieser Monat."

    func answer(_ visit: Visit, _ installation: Installation) throws -> ReportAnswer {
        let yards = isAllYards ? installation.yards : [visit.yard]
        if subject != .differences {
            try installation.requireShown(
                period.from...period.to, of: yards, to: visit.person)
        }
        switch subject {
        case .differences:
            let report = try installation.differenceReport(period, at: yards)
            return ReportAnswer(table: report.table(period), chart: report.chart(measure))
        case .sales(let grouping, withYearBefore: true):
            let report = try installation.yearComparison(by: grouping, period, at: yards)
            return ReportAnswer(table: report.table(period), chart: report.chart(measure))
        case .sales(let grouping, withYearBefore: false):
            let report = try installation.salesReport(by: grouping, period, at: yards)
            return ReportAnswer(table: report.table(period), chart: report.chart(measure))
        }
    }

    /// The parameters that ask the same again.
    var query: String {
        let base =
            "von=\(period.from.iso)&bis=\(period.to.iso)&hoefe=\(isAllYards ? "alle" : "")"
            + "&groesse=\(measure.rawValue)"
        switch subject {
        case .differences: return "\(base)&nach=\(Self.differences)"
        case .sales(let grouping, let isCompared):
            return "\(base)&nach=\(grouping.rawValue)&vergleich=\(isCompared ? "ja" : "")"
        }
    }
}

/// A report as table and chart.
struct ReportAnswer {
    let table: ReportTable
    /// Nil where nothing may be shown.
    let chart: ReportChart?
}

extension ReportAnswer {
    /// Nothing, where the person has to count first.
    fileprivate static var hidden: ReportAnswer {
        ReportAnswer(
            table: ReportTable(title: "Noch nicht gezählt", headings: [], rows: [], total: nil),
            chart: nil)
    }
}

extension FormProblem {
    fileprivate static let countFirst = FormProblem(
        field: "bis",
        message: "An diesem Hof wird blind gezählt. Zählen Sie zuerst, oder wählen Sie Tage, die "
            + "schon gezählt sind.")
}
