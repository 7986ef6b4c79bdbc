import Text
import Units

extension SourceReader {
    /// Numbers are unique, and exceptions name numbers that exist.
    mutating func checkNumbers(of tariff: Tariff) {
        refuseDoubles(tariff.positions.map { Word(text: $0.number, position: $0.place) })
        refuseDoubles(tariff.examples.map { Word(text: $0.number, position: $0.place) })
        let numbers = Set(tariff.positions.map(\.number))
        for position in tariff.positions {
            for number in position.exceptionTo where !numbers.contains(number) {
                report(
                    .nameNotKnown, at: position.place,
                    "Nr. \(position.number) ist Ausnahme von Nr. \(number), die es nicht gibt. "
                        + "Berichtigen Sie die Nummer.")
            }
        }
    }

    /// The least and the most that a delivery costs are sums that rounding can give. On net lists
    /// the least is rounded with its tax.
    mutating func checkBounds(of tariff: Tariff, _ root: Block) {
        let increment = tariff.rounding.increment
        let least = tariff.priceBasis == .net ? nil : tariff.rules.minimum?.amount
        let most = tariff.rules.maximum?.amount
        for (key, amount) in [("mindestbetrag", least), ("höchstbetrag", most)] {
            guard let amount, amount.value % increment.value != 0 else { continue }
            let step = GermanText.money(increment, tariff.currency)
            report(
                .contradiction, at: root[key]?.position,
                "„\(key)“ ist kein Vielfaches von \(step), auf die „rundung“ rundet. Ändern Sie "
                    + "eines von beiden.")
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
}
