import Operations
import Pages
import Units

@testable import Console

extension ConsoleFixtures {
    private static let digest = String(repeating: "9f86d081", count: 8)
    private static let answering = ExportPage.Choices(
        targets: ["kasse", "rechenzentrum"], mayAcknowledge: true, mayReject: true)

    static func addExports(_ add: Add) {
        let rows = ExportState.allCases.enumerated().map { index, state in
            ExportRow(
                number: Int64(index), format: "DATEV-Buchungsstapel", closes: "Nr. 142",
                created: "20.11.2026", rows: 1_215, sum: Cents(1_540_327), state: state,
                seal: index == 0 ? SealWords.badge(.approved) : nil,
                files: [PageLink("buchungen-\(index).csv", "/exporte/\(index)/buchungen.csv")])
        }
        let closes = [Field.Option("142", "Nr. 142 vom 20.11.2026")]
        let formats = [Field.Option("csv", "CSV für die Finanzsoftware")]
        add(
            "exports",
            ExportsPage(
                rows: rows,
                completeness: [
                    ExportCompletenessRow(
                        format: "DATEV-Buchungsstapel", isComplete: true,
                        text: "Jeder Abschluss einmal."),
                    ExportCompletenessRow(
                        format: "MACH finanzplus, Vorverfahren, Profil mach", isComplete: false,
                        text: "Noch nicht: Nr. 142."),
                ], closes: closes, formats: formats), "/exporte", nil)
        add("exports-empty", ExportsPage(rows: [], closes: [], formats: []), "/exporte", nil)
        add(
            "exports-refused",
            ExportsPage(
                rows: rows, closes: closes, formats: formats,
                errors: ["abschluss": "Wählen Sie einen Abschluss."]), "/exporte", nil)
        addExport("export", answering, add)
        addExport(
            "export-refused", answering, add,
            errors: ["grund": "Sagen Sie, was fehlt.", "ziel": "Wählen Sie ein Ziel."])
        addExport("export-read", ExportPage.Choices(waitingFor: "Die Finanzen."), add)
        addExport("export-to-fetch", ExportPage.Choices(next: "Laden Sie die Dateien."), add)
        add(
            "export-without-money",
            ExportPage(
                number: 13, state: .acknowledged, facts: [Fact("Abschlüsse", "Nr. 143")],
                files: [], sums: [], total: .zero, timeline: [], choices: .init()), "/exporte",
            PageLink("Exporte", "/exporte"))
    }

    private static func addExport(
        _ name: String, _ choices: ExportPage.Choices, _ add: Add, errors: [String: String] = [:]
    ) {
        let page = ExportPage(
            number: 12, state: .handedOver, seal: SealWords.badge(.approved),
            facts: [
                Fact("Abschlüsse", "Nr. 142"), Fact("Berichtigt", "X-11", path: "/exporte/11"),
            ],
            files: [
                ExportFileRow(
                    name: "EXTF_hof-mitte_000142_2026-11.csv", path: "/exporte/12/x.csv", rows: 12,
                    byteCount: 4_096, digest: digest),
                ExportFileRow(
                    name: "index.xml", path: nil, rows: nil, byteCount: 900, digest: digest),
            ],
            sums: [
                ExportSumRow(
                    year: 2026, channel: "Debitkarte", budgetLine: "432100.5370", count: 3,
                    amount: Cents(41_250))
            ], archive: PageLink("X-12, alles als ZIP", "/exporte/12/dateien.zip"),
            total: Cents(41_250),
            timeline: [
                TimelineEvent(
                    time: "20.11.2026, 18:40 Uhr", iso: "2026-11-20T17:40:00.000Z",
                    text: "Übergeben an kasse", who: "C. Muster")
            ], choices: choices, errors: errors)
        add(name, page, "/exporte", PageLink("Exporte", "/exporte"))
    }
}
