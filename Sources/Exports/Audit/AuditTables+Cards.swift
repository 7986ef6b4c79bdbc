import DayClosing
import Sales
import Units

// Tables about card terminals: payments one by one, our totals beside theirs, batch cuts.

extension [PlannedClose] {
    func cardTerminals() -> AuditTable {
        AuditTable(
            name: "kartenterminals",
            words: "Kartenterminals eines Abschlusses, mit und ohne Kassenschnitt", keyCount: 2,
            columns: [
                .close, .text("terminal", "Kartenterminal"),
                .number("schnitte", "Anzahl seiner Kassenschnitte, auch der leeren"),
                .text(
                    "bekannt",
                    "nein ohne Kassenschnitt: niemand kennt dann seine Summe; sonst ja"),
            ], links: [.toClose],
            rows: .ofClose { planned in
                planned.close.cardTerminals.map { terminal in
                    [
                        planned.reference, terminal.name, String(terminal.cutCount),
                        terminal.isKnown ? "ja" : "nein",
                    ]
                }
            })
    }

    func cards() -> AuditTable {
        AuditTable(
            name: "kartensummen", words: "Journal und Kartenterminal im Vergleich", keyCount: 3,
            columns: [
                .close, .text("terminal", "Kartenterminal"), .text("marke", "Kartenmarke"),
                .number("anzahl_journal", "Zahlungen im Journal"),
                .amount("betrag_journal", "Betrag im Journal"),
                .number("anzahl_terminal", "Zahlungen am Kartenterminal"),
                .amount("betrag_terminal", "Betrag am Kartenterminal"),
                .coded("grund", "Grund einer Abweichung, als Kurzname", DifferenceReason.codes),
                .text("text", "Erläuterung"),
                .number("anzahl_vortrag", "Aus früheren Abschlüssen offene Zahlungen"),
                .amount("betrag_vortrag", "Aus früheren Abschlüssen offener Betrag"),
                .amount("abweichung", "Kartenterminal weniger Journal, mit Vortrag"),
                .text("erlaeutert_von", "Wer den Grund genannt hat"),
                .text(
                    "bekannt",
                    "nein ohne Kassenschnitt: Anzahl und Betrag am Kartenterminal sind dann nicht "
                        + "bekannt, und 0 steht dafür; sonst ja"),
                .text("vortrag_seit", "Abschluss, mit dem der Vortrag begann; leer ohne Vortrag"),
            ], links: [.toClose, .toCardTerminal],
            rows: .ofClose { planned in
                planned.close.comparisons.map { card in
                    [planned.reference] + card.cells(of: planned.close.yard.text)
                }
            })
    }

    func cardPayments() -> AuditTable {
        AuditTable(
            name: "kartenzahlungen",
            words: "Kartenzahlungen des Journals; was zurückging, ist negativ", keyCount: 2,
            columns: .ofRecord + [
                .text("terminal", "Kartenterminal"), .text("marke", "Kartenmarke"),
                .text("belegnummer", "Nummer auf dem Beleg des Kartenterminals"),
                .text("trace", "Trace-Nummer auf dem Beleg des Kartenterminals"),
                .text("genehmigung", "Genehmigungsnummer; leer, wo der Beleg keine zeigt"),
                .amount("betrag", "Betrag"),
            ], links: [.toRecord, .toComparison],
            rows: .ofRecord { source in
                guard let (slip, amount) = source.record.cardPayment else { return [] }
                let cells: [String] = [
                    slip.cardTerminal, slip.scheme.rawValue, slip.receiptNumber, slip.traceNumber,
                    slip.authorisation ?? "", amount.comma,
                ]
                return [source.key + cells]
            })
    }

    func cuts() -> AuditTable {
        AuditTable(
            name: "kassenschnitte",
            words: "Kassenschnitte der Kartenterminals, wie gezählt, auch die leeren", keyCount: 3,
            columns: [
                .close, .text("terminal", "Kartenterminal"),
                .number("nummer", "Laufende Nummer im Abschluss"),
                .text("schnitt", "Nummer auf dem Beleg des Kartenterminals; leer, wo keine steht"),
                .text("zeit", "Ortszeit auf dem Beleg; leer, wo sie nicht notiert wurde"),
                .text("quelle", "Getippt, als Datei oder vom Kartenterminal gelesen"),
                .number("anzahl", "Zahlungen aller Marken"),
                .amount("betrag", "Betrag aller Marken"),
            ], links: [.toCardTerminal],
            rows: .ofClose { planned in
                planned.close.cuts.enumerated().map { place, cut in
                    [
                        planned.reference, cut.cardTerminal, String(place + 1), cut.number ?? "",
                        cut.printedAt ?? "", cut.source.words,
                        String(cut.totals.values.map(\.count).reduce(0, +)),
                        cut.totals.values.map(\.amount).sum().comma,
                    ]
                }
            })
    }

