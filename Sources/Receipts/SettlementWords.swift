import Sales

/// What a receipt says about how a sale was settled.
struct SettlementWords {
    let heading: String
    var marks: [String] = []
    var totalLabel = "Gesamtbetrag"
    let paymentHeading: String
    var payment: [ReceiptFact] = []
    var sentences: [String] = []

    init(_ settlement: Settlement, isFeeOnly: Bool, audience: ReceiptAudience) {
        switch settlement {
        case .free:
            heading = "Annahmebeleg"
            paymentHeading = "Nichts zu zahlen"
            sentences = ["Die Anlieferung ist kostenfrei."]
        case .card(let slip):
            heading = isFeeOnly ? "Gebührenquittung" : "Zahlungsbeleg"
            paymentHeading = "Bezahlt mit \(slip.scheme.label)"
            payment = Self.facts(slip, audience)
        case .onAccount:
            heading = isFeeOnly ? "Gebührenforderung" : "Forderungsbeleg"
            totalLabel = "Offener Betrag"
            paymentHeading = "Noch nicht bezahlt"
            sentences = [
                "Der Betrag wird als Forderung geführt. Sie erhalten ein Schreiben mit Frist und "
                    + "Bankverbindung. Bitte zahlen Sie erst dann."
            ]
        case .unknown(let cardTerminal):
            heading = "Annahmebeleg"
            marks = ["ZAHLUNG UNGEKLÄRT"]
            paymentHeading = "Kartenzahlung ungeklärt"
            if let cardTerminal, audience == .customer {
                payment = [ReceiptFact(label: "Terminal-ID", value: cardTerminal)]
            }
            sentences = [
                "Das Kartengerät hat kein Ergebnis gemeldet. Wir klären, ob Ihre Karte belastet "
                    + "wurde. Bitte zahlen Sie nicht noch einmal. Dieser Beleg ist keine Quittung."
            ]
        }
    }

    /// What a receipt says about how an unknown payment turned out.
    init(_ finding: PaymentResolution.Finding, isFeeOnly: Bool, audience: ReceiptAudience) {
        switch finding {
        case .charged(let slip):
            self.init(.card(slip), isFeeOnly: isFeeOnly, audience: audience)
        case .notChargedClaim:
            self.init(.onAccount, isFeeOnly: isFeeOnly, audience: audience)
        case .notChargedVoid:
            self.init(
                heading: "Klärungsbeleg", totalLabel: "Entfallener Betrag",
                paymentHeading: "Nichts bezahlt und nichts zu zahlen",
                sentences: [
                    "Ihre Karte wurde nicht belastet, und es ist nichts mehr zu zahlen. Dieser "
                        + "Beleg ist keine Quittung."
                ])
        }
    }

    private init(
        heading: String, totalLabel: String, paymentHeading: String, sentences: [String]
    ) {
        self.heading = heading
        self.totalLabel = totalLabel
        self.paymentHeading = paymentHeading
        self.sentences = sentences
    }

    /// The data of a card slip; beyond the scheme only for the customer.
    static func facts(_ slip: CardSlip, _ audience: ReceiptAudience) -> [ReceiptFact] {
        guard audience == .customer else { return [] }
        let facts: [(String, String?)] = [
            ("Karte", slip.lastFour.map { "**** \($0)" }), ("Terminal-ID", slip.cardTerminal),
            ("Beleg-Nr.", slip.receiptNumber), ("Trace-Nr.", slip.traceNumber),
            ("Genehmigungs-Nr.", slip.authorisation),
        ]
        return facts.compactMap { label, value in
            value.map { ReceiptFact(label: label, value: $0) }
        }
    }
}

/// What a receipt says about how a reversal gives money back.
struct ReversalWords {
    let heading: String
    var payment: [ReceiptFact] = []
    var sentences: [String] = []

    /// - Parameter wasFree: whether the sale cost nothing in the first place.
    init(_ settlement: ReversalSettlement, wasFree: Bool, audience: ReceiptAudience) {
        switch settlement {
        case .card(let slip):
            heading = "Gutgeschrieben auf \(slip.scheme.label)"
            payment = SettlementWords.facts(slip, audience)
        case .bankTransfer:
            heading = "Auszahlung durch Überweisung"
            sentences = ["Die Verwaltung überweist den Betrag auf das angegebene Konto."]
        case .noMoney:
            heading = "Keine Auszahlung"
            sentences = [
                wasFree
                    ? "Die Anlieferung war kostenfrei; es ist nichts zu erstatten."
                    : "Es war noch nichts gezahlt; die Forderung entfällt."
            ]
        }
    }
}
