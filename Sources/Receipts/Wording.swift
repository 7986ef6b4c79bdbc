package import Sales
package import Tariffs
package import Units

// The German words for the closed sets that receipts and pages show.

extension CardScheme {
    /// The brand as it writes itself.
    package var label: String {
        switch self {
        case .girocard: "girocard"
        case .maestro: "Maestro"
        case .vpay: "V PAY"
        case .visaDebit: "Visa Debit"
        case .mastercardDebit: "Debit Mastercard"
        case .visa: "Visa"
        case .mastercard: "Mastercard"
        case .amex: "American Express"
        }
    }
}

extension Tender {
    /// The tender (Zahlart) in German.
    package var label: String {
        switch self {
        case .debitCard: "Debitkarte"
        case .creditCard: "Kreditkarte"
        case .onAccount: "Auf Rechnung"
        case .bankTransfer: "Überweisung"
        }
    }
}

extension VATRate {
    /// `19 %` with a no-break space.
    package var label: String { GermanFormat.decimal(basisPoints, scale: 100) + "\u{A0}%" }
}

extension VATTreatment {
    /// The treatment in a few words; never a rate of zero.
    package var label: String {
        switch self {
        case .outsideScope: "nicht steuerbar"
        case .exempt: "steuerfrei"
        case .taxable(let rate): rate.label
        }
    }
}

extension LegalForm {
    /// The heading of a block of lines of this form and treatment.
    package func blockHeading(_ vat: VATTreatment) -> String {
        let form = self == .fee ? "Gebühren nach Satzung" : "Privatrechtliche Entgelte"
        return switch vat {
        case .outsideScope: "\(form), ohne Umsatzsteuer"
        case .exempt: "\(form), steuerfrei nach §\u{A0}4\u{A0}UStG"
        case .taxable(let rate): "\(form), enthält \(rate.label) Umsatzsteuer"
        }
    }
}

extension CustomerGroup {
    /// The group (Anlieferergruppe) in German.
    package var label: String {
        switch self {
        case .household: "privat"
        case .commercial: "gewerblich"
        }
    }
}

extension Origin {
    /// The origin (Herkunft) in German.
    package var label: String {
        switch self {
        case .resident: "einheimisch"
        case .nonResident: "auswärtig"
        }
    }
}

extension Holder {
    /// The holder of a quota in German.
    package var label: String {
        switch self {
        case .household: "Haushalt"
        case .person: "Person"
        case .parcel: "Grundstück"
        case .card: "Karte"
        }
    }
}

extension Weighing {
    /// The tare with the mark `PT` where it was preset (OIML R 76-1, 4.7.3 and MessEV section 26),
    /// and with its origin where it was kept from an earlier weighing.
    package var tareText: String {
        switch tareSource {
        case .weighed: tare.kilograms
        case .stored: tare.kilograms + " (gespeichert)"
        case .preset: tare.kilograms + "\u{A0}PT"
        }
    }
}

extension Grams {
    /// `1.240 kg` or `12,5 kg`.
    package var kilograms: String {
        GermanFormat.decimal(value, scale: Self.perKilogram) + "\u{A0}kg"
    }
}
