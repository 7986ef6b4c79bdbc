import DayClosing
import Journal
import Ledger
import Sales
import Units

// Tables about parts of closes: counts sent back, programs, numbers, what was taken back,
// clearing.

extension [PlannedClose] {
    func sentBack() -> AuditTable {
        AuditTable(
            name: "zurueckgaben", words: "Zählungen, die nicht angenommen wurden", keyCount: 2,
            columns: [
                .close, .number("nummer", "Laufende Nummer im Abschluss"),
                .text("von", "Wer sie zurückgegeben hat"), .text("am", "Wann, in UTC"),
                .text("grund", "Begründung"),
            ], links: [.toClose],
            rows: .ofClose { planned in
                planned.close.sentBack.enumerated().map { place, sent in
                    [
                        planned.reference, String(place + 1), sent.by.text, sent.at.iso,
                        sent.reason,
                    ]
                }
            })
    }

    func numberRanges() -> AuditTable {
        AuditTable(
            name: "nummernkreise", words: "Nummern, die Terminals des Hofs vergeben haben",
            keyCount: 2,
            columns: [
                .close, .text("hofterminal", "Terminal des Hofs"),
                .number("erste", "Kleinste Nummer im Abschluss"),
                .number("letzte", "Größte Nummer im Abschluss"),
                .number("anzahl", "Nummern im Abschluss"),
                .number("fehlend", "Nummern, die bis zum Abschluss nie ankamen"),
                .text("fehlende", "Diese Nummern, etwa 17 19-25"),
            ], links: [.toClose],
            rows: .ofClose { planned in
                planned.close.totals.terminals.map { range in
                    [
                        planned.reference, range.terminal.text, String(range.first),
                        String(range.last), String(range.count), String(range.missing.count),
                        NumberRuns(range.missing).text,
                    ]
                }
            })
    }

    func flags() -> AuditTable {
        AuditTable(
            name: "auffaelligkeiten", words: "Was an Aufzeichnungen auffiel, als sie eingingen",
            keyCount: 3,
            columns: .ofRecord + [
                .coded("auffaelligkeit", "Was auffiel, als Kurzname", RecordFlag.codes)
            ], links: [.toRecord],
            rows: .ofRecord { source in source.record.flags.map { source.key + [$0] } })
    }

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
            rows: .ofRecord { source in
                let record = source.record
                guard let (original, reason) = record.takenBack else { return [] }
                let cells: [String] = [
                    record.words, original.receiptNumber, (-source.amount).comma, reason,
                    record.by?.text ?? "", record.approvedBy?.text ?? "",
                ]
                return [source.key + cells]
            })
    }

    func resolutions() -> AuditTable {
        AuditTable(
            name: "klaerungen", words: "Wie sich ungeklärte Kartenzahlungen aufklärten",
            keyCount: 2,
            columns: .ofRecord + [
                .text("urbeleg", "Verkauf, dessen Zahlung ungeklärt war"),
                .text("ergebnis", "Ob die Karte belastet wurde, und was offen bleibt"),
                .text("nachweis", "Woran es zu sehen war"),
                .text("vermerk", "Begründung"), .text("von", "Wer es geklärt hat"),
            ], links: [.toRecord],
            rows: .ofRecord { source in
                guard case .resolution(let found, of: _) = source.record.fact else { return [] }
                let cells: [String] = [
                    found.original.receiptNumber, found.finding.german, found.evidence.label,
                    found.note, source.record.by?.text ?? "",
                ]
                return [source.key + cells]
            })
    }

    func endings() -> AuditTable {
        AuditTable(
            name: "ohneverkauf", words: "Anlieferungen, aus denen kein Verkauf wurde", keyCount: 2,
            columns: .ofRecord + [
                .text("ursache", "Abgewiesen, Karte abgelehnt oder Abgebrochen"),
                .text("grund", "Begründung"),
            ], links: [.toRecord],
            rows: .ofRecord { source in
                guard case .noSale(_, let end) = source.record.fact else { return [] }
                return [source.key + [end.cause.german, end.reason]]
            })
    }

    func failedAttempts() -> AuditTable {
        AuditTable(
            name: "fehlversuche", words: "Kartenzahlungen, aus denen nichts wurde", keyCount: 3,
            columns: .ofRecord + [
                .number("nummer", "Laufende Nummer im Vorgang"),
                .text("terminal", "Kartenterminal; leer, wo es nicht bekannt ist"),
                .text("ausgang", "abgelehnt, abgebrochen oder nicht begonnen"),
                .text("zeit", "Zeitpunkt in UTC"),
            ], links: [.toRecord],
            rows: .ofRecord { source in
                source.record.failedAttempts.enumerated().map { place, attempt in
                    source.key + [
                        String(place + 1), attempt.cardTerminal ?? "", attempt.outcome.german,
                        attempt.at.iso,
                    ]
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

extension RecordFlag {
    fileprivate static let codes = allCases.map {
        AuditTable.Code(value: $0.rawValue, meaning: $0.german)
    }
}

extension DayClose {
    /// What it says of its program; closes of earlier versions say nothing.
    var programWords: String { software ?? Self.programUnknown }

    static let programUnknown = "nicht vermerkt"
}
