package import Sales
import Units

/// Who gives the receipt: name and address of the supplier (UStDV section 33; AO section 146a).
package struct Issuer: Hashable, Sendable {
    /// Full name of the town or its company.
    package let name: String
    /// The yard's name.
    package let yard: String
    /// Street and place, one line each.
    package let address: [String]
    /// Tax number or VAT id; printed only beside taxable lines.
    package let taxNumber: String?
    /// The town's own closing text, such as the legal remedies against a fee notice.
    package let notice: String?

    /// An issuer as configured for the yard.
    package init(
        name: String, yard: String, address: [String], taxNumber: String? = nil,
        notice: String? = nil
    ) {
        self.name = name
        self.yard = yard
        self.address = address
        self.taxNumber = taxNumber
        self.notice = notice
    }

    /// The issuer of a yard whose address stands on one line, with commas between its parts.
    package init(town: String, yard: String, address: String) {
        self.init(
            name: town, yard: yard,
            address: address.split(separator: ",").map { String($0.drop { $0 == " " }) })
    }
}

/// The code with which anybody finds a receipt and compares it with the signed record
/// (design decision 5): `/b/<terminal>/<sequence>#<digest>`.
package struct CheckCode: Hashable, Sendable {
    /// The full address of the public receipt page.
    package let url: String
    /// The first 16 characters of the digest in groups of four, to compare by eye.
    package let short: String
    /// SHA-256 of the signing input in base64url.
    package let digest: String

    /// - Parameters:
    ///   - origin: scheme and host of the server, without a final slash; empty gives a path.
    ///   - digest: SHA-256 of the signing input in base64url.
    package init(origin: String, reference: SaleReference, digest: String) {
        self.digest = digest
        url = "\(origin)/b/\(reference.terminal.text)/\(reference.sequence)#\(digest)"
        short = Self.grouped(Array(digest.prefix(16)))
    }

    private static func grouped(_ digits: [Character]) -> String {
        stride(from: 0, to: digits.count, by: 4)
            .map { String(digits[$0..<min($0 + 4, digits.count)]) }.joined(separator: " ")
    }
}

/// What a receipt is about.
package enum ReceiptSubject: Hashable, Sendable {
    case sale(Sale)
    /// A void or refund, with the sale that it takes back and that sale's reference.
    case reversal(Reversal, of: Sale)
    /// How the unknown payment of a sale turned out, with that sale.
    case resolution(PaymentResolution, of: Sale)
}

/// Who reads a receipt.
package enum ReceiptAudience: Hashable, Sendable {
    /// The customer at the yard: with card data and debtor.
    case customer
    /// Anybody who knows terminal and number: without them.
    case anyone
}

/// A receipt (Beleg): built from recorded figures, never calculated again.
///
/// A copy equals the original but for its mark and counter. Contents after UStDV section 33 and,
/// for weighing data, MessEV section 26; docs/formats/receipt.md is the specification.
package struct Receipt: Hashable, Sendable {
    /// Who gives it.
    package let issuer: Issuer
    /// Receipt number as people read it, such as `t1-000042`.
    package let number: String
    /// Name of the yard terminal that signed, or of the server.
    package let terminal: String
    /// Date and time at the yard, such as `22.11.2026, 17:24 Uhr`.
    package let localTime: String
    /// The recorded sale or reversal.
    package let subject: ReceiptSubject
    /// Nil for a record that no terminal signed.
    package let check: CheckCode?
    /// Position in the yard's log; nil while the record waits to be sent.
    package let logIndex: Int64?
    /// Name and address of the debtor, one line each; only for claims.
    package let debtor: [String]
    /// 1 for the first copy; nil for the original.
    package let copy: Int?
    /// Whether it was made for practice and moved no money.
    package let isTraining: Bool

    /// A receipt of a recorded fact; the caller has read log index and copy counter.
    package init(
        issuer: Issuer, number: String, terminal: String, localTime: String,
        subject: ReceiptSubject, check: CheckCode?, logIndex: Int64? = nil,
        debtor: [String] = [], copy: Int? = nil, isTraining: Bool = false
    ) {
        self.issuer = issuer
        self.number = number
        self.terminal = terminal
        self.localTime = localTime
        self.subject = subject
        self.check = check
        self.logIndex = logIndex
        self.debtor = debtor
        self.copy = copy
        self.isTraining = isTraining
    }
}
