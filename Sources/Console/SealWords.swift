import Calendars
import Operations
import Pages
import Units

/// What witnesses and time stamps say about closes and log, in German.
enum SealWords {
    static func badge(_ state: CloseSeal.State) -> Badge {
        switch state {
        case .approved: Badge("Noch nicht bezeugt", .warning)
        case .witnessed: Badge("Bezeugt", .info)
        case .timeStamped: Badge("Mit Zeitstempel", .success)
        }
    }

    /// For the sheet of a close.
    static func facts(_ seal: CloseSeal, _ log: LogStatus, _ calendar: LocalCalendar) -> [Fact] {
        let witnesses = seal.witnesses.map { "\($0.name), \(time($0.atSeconds, calendar))" }
        let none =
            log.witnesses.isEmpty
            ? "Noch nicht bezeugt; es ist kein Zeuge eingerichtet." : "Noch nicht bezeugt."
        return [
            Fact("Zeugen", witnesses.isEmpty ? none : witnesses.joined(separator: "; ")),
            Fact(
                "Zeitstempel",
                seal.stampedAtSeconds.map { time($0, calendar) } ?? "Noch keiner."),
        ]
    }

    /// For the newest checkpoint of the log.
    static func facts(_ log: LogStatus) -> [Fact] {
        [
            Fact("Bezeugt", log.witnessedSize.map { "\($0.german) Einträge" } ?? "Noch nicht"),
            Fact("Verkäufe seit der letzten Bezeugung", log.salesSince.german),
        ]
            + log.witnesses.map { witness in
                let cosigned =
                    witness.size.map { "bis Eintrag \($0.german)" } ?? "noch nichts unterschrieben"
                return Fact(
                    "Zeuge \(witness.name)",
                    cosigned + (witness.problem.map { "; zuletzt: \(words($0))" } ?? ""))
            }
    }

    /// Whether the log is witnessed, in a sentence.
    static func panel(_ log: LogStatus) -> Panel {
        let since = "Verkäufe seit der letzten Bezeugung: \(log.salesSince.german)."
        guard !log.witnesses.isEmpty else {
            return Panel(
                .info, "Ohne Zeugen",
                "Es ist kein Zeuge eingerichtet, der das Protokoll bezeugt. Das kann die IT tun.")
        }
        guard log.witnessedSize != nil else {
            return Panel(.warning, "Noch nicht bezeugt", since)
        }
        return log.witnesses.contains { $0.problem != nil }
            ? Panel(.warning, "Ein Zeuge antwortet nicht wie erwartet", since)
            : Panel(.success, "Bezeugt", since)
    }

    private static func words(_ problem: WitnessProblem) -> String {
        switch problem {
        case .unreachable: "keine Antwort"
        case .refused(let status): "abgelehnt (\(status))"
        case .ahead: "kennt ein längeres Protokoll"
        case .malformed: "unverständliche Antwort"
        case .wrongSignature: "falsche Unterschrift"
        case .inFuture: "Uhrzeit liegt in der Zukunft"
        }
    }

    private static func time(_ seconds: Int64, _ calendar: LocalCalendar) -> String {
        let milliseconds = seconds.multipliedReportingOverflow(by: 1_000).partialValue
        return Timestamp(milliseconds: milliseconds).map(calendar.german) ?? "unbekannte Zeit"
    }
}
