/// The price list of ``Town`` on 4 May 2026, as it hangs at the gate.
extension PriceListTests {
    static let board = """
        Preise: Wertstoffhof Nord, Musterstadt
        ======================================
        Gebührensatzung Musterstadt, gültig ab 01.01.2026
        Testmaterial, kein geltendes Recht.
        Stand 04.05.2026

        ABFÄLLE

        Bauschutt
          Auch: Ziegel, Beton
          Gehört dazu: Mauerwerk, Fliesen, Waschbecken
          Gehört nicht dazu: Gips, Asbest
          privat                      11,00 € je angefangene 500 l
                                      Mindestpreis: 5,00 €
                                      Hinweis: Bitte vorher sortieren.
                                      Nr. 1.1, § 5 Nr. 1.1
          gewerblich                  49,00 € je t, anteilig
                                      Steuer: 19 % Umsatzsteuer enthalten
                                      Nr. 1.2, § 5 Nr. 1.2

        Grünabfall
          Auch: Laub, Äste
          privat                      3,00 € je angefangene 100 l
                                      Freimenge: 1 m³ je Tag und Haushalt
                                      Höchstmenge: 3 m³ je Tag und Haushalt
                                      Nr. 2, § 5 Nr. 2
          gewerblich                  wird nicht angenommen
                                      Grund: Bitte zum Kompostwerk.
                                      Nr. 2.1, § 5 Nr. 2.1

        Asbest
          alle                        unter 200 kg 28,00 € pauschal
                                      ab 200 kg 241,72 € je t, anteilig
                                      Nur mit: „staubdicht verpackt“
                                      Nr. 3, § 5 Nr. 3

        Metall
          alle                        kostenlos
                                      Nr. 4, § 5 Nr. 4

        Altholz
          alle                        bis 0,1 m³ kostenlos
                                      bis 0,5 m³ 20,00 €
                                      darüber abgelehnt
                                      Nr. 6, § 5 Nr. 6

        WAREN

        Big Bag
          alle                        4,50 € je Stück
                                      Nr. 5, § 5 Nr. 5

        ALLGEMEINE REGELN

        Annahmeregel A1: Alle Abfälle, auswärtig: wird nicht angenommen. Angenommen wird
          nur, was aus der Stadt kommt. (§ 3 Abs. 1)
        Annahmeregel A2: Bauschutt und Altholz: höchstens 2 m³ je Woche und Person
          zusammen. Fragen Sie die Deponie. (§ 3 Abs. 2)
        Einmal je Anlieferung: Bauabfall: Von Nr. 1.1 und 3 wird in einer Anlieferung
          nur der höchste Preis berechnet. (§ 6)
        Gemischte Ladung: Was gemischt ist und sich nicht trennen lässt, kostet so viel
          wie die teuerste Abfallart für die ganze Ladung. (§ 7)
        Waage ausgefallen: Ist die Waage ausgefallen, wird das Volumen geschätzt und in
          Gewicht umgerechnet. (§ 8)
        Zuschlag: Unbedeckte Ladung: Das 2-fache des Preises, mit „unbedeckte Ladung“.
          (§ 9)
        Mindestbetrag: Eine Anlieferung, die etwas kostet, kostet mindestens 3,00 €.
          (§ 10)
        Vorautorisierung: Bei der Einfahrt werden 50,00 € auf der Karte reserviert
          (gewerblich), aber erst mit dem Preis abgebucht. (§ 11)

        Einheimisch: Stadt Musterstadt
        Rechtsgrundlage: Satzung der Stadt Musterstadt
        Quelle: Amtsblatt 12/2025
        Tarif: muster-2026

        """
}
