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
