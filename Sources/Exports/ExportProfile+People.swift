package import Journal

// Whom a refund is transferred to and who owes a claim: personal data that only a line of a single
// record can have.

extension ExportProfile {
    /// The personal data that rows of this profile hold; empty for most.
    package var people: Set<PersonalField> { Set(columns.compactMap(\.source.person)) }
}

extension ExportProfile.Field {
    /// What examples of a profile state about people.
    static let people: [(PersonalField, ExportProfile.Field)] = [
        (.payee, .payee), (.iban, .iban), (.debtor, .debtor),
    ]

    /// What it is taken from; nil for fields that name nobody.
    fileprivate var person: PersonalField? {
        switch self {
        case .payee: .payee
        case .iban: .iban
        case .debtor, .debtorName, .debtorAddress: .debtor
        default: nil
        }
    }

    /// The value of a field that names somebody; empty for lines that are about nobody.
    ///
    /// - Throws: ``ExportError`` `X-E16` for a transfer without payee and a claim without debtor.
    func person(of line: ExportLine, heading: String) throws(ExportError) -> String {
        guard let person, line.needs(person) else { return "" }
        guard let value = line.people[person] else {
            throw ExportError(
                .nobodyNamed, close: line.closeReference, line: line.number, field: heading,
                value: line.receipt, remedy: person.remedy)
        }
        switch self {
        case .debtorName: return value.lines.first.map(String.init) ?? ""
        case .debtorAddress: return value.lines.dropFirst().joined(separator: ", ")
        default: return value.lines.joined(separator: ", ")
        }
    }
}

extension PersonalField {
    /// What to do where nobody is named.
    fileprivate var remedy: String {
        self == .debtor
            ? "Zu diesem Beleg ist kein Schuldner gespeichert, oder er wurde gelöscht. Benennen "
                + "Sie ihn auf der Seite des Verkaufs, oder nehmen Sie ein Profil ohne die Spalte."
            : "Zu diesem Beleg ist kein Zahlungsempfänger gespeichert, oder er wurde gelöscht. "
                + "Nehmen Sie ein Profil ohne diese Spalte, und ordnen Sie die Auszahlung von Hand "
                + "an."
    }
}

extension ExportLine {
    /// Whether the line is about somebody of this kind.
    fileprivate func needs(_ person: PersonalField) -> Bool {
        switch person {
        case .payee, .iban: key.channel == .bankTransfer
        case .debtor: key.channel == .onAccount
        case .plate, .customer, .note: false
        }
    }
}

extension ExportProfile.Source {
    /// Whom it names; nil if nobody.
    fileprivate var person: PersonalField? {
        if case .field(let field) = self { field.person } else { nil }
    }

    /// Whether it names somebody.
    var isPerson: Bool { person != nil }
}

extension ExportProfile.Column {
    /// A cell as a message may show it: nobody's name or account.
    func shown(_ cell: [UInt8]) -> String {
        source.isPerson ? "(verdeckt)" : String(decoding: cell, as: UTF8.self)
    }
}

extension String {
    /// What stands between commas or line breaks, without blanks around it; empty parts left out.
    fileprivate var lines: [Substring] {
        split { $0 == "," || $0.isNewline }.map { part in
            let tail = part.drop(while: \.isWhitespace)
            let end = tail.lastIndex { !$0.isWhitespace }
            return end.map { tail[...$0] } ?? ""
        }.filter { !$0.isEmpty }
    }
}
