import Text
import Units

extension SourceReader {
    /// The price of a position: a phrase, a staircase (`bis 2 m³: …`) or a table by vehicle.
    mutating func method(_ node: SourceNode, _ catalogue: Catalogue) -> PricingMethod? {
        guard case .mapping(let entries) = node.content else {
            return read(word(node)) { text throws(PhraseProblem) in
                try PricePhrase.method(text, catalogue: catalogue)
            }
        }
        let isStaircase = entries.contains { $0.key == "darüber" || $0.key.hasPrefix("bis ") }
        return isStaircase
            ? staircase(entries, at: node.position) : table(entries, at: node.position, catalogue)
    }

    private mutating func staircase(
        _ entries: [SourceNode.Entry], at place: SourcePosition
    ) -> PricingMethod? {
        guard let last = entries.last, last.key == "darüber", entries.count > 1 else {
            report(
                .stepsDisagree, at: place,
                "Eine Staffel braucht Stufen „bis …“ und endet mit „darüber:“. Schreiben Sie dazu, "
                    + "was darüber gilt, zum Beispiel „darüber: abgelehnt“.")
            return nil
        }
        let tiers = entries.dropLast().compactMap { tier($0) }
        let beyond = read(word(last.value)) { text throws(PhraseProblem) in
            try Staircase.Beyond(phrase: text)
        }
        guard tiers.count == entries.count - 1, let unit = tiers.first?.limit.unit, let beyond
        else { return nil }
        let ascends = zip(tiers, tiers.dropFirst()).allSatisfy { $0.limit.value < $1.limit.value }
        let measures = Set(tiers.map(\.limit.measure) + (beyond.step.map { [$0.measure] } ?? []))
        guard ascends, measures.count == 1 else {
            report(
                .stepsDisagree, at: place,
                "Die Stufen müssen aufsteigen und dasselbe Maß haben. Ordnen Sie sie.")
            return nil
        }
        return .staircase(Staircase(tiers: tiers, beyond: beyond, unit: unit))
    }

    private mutating func tier(_ entry: SourceNode.Entry) -> Staircase.Tier? {
        let limit = read(Word(text: entry.key, position: entry.keyPosition)) {
            text throws(PhraseProblem) in
            guard text.hasPrefix("bis ") else {
                throw PhraseProblem(
                    .stepsDisagree,
                    "„\(text)“: eine Stufe beginnt mit „bis“, zum Beispiel „bis 2 m³“.")
            }
            return try ValuePhrase.quantity(text.dropFirst(4))
        }
        let price = read(word(entry.value)) { text throws(PhraseProblem) in
            text == "kostenlos" ? Cents.zero : try ValuePhrase.cents(text)
        }
        guard let limit, let price else { return nil }
        return Staircase.Tier(limit: limit, price: price)
    }

    private mutating func table(
        _ entries: [SourceNode.Entry], at place: SourcePosition, _ catalogue: Catalogue
    ) -> PricingMethod? {
        let rows = entries.compactMap { row($0, catalogue) }
        guard rows.count == entries.count, !rows.isEmpty else { return nil }
        guard Set(rows.map(\.vehicle)).count == rows.count else {
            report(
                .stepsDisagree, at: place,
                "Ein Fahrzeug steht zweimal in der Tabelle. Streichen Sie eine Zeile.")
            return nil
        }
        return .table(rows)
    }

    private mutating func row(_ entry: SourceNode.Entry, _ catalogue: Catalogue) -> VehicleRow? {
        let vehicle = read(Word(text: entry.key, position: entry.keyPosition)) {
            text throws(PhraseProblem) in
            if let vehicle = catalogue.vehicleClass(called: text) { return vehicle.id }
            throw PhraseProblem(
                .nameNotKnown, "„\(text)“ steht nicht unter fahrzeuge. Tragen Sie es dort ein.")
        }
        guard case .mapping(let entries) = entry.value.content else {
            let price = read(word(entry.value), ValuePhrase.cents)
            guard let vehicle, let price else { return nil }
            return VehicleRow(vehicle: vehicle, levels: [.init(percentMax: 100, price: price)])
        }
        let levels = entries.compactMap { level($0) }
        guard let vehicle, levels.count == entries.count else { return nil }
        let ascends = zip(levels, levels.dropFirst()).allSatisfy { $0.percentMax < $1.percentMax }
        guard ascends, levels.last?.percentMax == 100 else {
            report(
                .stepsDisagree, at: entry.keyPosition,
                "Die Beladung muss aufsteigen und mit „bis 100 %“ enden. Ergänzen Sie die Stufen.")
            return nil
        }
        return VehicleRow(vehicle: vehicle, levels: levels)
    }

    private mutating func level(_ entry: SourceNode.Entry) -> VehicleRow.Level? {
        let percent = read(Word(text: entry.key, position: entry.keyPosition)) {
            text throws(PhraseProblem) in
            var scanner = PhraseScanner(text)
            guard scanner.take("bis"), let percent = scanner.takeNumber()?.scaled(by: 1),
                (1...100).contains(percent), scanner.take("%"), scanner.isAtEnd
            else {
                throw PhraseProblem(
                    .stepsDisagree, "„\(text)“ ist keine Beladung. Schreiben Sie „bis 50 %“.")
            }
            return percent
        }
        let price = read(word(entry.value), ValuePhrase.cents)
        guard let percent, let price else { return nil }
        return VehicleRow.Level(percentMax: percent, price: price)
    }
}

extension Staircase.Beyond {
    /// `abgelehnt` or `8,00 € je weitere angefangene 0,5 m³`.
    fileprivate init(phrase text: String) throws(PhraseProblem) {
        if text == "abgelehnt" {
            self = .refused
            return
        }
        var scanner = PhraseScanner(text)
        let price = try ValuePhrase.unitPrice(&scanner)
        guard scanner.take("je weitere angefangene"), price.tenThousandths % 100 == 0 else {
            throw PhraseProblem(
                .priceNotUnderstood,
                "„\(text)“: über der letzten Stufe kann „abgelehnt“ stehen oder "
                    + "„8,00 € je weitere angefangene 0,5 m³“.")
        }
        self = .further(
            price: Cents(price.tenThousandths / 100), step: try ValuePhrase.quantity(scanner.rest))
    }

    fileprivate var step: Quantity? {
        if case .further(_, let step) = self { step } else { nil }
    }
}
