import Units

extension Calculator {
    /// The amount that is priced: the item's own, or while the scale is broken the weight that its
    /// estimated volume stands for.
    func priceableAmount(
        of item: DeliveryItem, as fraction: FractionID, _ circumstances: Circumstances,
        at place: Int
    ) throws(CalculatedRefusal) -> Amount {
        guard delivery.isScaleBroken, case .volume(let volume) = item.amount,
            tariff.index.matches(fraction, of: circumstances, in: .volume).isEmpty,
            !tariff.index.matches(fraction, of: circumstances, in: .weight).isEmpty
        else { return item.amount }
        guard tariff.rules.scaleFailure != nil,
            let density = tariff.catalogue.fraction(fraction)?.gramsPerCubicMetre
        else { throw CalculatedRefusal(.scaleFailed, item: place, fraction: fraction) }
        // Rounded down, never to the deliverer's harm.
        let exact = Ratio(
            Int128(volume.value) * Int128(density.value), over: Int128(Millilitres.perCubicMetre))
        let grams = max(1, min(Amount.numberMax, exact.rounded(.down)))
        return .weight(Grams(grams))
    }

    /// An item in smallest units of a measure where it is priced as this fraction; zero where it
    /// has none in that measure.
    func number(of place: Int, as fraction: FractionID, in measure: Measure) -> Int64 {
        let item = delivery.items[place]
        do throws(CalculatedRefusal) {
            let amount = try priceableAmount(
                of: item, as: fraction, Circumstances(of: delivery, item), at: place)
            return amount.measure == measure ? amount.number : 0
        } catch {
            // The item is refused by its own line.
            return 0
        }
    }

    /// Refuses to price by a weight that no suitable scale has measured (MessEG section 33, MessEV
    /// section 23).
    func checkWeight(
        _ item: DeliveryItem, _ amount: Amount, as fraction: FractionID, priced match: Int,
        at place: Int
    ) throws(CalculatedRefusal) {
        let priced = tariff.index[match]
        guard case .weight(let weight) = item.amount, priced.dependsOnWeight else { return }
        guard case .weighed(let weighing) = item.source else {
            guard tariff.allowsManualWeights else {
                throw CalculatedRefusal(.weightNotMeasured, item: place, position: match)
            }
            return
        }
        guard !tariff.scales.isEmpty else { return }
        guard let scale = tariff.scales.first(where: { $0.id == weighing.scale }),
            scale.fractions.map({ $0.contains(fraction) }) ?? true,
            scale.verifiedUntil.map({ delivery.day <= $0 }) ?? true
        else { throw CalculatedRefusal(.scaleNotPermitted, item: place, position: match) }
        guard weight < scale.minimumLoad, !priced.method.switches(at: scale.minimumLoad) else {
            return
        }
        throw CalculatedRefusal(.belowMinimumLoad, item: place, position: match)
    }
}

extension Position {
    /// Whether the price follows from the weight: by its method, or because a fixed price is due
    /// above a weight only.
    var dependsOnWeight: Bool {
        guard case .flat = method.root else { return method.dependsOnWeight }
        return exemption?.limit.measure == .weight || freeQuantity?.measure == .weight
    }
}

extension PricingMethod {
    /// Whether the method's price follows from the weight.
    var dependsOnWeight: Bool {
        switch self {
        case .unit, .staircase, .tiers, .scaleSwitch: prices(.weight)
        case .derived(let derived): derived.method.dependsOnWeight
        case .free, .flat, .areaTime, .container, .table, .refused, .unpublished: false
        }
    }

    /// Whether the method has its own answer below this load.
    func switches(at minimumLoad: Grams) -> Bool {
        switch self {
        case .scaleSwitch(let scale): scale.threshold.value >= minimumLoad.value
        case .derived(let derived): derived.method.switches(at: minimumLoad)
        case .free, .flat, .unit, .areaTime, .container, .table, .staircase, .tiers, .refused,
            .unpublished:
            false
        }
    }
}
