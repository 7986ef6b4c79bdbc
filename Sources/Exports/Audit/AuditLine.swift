import DayClosing
import Sales
import Tariffs
import Units

/// A line of a sale, or of what was taken back of one.
struct AuditLine {
    let position: String
    let name: String
    let legalForm: LegalForm
    let vat: VATTreatment
    let gross: Cents
    /// 1, or -1 for what was taken back.
    let sign: Int128
    let sale: Sale
    /// The place of the line in the sale, where the whole of it was sold or taken back; nil where
    /// only money was taken back: a part of a line has no quantity of its own.
    let place: Int?

    fileprivate init(_ line: SaleLine, at place: Int, of sale: Sale, sign: Int64) {
        position = line.position
        name = line.name
        legalForm = line.legalForm
        vat = line.vat
        gross = Cents(sign * line.gross.value)
        self.sign = Int128(sign)
        self.sale = sale
        self.place = place
    }

    fileprivate init(_ line: Reversal.Line, of sale: Sale) {
        let sold = sale.lines.indices.contains(line.index) ? sale.lines[line.index] : nil
        position = line.position
        name = sold?.name ?? ""
        legalForm = line.legalForm
        vat = line.vat
        gross = -line.gross
        sign = -1
        self.sale = sale
        place = sold?.gross == line.gross ? line.index : nil
    }

    var tariff: TariffReference { sale.tariff }

    /// Delivered quantity, unit, charged quantity, price of one unit, how it was measured.
    var quantityCells: [String] {
        guard let place else { return ["0,0000", "", "0,0000", "0,00000", ""] }
        let quantity = AuditQuantity(of: sale.lines[place], at: place, in: sale)
        return [
            AuditQuantity.text(sign * quantity.delivered, decimals: 4), quantity.unit,
            AuditQuantity.text(sign * quantity.billed, decimals: 4),
            AuditQuantity.text(sign * quantity.price(of: gross), decimals: 5), quantity.source,
        ]
    }
}

/// A record of a close with the lines that several tables speak about, made once.
struct AuditRecord {
    /// The key of its row: the close's reference, and the place in the log.
    let key: [String]
    let record: ClosedRecord
    let lines: [AuditLine]
    /// What the lines come to.
    let amount: Cents

    init(_ record: ClosedRecord, of close: String) {
        key = [close, String(record.index)]
        self.record = record
        lines = record.soldLines
        amount = lines.map(\.gross).sum()
    }
}

extension ClosedRecord {
    fileprivate var soldLines: [AuditLine] {
        switch fact {
        case .sale(_, let sale): Self.lines(of: sale, sign: 1)
        case .noSale, .withheld, .unmatched, .settlement: []
        case .reversal(let reversal, of: let sale):
            reversal.lines.map { AuditLine($0, of: sale) }
        case .resolution(let resolution, of: let sale):
            resolution.finding == .notChargedVoid ? Self.lines(of: sale, sign: -1) : []
        }
    }

    private static func lines(of sale: Sale, sign: Int64) -> [AuditLine] {
        sale.lines.enumerated().map { AuditLine($1, at: $0, of: sale, sign: sign) }
    }

    /// The slip of a payment, or of what was given back by card, with its amount; nil for what no
    /// card terminal has counted.
    var cardPayment: (slip: CardSlip, amount: Cents)? {
        switch fact {
        case .sale(_, let sale):
            if case .card(let slip) = sale.settlement { return (slip, sale.total) }
        case .reversal(let reversal, of: _):
            if case .card(let slip) = reversal.settlement { return (slip, -reversal.amount) }
        case .resolution(let resolution, of: let sale):
            if case .charged(let slip) = resolution.finding { return (slip, sale.total) }
        case .noSale, .withheld, .unmatched, .settlement: break
        }
        return nil
    }

    /// Card steps that brought nothing, in order.
    var failedAttempts: [FailedAttempt] {
        switch fact {
        case .sale(_, let sale): sale.attempts
        case .noSale(_, let end): end.attempts
        case .reversal, .resolution, .withheld, .unmatched, .settlement: []
        }
    }

    /// The number that a terminal gave to the record itself; empty and 0 for one of the server.
    var ownNumber: (terminal: String, sequence: Int64) {
        number.map { ($0.terminal.text, $0.sequence) } ?? ("", 0)
    }

    /// The way of the money in the words of the package: ``channel``, but where none moved it says
    /// so.
    var tenderWords: String {
        switch fact {
        case .noSale: Self.noMoney
        case .sale(_, let sale) where sale.settlement == .free: Self.noMoney
        case .reversal(_, of: let sale) where sale.settlement == .free: Self.noMoney
        case .resolution(let resolution, of: _) where resolution.finding == .notChargedVoid:
            Self.noMoney
        case .sale, .reversal, .resolution, .withheld, .unmatched, .settlement:
            channel.words
        }
    }

    private static let noMoney = "Keine Zahlung"

    /// What the record adds to the tax of its close: added up from receipts, never worked out
    /// from sums.
    var taxBlocks: [VATBlock] {
        func negated(_ blocks: [VATBlock]) -> [VATBlock] {
            blocks.map { VATBlock(treatment: $0.treatment, gross: -$0.gross, tax: -$0.tax) }
        }
        switch fact {
        case .sale(_, let sale): return sale.vat
        case .noSale, .withheld, .unmatched, .settlement: return []
        case .reversal(let reversal, of: _): return negated(reversal.vat)
        case .resolution(let resolution, of: let sale):
            return resolution.finding == .notChargedVoid ? negated(sale.vat) : []
        }
    }

    /// The sale that is taken back with the reason; nil for what takes nothing back.
    var takenBack: (original: SaleReference, reason: String)? {
        switch fact {
        case .sale, .noSale, .withheld, .unmatched, .settlement: nil
        case .reversal(let reversal, of: _): (reversal.original, reversal.reason)
        case .resolution(let resolution, of: _):
            resolution.finding == .notChargedVoid ? (resolution.original, resolution.note) : nil
        }
    }
}
