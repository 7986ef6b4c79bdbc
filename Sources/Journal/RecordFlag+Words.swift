extension RecordFlag {
    /// What is odd, in a sentence.
    package var german: String {
        switch self {
        case .gap: "Belegnummern davor sind noch nicht eingegangen."
        case .late: "Der Beleg kam nachträglich und füllt eine Lücke."
        case .previousHash: "Die Prüfsumme des vorigen Belegs passt nicht."
        case .clockSkew:
            "Die Uhr des Terminals ging mehr als fünf Minuten vor oder wurde zurückgestellt."
        case .priceDiffers: "Der Server rechnet einen anderen Preis."
        case .quotaDiffers: "Nach dem Kontingent des Servers wäre der Preis ein anderer."
        case .tariffUnknown: "Der Tarif war an diesem Tag hier nicht in Kraft."
        case .quarantined: "Das Terminal war gesperrt."
        case .originalMissing: "Der ursprüngliche Verkauf ist nicht verzeichnet."
        case .aboveRemainder:
            "Es wird mehr oder anderes zurückgenommen, als vom Verkauf übrig war."
        case .serverClock: "Die Uhr des Servers war zurückgestellt."
        case .retiredKey: "Unterschrieben mit einem Schlüssel, den das Terminal schon ersetzt hat."
        case .revokedKey: "Der Schlüssel ist gesperrt; der Beleg zählt nur auf Entscheid."
        case .cardNumber:
            "Ein Text mit einer Kartennummer wurde nicht behalten, oder ein unterschriebener "
                + "enthält eine."
        case .voidLate:
            "Das Storno kam später als zwei Minuten nach dem Verkauf oder nach dessen Abschluss; "
                + "es hätte eine zweite Person gebraucht."
        case .plateAlphabet:
            "Das Kennzeichen hat Buchstaben, die nicht zu A–Z, Ä, Ö, Ü gehören; die Suche findet "
                + "es nicht."
        case .outcomeKnown: "Der Ausgang dieser Zahlung stand schon fest; es bleibt dabei."
        }
    }
}
