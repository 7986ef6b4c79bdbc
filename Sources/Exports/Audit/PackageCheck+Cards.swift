import DayClosing
import Sales

// What payments, card terminals, their batch cuts and the findings about these say to each other.

extension PackageCheck {
    mutating func checkCards(_ tables: SenseTables) {
        let cuts = tables["schnittsummen"]
        let found = cuts.tallies { $0.key(3) }
        let cut = Set(tables["kassenschnitte"].rows.map { $0.cells[0] })
        for row in tables["kartensummen"].rows {
            checkReason(of: row)
            let (count, amount) = found[row.key(3)] ?? (0, 0)
            if cut.contains(row.cells[0]),
                count != row.cents("anzahl_terminal") || amount != row.cents("betrag_terminal")
            {
                note(
                    .cutsDiffer, "kartensummen.csv", row: row.number,
                    "its batch cuts add up to \(amount) cents")
            }
        }
        checkCuts(tables["kassenschnitte"], cuts)
        checkCardTerminals(tables)
        checkCardPayments(tables["kartenzahlungen"], tables["kartensummen"])
        checkFindings(tables)
    }

    private mutating func checkReason(of row: SenseTable.Row) {
        let count =
            row.cents("anzahl_terminal") &- row.cents("anzahl_journal")
            &+ row.cents("anzahl_vortrag")
        let amount =
            row.cents("betrag_terminal") &- row.cents("betrag_journal")
            &+ row.cents("betrag_vortrag")
        let isUnknown = row["bekannt"] != "ja"
        if (count != 0 || amount != 0 || isUnknown) && row["grund"].isEmpty {
            note(
                .reasonMissing, "kartensummen.csv", row: row.number,
                isUnknown
                    ? "the card terminal's total is not known, and nobody said why"
                    : "journal and card terminal differ, and nobody said why")
        }
        if isUnknown, row.cents("anzahl_terminal") != 0 || row.cents("betrag_terminal") != 0 {
            note(
                .cutsDiffer, "kartensummen.csv", row: row.number,
                "the card terminal's total is not known, and one stands there")
        }
        if amount != row.cents("abweichung") {
            note(
                .differenceWrong, "kartensummen.csv", row: row.number,
                "the difference is \(amount) cents")
        }
    }

    /// A cut is what its schemes add up to.
    private mutating func checkCuts(_ cuts: SenseTable, _ sums: SenseTable) {
        let found = sums.tallies { $0.key(2) + [$0["nummer"]] }
        for row in cuts.rows {
            let (count, amount) = found[row.key(3)] ?? (0, 0)
            guard count != row.cents("anzahl") || amount != row.cents("betrag") else { continue }
            note(
                .cutsDiffer, cuts.file, row: row.number,
                "its schemes add up to \(count) payments and \(amount) cents")
        }
    }

    private mutating func checkCardTerminals(_ tables: SenseTables) {
        let compared = Dictionary(grouping: tables["kartensummen"].rows) { $0.key(2) }
        let cuts = Dictionary(grouping: tables["kassenschnitte"].rows) { $0.key(2) }
        let terminals = tables["kartenterminals"]
        for row in terminals.rows {
            func wrong(_ words: String) {
                note(.cardTerminalDiffers, terminals.file, row: row.number, words)
            }
            let count = cuts[row.key(2)]?.count ?? 0
            if Int64(count) != row.cents("schnitte") {
                wrong("kassenschnitte.csv has \(count) of this card terminal")
            }
            let totals = compared[row.key(2)] ?? []
            if totals.isEmpty, count == 0 { wrong("it has neither a batch cut nor a total") }
            let isKnown = row["bekannt"] == "ja"
            if totals.contains(where: { ($0["bekannt"] == "ja") != isKnown }) {
                wrong("kartensummen.csv says otherwise whether its total is known")
            }
            if count > 0, !isKnown { wrong("it has a batch cut, and its total is not known") }
        }
    }

    private mutating func checkCardPayments(_ payments: SenseTable, _ totals: SenseTable) {
        let found = payments.tallies(
            by: { [$0.cells[0], $0["terminal"], $0["marke"]] }, count: { _ in 1 })
        for row in totals.rows {
            let (count, amount) = found[row.key(3)] ?? (0, 0)
            guard count != row.cents("anzahl_journal") || amount != row.cents("betrag_journal")
            else { continue }
            note(
                .cardPaymentsDiffer, totals.file, row: row.number,
                "kartenzahlungen.csv has \(count) payments with \(amount) cents")
        }
    }

    /// The findings follow from the numbers of all cuts so far. A package that does not begin with
    /// a yard's first close lacks the earlier ones: then only numbers that stand twice in the
    /// package are certain. Closes that do not name their program are not held to what they did
    /// not say.
    private mutating func checkFindings(_ tables: SenseTables) {
        let cuts = Dictionary(grouping: tables["kassenschnitte"].rows) { $0.cells[0] }
        let told = Dictionary(grouping: tables["schnittbefunde"].rows) { $0.cells[0] }
        let closes = Dictionary(grouping: tables["abschluesse"].rows) { $0["hof"] }
        for (yard, closes) in closes.sorted(by: { $0.key < $1.key }) {
            let sorted = closes.sorted { $0.cents("nummer") < $1.cents("nummer") }
            let isWhole = sorted.first?.cents("nummer") == 1
            var sequence = CutSequence()
            for close in sorted {
                let batches = (cuts[close.cells[0]] ?? []).map { BatchCut($0) }
                let wanted = sequence.findings(batches).filter { isWhole || $0.isRepeated }
                if close["programm"] != DayClose.programUnknown {
                    check(told[close.cells[0]] ?? [], wanted, isWhole, of: close, yard)
                }
                sequence.add(batches, of: close.cents("nummer"))
            }
        }
        for row in tables["schnittbefunde"].rows {
            let here = cuts[row.cells[0]] ?? []
            let isThere = here.contains {
                $0["terminal"] == row["terminal"] && $0["schnitt"] == row["schnitt"]
            }
            guard !isThere else { continue }
            note(
                .cutFindingsDiffer, "schnittbefunde.csv", row: row.number,
                "its close has no batch cut \(row["schnitt"]) of \(row["terminal"])")
        }
    }

    private mutating func check(
        _ told: [SenseTable.Row], _ wanted: [CutFinding], _ isWhole: Bool,
        of close: SenseTable.Row, _ yard: String
    ) {
        let found = told.map { Array($0.cells.dropFirst(2)) }
        let rows = wanted.map { $0.cells(of: yard) }
        for (row, finding) in zip(rows, wanted) where !found.contains(row) {
            note(
                .cutFindingsDiffer, "schnittbefunde.csv",
                "it does not say of \(close.cells[0]): \(finding.german)")
        }
        guard isWhole else { return }
        for (row, cells) in zip(told, found) where !rows.contains(cells) {
            note(
                .cutFindingsDiffer, "schnittbefunde.csv", row: row.number,
                "the numbers of the batch cuts do not show it")
        }
    }
}

extension BatchCut {
    /// As far as its number goes: what is no number of a slip counts as none.
    fileprivate init(_ row: SenseTable.Row) {
        let number = row["schnitt"]
        self.init(
            cardTerminal: row["terminal"], number: CardSlip.isCode(number) ? number : nil,
            totals: [:])
    }
}

extension CutFinding {
    fileprivate var isRepeated: Bool { if case .repeated = self { true } else { false } }
}
