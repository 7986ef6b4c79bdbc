import Text
import Units

extension SourceReader {
    /// A price for each vehicle class, or for each fill of it.
    mutating func table(
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
            let price = cents(word(entry.value))
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
        let price = cents(word(entry.value))
        guard let percent, let price else { return nil }
        return VehicleRow.Level(percentMax: percent, price: price)
    }
}
