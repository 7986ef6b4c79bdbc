package import Text
import Units

/// What reading a tariff file gives.
package struct TariffDecoding: Hashable, Sendable {
    /// Nil exactly if a problem is an error.
    package let tariff: Tariff?
    /// In the order they were found.
    package let problems: [SourceProblem]
}

extension Tariff {
    /// Reads a tariff file of format version 1 (docs/formats/tariff.md).
    ///
    /// All that can be found wrong is reported at once. Whether its examples come out right is
    /// for ``check()`` to say.
    ///
    /// - Parameter digest: SHA-256 of the file's bytes, 64 lowercase hex digits.
    package static func decode(_ root: SourceNode, digest: String) -> TariffDecoding {
        var reader = SourceReader()
        let tariff = reader.tariff(root, digest: digest)
        let isGood = !reader.problems.contains { $0.severity == .error }
        return TariffDecoding(tariff: isGood ? tariff : nil, problems: reader.problems)
    }
}

extension SourceReader {
    private static let required = [
        "tarif", "titel", "ort", "hof", "rechtsgrundlage", "quelle", "gültig ab", "währung",
        "preisbasis", "rundung", "abfallarten", "positionen", "beispiele",
    ]
    private static let keys =
        required + [
            "hinweis", "gültig bis", "rechtsform", "umsatzsteuer", "annahmen", "behälter",
            "fahrzeuge", "mindestbetrag",
        ]

    fileprivate mutating func tariff(_ root: SourceNode, digest: String) -> Tariff? {
        guard let block = block(root, keys: Self.keys, required: Self.required) else { return nil }
        let reference = reference(block, digest: digest)
        let heading = heading(block)
        let validity = validity(block)
        let basis = basis(block)
        let rounding = rounding(block)
        _ = choice(word(block, "währung"), ["EUR": true])
        let catalogue = catalogue(block)
        let defaults = PositionDefaults(
            legalForm: legalForm(block), vat: vat(block, basis: basis ?? .gross),
            basis: basis ?? .gross, catalogue: catalogue)
        let nodes = list(block, "positionen")
        let positions = nodes.compactMap { position($0, defaults) }
        let minimum = block["mindestbetrag"].flatMap { self.minimum($0, defaults) }
        let examples = list(block, "beispiele").compactMap { example($0, catalogue) }
        let assumptions = words(block, "annahmen").map(\.text)
        for key in ["abfallarten", "positionen"] where list(block, key).isEmpty && block[key] != nil
        {
            report(.missingKey, at: block.position, "Unter „\(key)“ steht nichts. Ergänzen Sie es.")
        }
        guard let reference, let heading, let validity, let basis, let rounding,
            positions.count == nodes.count,
            catalogue.fractions.count == list(block, "abfallarten").count
        else { return nil }
        let tariff = Tariff(
            reference: reference, validity: validity, heading: heading, priceBasis: basis,
            rounding: rounding, assumptions: assumptions, positions: positions, minimum: minimum,
            examples: examples, catalogue: catalogue.completed(by: positions),
            index: PositionIndex(positions))
        checkNumbers(of: tariff)
        checkFacts(of: tariff)
        checkCoverage(of: tariff, fractions: list(block, "abfallarten"))
        return tariff
    }

    private mutating func reference(_ block: Block, digest: String) -> TariffReference? {
        let id: Identifier<Tariff>? = identifier(word(block, "tarif"))
        let title = word(block, "titel")?.text
        guard let id, let title else { return nil }
        return TariffReference(id: id.text, title: title, digest: digest)
    }

    private mutating func heading(_ block: Block) -> TariffHeading? {
        let town = word(block, "ort")?.text
        let yard = word(block, "hof")?.text
        let basis = word(block, "rechtsgrundlage")?.text
        let source = word(block, "quelle")?.text
        let note = word(block, "hinweis")?.text
        guard let town, let yard, let basis, let source else { return nil }
        return TariffHeading(
            town: town, yard: yard, legalBasis: basis, source: source, note: note ?? "")
    }

    private mutating func validity(_ block: Block) -> DateRange? {
        let from = read(word(block, "gültig ab")) { text throws(PhraseProblem) in
            try ValuePhrase.day(text)
        }
        let to = read(word(block, "gültig bis")) { text throws(PhraseProblem) in
            try ValuePhrase.day(text)
        }
        guard let from else { return nil }
        if let range = DateRange(from: from, to: to) { return range }
        report(.dateNotUnderstood, at: block.position, "„gültig bis“ liegt vor „gültig ab“.")
        return nil
    }

    private mutating func basis(_ block: Block) -> PriceBasis? {
        choice(
            word(block, "preisbasis"),
            ["brutto": .gross, "netto": .net, "ohne Umsatzsteuer": .withoutTax])
    }

    private mutating func rounding(_ block: Block) -> Rounding? {
        choice(
            word(block, "rundung"),
            [
                "kaufmännisch je Zeile": .halfUp, "je Zeile abgerundet": .down,
                "je Zeile aufgerundet": .up,
            ])
    }

