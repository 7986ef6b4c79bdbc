import Sales
import Tariffs
import Units

/// The quantities of a line in the unit of its measure, with four decimals.
struct AuditQuantity: Hashable {
    /// Ten-thousandths of the unit, as delivered.
    let delivered: Int128
    /// Ten-thousandths of the unit, as charged.
    let billed: Int128
    let unit: String
    /// How it was measured, in German.
    let source: String

    /// - Parameter place: of the line in its sale; those behind the items are about the delivery.
    init(of line: SaleLine, at place: Int, in sale: Sale) {
        guard sale.delivery.items.indices.contains(place) else {
            (delivered, billed) = (Self.one, Self.one)
            (unit, source) = ("Anlieferung", "")
            return
        }
        let item = sale.delivery.items[place]
        let (unit, scale) = item.amount.auditUnit
        delivered = Int128(item.amount.number) * scale
        billed = Int128(line.billed) * scale
        self.unit = unit
        source = item.source.words
    }

    static let one: Int128 = 10_000

    /// Hundred-thousandths of a euro for one unit charged, rounded half away from zero; zero where
    /// nothing is charged.
    func price(of gross: Cents) -> Int128 {
        guard billed > 0 else { return 0 }
        let exact = Int128(gross.value) * 1_000 * Self.one
        let size = (exact.magnitude * 2 + billed.magnitude) / (billed.magnitude * 2)
        return exact < 0 ? -Int128(size) : Int128(size)
    }

    /// `-12,5000` for a number and how many of its digits are decimals.
    static func text(_ number: Int128, decimals: Int) -> String {
        let digits = String(number.magnitude)
        let padding = String(repeating: "0", count: max(0, decimals + 1 - digits.utf8.count))
        let whole = padding + digits
        return "\(number < 0 ? "-" : "")\(whole.dropLast(decimals)),\(whole.suffix(decimals))"
    }
}

extension Amount {
    /// The unit that the package counts this measure in, and its ten-thousandths in one smallest
    /// unit.
    fileprivate var auditUnit: (name: String, scale: Int128) {
        switch self {
        case .pieces: ("Stück", 10_000)
        case .containers(_, let kind, let fill):
            ("Behälter \(kind.text)" + (fill < 100 ? " zu \(fill) %" : ""), 10_000)
        case .volume: ("l", 10)
        case .weight: ("kg", 10)
        case .area: ("m²", 1)
        case .duration: ("min", 10_000)
        case .areaTime(_, let minutes): ("m² für \(minutes.value) min", 1)
        case .pounds: ("lb", 1_000)
        case .cubicInches: ("in³", 100)
        case .vehicle(let kind, let fill):
            ("Ladung \(kind.text)" + (fill < 100 ? " zu \(fill) %" : ""), 10_000)
        case .delivery: ("Anlieferung", 10_000)
        }
    }
}

extension AmountSource {
    fileprivate var words: String {
        switch self {
        case .counted: "gezählt"
        case .estimated: "geschätzt"
        case .weighed(let weighing): "gewogen, Waage \(weighing.scale) Nr. \(weighing.ticket)"
        case .manual(let reason): "von Hand: \(reason)"
        }
    }
}
