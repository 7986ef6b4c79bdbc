import Pages
import Tariffs
import TerminalOperations
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
        case .containers(let kind): return [Field.Option("behaelter:\(kind.text)", option.name)]
        case .vehicle(let kind): return [Field.Option("fahrzeug:\(kind.text)", option.name)]
        case .delivery: return [Field.Option("anlieferung", option.name)]
        case .areaTime: return [Field.Option(areaTime, "m² und Zeit")]
        case .pieces, .volume, .weight, .area:
            return EntryUnit.all.filter { $0.unit.measure == option.measure }.map(\.option)
        case .duration, .pounds, .cubicInches:
            // The unit of the sheet first; the others serve those who measured otherwise.
            let units = EntryUnit.all.filter { $0.unit.measure == option.measure }
            return
                (units.filter { $0.unit == option.unit }
                + units.filter { $0.unit != option.unit }).map(\.option)
        }
    }

    /// The choice of an area for a time.
    static let areaTime = "m2zeit"

    static func hasTime(_ fraction: Fraction) -> Bool {
        fraction.measures.contains { $0.measure == .areaTime }
    }

    static func hasFill(_ fraction: Fraction) -> Bool {
        fraction.measures.contains {
            switch $0.measure {
            case .containers, .vehicle: true
            case .pieces, .volume, .weight, .area, .duration, .areaTime, .pounds, .cubicInches,
                .delivery:
                false
            }
        }
    }

    static func mayWeigh(_ fraction: Fraction) -> Bool {
        fraction.measures.contains { $0.measure == .weight }
    }

    /// The item that the fields `abfall`, `einheit`, `menge`, `dauer`, `zeiteinheit`, `fuellung`,
    /// `herkunft`, `handgrund` and those of ``ItemFactsForm`` say, or what is wrong by field.
    static func item(_ values: FormValues, of tariff: Tariff) -> Result<DeliveryItem, FormErrors> {
        var errors: [String: String] = [:]
        let amount = amount(values, &errors)
        let source = source(values)
        if source == nil { errors["handgrund"] = "Schreiben Sie, warum nicht gewogen wurde." }
        guard let fraction = FractionID(values["abfall"]) else {
            return .failure(FormErrors(byField: errors))
        }
        let facts = ItemFactsForm(tariff, fraction).facts(values, &errors)
        guard errors.isEmpty, let amount, let source else {
            return .failure(FormErrors(byField: errors))
        }
        return .success(
            DeliveryItem(fraction: fraction, amount: amount, source: source).with(facts))
    }

    /// The amount that is typed, if it can be one.
    private static func amount(_ values: FormValues, _ errors: inout [String: String]) -> Amount? {
        let fill = Int64(values["fuellung"]) ?? 100
        let code = values["einheit"]
        if code == "anlieferung" { return .delivery }
        if let kind = code.suffix(after: "fahrzeug:").flatMap(VehicleClassID.init) {
            return .vehicle(class: kind, fillPercent: fill)
        }
        var amount: Amount?
        if let kind = code.suffix(after: "behaelter:").flatMap(ContainerID.init) {
            amount = GermanNumber.parse(values["menge"], scale: 1)
                .map { .containers(count: $0, kind: kind, fillPercent: fill) }
        } else if code == areaTime {
            amount = area(values, &errors)
        } else if let unit = EntryUnit.all.first(where: { $0.code == code })?.unit {
            amount = GermanNumber.parse(values["menge"], scale: unit.size)
                .map { Amount($0, in: unit) }
        }
        if amount?.isValid != true, errors.isEmpty {
            let isTooMuch = amount.map { $0.number > Amount.numberMax } ?? false
            errors["menge"] =
                isTooMuch
                ? "So viel ist nicht möglich. Prüfen Sie Zahl und Einheit."
                : "Geben Sie eine Zahl größer als null ein, zum Beispiel 2 oder 1,5."
        }
        return amount
    }

    /// An area for a time.
    private static func area(_ values: FormValues, _ errors: inout [String: String]) -> Amount? {
        let unit = EntryUnit.times.first { $0.code == values["zeiteinheit"] }?.unit ?? .day
        guard let minutes = GermanNumber.parse(values["dauer"], scale: unit.size),
            (1...Amount.numberMax).contains(minutes)
        else {
            errors["dauer"] = "Geben Sie ein, wie lange gelagert wird, zum Beispiel 9."
            return nil
        }
        return GermanNumber.parse(values["menge"], scale: MeasureUnit.squareMetre.size)
            .map { .areaTime(SquareCentimetres($0), Minutes(minutes)) }
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

/// A unit in which an amount can be typed.
struct EntryUnit: Sendable {
    /// What the form sends.
    let code: String
    let label: String
    let unit: MeasureUnit

    var option: Field.Option { Field.Option(code, label) }

    static let times = [
        EntryUnit(code: "min", label: "Minuten", unit: .minute),
        EntryUnit(code: "std", label: "Stunden", unit: .hour),
        EntryUnit(code: "tag", label: "Tage", unit: .day),
        EntryUnit(code: "woche", label: "Wochen", unit: .week),
    ]

    /// In the order in which they are offered.
    static let all =
        [
            EntryUnit(code: "stueck", label: "Stück", unit: .piece),
            EntryUnit(code: "m3", label: "m³", unit: .cubicMetre),
            EntryUnit(code: "l", label: "Liter", unit: .litre),
            EntryUnit(code: "kg", label: "kg", unit: .kilogram),
            EntryUnit(code: "t", label: "t", unit: .tonne),
            EntryUnit(code: "m2", label: "m²", unit: .squareMetre),
            EntryUnit(code: "lb", label: "lb", unit: .pound),
            EntryUnit(code: "ton", label: "ton (2.000 lb)", unit: .shortTon),
            EntryUnit(code: "yd3", label: "yd³", unit: .cubicYard),
            EntryUnit(code: "gal", label: "gal", unit: .gallon),
        ] + times
}

/// What is wrong with a form, by field.
struct FormErrors: Error {
    let byField: [String: String]
}

/// Numbers as people type them.
enum GermanNumber {
    /// `text` times `scale`; nil unless that is whole. Full stops may stand between groups of
    /// three, the first of which has one to three digits and no nought in front: `0.500` is not
    /// 500. At most six digits behind the comma count.
    ///
    /// - Parameter scale: up to ten million.
    static func parse(_ text: String, scale: Int64) -> Int64? {
        let trimmed = text.filter { !$0.isWhitespace }
        let parts = trimmed.split(separator: ",", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = whole(parts[0]) else { return nil }
        let digits = parts.count == 2 ? parts[1] : "0"
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            digits.dropFirst(placesMax).allSatisfy({ $0 == "0" })
        else { return nil }
        let kept = digits.prefix(placesMax)
        let divisor = (0..<kept.utf8.count).reduce(Int64(1)) { power, _ in power * 10 }
        let (product, overflow) = whole.multipliedReportingOverflow(by: scale)
        guard let numerator = Int64(kept), (numerator * scale) % divisor == 0, !overflow else {
            return nil
        }
        let (sum, carry) = product.addingReportingOverflow(numerator * scale / divisor)
        return carry ? nil : sum
    }

    private static let placesMax = 6

    private static func whole(_ text: Substring) -> Int64? {
        let groups = text.split(separator: ".", omittingEmptySubsequences: false)
        let isGrouped =
            groups.count == 1
            || (groups.dropFirst().allSatisfy { $0.utf8.count == 3 }
                && (1...3).contains(groups[0].utf8.count) && groups[0].first != "0")
        guard isGrouped,
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
