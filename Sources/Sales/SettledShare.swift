package import Tariffs
package import Text
package import Units

/// What an amount on the bank account is for.
package enum SettledMatter: Hashable, Sendable {
    /// Takings of a card scheme that stood in clearing.
    case clearing(CardScheme)
    /// What bank or acquirer keep.
    case fee
    /// A card payment taken back by the cardholder's bank; positive when it is won back.
    case chargeback
    /// A claim by its legal form.
    case claim(LegalForm)
    /// Nobody knows yet.
    case unresolved

    /// As records spell it: `clearing:girocard`, `fee`, `chargeback`, `claim:fee`, `unresolved`.
    package var code: String {
        switch self {
        case .clearing(let scheme): "clearing:\(scheme.rawValue)"
        case .fee: "fee"
        case .chargeback: "chargeback"
        case .claim(let form): "claim:\(form.rawValue)"
        case .unresolved: "unresolved"
        }
    }

    package init?(code: String) {
        let parts = code.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        switch (parts.first, parts.count) {
        case ("clearing", 2):
            guard let scheme = CardScheme(rawValue: parts[1]) else { return nil }
            self = .clearing(scheme)
        case ("claim", 2):
            guard let form = LegalForm(rawValue: parts[1]) else { return nil }
            self = .claim(form)
        case ("fee", 1): self = .fee
        case ("chargeback", 1): self = .chargeback
        case ("unresolved", 1): self = .unresolved
        default: return nil
        }
    }

    /// What it is, in German.
    package var words: String {
        switch self {
        case .clearing(let scheme): "Geldtransit \(scheme.rawValue)"
        case .fee: "Gebühr"
        case .chargeback: "Rückbelastung"
        case .claim(let form): "Forderung (\(form.words))"
        case .unresolved: "Ungeklärt"
        }
    }
}

/// A part of what settled something: positive for money that came for it, negative for money that
/// went. The shares of one record add up to what its bank lines bring to the yard.
package struct SettledShare: Hashable, Sendable {
    package let matter: SettledMatter
    package let amount: Cents

    package init(_ matter: SettledMatter, _ amount: Cents) {
        self.matter = matter
        self.amount = amount
    }

    package var json: JSONValue {
        .fields(["for": .string(matter.code), "amount": .integer(amount.value)])
    }

    package init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        matter = try reader.parsed("for", as: "what the amount is for, such as clearing:girocard") {
            SettledMatter(code: $0)
        }
        amount = Cents(try reader.integer("amount"))
        try reader.finish()
    }
}

extension Sequence<SettledShare> {
    /// What the shares bring in all, negative if more went than came.
    package var total: Cents { map(\.amount).sum() }

    /// The same with each matter once, in the order of its code; what cancels out is left out.
    package var added: [SettledShare] {
        var sums: [SettledMatter: Cents] = [:]
        for share in self { sums[share.matter, default: .zero] += share.amount }
        return sums.filter { $0.value != .zero }.sorted { $0.key.code < $1.key.code }
            .map { SettledShare($0.key, $0.value) }
    }

    package var negated: [SettledShare] { map { SettledShare($0.matter, -$0.amount) } }
}
