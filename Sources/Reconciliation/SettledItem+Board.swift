package import Journal
import Sales
import Signing
import Text

extension SettledItem {
    /// The item as records name it.
    package init(_ item: MatchItem) {
        switch item {
        case .cut(let part):
            self = .cut(
                close: part.close, cardTerminal: part.cardTerminal, scheme: part.scheme,
                batch: part.batch)
        case .bank(let key):
            self = .bank(
                account: key.account, day: key.day, statement: key.statement, entry: key.entry,
                detail: key.detail)
        case .gross(let payout, let reference, let place):
            self = .gross(payout: payout, reference: reference, place: place)
        case .payout(let id): self = .payout(id)
        }
    }

    /// A short name that people can type: the close and card terminal of a cut, with its number
    /// where the close has several, `b-` and ten hexadecimal digits of a digest for a bank line,
    /// `g-` for a line and `p-` for a payout of an acquirer. The same item is called the same for
    /// ever.
    package var code: String {
        switch self {
        case .cut(let close, let terminal, let scheme, let batch):
            [close, terminal, batch, scheme?.rawValue].compactMap(\.self).joined(separator: ":")
        case .bank: "b-" + short
        case .gross: "g-" + short
        case .payout: "p-" + short
        }
    }

    private var short: String { String(Digest.sha256(json.bytes).hex.prefix(10)) }
}

extension BankLineKey {
    /// The entry that holds this line.
    var wholeEntry: BankLineKey {
        BankLineKey(account: account, day: day, statement: statement, entry: entry, detail: 0)
    }
}

extension Set<SettledItem> {
    /// Whether the item is among these, by itself or with all cuts of its card terminal and close.
    package func holds(_ item: SettledItem) -> Bool {
        contains(item) || contains(item.wholeCut)
    }
}
