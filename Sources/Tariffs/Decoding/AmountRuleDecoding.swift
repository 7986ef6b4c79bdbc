import Text
import Units

extension SourceReader {
    mutating func surcharge(
        _ node: SourceNode, numbers: Set<String>, _ defaults: TariffDefaults
    ) -> Surcharge? {
        guard let block = block(node, .surcharge) else { return nil }
        let name = word(block, "name")?.text
        let english = word(block, "englisch")?.text
        let paragraph = word(block, "fundstelle")?.text
        let condition = condition(block, defaults.catalogue)
        let positions = positionNumbers(block, numbers)
        let charge = charge(block)
        let facts = facts(
            block, for: condition?.groups ?? Set(CustomerGroup.allCases), defaults)
        guard let name, let paragraph, let condition, let charge, let facts else { return nil }
        return Surcharge(
            name: name, englishName: english ?? name, paragraph: paragraph, condition: condition,
            positions: positions, charge: charge, legalForm: facts.legalForm, vat: facts.vat,
            place: block.position)
    }

    /// Exactly one of `betrag`, `prozent` and `faktor`.
    private mutating func charge(_ block: Block) -> Surcharge.Charge? {
        let keys = ["betrag", "prozent", "faktor"]
        let given = keys.filter { block[$0] != nil }
        guard given.count == 1, let key = given.first else {
            report(
                given.isEmpty ? .missingKey : .contradiction, at: block.position,
                "Ein Zuschlag braucht genau eine der Angaben „betrag“, „prozent“ und „faktor“.")
            return nil
        }
        switch key {
        case "betrag": return cents(word(block, key)).map { .amount($0) }
        case "prozent":
            return read(word(block, key)) { text throws(PhraseProblem) in
                var scanner = PhraseScanner(text)
                guard let percent = scanner.takePercent(), scanner.isAtEnd else {
                    throw PhraseProblem(
                        .amountNotUnderstood,
                        "„\(text)“ ist kein Zuschlag in Prozent. Schreiben Sie „100 %“, höchstens "
                            + "1.000 %.")
                }
                return .percent(percent)
            }
        default:
            return read(word(block, key)) { text throws(PhraseProblem) in
                var scanner = PhraseScanner(text)
                guard let factor = scanner.takeFactor(), factor > 10_000, scanner.isAtEnd else {
                    throw PhraseProblem(
                        .amountNotUnderstood,
                        "„\(text)“ ist kein Faktor eines Zuschlags. Schreiben Sie „2-fach“; er "
                            + "liegt über 1 und höchstens bei 100.")
                }
                return .factor(factor)
            }
        }
    }

    mutating func minimum(_ node: SourceNode, _ defaults: TariffDefaults) -> DeliveryMinimum? {
        guard let block = block(node, .minimum) else { return nil }
        let amount = cents(word(block, "betrag"))
        let paragraph = word(block, "fundstelle")?.text
        let facts = facts(block, for: Set(CustomerGroup.allCases), defaults)
        guard let amount, let paragraph, let facts else { return nil }
        return DeliveryMinimum(
            amount: amount, paragraph: paragraph, legalForm: facts.legalForm, vat: facts.vat)
    }

    mutating func maximum(_ node: SourceNode) -> DeliveryMaximum? {
        guard let block = block(node, .maximum) else { return nil }
        let amount = cents(word(block, "betrag"))
        let paragraph = word(block, "fundstelle")?.text
        guard let amount, let paragraph else { return nil }
        return DeliveryMaximum(amount: amount, paragraph: paragraph)
    }

    /// Reports a least amount of a delivery above the most. The most is gross; on net lists the
    /// least is taken with the tax of the first day.
    mutating func checkAmounts(
        of rules: DeliveryRules, _ root: Block, _ defaults: TariffDefaults
    ) {
        guard let minimum = rules.minimum, let most = rules.maximum?.amount else { return }
        let least = CustomerGroup.allCases.compactMap { group -> Ratio? in
            guard defaults.basis == .net, let first = defaults.start else {
                return Ratio(minimum.amount)
            }
            return Ratio(minimum.amount).adding(tax: minimum.vat.value(for: group, on: first).rate)
        }
        guard least.contains(where: { Ratio(most).isBelow($0) }) else { return }
        report(
            .contradiction, at: root["höchstbetrag"]?.position,
            "„höchstbetrag“ liegt unter „mindestbetrag“. Ändern Sie einen der Beträge.")
    }

    mutating func deposit(_ node: SourceNode, _ catalogue: Catalogue) -> Deposit? {
        guard let block = block(node, .deposit) else { return nil }
        let amount = cents(word(block, "betrag"))
        let paragraph = word(block, "fundstelle")?.text
        let condition = condition(block, catalogue)
        guard let amount, let paragraph, let condition else { return nil }
        return Deposit(amount: amount, paragraph: paragraph, condition: condition)
    }
}
