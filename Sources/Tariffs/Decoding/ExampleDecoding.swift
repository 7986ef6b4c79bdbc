import Text
import Units

extension SourceReader {
    /// A worked example; nil, and reported, where anything in it is wrong.
    mutating func example(
        _ node: SourceNode, _ vocabulary: DeliveryVocabulary
    ) -> WorkedExample? {
        guard let block = block(node, .example) else { return nil }
        let number = word(block, "nr")?.text
        let circumstances = circumstances(block, vocabulary.catalogue)
        let phrases = list(block, "anlieferung").compactMap { phrase($0) }
        let items = phrases.map { deliveryItems($0, vocabulary) }
        let expected = expectation(block)
        let checkedBy = word(block, "geprüft von")?.text
        guard let number, let circumstances, let expected else { return nil }
        let earlier = earlier(block, circumstances, vocabulary)
        guard let earlier, !items.contains(nil) else { return nil }
        return WorkedExample(
            number: number,
            delivery: circumstances.delivery(of: items.compactMap(\.self).flatMap(\.self)),
            earlier: earlier, phrases: phrases.map(\.text), expected: expected,
            checkedBy: checkedBy, place: node.position)
    }

    /// The items of one phrase.
    mutating func deliveryItems(_ phrase: Word, _ vocabulary: DeliveryVocabulary) -> [DeliveryItem]?
    {
        read(phrase) { text throws(PhraseProblem) in
            do throws(DeliveryPhraseError) {
                return try DeliveryPhrase.items(text, vocabulary)
            } catch {
                throw PhraseProblem(.deliveryNotUnderstood, error.message)
            }
        }
    }

    /// A phrase; YAML reads one with a colon as a mapping of one entry.
    mutating func phrase(_ node: SourceNode) -> Word? {
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
        let total = cents(word(block, "summe"))
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
                "Eine Zeile des Beispiels heißt „- 1: 22,00 \(currency.sign)“: Nummer der "
                    + "Position und Betrag.")
            return nil
        }
        return cents(word(entry.value)).map {
            WorkedExample.ExpectedLine(position: entry.key, gross: $0)
        }
    }
}
