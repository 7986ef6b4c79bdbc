import DayClosing
import Journal
import Operations
import Pages
import Receipts
import Reconciliation
import Sales
import Units

/// The reconciliation as pages show it.
struct SettlementViews {
    let book: BankBook
    let mayDecide: Bool

    /// How many of the newest cuts the board shows.
    private static let boardMax = 100

    func page(claims: [Claim], mayImport: Bool) -> SettlementBoardPage {
        let rows = boardRows
        return SettlementBoardPage(
            figures: [
                Fact("Kassenschnitte", Int64(book.cuts.count(where: \.isCut)).german),
                Fact("Bankumsätze", Int64(book.lines.count).german),
                Fact("Zuordnungen", Int64(book.settlements.count).german),
                Fact("Offen", Int64(book.board.open.count).german),
            ], findings: findings, open: book.board.open.map(row),
            board: Array(rows.prefix(Self.boardMax)),
            range: rows.count > Self.boardMax ? "die neuesten \(Self.boardMax)" : "alle",
            clearing: clearing, claims: claims.map(row), waitingCount: book.bookable.count,
            mayBook: mayDecide,
            isWithoutBank: book.series.statements.isEmpty && book.acquirer.isEmpty,
            upload: mayImport ? PageLink("Bankdatei einlesen", "/abgleich/einlesen") : nil)
    }

    private var findings: [Panel] {
        let serious = book.board.statements.filter { $0.code != .empty }
        return serious.prefix(10).map { finding in
            Panel(
                .warning, "Auszug \(finding.statement)",
                "\(finding.detail) Konto \(finding.account)."
            )
        }
    }

    // Open items

    private func row(_ item: OpenItem) -> SettlementBoardPage.OpenItemRow {
        let code = item.item.code
        return SettlementBoardPage.OpenItemRow(
            code: code, path: mayDecide ? "/abgleich/posten/\(code.queryEscaped)" : nil,
            what: SettledItem(item.item).german, text: book.line(item.item)?.text ?? "",
            day: GermanFormat.day(item.day), age: Self.age(item.ageDays),
            amount: item.amount.german, reason: item.reason.sentence,
            proposals: item.candidates.map { SettledItem($0).german }.joined(separator: "; "))
    }

    static func age(_ days: Int) -> String {
        switch days {
        case 0: "heute"
        case 1: "1 Tag"
        default: "\(Int64(days).german) Tage"
        }
    }

    /// For how long it is open, to begin a sentence with.
    fileprivate static func since(_ days: Int) -> String {
        switch days {
        case 0: "Seit heute"
        case 1: "Seit 1 Tag"
        default: "Seit \(Int64(days).german) Tagen"
        }
    }

    func facts(_ item: OpenItem) -> [Fact] {
        let text = book.line(item.item)?.text ?? ""
        return [
            Fact("Posten", SettledItem(item.item).german), Fact("Kennung", item.item.code),
            Fact("Betrag", item.amount.german), Fact("Tag", GermanFormat.day(item.day)),
            Fact("Alter", Self.age(item.ageDays)), Fact("Vermutung", item.reason.sentence),
        ] + (text.isEmpty ? [] : [Fact("Text der Bank", text)])
    }

    /// What this item can be: a cut or payout only has a counterpart.
    func decisions(_ item: OpenItem) -> [Field.Option] {
        var options = [
            Field.Option(
                "match", "Gehört zu einem Gegenposten",
                hint: "Ohne Gegenposten: der ganze Betrag ist der Unterschied.")
        ]
        guard case .bank = item.item else { return options }
        options += [
            Field.Option("fee", "Entgelt von Bank oder Dienstleister"),
            Field.Option("chargeback", "Rückbelastung einer Kartenzahlung, oder ihre Rückgabe"),
            item.amount.isNegative
                ? Field.Option("claim-unpaid", "Zahlung auf eine Forderung ging zurück")
                : Field.Option("claim-paid", "Zahlung auf eine Forderung"),
            Field.Option("not-ours", "Hat mit den Wertstoffhöfen nichts zu tun"),
        ]
        return options
    }

