package import Tariffs
import Text
package import Units

/// How a reversal gives the money back.
package enum ReversalSettlement: Hashable, Sendable {
    /// A reversal or refund on the card terminal.
    case card(CardSlip)
    /// Paid out by finance; the payee travels as the personal fields `payee` and `iban`.
    case bankTransfer
    /// A claim that falls away, or a free sale: no money moves.
    case noMoney
}

/// Money or a claim taken back from a sale: a void (Storno) or a refund (Erstattung).
///
/// Invariants: the amount is positive unless the original was free; no line is above what is left
/// of it, and all together not above what is left of the total; VAT treatment and rate are the
/// original's.
package struct Reversal: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The whole sale at once, before the card terminal's day end.
        case void
        /// Part or all of a sale, with two people.
        case refund
    }

    /// What is taken back of one line of the original.
    package struct Line: Hashable, Sendable {
        /// The line's place in the original, from 0.
        package let index: Int
        package let position: String
        package let legalForm: LegalForm
        package let vat: VATTreatment
        /// Positive cents given back.
        package let gross: Cents

        package init(
            index: Int, position: String, legalForm: LegalForm, vat: VATTreatment, gross: Cents
        ) {
            self.index = index
            self.position = position
            self.legalForm = legalForm
            self.vat = vat
            self.gross = gross
        }
    }

    package let kind: Kind
    package let original: SaleReference
    package let lines: [Line]
    package let vat: [VATBlock]
    package let reason: String
    package let settlement: ReversalSettlement
    package var amount: Cents { lines.map(\.gross).sum() }

    /// A reversal as read back from a record; no check against the original.
    package init(
        kind: Kind, original: SaleReference, lines: [Line], vat: [VATBlock], reason: String,
        settlement: ReversalSettlement
    ) {
        self.kind = kind
        self.original = original
        self.lines = lines
        self.vat = vat
        self.reason = reason
        self.settlement = settlement
    }
}

extension Reversal {
    /// What is left of each line of `sale` after `earlier` reversals, in cents, by line.
    package static func remainder(of sale: Sale, after earlier: [Reversal]) -> [Cents] {
        sale.lines.indices.map { index in
            let taken = earlier.flatMap(\.lines).filter { $0.index == index }.map(\.gross).sum()
            return sale.lines[index].gross - taken
        }
    }

    /// A reversal of `amounts` (line index to positive cents; nil means all that is left).
    ///
    /// - Throws: ``SaleError/reasonMissing``, ``SaleError/lineUnknown(_:)``,
    ///   ``SaleError/nothingToReverse``, ``SaleError/aboveRemainder(wanted:left:)`` in this order.
    package static func make(
        _ kind: Kind, of sale: Sale, reference: SaleReference, earlier: [Reversal],
        amounts: [Int: Cents]?, reason: String, settlement: ReversalSettlement
    ) throws(SaleError) -> Reversal {
        guard !reason.isBlank else { throw .reasonMissing }
        let left = remainder(of: sale, after: earlier)
        let leftInAll = sale.total - earlier.map(\.amount).sum()
        let wanted = amounts ?? everything(left, upTo: leftInAll)
        if let index = wanted.keys.filter({ !sale.lines.indices.contains($0) }).min() {
            throw .lineUnknown(index)
        }
        guard wanted.values.allSatisfy({ $0 > .zero }),
            !wanted.isEmpty || (sale.total == .zero && earlier.isEmpty)
        else { throw .nothingToReverse }
        for (index, cents) in wanted.sorted(by: { $0.key < $1.key }) where cents > left[index] {
            throw .aboveRemainder(wanted: cents, left: left[index])
        }
        let sum = wanted.values.sum()
        guard sum <= leftInAll else { throw .aboveRemainder(wanted: sum, left: leftInAll) }
        let lines = wanted.sorted { $0.key < $1.key }.map { index, gross in
            let line = sale.lines[index]
            return Line(
                index: index, position: line.position, legalForm: line.legalForm, vat: line.vat,
                gross: gross)
        }
        return Reversal(
            kind: kind, original: reference, lines: lines,
            vat: taxes(of: lines, sale: sale, earlier: earlier), reason: reason,
            settlement: settlement)
    }

