import Pages
import Tariffs
import Units

/// How amounts are entered: the choices of a fraction, and what a filled form says.
enum AmountEntry {
    /// The choices, in the tariff's order; a volume or weight in both its units.
    static func options(_ fraction: Fraction) -> [Field.Option] {
        var options: [Field.Option] = []
        for measure in fraction.measures {
            for option in Self.options(measure) where !options.contains(option) {
                options.append(option)
            }
        }
        return options
    }

    private static func options(_ option: MeasureOption) -> [Field.Option] {
        switch option.measure {
        case .pieces: [Field.Option("stueck", option.name)]
        case .volume: [Field.Option("m3", "m³"), Field.Option("l", "Liter")]
        case .weight: [Field.Option("kg", "kg"), Field.Option("t", "t")]
        case .area: [Field.Option("m2", "m²")]
        case .containers(let kind): [Field.Option("behaelter:\(kind.text)", option.name)]
        case .vehicle(let kind): [Field.Option("fahrzeug:\(kind.text)", option.name)]
        case .delivery: [Field.Option("anlieferung", option.name)]
        }
    }

    static func hasFill(_ fraction: Fraction) -> Bool {
        fraction.measures.contains {
            switch $0.measure {
            case .containers, .vehicle: true
            case .pieces, .volume, .weight, .area, .delivery: false
            }
        }
    }

    static func mayWeigh(_ fraction: Fraction) -> Bool {
        fraction.measures.contains { $0.measure == .weight }
    }

    /// The item that the fields `abfall`, `einheit`, `menge`, `fuellung`, `herkunft` and
    /// `handgrund` say, or what is wrong by field.
    static func item(_ values: FormValues) -> Result<DeliveryItem, FormErrors> {
        var errors: [String: String] = [:]
        let fill = Int64(values["fuellung"]) ?? 100
        let unit = values["einheit"]
        let amount: Amount?
        if unit == "anlieferung" {
            amount = .delivery
        } else if let kind = unit.suffix(after: "fahrzeug:").flatMap(VehicleClassID.init) {
            amount = .vehicle(class: kind, fillPercent: fill)
        } else {
            amount = Self.amount(values["menge"], unit: unit, fill: fill)
        }
        if amount?.isValid != true {
            errors["menge"] = "Geben Sie eine Zahl größer als null ein, zum Beispiel 2 oder 1,5."
        }
        let source = Self.source(values)
        if source == nil { errors["handgrund"] = "Schreiben Sie, warum nicht gewogen wurde." }
        guard errors.isEmpty, let amount, let source, let fraction = FractionID(values["abfall"])
        else { return .failure(FormErrors(byField: errors)) }
        return .success(DeliveryItem(fraction: fraction, amount: amount, source: source))
    }

    private static func amount(_ text: String, unit: String, fill: Int64) -> Amount? {
        func scaled(_ size: Int64) -> Int64? { GermanNumber.parse(text, scale: size) }
        if let kind = unit.suffix(after: "behaelter:").flatMap(ContainerID.init) {
            return scaled(1).map { .containers(count: $0, kind: kind, fillPercent: fill) }
        }
        switch unit {
        case "stueck": return scaled(1).map { .pieces($0) }
        case "l": return scaled(Millilitres.perLitre).map { .volume(Millilitres($0)) }
        case "m3": return scaled(Millilitres.perCubicMetre).map { .volume(Millilitres($0)) }
        case "kg": return scaled(Grams.perKilogram).map { .weight(Grams($0)) }
        case "t": return scaled(Grams.perTonne).map { .weight(Grams($0)) }
        case "m2":
            return scaled(SquareCentimetres.perSquareMetre).map { .area(SquareCentimetres($0)) }
        default: return nil
        }
    }

    private static func source(_ values: FormValues) -> AmountSource? {
        switch values["herkunft"] {
        case "geschaetzt": return .estimated
        case "hand":
            let reason = values["handgrund"]
            return reason.allSatisfy(\.isWhitespace) ? nil : .manual(reason: reason)
        default: return .counted
        }
    }
}

/// What is wrong with a form, by field.
struct FormErrors: Error {
    let byField: [String: String]
}

/// Numbers as people type them.
enum GermanNumber {
    /// `text` times `scale`; nil unless it is a number with at most as many digits after the comma
    /// as `scale`, a power of ten, has zeros. Full stops may stand between groups of three.
    static func parse(_ text: String, scale: Int64) -> Int64? {
        let trimmed = text.filter { !$0.isWhitespace }
        let parts = trimmed.split(separator: ",", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = whole(parts[0]) else { return nil }
        let places = String(scale).utf8.count - 1
        let fraction = parts.count == 2 ? parts[1] : "0"
        let kept = fraction.prefix(places)
        guard !fraction.isEmpty, fraction.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            fraction.dropFirst(places).allSatisfy({ $0 == "0" })
        else { return nil }
        let digits = kept + String(repeating: "0", count: places - kept.utf8.count)
        let rest = digits.isEmpty ? 0 : Int64(digits)
        let (product, overflow) = whole.multipliedReportingOverflow(by: scale)
        guard let rest, !overflow else { return nil }
        return product + rest
    }

    private static func whole(_ text: Substring) -> Int64? {
        let groups = text.split(separator: ".", omittingEmptySubsequences: false)
        guard groups.dropFirst().allSatisfy({ $0.utf8.count == 3 }),
            groups.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            (1...12).contains(groups.joined().utf8.count)
        else { return nil }
        return Int64(groups.joined())
    }
}

extension String {
    /// What follows `prefix`; nil if the text starts otherwise.
    fileprivate func suffix(after prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}
