import DayClosing
import Sales
import Signing
import Units

// Tables about what the closes rest on and where they went: tariffs, exports, the package itself.

extension AuditTable {
    static var tariffs: AuditTable {
        AuditTable(
            name: "tarife", words: "Tarife, nach denen berechnet wurde oder die in Kraft kamen",
            keyCount: 1,
            columns: [
                .text("tarif", "Prüfsumme der Tarifdatei (SHA-256)"), .text("id", "Kurzname"),
                .text("titel", "Titel"), .number("zeilen", "Belegzeilen dieses Pakets danach"),
                .amount("betrag", "Summe dieser Belegzeilen"),
            ], links: [],
            rows: .ofTariffs { uses in
                uses.map { use in
                    [use.digest, use.id, use.title, String(use.lineCount), use.amount.comma]
                }
            })
    }

    static var files: AuditTable {
        AuditTable(
            name: "dateien", words: "Alle Dateien des Pakets außer dieser", keyCount: 1,
            columns: [
                .text("datei", "Name"), .text("sha256", "Prüfsumme (SHA-256)"),
                .number("bytes", "Größe in Byte"), .number("zeilen", "Datensätze; 0 ohne Tabelle"),
            ], links: [],
            rows: .ofFiles { seals in
                seals.map { seal in
                    [
                        seal.name, seal.hash.finish().hex, String(seal.byteCount),
                        String(seal.rowCount ?? 0),
                    ]
                }
            })
    }
}

extension AuditRegister {
    var activationTable: AuditTable {
        AuditTable(
            name: "tarifversionen", words: "Wann welcher Tarif in Kraft gesetzt wurde",
            keyCount: 2,
            columns: [
                .text("hof", "Hof"), .number("index", "Position im Journal"),
                .text("tarif", "Prüfsumme der Tarifdatei"), .date("gueltig_ab", "Erster Tag"),
                .text("gueltig_bis", "Letzter Tag, wie damals bekannt; leer ohne Ende"),
                .text("vorgeschlagen_von", "Wer ihn vorgeschlagen hat"),
                .text("freigegeben_von", "Wer ihn in Kraft gesetzt hat"),
            ], links: [.toTariff],
            rows: .all(
                tariffs.map { version in
                    [
                        version.yard.text, String(version.index), version.digest,
                        version.from.german, version.to?.german ?? "", version.proposedBy.text,
                        version.approvedBy.text,
                    ]
                }))
    }

    var exportTable: AuditTable {
        AuditTable(
            name: "exporte", words: "Verzeichnis der Exporte bis zum letzten Abschluss",
            keyCount: 2,
            columns: [
                .text("hof", "Hof"), .number("nummer", "Laufende Nummer je Hof"),
                .text("format", "Kurzname des Formats"),
                .text("abschluesse", "Nummern der Abschlüsse"),
                .text("erstellt_von", "Wer ihn erstellt hat"),
                .text("erstellt_am", "Wann, in UTC"),
                .text("stand", "erstellt, übergeben, quittiert oder abgelehnt"),
                .text("stand_von", "Wer den Stand vermerkt hat"),
                .text("stand_am", "Wann, in UTC"),
                .text(
                    "vermerk",
                    "Weg der Übergabe, Nummer des Empfängers oder Grund der Ablehnung"),
                .number("dateien", "Anzahl seiner Dateien; 0, wo es nichts zu buchen gab"),
            ], links: [],
            rows: .all(
                exports.map { export in
                    [
                        export.yard.text, String(export.number), export.format,
                        export.closes.map { String($0) }.joined(separator: " "),
                        export.made.by.text, export.made.at.iso, export.state,
                        export.stated.by.text, export.stated.at.iso, export.note,
                        String(export.files.count),
                    ]
                }))
    }

    var exportedCloseTable: AuditTable {
        AuditTable(
            name: "exportabschluesse", words: "Welche Abschlüsse in welchem Export stehen",
            keyCount: 3,
            columns: [
                .text("hof", "Hof"), .number("nummer", "Nummer des Exports"),
                .text("abschluss", "Hof und laufende Nummer, auch aus anderen Paketen"),
            ],
            links: [.toExport],
            rows: .all(
                exports.flatMap { export in
                    export.closes.map { close in
                        [
                            export.yard.text, String(export.number),
                            DayClose.reference(close, of: export.yard.text),
                        ]
                    }
                }))
    }

    var exportFileTable: AuditTable {
        AuditTable(
            name: "exportdateien", words: "Dateien der Exporte", keyCount: 3,
            columns: [
                .text("hof", "Hof"), .number("nummer", "Nummer des Exports"),
                .text("datei", "Name"), .text("sha256", "Prüfsumme (SHA-256)"),
                .number("bytes", "Größe in Byte"),
            ],
            links: [.toExport],
            rows: .all(
                exports.flatMap { export in
                    export.files.map { file in
                        [
                            export.yard.text, String(export.number), file.name, file.digest,
                            String(file.byteCount),
                        ]
                    }
                }))
    }
}
