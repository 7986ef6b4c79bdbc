package import DayClosing
import Ledger
import Receipts
import Sales
import Tariffs
import Units

extension CloseSheet {
    /// The sheet of a close that is final.
    package init(_ close: DayClose, _ facts: CloseSheetFacts) {
        let totals = TotalsParts(close.totals)
        self.init(
            title: "Tagesabschluss Nr. \(GermanFormat.grouped(close.number))",
            subtitle: "\(facts.town), \(facts.yard), \(GermanFormat.day(close.day))",
            parts: [.facts(Self.head(close, facts)), .facts(Self.grandTotals(close))]
                + totals.parts + Self.apart(close) + Self.cards(close) + totals.named
                + Self.people(close, facts) + Self.proof(facts),
            at: close.approvedAt)
    }

    private static func head(_ close: DayClose, _ facts: CloseSheetFacts) -> [Fact] {
        var head = [
            Fact("Hof", "\(facts.yard), \(facts.address)"),
            Fact("Abschlusstag", GermanFormat.day(close.day)),
            Fact("Haushaltsjahr", String(close.budgetYear)),
            Fact("Vorheriger Abschluss", facts.previous.map { "Nr. \(grouped($0))" } ?? "keiner"),
            Fact("Kontenplan", close.accountPlan),
        ]
        if let software = close.software { head.append(Fact("Programm", software)) }
        if let times = close.totals.course?.receipts {
            head += [
                Fact("Erster Beleg", facts.localTime(times.lowerBound)),
                Fact("Letzter Beleg", facts.localTime(times.upperBound)),
            ]
        }
        guard let (first, last) = facts.entries else {
            return head + [Fact("Protokoll", "kein Eintrag")]
        }
        head += [("Erster Eintrag", first), ("Letzter Eintrag", last)].map { label, entry in
            Fact(label, "Nr. \(grouped(entry.index)), \(facts.localTime(entry.received))")
        }
        return head
    }

    private static func grandTotals(_ close: DayClose) -> [Fact] {
        [
            Fact("Gesamtumsatz vorher", euros(close.grandTotalBefore)),
            Fact("Umsatz dieses Abschlusses", euros(close.totals.turnover)),
            Fact("Gesamtumsatz nachher", euros(close.grandTotalAfter)),
        ]
    }

    /// Clearing balances, and what was taken for others (KomHVO NRW section 31).
    private static func apart(_ close: DayClose) -> [Part] {
        var parts: [Part] = []
        if let clearing = close.clearing, !clearing.isEmpty {
            let rows = clearing.map { balance in
                [
                    balance.account.number, amount(balance.before),
                    amount(balance.after - balance.before), amount(balance.after),
                ]
            }
            parts.append(
                .table(
                    Table(
                        caption: "Geldtransit (Euro, Soll weniger Haben)",
                        columns: columns("Konto", numeric: "Vorher", "Bewegung", "Nachher"),
                        rows: rows, total: nil)))
        }
        if !close.thirdParty.isEmpty {
            let rows = close.thirdParty.map { [$0.account.number, amount($0.amount)] }
            parts.append(
                .table(
                    Table(
                        caption: "Fremde Gelder (Euro)",
                        columns: columns("Konto", numeric: "Für andere eingenommen"), rows: rows,
                        total: ["Summe", amount(close.thirdParty.map(\.amount).sum())])))
        }
        return parts
    }

    /// Comparison with the card terminals, and the batch cuts that it was made from.
    private static func cards(_ close: DayClose) -> [Part] {
        guard !close.comparisons.isEmpty else {
            return [.heading("Kartengeräte"), .paragraph("Es wurde nicht mit Karte gezahlt.")]
                + cuts(close)
        }
        let rows = close.comparisons.map { line in
            [
                line.key.cardTerminal, line.key.scheme.label, grouped(line.expected.count),
                amount(line.expected.amount), line.slip.map { grouped($0.count) } ?? "–",
                line.slip.map { amount($0.amount) } ?? "unbekannt",
                line.isKnown ? amount(line.difference) : "unbekannt",
            ]
        }
        let table = Table(
            caption: "Hofbuch und Kartengeräte im Vergleich (Euro)",
            columns: columns(
                "Gerät", "Marke", numeric: "Hofbuch Anz.", "Summe", "Gerät Anz.", "Summe",
                "Abweichung"), rows: rows, total: nil)
        return [.heading("Kartengeräte"), .table(table)] + explanations(close) + cuts(close)
    }