    func cutSums() -> AuditTable {
        AuditTable(
            name: "schnittsummen", words: "Kassenschnitte nach Kartenmarken", keyCount: 4,
            columns: [
                .close, .text("terminal", "Kartenterminal"), .text("marke", "Kartenmarke"),
                .number("nummer", "Nummer des Kassenschnitts im Abschluss"),
                .number("anzahl", "Zahlungen"), .amount("betrag", "Betrag"),
            ], links: [.toCut, .toComparison],
            rows: .ofClose { planned in
                planned.close.cuts.enumerated().flatMap { place, cut in
                    cut.totals.sorted { $0.key.rawValue < $1.key.rawValue }.map { scheme, tally in
                        [
                            planned.reference, cut.cardTerminal, scheme.rawValue,
                            String(place + 1), String(tally.count), tally.amount.comma,
                        ]
                    }
                }
            })
    }

    func cutFindings() -> AuditTable {
        AuditTable(
            name: "schnittbefunde",
            words: "Was an den Nummern der Kassenschnitte auffiel; leer, wenn nichts", keyCount: 2,
            columns: [
                .close, .number("nummer", "Laufende Nummer im Abschluss"),
                .text("terminal", "Kartenterminal"),
                .coded("befund", "Was auffiel, als Kurzname", CutFinding.codes),
                .text("schnitt", "Nummer des Kassenschnitts auf dem Beleg"),
                .text("nach", "Neueste Nummer davor; leer bei einer doppelten"),
                .number("fehlend", "Nummern dazwischen, die in keinem Abschluss stehen"),
                .text("schon_in", "Abschluss, in dem eine doppelte Nummer schon steht"),
                .text("text", "Der Befund in einem Satz, wie auf dem Abschlussblatt"),
            ], links: [.toCardTerminal],
            rows: .ofClose { planned in
                let yard = planned.close.yard.text
                return planned.close.cutFindings.enumerated().map { place, finding in
                    [planned.reference, String(place + 1)] + finding.cells(of: yard)
                }
            })
    }
}

extension CardComparison {
    /// All cells of its row but the first.
    ///
    /// - Parameter yard: whose closes are meant.
    fileprivate func cells(of yard: String) -> [String] {
        let before = brought?.tally ?? Tally()
        let since = brought.map { DayClose.reference($0.since, of: yard) } ?? ""
        let told: [String] = [reason?.rawValue ?? "", explanation ?? ""]
        return [
            key.cardTerminal, key.scheme.rawValue, String(expected.count), expected.amount.comma,
            String(counted.count), counted.amount.comma,
        ] + told + [
            String(before.count), before.amount.comma, remaining.amount.comma,
            explainedBy?.text ?? "", isKnown ? "ja" : "nein", since,
        ]
    }
}

/// A card terminal as a close speaks of it.
private struct ClosedCardTerminal {
    let name: String
    let cutCount: Int
    let isKnown: Bool
}

extension DayClose {
    /// All that have a cut or a total, ascending.
    fileprivate var cardTerminals: [ClosedCardTerminal] {
        let compared = Dictionary(grouping: comparisons, by: \.key.cardTerminal)
        let cut = Dictionary(grouping: cuts, by: \.cardTerminal)
        return Set(compared.keys).union(cut.keys).sorted().map { terminal in
            ClosedCardTerminal(
                name: terminal, cutCount: cut[terminal]?.count ?? 0,
                isKnown: compared[terminal]?.allSatisfy(\.isKnown) ?? true)
        }
    }
}

extension CutFinding {
    /// Card terminal, code, number, the one before, how many are missing, close, words.
    ///
    /// - Parameter yard: whose closes are meant.
    func cells(of yard: String) -> [String] {
        let cells =
            switch self {
            case .repeated(_, let number, let close):
                [number, "", "0", DayClose.reference(close, of: yard)]
            case .gap(_, let after, let number, let missing):
                [number, after, String(missing), ""]
            case .behind(_, let after, let number): [number, after, "0", ""]
            }
        return [cardTerminal, code] + cells + [german]
    }

    fileprivate static let codes = [
        AuditTable.Code(value: "repeated", meaning: "Nummer steht schon mit anderen Summen"),
        AuditTable.Code(value: "gap", meaning: "Lücke"),
        AuditTable.Code(value: "behind", meaning: "Nummer vor der neuesten"),
    ]
}

extension DifferenceReason {
    fileprivate static let codes = allCases.map {
        AuditTable.Code(value: $0.rawValue, meaning: $0.german)
    }
}

extension BatchCut.Source {
    fileprivate var words: String {
        switch self {
        case .typed: "getippt"
        case .uploaded: "Datei"
        case .terminal: "Kartenterminal"
        }
    }
}
