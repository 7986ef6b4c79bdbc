/// A tariff with free quantities over several deliveries, limits, features and two origins.
let richTariff = Array(
    """
    tarif: reich-2026
    art: Satzung
    titel: Tarif mit Kontingenten
    ort: Musterstadt
    hof: Hof Süd
    rechtsgrundlage: Satzung vom 01.01.2026
    quelle: Probe
    gültig ab: 01.01.2026
    währung: EUR
    preisbasis: brutto
    rundung: kaufmännisch je Zeile
    rechtsform: Gebühr
    umsatzsteuer: nicht steuerbar

    merkmale:
      - kennung: staubdicht
        name: staubdicht verpackt
        frage: Ist alles staubdicht verpackt?
        gilt für: Abfallart
      - kennung: unbedeckt
        name: unbedeckte Ladung

    abfallarten:
      - kennung: gruengut
        name: Grüngut
        englisch: green waste
      - kennung: asbest
        name: Asbest
        englisch: asbestos
      - kennung: boden
        name: Boden
        englisch: soil

    gemischte ladung:
      fundstelle: § 7
      regel: teuerste Abfallart

    positionen:
      - nr: 1
        fundstelle: § 1
        abfallarten: gruengut
        wer: alle
        herkunft: einheimisch
        preis: 10,00 € je m³, anteilig
        freimenge: 2 m³ je Jahr und Haushalt
      - nr: 2
        fundstelle: § 2
        abfallarten: gruengut
        wer: alle
        herkunft: auswärtig
        preis: 20,00 € je m³, anteilig
      - nr: 3
        fundstelle: § 3
        abfallarten: asbest
        wer: alle
        preis: 4,00 € je Stück
        verlangt: staubdicht
        höchstmenge: 5 Stück je Tag und Haushalt
        grund: Mehr nimmt die Deponie an.
        grund englisch: The landfill takes more.
      - nr: 4
        fundstelle: § 4
        abfallarten: boden
        wer: alle
        preis: 30,00 € je m³, anteilig
        faktor: 2-fach bei unbedeckt

    beispiele:
      - nr: 1
        datum: 23.11.2026
        wer: privat
        anlieferung: 1 m³ boden
        summe: 30,00 €

    """.utf8)
