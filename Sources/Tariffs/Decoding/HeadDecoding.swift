import Text
import Units

/// The head of a tariff file as far as it could be read.
struct TariffHead {
    let reference: TariffReference?
    let kind: TariffKind?
    let heading: TariffHeading?
    let validity: DateRange?
    let basis: PriceBasis?
    let rounding: RoundingProfile?
    let assumptions: [String]
}

extension SourceReader {
    /// Reads the head and takes its currency for all amounts that follow.
    mutating func head(_ block: Block, digest: String) -> TariffHead {
        let reference = reference(block, digest: digest)
        let kind = choice(
            word(block, "art"), ["Satzung": TariffKind.statute, "Preisliste": .priceList])
        let heading = heading(block)
        let validity = validity(block)
        let currency = choice(
            word(block, "währung"),
            ["EUR": Currency.euro, "CHF": .franc, "GBP": .pound, "USD": .dollar])
        if let currency { self.currency = currency }
        let basis = choice(
            word(block, "preisbasis"),
            ["brutto": PriceBasis.gross, "netto": .net, "ohne Umsatzsteuer": .withoutTax])
        return TariffHead(
            reference: reference, kind: kind, heading: heading, validity: validity, basis: basis,
            rounding: rounding(block), assumptions: words(block, "annahmen").map(\.text))
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
        let decision = word(block, "beschluss")?.text
        let replaces: Identifier<Tariff>? = identifier(word(block, "ersetzt"))
        let residentArea = word(block, "einzugsgebiet")?.text
        let source = word(block, "quelle")?.text
        let note = word(block, "hinweis")?.text
        guard let town, let yard, let basis, let source else { return nil }
        return TariffHeading(
            town: town, yard: yard, legalBasis: basis, decision: decision,
            replaces: replaces?.text, residentArea: residentArea, source: source,
            note: note ?? "")
    }

    private mutating func validity(_ block: Block) -> DateRange? {
        let from = day(word(block, "gültig ab"))
        let to = day(word(block, "gültig bis"))
        guard let from else { return nil }
        if let range = DateRange(from: from, to: to) { return range }
        report(
            .dateNotUnderstood, at: block.position,
            "„gültig bis“ liegt vor „gültig ab“. Tauschen Sie die Tage.")
        return nil
    }

    private mutating func rounding(_ block: Block) -> RoundingProfile? {
        let currency = currency
        return read(word(block, "rundung")) { text throws(PhraseProblem) in
            try RoundingProfile(phrase: text, in: currency)
        }
    }
}

extension RoundingProfile {
    /// `kaufmännisch je Zeile`, `abgerundet nur die Summe auf 1,00 €`.
    fileprivate init(phrase text: String, in currency: Currency) throws(PhraseProblem) {
        let modes: KeyValuePairs<String, Rounding> = [
            "kaufmännisch": .halfUp, "abgerundet": .down, "aufgerundet": .up,
        ]
        let scopes: KeyValuePairs<String, Scope> = ["je Zeile": .line, "nur die Summe": .total]
        var scanner = PhraseScanner(text)
        let mode = modes.first { scanner.take($0.key) }?.value
        let scope = scopes.first { scanner.take($0.key) }?.value
        var increment = Cents(1)
        if mode != nil, scope != nil, scanner.take("auf") {
            increment = try ValuePhrase.cents(scanner.rest, in: currency)
            scanner = PhraseScanner("")
        }
        guard let mode, let scope, scanner.isAtEnd, [1, 5, 10, 50, 100].contains(increment.value)
        else {
            throw PhraseProblem(
                .wordNotKnown,
                "„\(text)“ ist keine Rundung. Schreiben Sie „kaufmännisch“, „abgerundet“ oder "
                    + "„aufgerundet“, dann „je Zeile“ oder „nur die Summe“, dann vielleicht "
                    + "„auf 0,05 \(currency.sign)“ (auch 0,10, 0,50 und 1,00).")
        }
        self.init(scope: scope, mode: mode, increment: increment)
    }
}
