import Sales
import Tariffs
import Units

/// The part of a receipt that depends on what it is about.
struct ReceiptBody {
    let heading: String
    var marks: [String] = []
    var originalNumber: String?
    var reason: String?
    let blocks: [ReceiptBlock]
    let totalLabel: String
    let total: String
    var vat: [ReceiptVAT]
    let paymentHeading: String
    var payment: [ReceiptFact] = []
    var sentences: [String]
    let tariff: String

    init(_ subject: ReceiptSubject, audience: ReceiptAudience) {
        switch subject {
        case .sale(let sale):
            self.init(
                sale,
                SettlementWords(sale.settlement, isFeeOnly: sale.isFeeOnly, audience: audience))
        case .reversal(let reversal, let sale): self.init(reversal, of: sale, audience)
        case .resolution(let resolution, let sale): self.init(resolution, of: sale, audience)
        }
    }

    private init(_ sale: Sale, _ words: SettlementWords) {
        heading = words.heading
        marks = words.marks
        blocks = Self.blocks(sale.lines, sale.lines.indices.map { sale.lines[$0].gross }) { index in
            Self.facts(of: sale, line: index)
        }
        totalLabel = words.totalLabel
        total = GermanFormat.euros(sale.total)
        vat = Self.rows(sale.vat)
        paymentHeading = words.paymentHeading
        payment = words.payment
        sentences = words.sentences + Self.taxSentences(sale.vat, isFeeOnly: sale.isFeeOnly)
        tariff = sale.tariff.title
    }

    /// The receipt that the customer would have got if the payment had been known at once.
    private init(_ resolution: PaymentResolution, of sale: Sale, _ audience: ReceiptAudience) {
        let words = SettlementWords(
            resolution.finding, isFeeOnly: sale.isFeeOnly, audience: audience)
        self.init(sale, words)
        let original = resolution.original.receiptNumber
        originalNumber = original
        // Nothing is paid or owed for it, so it says nothing of tax either (UStG section 14c).
        if resolution.finding == .notChargedVoid { (vat, sentences) = ([], words.sentences) }
        sentences.insert(
            "Die Zahlung zu Beleg \(original) war ungeklärt und ist geklärt. Dieser Beleg ersetzt "
                + "ihn.", at: 0)
    }

    private init(_ reversal: Reversal, of sale: Sale, _ audience: ReceiptAudience) {
        let isVoid = reversal.kind == .void
        heading = isVoid ? "Stornobeleg" : "Erstattungsbeleg"
        marks = [isVoid ? "STORNO" : "ERSTATTUNG"]
        originalNumber = reversal.original.receiptNumber
        reason = audience == .customer ? reversal.reason : nil
        let kept = reversal.lines.filter { sale.lines.indices.contains($0.index) }
        blocks = Self.blocks(kept.map { sale.lines[$0.index] }, kept.map { -$0.gross }) { _ in [] }
        totalLabel = isVoid ? "Storniert" : "Erstattet"
        total = GermanFormat.euros(-reversal.amount)
        vat = Self.rows(
            reversal.vat.map {
                VATBlock(treatment: $0.treatment, gross: -$0.gross, tax: -$0.tax)
            })
        let words = ReversalWords(
            reversal.settlement, wasFree: sale.settlement == .free, audience: audience)
        paymentHeading = words.heading
        payment = words.payment
        sentences = words.sentences
        tariff = sale.tariff.title
    }

    private static func blocks(
        _ lines: [SaleLine], _ amounts: [Cents], facts: (Int) -> [ReceiptFact]
    ) -> [ReceiptBlock] {
        var headings: [String] = []
        for line in lines {
            let heading = line.legalForm.blockHeading(line.vat)
            if !headings.contains(heading) { headings.append(heading) }
        }
        return headings.map { heading in
            let indices = lines.indices.filter {
                lines[$0].legalForm.blockHeading(lines[$0].vat) == heading
            }
            return ReceiptBlock(
                heading: heading,
                lines: indices.map { shown(lines[$0], amounts[$0], facts($0)) },
                sum: GermanFormat.euros(indices.map { amounts[$0] }.sum()))
        }
    }

    private static func shown(_ line: SaleLine, _ amount: Cents, _ facts: [ReceiptFact])
        -> ReceiptLine
    {
        ReceiptLine(
            position: oneLine(line.position), name: oneLine(line.name),
            paragraph: oneLine(line.paragraph), explanation: oneLine(line.explanation.german),
            amount: GermanFormat.euros(amount), facts: facts)
    }

    /// How the amount of a line came about; lines after the delivery's items have none.
    private static func facts(of sale: Sale, line index: Int) -> [ReceiptFact] {
        guard sale.delivery.items.indices.contains(index) else { return [] }
        let item = sale.delivery.items[index]
        return source(of: item)
            + sale.lines[index].figures(of: item).map {
                ReceiptFact(label: $0.label, value: oneLine($0.value))
            }
    }

    private static func source(of item: DeliveryItem) -> [ReceiptFact] {
        switch item.source {
        case .counted: return []
        case .estimated: return [ReceiptFact(label: "Mengenangabe", value: "geschätzt")]
        case .manual(let reason):
            return [ReceiptFact(label: "Menge von Hand eingegeben", value: oneLine(reason))]
        case .weighed(let weighing):
            return [
                ReceiptFact(label: "Brutto", value: weighing.gross.kilograms),
                ReceiptFact(label: "Tara", value: weighing.tareText),
                ReceiptFact(label: "Netto", value: weighing.net.kilograms),
                ReceiptFact(label: "Waage", value: oneLine(weighing.scale)),
                ReceiptFact(label: "Wägung Nr.", value: oneLine(weighing.ticket)),
            ]
        }
    }

    /// Taxable treatments only: a fee shows no tax, not even none (UStG section 14c).
    private static func rows(_ blocks: [VATBlock]) -> [ReceiptVAT] {
        blocks.compactMap { block in
            guard case .taxable(let rate) = block.treatment, block.gross != .zero else {
                return nil
            }
            return ReceiptVAT(
                rate: rate.label, net: GermanFormat.euros(block.net),
                tax: GermanFormat.euros(block.tax), gross: GermanFormat.euros(block.gross))
        }
    }

    /// 250.00: above it a receipt is no longer an invoice of small amount (UStDV section 33).
    private static let smallInvoiceLimit: Int64 = 25_000

    private static func taxSentences(_ blocks: [VATBlock], isFeeOnly: Bool) -> [String] {
        if isFeeOnly {
            return ["Öffentlich-rechtliche Gebühr; keine Rechnung im Sinne des Umsatzsteuerrechts."]
        }
        let taxable = blocks.filter { $0.treatment.rate != .zero }.map(\.gross).sum()
        return taxable.value > smallInvoiceLimit
            ? ["Eine Rechnung mit Ihrem Namen und Ihrer Anschrift stellt die Verwaltung aus."] : []
    }
}

extension Sale {
    /// Whether all of it is a fee outside VAT.
    fileprivate var isFeeOnly: Bool {
        lines.allSatisfy { $0.legalForm == .fee && $0.vat == .outsideScope }
    }
}