    /// What it might belong to: for an entry that the bank took back what it takes back, then the
    /// candidates, then everything open on the other side, each with the nearest amount first.
    func counterparts(of item: OpenItem) -> [Field.Option] {
        let isBank = if case .bank = item.item { true } else { false }
        let others = book.board.open.filter { other in
            switch other.item {
            case .bank: !isBank
            case .cut, .payout: isBank
            case .gross: false
            }
        }
        func nearest(_ items: [OpenItem]) -> [OpenItem] {
            func distance(_ other: OpenItem) -> Int64 {
                abs(other.amount.value - item.amount.value)
            }
            return items.sorted { distance($0) < distance($1) }
        }
        let near = nearest(others.filter { item.candidates.contains($0.item) })
        let rest = nearest(others.filter { !item.candidates.contains($0.item) }).prefix(200)
        return reversed(by: item)
            + (near + rest).map { Self.option($0.item, $0.amount, $0.day) }
    }

    /// The counterpart that is chosen at first; nil where the amounts differ and nobody can tell.
    func suggestion(for item: OpenItem) -> String? {
        item.reason == .amountDiffers ? nil : item.candidates.first?.code
    }

    /// Lines of the opposite amount that stand in no settlement, the newest first; empty where the
    /// item is no reversal of the bank.
    private func reversed(by item: OpenItem) -> [Field.Option] {
        guard item.reason == .bankReversal else { return [] }
        let free = Set(book.board.open.map(\.item) + book.board.matches.flatMap(\.received))
        let lines = book.lines.filter {
            $0.amount == -item.amount && free.contains(.bank($0.key))
        }
        return lines.sorted { $0.key > $1.key }.prefix(20)
            .map { Self.option(.bank($0.key), $0.amount, $0.day) }
    }

    private static func option(
        _ item: MatchItem, _ amount: Cents, _ day: BusinessDay
    ) -> Field.Option {
        Field.Option(
            item.code,
            "\(amount.german), \(GermanFormat.day(day)), " + SettledItem(item).german)
    }

    // The board

    private var boardRows: [SettlementBoardPage.BoardRow] {
        let states = CutStates(book)
        return parts.map { part, amount in
            let state = states.state(of: part)
            return SettlementBoardPage.BoardRow(
                close: PageLink(
                    part.close, "/abschluesse/\(part.number)?hof=\(part.yard?.text ?? "")"),
                day: GermanFormat.day(part.day), cut: part.german,
                amount: amount.german, credits: state.credits, state: state.badge,
                rule: state.rule)
        }
    }

    /// Every part of a cut that brought money, the newest first.
    private var parts: [(CutPart, Cents)] {
        book.cuts.flatMap { $0.parts(acquired: book.setup.rules.acquired) }
            .sorted { left, right in
                left.part.day == right.part.day
                    ? left.part < right.part : left.part.day > right.part.day
            }
    }

    private var clearing: [SettlementBoardPage.ClearingRow] {
        book.clearing.flatMap { proof in
            [
                SettlementBoardPage.ClearingRow(
                    scheme: proof.scheme.label, cause: "Bestand", item: "", day: "",
                    amount: proof.balance.german)
            ]
                + proof.items.map { item in
                    SettlementBoardPage.ClearingRow(
                        scheme: proof.scheme.label, cause: item.cause.words, item: item.german,
                        day: GermanFormat.day(item.day), amount: item.amount.german)
                }
                + (proof.unexplained == .zero
                    ? []
                    : [
                        SettlementBoardPage.ClearingRow(
                            scheme: proof.scheme.label, cause: "Unerklärt: Buchführung prüfen",
                            item: "", day: "", amount: proof.unexplained.german)
                    ])
        }
    }

    private func row(_ claim: Claim) -> SettlementBoardPage.ClaimRow {
        SettlementBoardPage.ClaimRow(
            receipt: PageLink(claim.sale.receiptNumber, claim.sale.path),
            debtorless: claim.hasDebtor
                ? nil
                : PageLink(
                    "Schuldner fehlt", claim.sale.path + (mayDecide ? "/schuldner" : "")),
            day: GermanFormat.day(claim.day), age: Self.age(claim.ageDays),
            amount: claim.amount.german, paid: claim.paid.german,
            rest: claim.open.isNegative
                ? "\(claim.open.magnitude.german) zurückzuzahlen" : claim.open.german)
    }

    // One settlement

