package import Tariffs
import Units

/// A figure of a line with its German label.
package struct LineFigure: Hashable, Sendable {
    package let label: String
    package let value: String

    init(_ label: String, _ value: String) {
        self.label = label
        self.value = value
    }
}

extension SaleLine {
    /// How the price came about, in the order in which it is worked out; what would only repeat
    /// the figure before it is left out. Empty for a line of the delivery as a whole.
    ///
    /// - Parameter item: what the line prices; the net weight of a weighed one stands with its
    ///   weighing and is not repeated.
    package func figures(of item: DeliveryItem) -> [LineFigure] {
        guard let figures else { return [] }
        let amount = item.amount
        var all: [LineFigure] = []
        if !item.isWeighed { all.append(LineFigure("Menge", amount.german(amount.number))) }
        if figures.free > 0 { all.append(LineFigure("Davon frei", amount.german(figures.free))) }
        if let left = figures.freeLeft {
            all.append(LineFigure("Danach noch frei", amount.german(left)))
        }
        if amount.isBilledInSteps, billed != figures.charged, billed > 0 {
            all.append(LineFigure("Berechnet", amount.german(billed)))
        }
        if figures.exact.numerator != Int128(gross.value) * figures.exact.denominator {
            all.append(LineFigure("Ausgangspreis", "\(figures.exact.exactAmount)\u{A0}€"))
        }
        if let bound = figures.bound {
            all.append(LineFigure("Mindest-/Höchstpreis", GermanFormat.euros(bound)))
        }
        return all
    }
}

extension DeliveryItem {
    fileprivate var isWeighed: Bool {
        if case .weighed = source { true } else { false }
    }
}

extension Amount {
    /// Whether what is billed counts the same units as what was brought: containers are billed in
    /// hundredths, loads by their filling, an area and a time by both.
    fileprivate var isBilledInSteps: Bool {
        switch self {
        case .pieces, .volume, .weight, .area, .duration, .pounds, .cubicInches: true
        case .containers, .vehicle, .areaTime, .delivery: false
        }
    }
}
