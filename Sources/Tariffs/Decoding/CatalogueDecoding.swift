import Text
import Units

extension SourceReader {
    /// The catalogue of a tariff; measures are filled in when the positions are known.
    mutating func catalogue(_ root: Block) -> Catalogue {
        let wastes = list(root, "abfallarten").compactMap { fraction($0) }
        let goods = list(root, "waren").compactMap { ware($0) }
        let catalogue = Catalogue(
            fractions: wastes + goods,
            containers: list(root, "behälter").compactMap { container($0) },
            vehicleClasses: list(root, "fahrzeuge").compactMap { vehicle($0) },
            features: list(root, "merkmale").compactMap { feature($0) })
        refuseDoubles(
            list(root, "abfallarten") + list(root, "waren"),
            catalogue.fractions.map(\.spokenNames))
        refuseDoubles(list(root, "behälter"), catalogue.containers.map(\.spokenNames))
        refuseDoubles(list(root, "fahrzeuge"), catalogue.vehicleClasses.map(\.spokenNames))
        refuseDoubles(list(root, "merkmale"), catalogue.features.map(\.spokenNames))
        return catalogue
    }

    private mutating func fraction(_ node: SourceNode) -> Fraction? {
        guard let block = block(node, .fraction) else { return nil }
        let id: FractionID? = identifier(word(block, "kennung"))
        let name = word(block, "name")?.text
        let also = words(block, "auch").map(\.text)
        let codes = words(block, "avv").compactMap { wasteCode($0) }
        let english = word(block, "englisch")?.text
        let belongs = words(block, "gehört dazu").map(\.text)
        let excluded = words(block, "gehört nicht dazu").map(\.text)
        let perCubicMetre = kilograms(block, "kg je m³")
        let perPiece = kilograms(block, "kg je stück")
        guard let id, let name else { return nil }
        return Fraction(
            id: id, name: name, englishName: english ?? name, also: also, wasteCodes: codes,
            isGoods: false, belongs: belongs, excluded: excluded,
            gramsPerCubicMetre: perCubicMetre, gramsPerPiece: perPiece, measures: [],
            place: block.position)
    }

    private mutating func ware(_ node: SourceNode) -> Fraction? {
        guard let block = block(node, .ware) else { return nil }
        let id: FractionID? = identifier(word(block, "kennung"))
        let name = word(block, "name")?.text
        let also = words(block, "auch").map(\.text)
        let english = word(block, "englisch")?.text
        guard let id, let name else { return nil }
        return Fraction(
            id: id, name: name, englishName: english ?? name, also: also, wasteCodes: [],
            isGoods: true, belongs: [], excluded: [], gramsPerCubicMetre: nil, gramsPerPiece: nil,
            measures: [], place: block.position)
    }

    /// `17 06 05*`: three pairs of digits, an asterisk for hazardous.
    private mutating func wasteCode(_ word: Word) -> String? {
        read(word) { text throws(PhraseProblem) in
            let digits = text.hasSuffix("*") ? text.dropLast() : text[...]
            let pairs = digits.split(separator: " ", omittingEmptySubsequences: false)
            guard pairs.map(\.utf8.count) == [2, 2, 2],
                pairs.allSatisfy({ decimal(ArraySlice(Array($0.utf8))) != nil })
            else {
                throw PhraseProblem(
                    .wasteCodeForm,
                    "„\(text)“ ist kein Abfallschlüssel. Schreiben Sie drei Zahlenpaare mit "
                        + "Leerzeichen, bei gefährlichen Abfällen mit Stern: 17 06 05*.")
            }
            return text
        }
    }

    /// `250`: whole kilograms.
    private mutating func kilograms(_ block: Block, _ key: String) -> Grams? {
        read(word(block, key)) { text throws(PhraseProblem) in
            var scanner = PhraseScanner(text)
            guard let kilograms = scanner.takeNumber()?.scaled(by: 1), scanner.isAtEnd,
                (1...100_000).contains(kilograms)
            else {
                throw PhraseProblem(
                    .amountNotUnderstood,
                    "„\(text)“ sind keine ganzen Kilogramm. Schreiben Sie nur die Zahl: 250.")
            }
            return Grams(kilograms * Grams.perKilogram)
        }
    }

    private mutating func container(_ node: SourceNode) -> Container? {
        guard let block = block(node, .container) else { return nil }
        let id: ContainerID? = identifier(word(block, "kennung"))
        let name = word(block, "name")?.text
        let plural = word(block, "mehrzahl")?.text
        let english = word(block, "englisch")?.text
        let englishPlural = word(block, "englische mehrzahl")?.text
        let content = read(word(block, "inhalt")) { text throws(PhraseProblem) in
            let quantity = try ValuePhrase.quantity(text)
            guard quantity.measure == .volume else {
                throw PhraseProblem(
                    .amountNotUnderstood,
                    "„\(text)“ ist kein Inhalt. Schreiben Sie ihn in l oder m³.")
            }
            return Millilitres(quantity.value)
        }
        guard let id, let name, let plural else { return nil }
        for name in Set([id.text, name, plural]) where ValuePhrase.isUnit(name) {
            report(
                .duplicateName, at: node.position,
                "„\(name)“ ist schon eine Maßeinheit. Geben Sie dem Behälter einen anderen Namen, "
                    + "zum Beispiel mit seinem Inhalt.")
        }
        return Container(
            id: id, name: name, plural: plural, englishName: english ?? name,
            englishPlural: englishPlural ?? english ?? plural, content: content)
    }

    private mutating func vehicle(_ node: SourceNode) -> VehicleClass? {
        guard let block = block(node, .vehicle) else { return nil }
        let id: VehicleClassID? = identifier(word(block, "kennung"))
        let name = word(block, "name")?.text
        let english = word(block, "englisch")?.text
        guard let id, let name else { return nil }
        return VehicleClass(id: id, name: name, englishName: english ?? name)
    }

    private mutating func feature(_ node: SourceNode) -> Feature? {
        guard let block = block(node, .feature) else { return nil }
        let id: FeatureID? = identifier(word(block, "kennung"))
        let name = word(block, "name")?.text
        let english = word(block, "englisch")?.text
        let question = word(block, "frage")?.text
        let scope = choice(
            word(block, "gilt für"), ["Anlieferung": Feature.Scope.delivery, "Abfallart": .item])
        let isEntitlement = choice(word(block, "berechtigung"), ["ja": true, "nein": false])
        guard let id, let name else { return nil }
        return Feature(
            id: id, name: name, englishName: english ?? name, question: question,
            scope: scope ?? .delivery, isEntitlement: isEntitlement ?? false)
    }

    /// Two things of one kind must not go by one name: a phrase could mean either.
    private mutating func refuseDoubles(_ nodes: [SourceNode], _ names: [[SpokenName]]) {
        guard nodes.count == names.count else { return }
        var owners: [SpokenName: Int] = [:]
        for (place, own) in names.enumerated() {
            for name in Set(own) {
                guard let owner = owners.updateValue(place, forKey: name) else { continue }
                report(
                    .duplicateName, at: nodes[place].position,
                    "„\(name.folded)“ heißt schon der Eintrag in Zeile "
                        + "\(nodes[owner].position.line). Geben Sie einem einen anderen Namen.")
            }
        }
    }
}
