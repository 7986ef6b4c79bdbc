import DayClosing
import Pages
import Sales
import Units

/// `GET/POST /abschluss/freigeben`: checkbox `geprueft` = `ja`; `POST /abschluss/zurueckgeben`
/// without fields.
struct CloseApprovePage: Page {
    static let template = "console-close-approve"
    let title: String
    let problems: [FormProblem]
    let figures: [Fact]
    let facts: [Fact]
    let comparisons: [ComparisonRow]
    let carried: [Panel]
    let hasCarried: Bool
    let confirm: String
    let checkError: String?
    let hasCheckError: Bool
    /// Why this person cannot approve; nil if they can.
    let waitingFor: String?
    let mayApprove: Bool

    /// - Parameters:
    ///   - facts: further figures to check: range, counts, VAT, tender, who counted.
    ///   - carried: unknown payments, late sales, flagged records that the close names.
    ///   - waitingFor: such as "Sie haben gezählt; eine andere Person muss freigeben."
    init(
        number: Int64, turnover: Cents, records: Int64, comparisons: [CardComparison],
        facts: [Fact], carried: [Panel], waitingFor: String? = nil,
        errors: [String: String] = [:]
    ) {
        title = "Abschluss Nr. \(number.german) freigeben"
        let difference = comparisons.map(\.difference).sum()
        figures = [
            Fact("Umsatz", turnover.german), Fact("Belege", records.german),
            Fact("Abweichung", difference.german),
        ]
        self.facts = facts
        self.comparisons = comparisons.map(ComparisonRow.init)
        self.carried = carried
        hasCarried = !carried.isEmpty
        confirm = "Abschluss Nr. \(number.german) endgültig freigeben"
        checkError = errors["geprueft"]
        hasCheckError = errors["geprueft"] != nil
        self.waitingFor = waitingFor
        mayApprove = waitingFor == nil
        problems = ["geprueft"].compactMap { name in
            errors[name].map { FormProblem(field: name, message: $0) }
        }
    }
}
