import Pages
import Sales
import Units

@testable import Console

extension ConsoleFixtures {
    static let keys = [
        PendingKey(
            request: 4, heading: "Neuer Schlüssel für t1", text: "Angekündigt vom Terminal selbst.",
            key: "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", waitingFor: nil),
        PendingKey(
            request: 5, heading: "t2 sperren", text: "Gerät gestohlen.", key: nil,
            waitingFor: "Sie haben es beantragt; freigeben muss jemand anderes."),
    ]

    static func addKeys(_ add: Add) {
        add("terminal-revoke", TerminalRevocationPage(id: "t2"), "/terminals", nil)
        add(
            "terminal-revoke-errors",
            TerminalRevocationPage(
                id: "t2", values: ["nummer": "x"],
                errors: ["nummer": "Geben Sie eine Zahl ein.", "grund": "Nennen Sie einen Grund."]),
            "/terminals", nil)
        let rows = [
            DoubtfulRow(
                receipt: PageLink("t2-000043", "/verkaeufe/t2/43"), what: "Verkauf",
                amount: "12,00 €", state: Badge("Zählt noch nicht", .warning)),
            DoubtfulRow(
                receipt: PageLink("t2-000044", "/verkaeufe/t2/44"), what: "Verkauf",
                amount: "24,00 €", state: Badge("Zählt", .success)),
        ]
        add(
            "terminal-doubtful",
            DoubtfulPage(
                id: "t2", facts: [Fact("Gesperrt wegen", "Gerät gestohlen")], rows: rows,
                open: [43], mayDecide: true,
                errors: ["grund": "Schreiben Sie, woher Sie es wissen."]), "/terminals", nil)
        add(
            "terminal-doubtful-empty",
            DoubtfulPage(
                id: "t2", facts: [Fact("Gesperrt wegen", "Gerät gestohlen")], rows: [], open: [],
                mayDecide: true), "/terminals", nil)
    }
}
