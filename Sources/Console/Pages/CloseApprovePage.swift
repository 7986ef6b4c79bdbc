import DayClosing
import Pages
import Sales
import Units

/// `GET/POST /abschluss/freigeben`: checkbox `geprueft` = `ja`, hidden `stand`;
/// where something turned up after the count also `neu` = `ja`, hidden `offen`;
/// `POST /abschluss/zurueckgeben`: `grund`, hidden `stand`.
struct CloseApprovePage: Page {
    static let template = "console-close-approve"
    let title: String
    let problems: [FormProblem]
    let figures: [Fact]
    let facts: [Fact]
    let comparisons: [ComparisonRow]
    let hasComparisons: Bool
    let carried: [Panel]
    let hasCarried: Bool
    /// What turned up after the count, with where to look and the box to tick.
    let news: [Panel]
    let hasNews: Bool
    let newsMark: String
    let newsError: String?
    let hasNewsError: Bool
    /// Leads back to the preparation; nil for somebody who does not count.
    let prepare: PageLink?
    let confirm: String
    /// What the person looks at, so that nothing else is approved with it.
    let mark: String
    let reason: Field
    /// Whether the form that sends back stands open.
    let isSendingBack: Bool
    let checkError: String?
    let hasCheckError: Bool
    /// Why this person cannot approve; nil if they can.
    let waitingFor: String?
    let mayApprove: Bool
    let maySendBack: Bool

    /// - Parameters:
    ///   - facts: further figures to check: range, counts, VAT, tender, who counted.
    ///   - carried: unknown payments, late sales, flagged records that the close names.
    ///   - news: what turned up after the count, and its mark.
    ///   - waitingFor: such as "Sie haben gezählt; eine andere Person muss freigeben."
    ///   - maySendBack: also what is not explained yet.
    init(
        number: Int64, turnover: Cents, records: Int64, comparisons: [CardComparison],
        facts: [Fact], carried: [Panel], mark: String,
        news: (points: [Panel], mark: String) = ([], ""), prepare: PageLink? = nil,
        waitingFor: String? = nil, maySendBack: Bool = true, reason: String = "",
        errors: [String: String] = [:]
    ) {
        title = "Abschluss Nr. \(number.german) freigeben"
        let unknown = comparisons.count { !$0.isKnown }
        figures =
            [
                Fact("Umsatz", turnover.german), Fact("Belege", records.german),
                Fact("Abweichung", comparisons.knownDifference.german),
            ] + (unknown == 0 ? [] : [Fact("Ohne Kassenschnitt", Self.lines(unknown))])
        self.facts = facts
        self.comparisons = comparisons.map(ComparisonRow.init)
        hasComparisons = !comparisons.isEmpty
        self.carried = carried
        hasCarried = !carried.isEmpty
        self.news = news.points
        hasNews = !news.points.isEmpty
        newsMark = news.mark
        newsError = errors["neu"]
        hasNewsError = errors["neu"] != nil
        self.prepare = prepare
        self.mark = mark
        self.reason = Field(
            "grund", "Was ist noch einmal zu prüfen?", .textArea, value: reason,
            hint: "Die Kasse liest es, und es steht dauerhaft im Abschluss. Keine Namen von "
                + "Kunden.",
            error: errors["grund"])
        isSendingBack = errors["grund"] != nil
        confirm = "Abschluss Nr. \(number.german) endgültig freigeben"
        checkError = errors["geprueft"]
        hasCheckError = errors["geprueft"] != nil
        self.waitingFor = waitingFor
        mayApprove = waitingFor == nil
        self.maySendBack = maySendBack
        problems = ["geprueft", "neu", "grund"].compactMap { name in
            errors[name].map { FormProblem(field: name, message: $0) }
        }
    }

    private static func lines(_ unknown: Int) -> String {
        unknown == 1 ? "1 Zeile" : "\(unknown) Zeilen"
    }
}
