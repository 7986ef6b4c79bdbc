package import Tariffs
package import TerminalStorage
package import Units

extension YardTerminalSession {
    /// Notes the reading of a loaded vehicle, as the scale's display and ticket say.
    ///
    /// - Throws: ``TerminalError`` `text-missing`, `text-invalid`, `weighing-invalid`,
    ///   `weighing-open`.
    package func weighIn(
        _ number: DeliveryNumber, fraction: FractionID, scale: String, ticket: String, gross: Grams
    ) throws {
        let scale = try FreeText.checked(scale, field: "die Nummer der Waage")
        let ticket = try FreeText.checked(ticket, field: "die Nummer der Wägung")
        guard (1...Self.readingGramsMax).contains(gross.value) else {
            throw TerminalError.weighingInvalid
        }
        try change(number) { draft in
            guard draft.weighIn == nil else {
                throw TerminalError(
                    .weighingOpen, "Es ist schon eine Ladung eingewogen.", .entered,
                    "Wiegen Sie diese zuerst aus.")
            }
            draft.weighIn = DeliveryDraft.WeighIn(
                fraction: fraction, scale: scale, ticket: ticket, gross: gross, at: world.now())
        }
    }

    /// Notes the reading of the same vehicle after tipping; the difference becomes an item.
    ///
    /// - Parameters:
    ///   - ticket: number of this weighing; may be empty where the tare was not weighed.
    ///   - tareSource: where the tare comes from.
    /// - Throws: ``TerminalError`` `text-missing`, `text-invalid`, `weighing-missing`,
    ///   `weighing-invalid`.
    package func weighOut(
        _ number: DeliveryNumber, ticket: String, tare: Grams,
        tareSource: Weighing.TareSource = .weighed
    ) throws {
        let isOptional = tareSource != .weighed && ticket.allSatisfy(\.isWhitespace)
        let typed =
            isOptional ? nil : try FreeText.checked(ticket, field: "die Nummer der Wägung")
        try change(number) { draft in
            guard let weighIn = draft.weighIn else {
                throw TerminalError(
                    .weighingMissing, "Es ist keine Ladung eingewogen.", .entered,
                    "Wiegen Sie zuerst das beladene Fahrzeug.")
            }
            let ticket = typed ?? weighIn.ticket
            let tickets = ticket == weighIn.ticket ? ticket : "\(weighIn.ticket)/\(ticket)"
            guard
                let weighing = Weighing(
                    scale: weighIn.scale, ticket: tickets, gross: weighIn.gross, tare: tare,
                    tareSource: tareSource)
            else { throw TerminalError.weighingInvalid }
            draft.weighIn = nil
            draft.add(
                DeliveryItem(
                    fraction: weighIn.fraction, amount: .weight(weighing.net),
                    source: .weighed(weighing)),
                times: DeliveryDraft.WeighingTimes(
                    weighedIn: weighIn.at, weighedOut: world.now()))
        }
    }

    /// Takes back the reading of a loaded vehicle, for instance after a mistyped number.
    package func cancelWeighing(_ number: DeliveryNumber) throws {
        try change(number) { $0.weighIn = nil }
    }

    /// 100 tonnes: more than any vehicle on a yard.
    private static let readingGramsMax: Int64 = 100_000_000
}

extension TerminalError {
    static let weighingInvalid = TerminalError(
        .weighingInvalid, "Diese Gewichte können nicht stimmen.", .entered,
        "Das beladene Fahrzeug muss schwerer sein als das leere. Prüfen Sie die Anzeige der Waage.")
}
