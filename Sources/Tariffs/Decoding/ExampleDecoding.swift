import Text
import Units

extension SourceReader {
    static let exampleKeys = [
        "nr", "datum", "wer", "anlieferung", "zeilen", "summe", "abgelehnt", "geprüft von",
    ]

    /// A worked example; nil, and reported, where anything in it is wrong.
    mutating func example(_ node: SourceNode, _ catalogue: Catalogue) -> WorkedExample? {
        let required = ["nr", "datum", "wer", "anlieferung"]
        guard let block = block(node, keys: Self.exampleKeys, required: required) else {
            return nil
        }
        let number = word(block, "nr")?.text
        let day = read(word(block, "datum")) { text throws(PhraseProblem) in
            try ValuePhrase.day(text)
        }
        let group = choice(
            word(block, "wer"), ["privat": CustomerGroup.household, "gewerblich": .commercial])
        let phrases = list(block, "anlieferung").compactMap { phrase($0) }
        let expected = expectation(block)
        let checkedBy = word(block, "geprüft von")?.text
        guard let number, let day, let group, let expected else { return nil }
        var items: [DeliveryItem] = []
        for phrase in phrases {
            let part = read(phrase) { text throws(PhraseProblem) in
                do throws(DeliveryPhraseError) {
                    return try DeliveryPhrase.parse(
                        text, day: day, group: group, catalogue: catalogue)
                } catch {
                    throw PhraseProblem(.deliveryNotUnderstood, error.message)
                }
            }
            guard let part else { return nil }
            items += part.items
        }
        return WorkedExample(
            number: number, delivery: Delivery(day: day, group: group, items: items),
            phrases: phrases.map(\.text), expected: expected, checkedBy: checkedBy,
            place: node.position)
    }

    /// A phrase; YAML reads one with a colon as a mapping of one entry.
    private mutating func phrase(_ node: SourceNode) -> Word? {
        if case .mapping(let entries) = node.content, entries.count == 1, let entry = entries.first
        {
            return word(entry.value).map {
                Word(text: "\(entry.key): \($0.text)", position: entry.keyPosition)
            }
        }
        return word(node)
    }

    private mutating func expectation(_ block: Block) -> WorkedExample.Expectation? {
        guard (block["summe"] == nil) != (block["abgelehnt"] == nil) else {
            report(
                .missingKey, at: block.position,
                "Ein Beispiel braucht entweder „summe“ oder „abgelehnt“. Ergänzen Sie eines davon.")
            return nil
        }
        guard block["summe"] != nil else {
            return read(word(block, "abgelehnt")) { text throws(PhraseProblem) in
                if let code = RefusalCode.allCases.first(where: { $0.german == text }) {
                    return .refused(code)
                }
                let known = RefusalCode.allCases.map { "„\($0.german)“" }.joined(separator: ", ")
                throw PhraseProblem(
                    .wordNotKnown, "„\(text)“ ist kein Grund der Ablehnung. Möglich sind \(known).")
            }
        }
        let total = read(word(block, "summe"), ValuePhrase.cents)
        let lines = list(block, "zeilen").compactMap { expectedLine($0) }
        return total.map { .total($0, lines: lines) }
    }

    /// `1: 22,00 €`: the number of the position and the price of the line.
    private mutating func expectedLine(_ node: SourceNode) -> WorkedExample.ExpectedLine? {
        guard case .mapping(let entries) = node.content, entries.count == 1,
            let entry = entries.first
        else {
            report(
                .wrongType, at: node.position,
                "Eine Zeile des Beispiels heißt „- 1: 22,00 €“: Nummer der Position und Betrag.")
            return nil
        }
        return read(word(entry.value), ValuePhrase.cents).map {
            WorkedExample.ExpectedLine(position: entry.key, gross: $0)
        }
    }
}