    private mutating func minimum(
        _ node: SourceNode, _ defaults: PositionDefaults
    ) -> DeliveryMinimum? {
        let keys = ["betrag", "fundstelle", "rechtsform", "umsatzsteuer"]
        guard let block = block(node, keys: keys, required: ["betrag", "fundstelle"]) else {
            return nil
        }
        let amount = read(word(block, "betrag"), ValuePhrase.cents)
        let paragraph = word(block, "fundstelle")?.text
        let legalForm = legalForm(block) ?? defaults.legalForm
        let vat = vat(block, basis: defaults.basis) ?? defaults.vat
        guard let legalForm, let vat else {
            report(
                .missingKey, at: node.position,
                "Hier und im Kopf der Datei fehlt „rechtsform“ oder „umsatzsteuer“.")
            return nil
        }
        guard let amount, let paragraph else { return nil }
        return DeliveryMinimum(
            amount: amount, paragraph: paragraph, legalForm: legalForm, vat: vat)
    }

    /// Numbers are unique, and exceptions name numbers that exist.
    private mutating func checkNumbers(of tariff: Tariff) {
        refuseDoubles(tariff.positions.map { Word(text: $0.number, position: $0.place) })
        refuseDoubles(tariff.examples.map { Word(text: $0.number, position: $0.place) })
        let numbers = Set(tariff.positions.map(\.number))
        for position in tariff.positions {
            for number in position.exceptionTo where !numbers.contains(number) {
                report(
                    .nameNotKnown, at: position.place,
                    "Nr. \(position.number) ist Ausnahme von Nr. \(number), die es nicht gibt.")
            }
        }
    }

    private mutating func refuseDoubles(_ numbers: [Word]) {
        var lines: [String: Int] = [:]
        for number in numbers {
            guard let line = lines.updateValue(number.position.line, forKey: number.text) else {
                continue
            }
            report(
                .duplicateName, at: number.position,
                "Nr. \(number.text) steht schon in Zeile \(line). Ändern Sie eine Nummer.")
        }
    }

    /// Dated facts hold from the first day of the validity.
    private mutating func checkFacts(of tariff: Tariff) {
        for position in tariff.positions {
            let starts = [
                position.legalForm.entries.first?.from, position.vat.entries.first?.from,
            ]
            for start in starts.compactMap(\.self) where start > tariff.validity.from {
                report(
                    .dateNotUnderstood, at: position.place,
                    "Rechtsform und Umsatzsteuer müssen schon ab "
                        + "\(GermanFormat.day(tariff.validity.from)) feststehen. Ergänzen Sie den "
                        + "Eintrag davor.")
            }
        }
    }
}

extension Catalogue {
    /// The catalogue with the measures that the positions price each fraction in.
    fileprivate func completed(by positions: [Position]) -> Catalogue {
        var options: [FractionID: [MeasureOption]] = [:]
        for position in positions {
            let own = self.options(of: position.method)
            for fraction in position.fractions {
                let known = Set(options[fraction, default: []].map(\.measure))
                options[fraction, default: []] += own.filter { !known.contains($0.measure) }
            }
        }
        let completed = fractions.map {
            Fraction(
                id: $0.id, name: $0.name, englishName: $0.englishName, also: $0.also,
                wasteCodes: $0.wasteCodes, measures: options[$0.id] ?? [])
        }
        return Catalogue(
            fractions: completed, containers: containers, vehicleClasses: vehicleClasses)
    }

    private func options(of method: PricingMethod) -> [MeasureOption] {
        switch method {
        case .refused, .unpublished: []
        case .flat, .free(nil):
            [MeasureOption(measure: .delivery, unit: nil, name: "Anlieferung")]
        case .free(let measure?): option(of: measure)
        case .unit(let rate): [option(in: rate.per.unit)]
        case .staircase(let staircase): [option(in: staircase.unit)]
        case .container(let rate): option(of: .containers(rate.kind))
        case .table(let rows): rows.flatMap { option(of: .vehicle($0.vehicle)) }
        }
    }

    private func option(in unit: MeasureUnit) -> MeasureOption {
        MeasureOption(measure: unit.measure, unit: unit, name: unit.rawValue)
    }

    private func option(of measure: Measure) -> [MeasureOption] {
        switch measure {
        case .pieces: [option(in: .piece)]
        case .volume: [option(in: .cubicMetre)]
        case .weight: [option(in: .kilogram)]
        case .area: [option(in: .squareMetre)]
        case .delivery: [MeasureOption(measure: .delivery, unit: nil, name: "Anlieferung")]
        case .containers(let kind):
            containers.filter { $0.id == kind }
                .map { MeasureOption(measure: measure, unit: nil, name: $0.name) }
        case .vehicle(let kind):
            vehicleClasses.filter { $0.id == kind }
                .map { MeasureOption(measure: measure, unit: nil, name: $0.name) }
        }
    }
}
