extension DifferenceReason {
    /// The reason in the words of the close.
    package var german: String {
        switch self {
        case .missingInLedger: "Zahlung nur am Kartengerät, nicht im Hofbuch"
        case .missingInTerminal: "Zahlung nur im Hofbuch, nicht am Kartengerät"
        case .chargedTwice: "Karte doppelt belastet"
        case .amountDiffers: "Betrag am Kartengerät abweichend eingegeben"
        case .schemeDiffers: "Andere Kartenmarke erfasst"
        case .straddling: "Kassenschnitt früher oder später als der Abschluss"
        case .automaticCut: "Das Kartengerät hat von selbst geschnitten"
        case .cutMissing: "Kassenschnitt fehlt, Summe unbekannt"
        case .otherBusiness: "Umsatz eines anderen Betriebs auf demselben Gerät"
        case .reversalUnmatched: "Storno oder Gutschrift ohne Gegenstück"
        case .surcharge: "Rundung oder Aufschlag am Kartengerät"
        case .testTransaction: "Testzahlung"
        case .unexplained: "Ungeklärt"
        }
    }
}