    /// What is left of each line, in order, and no more than `total` of all: a line below zero
    /// takes from the others.
    private static func everything(_ left: [Cents], upTo total: Cents) -> [Int: Cents] {
        var (wanted, rest) = ([Int: Cents](), total)
        for (index, cents) in left.enumerated() where min(cents, rest) > .zero {
            wanted[index] = min(cents, rest)
            rest -= min(cents, rest)
        }
        return wanted
    }

    /// The treatments of lines in the order of their VAT blocks.
    static func treatments(of lines: [Line]) -> [VATTreatment] {
        Set(lines.map(\.vat)).sorted { $0.order < $1.order }
    }

    static func gross(of treatment: VATTreatment, in lines: [Line]) -> Cents {
        lines.filter { $0.vat == treatment }.map(\.gross).sum()
    }

    /// Whether no money moves because nobody has paid: what a debtor owes falls away.
    ///
    /// - Parameter finding: how an unknown payment of the original turned out, if that is known.
    package func takesClaimBack(of sale: Sale, finding: PaymentResolution.Finding?) -> Bool {
        settlement == .noMoney
            && (sale.settlement == .onAccount || finding == .notChargedClaim)
    }

    /// Whether each line is one of `sale` and says of it what `sale` does.
    package func concerns(_ sale: Sale) -> Bool {
        lines.allSatisfy { line in
            guard sale.lines.indices.contains(line.index) else { return false }
            let sold = sale.lines[line.index]
            return line.position == sold.position && line.legalForm == sold.legalForm
                && line.vat == sold.vat
        }
    }

    /// What it takes back of each line, by the line's index.
    package var amounts: [Int: Cents] {
        Dictionary(lines.map { ($0.index, $0.gross) }, uniquingKeysWith: +)
    }

    /// Whether it is what ``make(_:of:reference:earlier:amounts:reason:settlement:)`` gives for its
    /// amounts: lines of `sale`, no more than is left of them, with the right tax.
    package func fits(_ sale: Sale, after earlier: [Reversal]) -> Bool {
        do {
            let right = try Self.make(
                kind, of: sale, reference: original, earlier: earlier, amounts: amounts,
                reason: "-", settlement: settlement)
            return right.lines == lines && right.vat == vat
        } catch { return false }
    }

    /// The tax by treatment, so that reversals of a whole sale give back exactly its tax: each
    /// takes the tax of all that is reversed so far, less the tax of the earlier ones.
    private static func taxes(of lines: [Line], sale: Sale, earlier: [Reversal]) -> [VATBlock] {
        treatments(of: lines).map { treatment in
            let gross = gross(of: treatment, in: lines)
            let blocks = earlier.flatMap(\.vat).filter { $0.treatment == treatment }
            let grossBefore = blocks.map(\.gross).sum()
            let taxBefore = blocks.map(\.tax).sum()
            guard let whole = sale.vat.first(where: { $0.treatment == treatment }),
                whole.gross > .zero
            else { return VATBlock(treatment: treatment, gross: gross, tax: .zero) }
            let exact = Ratio(
                Int128(whole.tax.value) * Int128((grossBefore + gross).value),
                over: Int128(whole.gross.value))
            let tax = Cents(exact.rounded(.halfUp)) - taxBefore
            return VATBlock(treatment: treatment, gross: gross, tax: tax)
        }
    }
}

/// How an unknown card payment turned out, said by repeat receipt, totals or a person.
package struct PaymentResolution: Hashable, Sendable {
    package enum Finding: Hashable, Sendable {
        /// The card was charged: the slip found later.
        case charged(CardSlip)
        /// Not charged; the fee stays owed by the debtor in the personal field `debtor`.
        case notChargedClaim
        /// Not charged and nothing owed: the delivery went back, or was paid in another sale.
        case notChargedVoid
    }

    package enum Evidence: String, Hashable, Sendable, CaseIterable {
        case repeatReceipt = "repeat-receipt"
        case totals
        case person
    }

    package let original: SaleReference
    package let finding: Finding
    package let evidence: Evidence
    package let note: String

    package init(original: SaleReference, finding: Finding, evidence: Evidence, note: String) {
        self.original = original
        self.finding = finding
        self.evidence = evidence
        self.note = note
    }
}
