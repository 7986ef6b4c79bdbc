import Operations
import Pages
import Sales
import Storage
import Units

/// The filters of the list of sales as an address holds them: `beleg`, `tag`, `bis`, `terminal`,
/// `zustand`, `betrag`, `betrag-bis`, `letzte4`, `abfall`.
struct SalesForm {
    private(set) var query = SaleQuery()
    private(set) var errors: [String: String] = [:]
    private var values: [String: String] = [:]
    private let terminals: [String]

    private static let names = [
        "beleg", "tag", "bis", "terminal", "zustand", "betrag", "betrag-bis", "letzte4", "abfall",
    ]

    /// - Parameter newest: the day shown where the address names no filter at all.
    init(_ arrival: Arrival, terminals: [String], newest: BusinessDay) {
        let given = Dictionary(uniqueKeysWithValues: Self.names.map { ($0, arrival.query($0)) })
        self.init(given, terminals: terminals, newest: newest)
    }

    init(_ given: [String: String], terminals: [String], newest: BusinessDay) {
        self.terminals = terminals
        values = given
        if values.values.allSatisfy(\.isEmpty) { values["tag"] = newest.iso }
        query.receipt = read("beleg", "Schreiben Sie die Belegnummer wie t1-000042.") {
            SaleReference($0)
        }
        query.dayFrom = read("tag", "Den Tag gibt es nicht. Wählen Sie einen.") {
            BusinessDay(iso: $0)
        }
        let last = read("bis", "Den letzten Tag gibt es nicht. Wählen Sie einen.") {
            BusinessDay(iso: $0)
        }
        query.dayTo = last ?? query.dayFrom
        if let first = query.dayFrom, let last, last < first {
            errors["bis"] = "Der letzte Tag liegt vor dem ersten. Wählen Sie einen späteren."
        }
        query.totalFrom = read("betrag", "Schreiben Sie den Betrag wie 14,40.") {
            GermanAmount.parse($0)
        }
        let most = read("betrag-bis", "Schreiben Sie den höchsten Betrag wie 14,40.") {
            GermanAmount.parse($0)
        }
        query.totalTo = most ?? query.totalFrom
        if let least = query.totalFrom, let most, most < least {
            errors["betrag-bis"] =
                "Der höchste Betrag ist kleiner als der erste. Schreiben Sie einen größeren."
        }
        query.lastFour = read("letzte4", "Schreiben Sie die letzten vier Ziffern der Karte.") {
            text in
            text.utf8.count == 4 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
                ? text : nil
        }
        query.text = read("abfall", "Kürzen Sie den Abfall auf 100 Zeichen.") {
            $0.count <= 100 ? $0 : nil
        }
        query.standing = SaleState(rawValue: self["zustand"])?.standing
        if terminals.contains(self["terminal"]) { query.terminal = TerminalID(self["terminal"]) }
    }

    private subscript(name: String) -> String { values[name] ?? "" }

    private mutating func read<Value>(
        _ name: String, _ wanted: String, _ read: (String) -> Value?
    ) -> Value? {
        let text = self[name]
        guard !text.isEmpty else { return nil }
        let value = read(text)
        if value == nil { errors[name] = wanted }
        return value
    }

    /// The address of the page from a cursor on.
    func path(from cursor: String) -> String {
        let filters = Self.names.filter { !self[$0].isEmpty }
            .map { "\($0)=\(self[$0].queryEscaped)&" }
        return "/verkaeufe?\(filters.joined())ab=\(cursor)"
    }

    var fields: [Field] {
        let all = Field.Option("", "Alle")
        return [
            field("beleg", "Belegnummer"), field("tag", "Tag", .day),
            field("bis", "Bis Tag", .day),
            field(
                "terminal", "Terminal", .select([all] + terminals.map { Field.Option($0, $0) })),
            field(
                "zustand", "Zustand",
                .select(
                    [all] + SaleState.allCases.map { Field.Option($0.rawValue, $0.badge.text) })),
            field("betrag", "Betrag", .amount), field("betrag-bis", "Bis Betrag", .amount),
            field("letzte4", "Karte endet auf", .count), field("abfall", "Abfall"),
        ]
    }

    private func field(_ name: String, _ label: String, _ control: Field.Control = .text)
        -> Field
    {
        Field(name, label, control, value: self[name], error: errors[name])
    }

    /// What is filtered, in words.
    var scope: String {
        let days: String? =
            switch (query.dayFrom, query.dayTo) {
            case (let from?, let to?) where from == to: "am \(GermanFormat.day(from))"
            case (let from?, let to?):
                "vom \(GermanFormat.day(from)) bis \(GermanFormat.day(to))"
            case (nil, let to?): "bis \(GermanFormat.day(to))"
            case (_, nil): nil
            }
        let parts = [
            days, query.receipt.map { "Beleg \($0.receiptNumber)" },
            query.terminal.map { "Terminal \($0.text)" },
            SaleState(rawValue: self["zustand"])?.badge.text,
            query.totalFrom.map { "ab \($0.german)" }, query.totalTo.map { "bis \($0.german)" },
            query.lastFour.map { "Karte **** \($0)" }, query.text.map { "„\($0)“" },
        ]
        return parts.compactMap { $0 }.joined(separator: ", ")
    }
}
