package import Tariffs
package import Units

/// Who a sale is: terminal and that terminal's own gapless sequence number (design decision 3).
package struct SaleReference: Hashable, Comparable, Sendable {
    package let terminal: TerminalID
    /// From 1.
    package let sequence: Int64

    package init(terminal: TerminalID, sequence: Int64) {
        self.terminal = terminal
        self.sequence = sequence
    }

    /// Reads ``receiptNumber``, also without its leading zeros; nil for anything else.
    package init?(_ text: String) {
        guard let hyphen = text.lastIndex(of: "-"),
            let terminal = TerminalID(String(text[..<hyphen]))
        else { return nil }
        let digits = text[text.index(after: hyphen)...]
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let sequence = Int64(digits), sequence > 0
        else { return nil }
        self.init(terminal: terminal, sequence: sequence)
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.terminal, left.sequence) < (right.terminal, right.sequence)
    }

    /// The receipt number (Belegnummer) people read: `t1-000042`.
    package var receiptNumber: String { "\(terminal.text)-\(padded(sequence, 6))" }
}

/// The gross amount and tax of the lines of one VAT treatment on one receipt.
package struct VATBlock: Hashable, Sendable {
    package let treatment: VATTreatment
    package let gross: Cents
    /// The tax contained in `gross`, fixed with the receipt and only added up afterwards
    /// (design decision 16).
    package let tax: Cents
    package var net: Cents { gross - tax }

    package init(treatment: VATTreatment, gross: Cents, tax: Cents) {
        self.treatment = treatment
        self.gross = gross
        self.tax = tax
    }

    /// The blocks of a receipt with these lines, by treatment: outside, exempt, then by rate.
    package static func blocks(of lines: [SaleLine]) -> [VATBlock] {
        var sums: [(treatment: VATTreatment, gross: Cents)] = []
        for line in lines {
            if let place = sums.firstIndex(where: { $0.treatment == line.vat }) {
                sums[place].gross += line.gross
            } else {
                sums.append((line.vat, line.gross))
            }
        }
        sums.sort { $0.treatment.order < $1.treatment.order }
        return sums.map { treatment, gross in
            VATBlock(
                treatment: treatment, gross: gross, tax: treatment.rate.taxContained(in: gross))
        }
    }
}

extension VATTreatment {
    /// Sort key: outside the scope, exempt, then taxable by rate.
    package var order: Int64 {
        switch self {
        case .outsideScope: -2
        case .exempt: -1
        case .taxable(let rate): rate.basisPoints
        }
    }
}

/// A line as sold: what the quote said when the customer paid.
package struct SaleLine: Hashable, Sendable {
    package let position: String
    package let paragraph: String
    package let fraction: FractionID
    package let name: String
    /// Billed amount after step, in the smallest unit of the measure.
    package let billed: Int64
    package let legalForm: LegalForm
    package let vat: VATTreatment
    package let gross: Cents
    package let explanation: Explanation
    /// How the price came about; nil for a line of the delivery as a whole.
    package let figures: LineFigures?

    package init(
        position: String, paragraph: String, fraction: FractionID, name: String, billed: Int64,
        legalForm: LegalForm, vat: VATTreatment, gross: Cents, explanation: Explanation,
        figures: LineFigures? = nil
    ) {
        self.position = position
        self.paragraph = paragraph
        self.fraction = fraction
        self.name = name
        self.billed = billed
        self.legalForm = legalForm
        self.vat = vat
        self.gross = gross
        self.explanation = explanation
        self.figures = figures
    }

    package init(_ line: QuoteLine) {
        self.init(
            position: line.position, paragraph: line.paragraph, fraction: line.fraction,
            name: line.name, billed: line.billed, legalForm: line.legalForm, vat: line.vat,
            gross: line.gross, explanation: line.explanation, figures: line.figures)
    }
}

/// A priced and settled delivery.
///
/// Invariants: lines are not empty; the total is the sum of the lines and lies in
/// 0 ... ``Units/Cents/entryLimit``; the settlement is `free` exactly when the total is zero.
package struct Sale: Hashable, Sendable {
    package let delivery: Delivery
    package let tariff: TariffReference
    package let lines: [SaleLine]
    package let quota: [QuotaUse]
    package let vat: [VATBlock]
    package let settlement: Settlement
    /// Card steps before the settlement, in order.
    package let attempts: [FailedAttempt]
    package var total: Cents { lines.reduce(.zero) { $0 + $1.gross } }

    /// - Throws: ``SaleError``, in the order of its cases, but for ``SaleError/negativeLine(_:)``.
    package init(
        delivery: Delivery, tariff: TariffReference, lines: [SaleLine], quota: [QuotaUse],
        settlement: Settlement, attempts: [FailedAttempt]
    ) throws(SaleError) {
        guard !lines.isEmpty else { throw .noLines }
        let total = lines.reduce(.zero) { $0 + $1.gross }
        guard (0...Cents.entryLimit).contains(total.value) else { throw .totalOutOfRange(total) }
        guard (total == .zero) == (settlement == .free) else {
            throw .settlementDoesNotFit(total: total)
        }
        self.delivery = delivery
        self.tariff = tariff
        self.lines = lines
        self.quota = quota
        self.vat = VATBlock.blocks(of: lines)
        self.settlement = settlement
        self.attempts = attempts
    }

    /// A sale as a terminal makes it; no line may take back what another costs.
    ///
    /// - Throws: ``SaleError/negativeLine(_:)`` first, then as the other initialiser.
    package init(quote: Quote, settlement: Settlement, attempts: [FailedAttempt])
        throws(SaleError)
    {
        for line in quote.lines where line.gross.isNegative { throw .negativeLine(line.gross) }
        try self.init(
            delivery: quote.delivery, tariff: quote.tariff, lines: quote.lines.map(SaleLine.init),
            quota: quote.quota, settlement: settlement, attempts: attempts)
    }
}

/// Why a sale, a reversal or a resolution cannot exist.
package enum SaleError: Error, Hashable, Sendable {
    case noLines
    /// A line below zero, which a reversal could not give back.
    case negativeLine(Cents)
    case totalOutOfRange(Cents)
    /// A free settlement with something to pay, or a payment of nothing.
    case settlementDoesNotFit(total: Cents)
    /// More would be taken back than is left of the original.
    case aboveRemainder(wanted: Cents, left: Cents)
    /// There is nothing to take back.
    case nothingToReverse
    /// The original has no line with this number, counted from 0.
    case lineUnknown(Int)
    case reasonMissing
}

/// A delivery that ended without a sale, kept for completeness: refused at the gate, or ended
/// after a declined or aborted card.
package struct NoSale: Hashable, Sendable {
    package enum Cause: String, Hashable, Sendable, CaseIterable {
        case refused, declined, aborted
    }

    package let cause: Cause
    package let delivery: Delivery
    /// Why, in German; for a refusal the sentences that the attendant saw.
    package let reason: String
    package let attempts: [FailedAttempt]

    package init(cause: Cause, delivery: Delivery, reason: String, attempts: [FailedAttempt]) {
        self.cause = cause
        self.delivery = delivery
        self.reason = reason
        self.attempts = attempts
    }
}
