import DayClosing
import Ledger
import Sales
import Units

// Tables about parts of closes: programs, what was taken back, batch cuts, clearing.

extension [PlannedClose] {
    func programs() -> AuditTable {
        AuditTable(
            name: "programmstaende", words: "Welcher Programmstand welche Abschlüsse gebildet hat",
            keyCount: 2,
            columns: [
                .text("hof", "Hof"), .number("nummer", "Laufende Nummer je Hof"),
                .text("programm", "Programmstand"),
                .number("erster", "Nummer des ersten Abschlusses"),
                .number("letzter", "Nummer des letzten Abschlusses"),
                .number("anzahl", "Wie viele Abschlüsse es sind"),
            ], links: [], rows: .all(programRuns.map(\.cells)))
    }

    private var programRuns: [ProgramRun] {
        var runs: [ProgramRun] = []
        for close in map(\.close) {
            guard var run = runs.last, run.yard == close.yard,
                run.program.utf8.elementsEqual(close.programWords.utf8)
            else {
                let number = runs.count { $0.yard == close.yard } + 1
                runs.append(ProgramRun(number, close))
                continue
            }
            run.last = close.number
            run.count += 1
            runs[runs.count - 1] = run
        }
        return runs
    }

    func reversals() -> AuditTable {
        AuditTable(
            name: "ruecknahmen", words: "Stornos, Erstattungen und nicht erfolgte Zahlungen",
            keyCount: 2,
            columns: .ofRecord + [
                .text("art", "Art des Vorgangs"), .text("urbeleg", "Beleg, der betroffen ist"),
                .amount("betrag", "Zurückgenommen"), .text("grund", "Begründung"),
                .text("von", "Wer es gebucht hat"),
                .text("freigegeben_von", "Zweite Person; leer am Terminal"),
            ], links: [.toRecord],
            rows: .ofRecord { close, record in
                guard let (original, reason) = record.takenBack else { return [] }
                return [
                    [
                        close, String(record.index), record.words, original.receiptNumber,
                        (-record.soldLines.map(\.gross).sum()).comma, reason,
                        record.by?.text ?? "", record.approvedBy?.text ?? "",
                    ]
                ]
            })
    }

    func cuts() -> AuditTable {
        AuditTable(
            name: "kassenschnitte", words: "Kassenschnitte der Kartenterminals, wie gezählt",
            keyCount: 4,
            columns: [
                .close, .text("terminal", "Kartenterminal"), .text("marke", "Kartenmarke"),
                .number("nummer", "Laufende Nummer im Abschluss"),
                .text("schnitt", "Nummer auf dem Beleg des Kartenterminals"),
                .text("zeit", "Ortszeit auf dem Beleg des Kartenterminals"),
                .text("quelle", "Getippt, als Datei oder vom Kartenterminal gelesen"),
                .number("anzahl", "Zahlungen"), .amount("betrag", "Betrag"),
            ], links: [.toComparison],
            rows: .ofClose { planned in
                planned.close.cuts.enumerated().flatMap { place, cut in
                    cut.totals.sorted { $0.key.rawValue < $1.key.rawValue }.map { scheme, tally in
                        [
                            planned.reference, cut.cardTerminal, scheme.rawValue,
                            String(place + 1), cut.number ?? "", cut.printedAt ?? "",
                            cut.source.words, String(tally.count), tally.amount.comma,
                        ]
                    }
                }
            })
    }

    func clearing() -> AuditTable {
        AuditTable(
            name: "geldtransit", words: "Verrechnungskonten vor und nach dem Abschluss",
            keyCount: 2,
            columns: [
                .close, .text("konto", "Konto"),
                .amount("vorher", "Saldo davor, Soll weniger Haben"),
                .amount("nachher", "Saldo danach, Soll weniger Haben"),
            ], links: [.toClose],
            rows: .ofClose { planned in
                (planned.close.clearing ?? []).map { balance in
                    [
                        planned.reference, balance.account.number, balance.before.comma,
                        balance.after.comma,
                    ]
                }
            })
    }
}

/// Closes of a yard that follow on each other and were made by the same program.
private struct ProgramRun {
    let yard: YardID
    let number: Int
    let program: String
    let first: Int64
    var last: Int64
    var count = 1

    init(_ number: Int, _ close: DayClose) {
        yard = close.yard
        self.number = number
        program = close.programWords
        first = close.number
        last = close.number
    }

    var cells: [String] {
        [yard.text, String(number), program, String(first), String(last), String(count)]
    }
}

extension DayClose {
    /// What it says of its program; closes of earlier versions say nothing.
    var programWords: String { software ?? "nicht vermerkt" }
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
