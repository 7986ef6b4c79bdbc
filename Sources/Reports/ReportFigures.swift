import Tariffs
package import Units

/// What a row of a report adds up. Foreign measures, areas and times are counted, not added.
package struct ReportFigures: Hashable, Sendable {
    /// Sales, or lines where the report goes by lines; one taken back as a mistake counts minus.
    package private(set) var count: Int64 = 0
    /// Gross, less what was taken back.
    package private(set) var turnover = Cents.zero
    package private(set) var weight = Grams(0)
    package private(set) var volume = Millilitres(0)
    package private(set) var pieces: Int64 = 0

    package init() {}

    mutating func count(_ number: Int64) { count += number }

    mutating func add(_ amount: Cents) { turnover = turnover + amount }

    /// Adds an amount, or takes it away with a `sign` of -1.
    mutating func add(_ amount: Amount, sign: Int64) {
        switch amount {
        case .weight(let grams): weight = Grams(weight.value + sign * grams.value)
        case .volume(let size): volume = Millilitres(volume.value + sign * size.value)
        case .pieces(let number), .containers(let number, _, _): pieces += sign * number
        case .area, .duration, .areaTime, .pounds, .cubicInches, .vehicle, .delivery: break
        }
    }

    static func + (left: ReportFigures, right: ReportFigures) -> ReportFigures {
        var sum = left
        sum.count += right.count
        sum.turnover = left.turnover + right.turnover
        sum.weight = Grams(left.weight.value + right.weight.value)
        sum.volume = Millilitres(left.volume.value + right.volume.value)
        sum.pieces += right.pieces
        return sum
    }
}
