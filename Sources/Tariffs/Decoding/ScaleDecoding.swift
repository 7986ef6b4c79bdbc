import Text
import Units

extension SourceReader {
    /// The scales of the yard, each id once.
    mutating func scales(_ root: Block, _ catalogue: Catalogue) -> [ScaleProfile] {
        let nodes = filledList(root, "waagen")
        let scales = nodes.compactMap { scale($0, catalogue) }
        guard scales.count == nodes.count else { return scales }
        var lines: [String: Int] = [:]
        for (scale, node) in zip(scales, nodes) {
            guard let line = lines.updateValue(node.position.line, forKey: scale.id) else {
                continue
            }
            report(
                .duplicateName, at: node.position,
                "„\(scale.id)“ heißt schon die Waage in Zeile \(line). Ändern Sie eine Kennung.")
        }
        return scales
    }

    private mutating func scale(_ node: SourceNode, _ catalogue: Catalogue) -> ScaleProfile? {
        guard let block = block(node, .scale) else { return nil }
        let id: Identifier<ScaleProfile>? = identifier(word(block, "kennung"))
        let name = word(block, "name")?.text
        let interval = weight(block, "eichwert")
        let minimum = weight(block, "mindestlast")
        let accuracy = choice(
            word(block, "klasse"), ["I": "I", "II": "II", "III": "III", "IIII": "IIII"])
        let verifiedUntil = day(word(block, "geeicht bis"))
        let fractions =
            block["abfallarten"] == nil
            ? nil : Set(fractions(block, "abfallarten", areGoods: false, catalogue))
        guard let id, let name, let interval, let minimum, let accuracy else { return nil }
        return ScaleProfile(
            id: id.text, name: name, interval: interval, minimumLoad: minimum,
            accuracyClass: accuracy, verifiedUntil: verifiedUntil, fractions: fractions)
    }

    private mutating func weight(_ block: Block, _ key: String) -> Grams? {
        read(word(block, key)) { text throws(PhraseProblem) in try ValuePhrase.weight(text) }
    }

    /// Whether a typed-in weight may price; if the file does not say, only where it lists no
    /// scales.
    mutating func allowsManualWeights(_ root: Block) -> Bool {
        choice(word(root, "handeingabe"), ["erlaubt": true, "nicht erlaubt": false])
            ?? (root["waagen"] == nil)
    }
}
