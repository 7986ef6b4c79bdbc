extension TariffDiffTests {
    static let article = """
        Vergleich: Wertstoffhof Nord, Musterstadt
        =========================================
        bisher: Gebührensatzung Musterstadt, gültig ab 01.01.2026
        neu: Gebührensatzung Musterstadt, gültig ab 01.01.2027

        ALLGEMEINES
        Gültigkeit: gültig ab 01.01.2026 → gültig ab 01.01.2027

        PREISE
        Bauschutt, privat (Nr. 1.1):
          je angefangene 500 l 11,00 € → 12,00 € (+1,00 €, +9,1 %)
          Mindestpreis: 5,00 € → 6,00 €
          Wortlaut: Bauschutt je angefangene 500 Liter 11,00 Euro → Bauschutt je
            angefangene 500 Liter 12,00 Euro
        Grünabfall, privat (Nr. 2):
          Freimenge: 1 m³ je Tag und Haushalt → 500 l je Tag und Haushalt
          Höchstmenge: entfällt (bisher 3 m³ je Tag und Haushalt)
        Neu: Reifen, privat (Nr. 7): 3,50 € je Stück / Fundstelle: § 5 Nr. 7 /
          Rechtsform: Gebühr / Umsatzsteuer: nicht steuerbar
        Entfällt: Big Bag (Nr. 5): 4,50 € je Stück / Fundstelle: § 5 Nr. 5 / Rechtsform:
          Gebühr / Umsatzsteuer: nicht steuerbar

        REGELN
        Mindestbetrag: 3,00 € → 4,00 € (+1,00 €, +33,3 %)
        Entfällt: Einmal je Anlieferung: Bauabfall: Von Nr. 1.1 und 3 wird in einer
          Anlieferung nur der höchste Preis berechnet. / Fundstelle: § 6

        ABFALLARTEN UND WAREN
        Neu: Reifen: Art: Abfall
        Entfällt: Big Bag: Art: Ware

        Unverändert sind Preise: 6, Regeln: 6, Abfallarten und Waren: 5, Behälter: 1,
        Fahrzeuge: 2, Merkmale: 3

        """
}
