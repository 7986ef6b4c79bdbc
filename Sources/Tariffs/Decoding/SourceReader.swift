import Text
import Units

/// A text of the file with its place.
struct Word {
    let text: String
    let position: SourcePosition
}

/// A mapping of the file whose keys are all known.
struct Block {
    let position: SourcePosition
    private let entries: [SourceNode.Entry]

    fileprivate init(_ entries: [SourceNode.Entry], at position: SourcePosition) {
        self.entries = entries
        self.position = position
    }

    /// The value of a key; nil if the file has none.
    subscript(key: String) -> SourceNode? { entries.first { $0.key == key }?.value }
}

/// Takes a tree apart and collects what is wrong with it, going on as long as it can.
struct SourceReader {
    private(set) var problems: [SourceProblem] = []
    /// Whose sign stands behind amounts.
    var currency = Currency.euro

    mutating func report(_ problem: TariffProblem, at place: SourcePosition?, _ message: String) {
        problems.append(problem.at(place, message))
    }

    /// A mapping with the keys of its form and no others; nil, and reported, for anything else.
    mutating func block(_ node: SourceNode, _ form: BlockForm) -> Block? {
        guard case .mapping(let entries) = node.content else {
            report(
                .wrongType, at: node.position,
                "Hier wird ein Block mit Angaben erwartet: \(form.keys.joined(separator: ", ")).")
            return nil
        }
        let keys = form.keys
        for entry in entries where !keys.contains(entry.key) {
            report(
                .unknownKey, at: entry.keyPosition,
                "„\(entry.key)“ ist hier keine Angabe. Möglich sind: "
                    + "\(keys.joined(separator: ", ")).")
        }
        let block = Block(entries, at: node.position)
        for key in form.required where block[key] == nil {
            report(
                key == "fundstelle" ? .missingParagraph : .missingKey, at: node.position,
                key == "fundstelle"
                    ? "Hier fehlt die Fundstelle. Schreiben Sie dazu, wo es "
                        + "steht: fundstelle: § 4 Satz 1, oder: Preisliste, Zeile 3."
                    : "Hier fehlt die Angabe „\(key)“. Ergänzen Sie sie.")
        }
        return block
    }

    /// The text of a key; nil, and reported if it is no text, where there is none.
    mutating func word(_ block: Block, _ key: String) -> Word? {
        block[key].flatMap { word($0) }
    }

    mutating func word(_ node: SourceNode) -> Word? {
        guard case .scalar(let text) = node.content, text.contains(where: { !$0.isWhitespace })
        else {
            report(.wrongType, at: node.position, "Hier wird ein Text in einer Zeile erwartet.")
            return nil
        }
        return Word(text: text, position: node.position)
    }

    /// The elements of a list; a single value stands for a list of one; none for an empty list.
    mutating func list(_ block: Block, _ key: String) -> [SourceNode] {
        guard let node = block[key] else { return [] }
        if case .sequence(let elements) = node.content { return elements }
        return [node]
    }

    mutating func words(_ block: Block, _ key: String) -> [Word] {
        list(block, key).compactMap { word($0) }
    }

    /// The elements of a list; reported where there is none.
    mutating func filledList(_ block: Block, _ key: String) -> [SourceNode] {
        if let node = block[key], case .sequence(let elements) = node.content, elements.isEmpty {
            report(.missingKey, at: node.position, "Unter „\(key)“ steht nichts. Ergänzen Sie es.")
        }
        return list(block, key)
    }

    /// A word for each element of a list; reported where there is none.
    mutating func filledWords(_ block: Block, _ key: String) -> [Word] {
        filledList(block, key).compactMap { word($0) }
    }

    mutating func cents(_ word: Word?) -> Cents? {
        let currency = currency
        return read(word) { text throws(PhraseProblem) in
            try ValuePhrase.cents(text, in: currency)
        }
    }

    mutating func day(_ word: Word?) -> BusinessDay? {
        read(word) { text throws(PhraseProblem) in try ValuePhrase.day(text) }
    }

    /// What `read` makes of a text; nil, and reported, where it makes nothing.
    mutating func read<Value>(
        _ word: Word?, _ read: (String) throws(PhraseProblem) -> Value
    ) -> Value? {
        guard let word else { return nil }
        do throws(PhraseProblem) {
            return try read(word.text)
        } catch {
            report(error.problem, at: word.position, error.message)
            return nil
        }
    }

    /// The value of a closed list of words.
    mutating func choice<Value>(_ word: Word?, _ choices: KeyValuePairs<String, Value>) -> Value? {
        read(word) { text throws(PhraseProblem) in
            if let choice = choices.first(where: { $0.key == text }) { return choice.value }
            let known = choices.map { "„\($0.key)“" }.joined(separator: ", ")
            throw PhraseProblem(
                .wordNotKnown, "„\(text)“ ist hier kein Wort. Möglich sind \(known).")
        }
    }

    mutating func identifier<Kind>(_ word: Word?) -> Identifier<Kind>? {
        read(word) { text throws(PhraseProblem) in
            if let identifier = Identifier<Kind>(text) { return identifier }
            throw PhraseProblem(
                .identifierForm,
                "„\(text)“ ist keine Kennung. Nehmen Sie a–z, 0–9, Punkt und Bindestrich, "
                    + "Umlaute ausgeschrieben: gruenabfall.")
        }
    }
}