    private static func explanations(_ close: DayClose) -> [Part] {
        let lines = close.comparisons.compactMap { line -> Fact? in
            let brought = line.brought.map {
                "vorgetragen seit Nr. \(grouped($0.since)): \(euros($0.tally.amount))"
                    + (line.agrees ? ", jetzt ausgeglichen" : "")
            }
            let reason = line.reason.map { reason in
                "\(reason.german): \(line.explanation ?? "")"
                    + (reason.isCarried ? " (wird vorgetragen)" : "")
            }
            let unknown = line.isKnown ? nil : "kein Kassenschnitt, nicht bekannt"
            let words = [unknown, brought, reason].compactMap(\.self)
            guard !words.isEmpty else { return nil }
            return Fact(
                "\(line.key.scheme.label) an Gerät \(line.key.cardTerminal)",
                words.joined(separator: "; "))
        }
        return lines.isEmpty ? [] : [.heading("Abweichungen"), .facts(lines)]
    }

    private static func cuts(_ close: DayClose) -> [Part] {
        guard !close.cuts.isEmpty else { return [] }
        let rows = close.cuts.map { cut in
            [
                cut.cardTerminal, cut.number ?? "–", cut.printedAt ?? "–",
                grouped(cut.totals.values.map(\.count).reduce(0, +)),
                amount(cut.totals.values.map(\.amount).sum()),
            ]
        }
        return [
            .table(
                Table(
                    caption: "Kassenschnitte (Euro)",
                    columns: columns(
                        "Gerät", "Schnitt", "Zeit auf dem Bon", numeric: "Anzahl", "Summe"),
                    rows: rows, total: nil))
        ] + close.cutFindings.map { .paragraph($0.german) }
    }

    /// Who did what.
    private static func people(_ close: DayClose, _ facts: CloseSheetFacts) -> [Part] {
        var steps = [
            Fact(
                "Gezählt von", "\(facts.name(close.countedBy)), \(facts.localTime(close.countedAt))"
            )
        ]
        if close.recounts > 0 {
            steps.append(Fact("Nachgezählt", "\(grouped(close.recounts))-mal"))
        }
        steps += close.sentBack.map {
            Fact(
                "Zurückgegeben von",
                "\(facts.name($0.by)), \(facts.localTime($0.at)): \($0.reason)")
        }
        let explaining = Set(close.comparisons.compactMap(\.explainedBy)).sorted()
        if !explaining.isEmpty {
            steps.append(
                Fact("Erklärt von", explaining.map(facts.name).joined(separator: ", ")))
        }
        let approval = "\(facts.name(close.approvedBy)), \(facts.localTime(close.approvedAt))"
        steps.append(Fact("Freigegeben von", approval))
        return [
            .heading("Bestätigung"), .facts(steps),
            .certificate("Sachlich und rechnerisch richtig: \(approval)"),
        ]
    }

    private static func proof(_ facts: CloseSheetFacts) -> [Part] {
        var lines = [
            Fact("Protokoll", facts.log),
            Fact("Eintrag des Abschlusses", "Nr. \(grouped(facts.index))"),
            Fact("Prüfsumme des Abschlusses", facts.leafHash),
        ]
        if let (first, last) = facts.entries {
            lines += [
                Fact("Prüfsumme des ersten Eintrags", first.leafHash),
                Fact("Prüfsumme des letzten Eintrags", last.leafHash),
            ]
        }
        return [.heading("Nachweis"), .facts(lines)]
    }

    static func columns(_ texts: String..., numeric: String...) -> [Column] {
        texts.map { Column(name: $0, isNumeric: false) }
            + numeric.map { Column(name: $0, isNumeric: true) }
    }

    static func euros(_ cents: Cents) -> String { GermanFormat.euros(cents) }
    static func amount(_ cents: Cents) -> String { GermanFormat.amount(cents) }
    static func grouped(_ number: Int64) -> String { GermanFormat.grouped(number) }
}
