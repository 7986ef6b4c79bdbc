import Sales
import Tariffs
import Units

/// A label with its value, as templates see it.
struct ReceiptFact: Hashable, Sendable {
    let label: String
    let value: String
}

/// A line of a receipt, as templates see it.
struct ReceiptLine: Hashable, Sendable {
    let position: String
    let name: String
    let paragraph: String
    let explanation: String
    let amount: String
    /// Weighing data or how else the amount came about, then the figures of the price.
    let facts: [ReceiptFact]
}

/// The lines of one legal form and VAT treatment, as templates see them.
struct ReceiptBlock: Hashable, Sendable {
    let heading: String
    let lines: [ReceiptLine]
    let sum: String
}

/// A row of the VAT table, as templates see it.
struct ReceiptVAT: Hashable, Sendable {
    let rate: String
    let net: String
    let tax: String
    let gross: String
}

/// Everything a receipt template may name; docs/formats/receipt.md lists it.
struct ReceiptView: Sendable {
    let heading: String
    let marks: [String]
    let issuer: String
    let yard: String
    let address: [String]
    let taxNumber: String?
    let number: String
    let terminal: String
    let time: String
    let originalNumber: String?
    let reason: String?
    let blocks: [ReceiptBlock]
    let hasSeveralBlocks: Bool
    let totalLabel: String
    let total: String
    let vat: [ReceiptVAT]
    let hasVAT: Bool
    let paymentHeading: String
    let payment: [ReceiptFact]
    let sentences: [String]
    let debtor: [String]
    let hasDebtor: Bool
    let tariff: String
    let notice: String?
    let checkURL: String?
    let checkShort: String?
    let logIndex: String?

    init(_ receipt: Receipt, for audience: ReceiptAudience) {
        let body = ReceiptBody(receipt.subject, audience: audience)
        heading = body.heading
        marks = body.marks + Self.marks(receipt)
        issuer = oneLine(receipt.issuer.name)
        yard = oneLine(receipt.issuer.yard)
        address = receipt.issuer.address.map(oneLine)
        taxNumber = body.vat.isEmpty ? nil : receipt.issuer.taxNumber.map(oneLine)
        number = receipt.number
        terminal = receipt.terminal
        time = receipt.localTime
        originalNumber = body.originalNumber
        reason = body.reason.map(oneLine)
        blocks = body.blocks
        hasSeveralBlocks = body.blocks.count > 1
        totalLabel = body.totalLabel
        total = body.total
        vat = body.vat
        hasVAT = !body.vat.isEmpty
        paymentHeading = body.paymentHeading
        payment = body.payment
        sentences = body.sentences
        debtor = audience == .customer ? receipt.debtor.map(oneLine) : []
        hasDebtor = audience == .customer && !receipt.debtor.isEmpty
        tariff = oneLine(body.tariff)
        notice = receipt.issuer.notice.map(oneLine)
        checkURL = audience == .customer ? receipt.check?.url : nil
        checkShort = receipt.check?.short
        logIndex = receipt.logIndex.map { String($0) }
    }

    private static func marks(_ receipt: Receipt) -> [String] {
        var marks: [String] = []
        if let copy = receipt.copy { marks.append("KOPIE \(copy)") }
        if receipt.isTraining { marks.append("ÜBUNG") }
        return marks
    }
}

/// `text` with every control character as a space: a value cannot start a line of its own.
func oneLine(_ text: String) -> String {
    String(
        String.UnicodeScalarView(
            text.unicodeScalars.map { scalar in
                let isControl =
                    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                    || scalar.value == 0x2028 || scalar.value == 0x2029
                return isControl ? " " : scalar
            }))
}
