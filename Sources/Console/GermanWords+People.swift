import People

extension Role {
    /// The role in German.
    var german: String {
        switch self {
        case .cashier: "Kasse"
        case .approver: "Freigabe (zweite Person)"
        case .finance: "Finanzbuchhaltung"
        case .auditor: "Prüfung"
        case .operator: "Betriebsleitung"
        }
    }
}

extension Person {
    /// The roles in German, such as "Kasse, Finanzbuchhaltung".
    var roleNames: String {
        Role.allCases.filter(roles.contains).map(\.german).joined(separator: ", ")
    }
}

extension Act {
    /// What it is, as the object of "Sie wollten".
    var german: String {
        switch self {
        case .readSales: "Verkäufe ansehen"
        case .readPersonalData: "personenbezogene Angaben ansehen"
        case .readBankDetails: "Bankverbindungen ansehen"
        case .requestReversal: "eine Erstattung beantragen"
        case .approveReversal: "eine Erstattung freigeben oder ablehnen"
        case .completeReversal: "eine Gutschrift verzeichnen"
        case .resolvePayment: "eine ungeklärte Zahlung klären"
        case .setPolicy: "die Regeln des Hofes ändern"
        case .takeSnapshot: "eine Zwischenprüfung festhalten"
        case .countClose: "die Kartengeräte zählen"
        case .explainClose: "Abweichungen erklären"
        case .approveClose: "einen Abschluss freigeben oder zurückgeben"
        case .createExport: "einen Export erstellen"
        case .handOverExport: "einen Export übergeben, quittieren oder zurückweisen"
        case .fetchExport: "einen Export laden"
        case .fetchNamingExport: "einen Export laden, der Personen nennt"
        case .readBank: "den Abgleich mit der Bank ansehen"
        case .importStatement: "einen Kontoauszug einlesen"
        case .settle: "Bankumsätze zuordnen"
        case .nameDebtor: "den Schuldner einer Forderung benennen"
        case .requestEnrolment: "ein Terminal anmelden"
        case .reportLoss: "einen Verlust melden"
        case .acceptLoss: "einen Verlust hinnehmen"
        case .approveEnrolment: "ein Terminal freigeben"
        case .releaseTerminal: "ein gesperrtes Terminal wieder zulassen"
        case .requestRevocation: "einem Terminal das Vertrauen entziehen"
        case .rotateServerKey: "einen Schlüssel des Servers erneuern"
        case .approveKey: "einen Schlüssel freigeben oder sperren"
        case .decideRecord: "entscheiden, ob ein Beleg zählt"
        case .proposeTariff: "einen Tarif vorschlagen"
        case .approveTariff: "einen Tarif in Kraft setzen"
        case .withdrawTariff: "einen vorgeschlagenen Tarif zurückziehen"
        case .manageUsers: "Personen und Rollen verwalten"
        case .readAudit: "die Prüfung ansehen"
        case .requestPersonal: "beantragen, personenbezogene Angaben zu löschen oder zu halten"
        case .approvePersonal: "über personenbezogene Angaben entscheiden"
        case .runRetention: "abgelaufene personenbezogene Angaben löschen"
        case .readAccessLog: "ansehen, wer personenbezogene Angaben angesehen hat"
        }
    }
}
