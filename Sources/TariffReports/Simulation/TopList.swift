import Tariffs
import Units

/// A sale that stands out, with what is needed to price it again with its sentences.
struct TopSale: Sendable {
    let name: String
    let delivery: Delivery
    /// What the draft had counted before it.
    let quota: [QuotaUse]
    let recorded: Cents
    /// Nil where the draft refuses.
    let draft: Cents?
    /// The larger, the higher up.
    let rank: Int64

    init(
        _ sale: RecordedSale, _ delivery: Delivery, _ quota: [QuotaUse], draft: Cents?,
        rank: Int64
    ) {
        name = sale.name
        self.delivery = delivery
        self.quota = quota
        recorded = sale.total
        self.draft = draft
        self.rank = rank
    }

    /// By rank, then by name: the same list whatever order the sales came in.
    func isBefore(_ other: TopSale) -> Bool {
        rank == other.rank ? name < other.name : rank > other.rank
    }
}

/// The few sales of the highest rank.
struct TopList: Sendable {
    private(set) var sales: [TopSale] = []

    static let countMax = 20

    mutating func add(_ sale: TopSale) {
        if sales.count == Self.countMax {
            guard let last = sales.last, sale.isBefore(last) else { return }
            sales.removeLast()
        }
        let place = sales.firstIndex { sale.isBefore($0) } ?? sales.count
        sales.insert(sale, at: place)
    }

    mutating func merge(_ other: TopList) {
        for sale in other.sales { add(sale) }
    }
}
