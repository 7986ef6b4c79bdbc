package import Units

/// One amount that has to find its counterpart.
package enum MatchItem: Hashable, Comparable, Sendable {
    /// What a cut says the bank or the acquirer owes.
    case cut(CutPart)
    case bank(BankLineKey)
    /// The gross side of an acquirer's line, by payout and reference.
    case gross(payout: String, reference: String, place: Int)
    /// The net sum of an acquirer's payout.
    case payout(String)
}

/// By which rule two sides belong together: the order in which rules are tried (finance.md 3.3).
package enum MatchRule: String, Hashable, Sendable, CaseIterable {
    case single, consecutive, acrossTerminals = "across-terminals", split, late
    case acquirerGross = "acquirer-gross", acquirerPayout = "acquirer-payout"
    case chargebackWon = "chargeback-won"

    /// What the rule means, in German.
    package var sentence: String {
        switch self {
        case .single:
            "Gutschrift nennt das Terminal, der Betrag ist der des Kassenschnitts, pünktlich."
        case .consecutive:
            "Eine Gutschrift fasst aufeinanderfolgende Kassenschnitte eines Terminals zusammen."
        case .acrossTerminals:
            "Eine Gutschrift fasst die Kassenschnitte mehrerer Terminals des Kontos zusammen."
        case .split: "Kassenschnitte eines Abschlusses kamen in mehreren Gutschriften."
        case .late: "Terminal und Betrag stimmen, die Gutschrift kam nach der üblichen Frist."
        case .acquirerGross:
            "Die Abrechnung nennt brutto, was die Kassenschnitte für Kartenmarke und Tag sagen."
        case .acquirerPayout: "Die Gutschrift nennt die Auszahlung, der Betrag ist ihr Netto."
        case .chargebackWon: "Eine Rückbelastung wurde in gleicher Höhe zurückgegeben."
        }
    }
}

/// Items that belong together to the cent.
///
/// Invariant: both sides add up to the same amount; for a chargeback won back the items of the one
/// side add up to zero and the other side is empty.
package struct Match: Hashable, Sendable {
    package let rule: MatchRule
    /// What should come: cuts, or the payout of an acquirer; ascending.
    package let expected: [MatchItem]
    /// What came: bank lines, or gross lines of an acquirer; ascending.
    package let received: [MatchItem]
    package let amount: Cents
    /// Fees known from the acquirer's lines; zero without an acquirer.
    package let fees: Cents

    init(
        _ rule: MatchRule, expected: [MatchItem], received: [MatchItem], amount: Cents,
        fees: Cents = .zero
    ) {
        self.rule = rule
        self.expected = expected.sorted()
        self.received = received.sorted()
        self.amount = amount
        self.fees = fees
    }
}

/// Why an amount has found no counterpart (finance.md 3.4), as far as can be suggested.
package enum OpenReason: String, Hashable, Sendable, CaseIterable {
    /// Still inside the usual time.
    case waiting
    case missingBatch = "missing-batch"
    case duplicateBatch = "duplicate-batch"
    case amountDiffers = "amount-differs"
    case feeNetted = "fee-netted"
    case fee
    /// The bank took back an entry of its own.
    case bankReversal = "bank-reversal"
    case chargeback
    case refund
    case unknownTerminal = "unknown-terminal"
    /// Amount and days fit, but nothing names the terminal.
    case unreferenced
    /// More than one way to make up the amount.
    case ambiguous
    /// A known terminal, but no cut that could be meant.
    case cutMissing = "cut-missing"
    case payoutMissing = "payout-missing"
    /// Nothing says that it is card money.
    case otherBusiness = "other-business"

    /// What it means and what to do, in German.
    package var sentence: String {
        switch self {
        case .waiting: "Noch in der üblichen Frist; nichts zu tun."
        case .missingBatch:
            "Die Gutschrift fehlt. Kassenschnitt am Terminal prüfen, dann die Bank fragen."
        case .duplicateBatch:
            "Gleiche Gutschrift ein zweites Mal. Bank oder Netzbetreiber fragen; nicht buchen."
        case .amountDiffers: "Das Terminal stimmt, der Betrag nicht. Beleg und Schnitt vergleichen."
        case .feeNetted: "Es fehlt etwa ein Entgelt: vermutlich netto gutgeschrieben. Prüfen."
        case .fee: "Entgelt der Bank oder des Zahlungsdienstleisters. Als Gebühr erfassen."
        case .bankReversal:
            "Storno der Bank. Frühere Zuordnung aufheben, dann beide zusammen zuordnen."
        case .chargeback: "Rückbelastung einer Kartenzahlung. Als Rückbelastung erfassen."
        case .refund: "Belastung für eine Erstattung, zu der kein Kassenschnitt passt."
        case .unknownTerminal: "Dieses Terminal ist nicht bekannt. Nummer zuordnen."
        case .unreferenced: "Betrag und Frist passen, aber kein Terminal ist genannt. Bestätigen."
        case .ambiguous: "Mehrere Zusammenstellungen ergeben den Betrag. Von Hand zuordnen."
        case .cutMissing: "Das Terminal ist bekannt, aber kein Kassenschnitt passt dazu."
        case .payoutMissing: "Die Auszahlung ist auf dem Konto nicht zu finden."
        case .otherBusiness: "Nichts weist auf Kartenzahlungen hin; gehört wohl nicht hierher."
        }
    }
}

/// An amount without counterpart. What it might belong to is proposed, never booked.
package struct OpenItem: Hashable, Sendable {
    package let item: MatchItem
    package let amount: Cents
    package let day: BusinessDay
    /// Days since then, never negative.
    package let ageDays: Int
    package let reason: OpenReason
    /// What it might belong to, ascending, or for a credit of another amount the nearest amount
    /// first; may be empty.
    package let candidates: [MatchItem]
}
