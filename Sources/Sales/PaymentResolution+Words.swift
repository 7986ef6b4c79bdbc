extension PaymentResolution.Finding {
    /// How it turned out, in German.
    package var german: String {
        switch self {
        case .charged: "Die Karte wurde belastet"
        case .notChargedClaim: "Nicht belastet, der Betrag bleibt offen"
        case .notChargedVoid: "Nicht belastet, es ist nichts mehr offen"
        }
    }
}

extension PaymentResolution.Evidence {
    /// How it is known what became of a payment, in German.
    package var label: String {
        switch self {
        case .repeatReceipt: "Belegwiederholung am Kartengerät"
        case .totals: "Kassenschnitt des Kartengeräts"
        case .person: "Auskunft einer Person oder der Bank"
        }
    }
}
