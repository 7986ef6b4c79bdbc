import Tariffs
import Units

extension PricingReport {
    /// Every line with its sentence in German and English and all its figures.
    ///
    /// - Parameter width: columns of a line, usually 80 or 100.
    package func text(width: Int = 100) -> String {
        guard case .priced(let quote) = decision else { return refusalText(width: width) }
        let layout = TextLayout(width: width)
        var lines: [String] = []
        for line in quote.lines {
            lines += layout.paragraph("\(line.name): \(money(line.gross))")
            lines += layout.paragraph(line.explanation.german, indent: 2)
            lines += layout.paragraph(line.explanation.english, indent: 2)
            lines += figures(of: line).flatMap { layout.paragraph($0.phrase, indent: 4) } + [""]
        }
        for use in quote.quota { lines += layout.paragraph(words(for: use)) }
        if quote.deposit > .zero {
            lines += layout.paragraph("Bei der Einfahrt reserviert: \(money(quote.deposit))")
        }
        return (lines + ["Summe: \(money(quote.total))"]).text
    }

    private func refusalText(width: Int) -> String {
        guard case .refused(let refusals) = decision else { return "" }
        let layout = TextLayout(width: width)
        return refusals.flatMap { refusal in
            layout.paragraph("abgelehnt (\(refusal.code)): \(refusal.reason.german)")
                + layout.paragraph("refused (\(refusal.code)): \(refusal.reason.english)")
        }.text
    }

    private func figures(of line: QuoteLine) -> [LabelledFact] {
        let words = PriceWords(tariff)
        // A line of the whole delivery shows no figure but its price, which contains the tax.
        let basis: PriceBasis = line.figures == nil ? .gross : tariff.priceBasis
        let place = [
            LabelledFact("Position", "\(line.position), \(line.paragraph)"),
            LabelledFact("Rechtsform", line.legalForm == .fee ? "Gebühr" : "Entgelt"),
            LabelledFact("Umsatzsteuer", words.words(for: line.vat, on: basis)),
        ]
        guard let figures = line.figures else { return place }
        let amount = line.item.amount
        func quantity(_ number: Int64) -> String {
            words.quantity(number, of: amount)
        }
        return place
            + [
                LabelledFact("gebracht", quantity(amount.number)),
                LabelledFact("davon frei", quantity(figures.free)),
                figures.freeLeft.map { LabelledFact("danach noch frei", quantity($0)) },
                LabelledFact("berechnet", quantity(figures.charged)),
                LabelledFact("nach dem Schritt", words.billed(line.billed, of: amount)),
                LabelledFact(
                    "genauer Preis", "\(figures.exact.exactAmount)\u{A0}\(tariff.currency.sign)"),
                figures.bound.map { LabelledFact("Grenze der Zeile", money($0)) },
                LabelledFact("Preis der Zeile", money(line.gross)),
            ].compactMap(\.self)
    }

    private func words(for use: QuotaUse) -> String {
        let kind =
            switch use.key.kind {
            case .free: "Freimenge"
            case .limit: "Höchstmenge"
            }
        let words = PriceWords(tariff)
        func quantity(_ number: Int64) -> String { words.quantity(number, of: use.key) }
        return "\(kind) Nr. \(use.key.rule) (\(use.key.holder.german) \(use.key.key.text), seit "
            + "\(GermanFormat.day(use.key.periodStart))): vorher \(quantity(use.used)) genutzt, "
            + "jetzt \(quantity(use.taken)), danach \(quantity(use.used + use.taken))"
    }
}

extension PriceWords {
    /// A number of an amount's smallest units, in the unit that people say.
    func quantity(_ number: Int64, of amount: Amount) -> String {
        switch amount {
        case .containers(_, let kind, _):
            "\(GermanFormat.grouped(number))\u{A0}\u{D7}\u{A0}\(name(of: kind))"
        case .vehicle(let vehicle, let fill):
            "\(name(of: vehicle)), zu \(fill)\u{A0}% beladen"
        case .delivery, .pieces, .volume, .weight, .area, .areaTime, .duration, .pounds,
            .cubicInches:
            amount.german(number)
        }
    }

    /// What is billed: of containers the number in hundredths.
    func billed(_ number: Int64, of amount: Amount) -> String {
        switch amount {
        case .containers(_, let kind, _):
            "\(GermanFormat.decimal(number, scale: 100))\u{A0}\u{D7}\u{A0}\(name(of: kind))"
        case .vehicle, .delivery, .pieces, .volume, .weight, .area, .areaTime, .duration, .pounds,
            .cubicInches:
            quantity(number, of: amount)
        }
    }

    /// What was used of a quota, in the unit in which it was granted.
    func quantity(_ number: Int64, of key: QuotaKey) -> String {
        guard let unit = limit(of: key)?.unit else { return GermanFormat.grouped(number) }
        return GermanText.quantity(number, unit)
    }

    private func limit(of key: QuotaKey) -> Limit? {
        for position in tariff.positions where position.number == key.rule {
            switch key.kind {
            case .free: return position.freeQuantity
            case .limit: return position.limit
            }
        }
        for rule in tariff.rules.acceptance where rule.number == key.rule {
            if case .atMost(let limit) = rule.demand { return limit }
        }
        return nil
    }
}