    func facts(_ settlement: PlacedSettlement, by person: String, at time: String) -> [Fact] {
        let record = settlement.record
        return [
            Fact("Art", record.kind.words), Fact("Regel", record.ruleWords),
            Fact("Erwartet", record.expected.map(\.german).joined(separator: "; ").orDash),
            Fact("Eingegangen", record.received.map(\.german).joined(separator: "; ").orDash),
        ]
            + settlement.shares.map { Fact($0.matter.words, $0.amount.german) }
            + [
                record.original.map { Fact("Beleg", $0.receiptNumber) },
                record.reason.map { Fact("Grund", $0) }, Fact("Von", "\(person), \(time)"),
            ].compactMap(\.self)
    }
}

/// What became of each cut part: booked, found by a rule, or open.
private struct CutStates {
    private let settled: [SettledItem: PlacedSettlement]
    private let matched: [MatchItem: Match]
    private let open: [MatchItem: OpenItem]

    init(_ book: BankBook) {
        settled = Dictionary(
            book.settlements.flatMap { settlement in
                settlement.record.expected.map { ($0, settlement) }
            }, uniquingKeysWith: { first, _ in first })
        matched = Dictionary(
            book.board.matches.flatMap { match in match.expected.map { ($0, match) } },
            uniquingKeysWith: { first, _ in first })
        open = Dictionary(
            book.board.open.map { ($0.item, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func state(of part: CutPart) -> (badge: Badge, credits: String, rule: PageLink?) {
        let item = MatchItem.cut(part)
        let whole = SettledItem(item).wholeCut
        if let settlement = settled[SettledItem(item)] ?? settled[whole] {
            let received = settlement.record.received.map(\.german).joined(separator: "; ")
            let rule = PageLink(
                settlement.record.ruleWords, "/abgleich/zuordnung/\(settlement.id)")
            return (Badge("Gebucht", .success), received.orDash, rule)
        }
        if let match = matched[item] {
            let received = match.received.map { SettledItem($0).german }.joined(separator: "; ")
            let word = match.rule == .acquirerGross ? "Abgerechnet" : "Passt"
            return (Badge(word, .info), received, nil)
        }
        guard let open = open[item] else { return (Badge("Leer"), "–", nil) }
        let word = open.reason == .waiting ? "Wartet" : "Offen"
        return (
            Badge(word, .warning),
            "\(SettlementViews.since(open.ageDays)): \(open.reason.sentence)", nil
        )
    }
}

extension SettledItem {
    /// What it is, in German.
    fileprivate var german: String {
        switch self {
        case .cut(let close, let terminal, let scheme, let batch):
            Self.cut(close, terminal, batch, scheme)
        case .bank(_, let day, let statement, let entry, let detail):
            "Bankumsatz vom \(GermanFormat.day(day)), Auszug \(statement), Umsatz \(entry)"
                + (detail == 0 ? "" : ".\(detail)")
        case .gross(let payout, let reference, _):
            "Posten \(reference) der Auszahlung \(payout)"
        case .payout(let id): "Auszahlung \(id)"
        }
    }

    /// - Parameter number: of the cut, where it is said; a hyphen for one without.
    fileprivate static func cut(
        _ close: String, _ terminal: String, _ number: String?, _ scheme: CardScheme?
    ) -> String {
        let cut = number.map { $0 == CutPart.withoutNumber ? "ohne Nummer" : $0 }
        return ["Kassenschnitt", cut, "zu", close].compactMap(\.self).joined(separator: " ")
            + ", Gerät \(terminal)" + (scheme.map { ", \($0.label)" } ?? "")
    }
}

extension ClearingProof.Item {
    /// What it is, in German. Where there is no cut, none is named.
    fileprivate var german: String {
        guard cause == .uncut, case .cut(let close, let terminal, _, _) = item else {
            return item.german
        }
        return "Abschluss \(close), Gerät \(terminal)"
    }
}

extension CutPart {
    /// The cut with the number on its slip.
    fileprivate var german: String {
        SettledItem.cut(close, cardTerminal, cutNumber ?? batch, scheme)
    }
}

extension SettlementRecord {
    /// The rule in German: its sentence, or who decided.
    fileprivate var ruleWords: String {
        if let rule = MatchRule(rawValue: rule) { return rule.sentence }
        return rule == "not-ours" ? "Gehört nicht zu den Wertstoffhöfen." : "Von Hand entschieden."
    }
}

extension String {
    fileprivate var orDash: String { isEmpty ? "–" : self }
}
