package import Pages
package import Sales

/// The form fields for a card terminal's slip, the same at yard and console: `tid`, `marke`,
/// `belegnummer`, `tracenummer`, `genehmigung` (may be empty), `letzte4` (may be empty).
package enum SlipFields {
    /// - Parameters:
    ///   - values: what was typed, by field name.
    ///   - errors: what is wrong, by field name.
    package static func make(
        values: [String: String] = [:], errors: [String: String] = [:]
    ) -> [Field] {
        func field(_ name: String, _ label: String, _ control: Field.Control = .text) -> Field {
            Field(name, label, control, value: values[name] ?? "", error: errors[name])
        }
        let schemes = CardScheme.allCases.map { Field.Option($0.rawValue, $0.label) }
        return [
            field("tid", "Terminal-ID"),
            field("marke", "Kartenmarke", .select([Field.Option("", "Bitte wählen")] + schemes)),
            field("belegnummer", "Beleg-Nr.", .count), field("tracenummer", "Trace-Nr.", .count),
            field("genehmigung", "Genehmigungs-Nr. (falls gedruckt)"),
            field("letzte4", "Letzte vier Stellen der Karte (falls gedruckt)", .count),
        ]
    }

    /// The slip that a form says; nil if a field is missing or malformed.
    ///
    /// - Parameter values: by field name; spaces around a value do not count.
    package static func slip(_ values: [String: String]) -> CardSlip? {
        func value(_ name: String) -> String {
            let characters = (values[name] ?? "").drop { $0 == " " }
            return String(characters.reversed().drop { $0 == " " }.reversed())
        }
        guard let scheme = CardScheme(rawValue: value("marke")) else { return nil }
        let (authorisation, lastFour) = (value("genehmigung"), value("letzte4"))
        return CardSlip(
            cardTerminal: value("tid"), scheme: scheme, receiptNumber: value("belegnummer"),
            traceNumber: value("tracenummer"),
            authorisation: authorisation.isEmpty ? nil : authorisation,
            lastFour: lastFour.isEmpty ? nil : lastFour)
    }
}
