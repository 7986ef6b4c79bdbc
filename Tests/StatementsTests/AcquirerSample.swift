import SourceFiles
import Statements
import Testing

/// Profiles after published column lists (settlement/layouts.tsv).
enum AcquirerSample {
    static func profile(_ text: String) throws -> AcquirerProfile {
        let (profile, problems) = AcquirerProfile.decode(
            try SourceFile.tree(of: Array(text.utf8)))
        return try #require(profile, "\(problems)")
    }

    static let stripe = """
        abrechnung: posten
        titel: Auszahlung mit Einzelposten
        zeichensatz: UTF-8
        trennzeichen: Komma
        dezimalzeichen: Punkt
        datum: JJJJ-MM-TT
        kopfzeile: ja
        währung: EUR
        spalten:
          - {titel: automatic_payout_id, feld: auszahlung}
          - {titel: automatic_payout_effective_at_utc}
          - {titel: balance_transaction_id, feld: referenz}
          - {titel: created_utc, feld: tag}
          - {titel: currency, feld: währung}
          - {titel: gross, feld: brutto}
          - {titel: fee, feld: gebühr}
          - {titel: net, feld: netto}
          - {titel: reporting_category, feld: art}
          - {titel: source_id}
          - {titel: payment_intent_id}
          - {titel: charge_id}
        arten:
          - {wort: charge, bedeutet: Zahlung}
          - {wort: refund, bedeutet: Erstattung}
          - {wort: dispute, bedeutet: Rückbelastung}
          - {wort: dispute_reversal, bedeutet: Rückbelastung gewonnen}
          - {wort: payout, bedeutet: Auszahlung}
        kartenmarken: []
        beispiele:
          - zeile: po_1,2026-11-25,txn_1,2026-11-20 10:15:00,EUR,12.50,0.15,12.35,charge,,,
            ergibt: Zahlung 2026-11-20 brutto 12,50 Gebühr 0,15 netto 12,35
          - zeile: po_1,2026-11-25,txn_9,2026-11-25 00:00:00,EUR,-12.35,0,-12.35,payout,,,
            ergibt: übersprungen
        """

    private static let adyenRow =
        "Kreis,65012345,P1,,visa,2026-11-20 09:00:00,CET,Settled,,EUR,,20.00,1,EUR,,"
        + "19.60,,0.10,0.10,0.20,12"

    static let adyen = """
        abrechnung: stapel
        titel: Abrechnung je Stapel
        zeichensatz: UTF-8
        trennzeichen: Komma
        dezimalzeichen: Punkt
        datum: JJJJ-MM-TT
        kopfzeile: ja
        währung: EUR
        spalten:
          - {titel: Company Account}
          - {titel: Merchant Account, feld: terminal}
          - {titel: Psp Reference, feld: referenz}
          - {titel: Merchant Reference}
          - {titel: Payment Method, feld: kartenmarke}
          - {titel: Creation Date, feld: tag}
          - {titel: TimeZone}
          - {titel: Type, feld: art}
          - {titel: Modification Reference}
          - {titel: Gross Currency, feld: währung}
          - {titel: Gross Debit (GC), feld: brutto, vorzeichen: umgekehrt}
          - {titel: Gross Credit (GC), feld: brutto}
          - {titel: Exchange Rate}
          - {titel: Net Currency}
          - {titel: Net Debit (NC), feld: netto, vorzeichen: umgekehrt}
          - {titel: Net Credit (NC), feld: netto}
          - {titel: Commission (NC), feld: gebühr}
          - {titel: Markup (NC), feld: gebühr}
          - {titel: Scheme Fees (NC), feld: gebühr}
          - {titel: Interchange (NC), feld: gebühr}
          - {titel: Batch Number, feld: auszahlung}
        arten:
          - {wort: Settled, bedeutet: Zahlung}
          - {wort: Refunded, bedeutet: Erstattung}
          - {wort: Chargeback, bedeutet: Rückbelastung}
          - {wort: ChargebackReversed, bedeutet: Rückbelastung gewonnen}
          - {wort: Fee, bedeutet: Gebühr}
          - {wort: MerchantPayout, bedeutet: Auszahlung}
        kartenmarken:
          - {wort: visa, bedeutet: Visa}
          - {wort: mc, bedeutet: Mastercard}
        beispiele:
          - zeile: \(adyenRow)
            ergibt: Zahlung 2026-11-20 brutto 20,00 Gebühr 0,40 netto 19,60
        """
}
