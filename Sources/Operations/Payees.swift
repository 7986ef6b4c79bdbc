import Journal
import Keys
package import People
package import Sales
import Storage
import Units

// Who gets a refund by bank transfer: personal data from the first moment. Until a second person
// decides it waits in a table of its own, then it stands beside the record.

/// A payee as far as somebody may see it.
package struct ShownPayee: Hashable, Sendable {
    package let name: String
    /// In groups of four; masked but for the last four characters for whom has no
    /// `readBankDetails`.
    package let iban: String
}

extension Payee {
    /// Fresh salts each time.
    var disclosures: [Disclosure] {
        [
            Disclosure(name: .iban, salt: SystemRandom.bytes(32), value: iban.text),
            Disclosure(name: .payee, salt: SystemRandom.bytes(32), value: name),
        ]
    }
}

extension ReversalWish {
    /// - Throws: ``OperationsError/payee(_:)`` `missing`, `unwanted`.
    func check(_ payee: Payee?) throws(OperationsError) {
        switch (method, payee) {
        case (.bankTransfer, nil): throw .payee(.missing)
        case (.card, _?), (.noMoney, _?): throw .payee(.unwanted)
        case (.bankTransfer, _?), (.card, nil), (.noMoney, nil): break
        }
    }
}

extension Installation {
    /// The payee of a request. Who looked at it, when and what for is noted first.
    ///
    /// - Parameter purpose: in a few words; 1 to 200 characters.
    /// - Returns: nil without a payee, and after it was erased.
    /// - Throws: ``OperationsError`` (`forbidden`, `reasonMissing`, `requestUnknown`).
    package func payee(
        ofRequest id: Int64, at yard: Yard, for purpose: String, by person: Person
    ) async throws -> ShownPayee? {
        try person.allowed(.readPersonalData)
        try Self.requirePurpose(purpose)
        guard let (payee, position) = try storedPayee(ofRequest: id, at: yard) else { return nil }
        let now = clock()
        try await writer.perform {
            try $0.transaction.logAccess(
                by: person.id, at: now, yard: yard.number, position: position, act: .read,
                fields: [PersonalField.iban.rawValue, PersonalField.payee.rawValue],
                purpose: purpose)
        }
        let iban = person.may(.readBankDetails) ? payee.iban.grouped : payee.iban.masked
        return ShownPayee(name: payee.name, iban: iban)
    }

    /// The last four characters of a payee's IBAN, the others masked; nil without a payee and for
    /// people who may see no personal data.
    package func maskedIBAN(ofRequest id: Int64, at yard: Yard, by person: Person) throws -> String?
    {
        guard person.may(.readPersonalData) else { return nil }
        return try storedPayee(ofRequest: id, at: yard)?.payee.iban.masked
    }

    /// The number of a request of this person for the same that nobody has decided; nil for none.
    package func openRequest(
        for wish: ReversalWish, payee: Payee?, at yard: Yard, by person: Person
    ) throws -> Int64? {
        let twins = try reversalRequests(of: yard).filter {
            $0.row.state == .requested && $0.row.requestedBy == person.id && $0.wish == wish
        }
        return try twins.first { twin in
            try database.read { try $0.payee(ofRequest: twin.row.id) } == payee
        }?.row.id
    }

    /// A request's payee and the record that it is noted with: the reversal's, before it the
    /// sale's.
    private func storedPayee(ofRequest id: Int64, at yard: Yard) throws
        -> (payee: Payee, position: LogPosition)?
    {
        try database.read { reading in
            guard let row = try reading.reversalRequest(id), row.original.yard == yard.number else {
                throw OperationsError.requestUnknown(id)
            }
            if let waiting = try reading.payee(ofRequest: id) { return (waiting, row.original) }
            guard let index = row.completed else { return nil }
            let position = LogPosition(yard: yard.number, index: index)
            return try reading.payee(at: position).map { ($0, position) }
        }
    }
}

extension Reading {
    /// The payee beside a record; nil without one, and after it was erased.
    func payee(at position: LogPosition) throws -> Payee? {
        let values = try personal(at: position)
        guard let name = values.first(where: { $0.name == .payee })?.value,
            let iban = values.first(where: { $0.name == .iban })?.value
        else { return nil }
        do { return try Payee(name: name, iban: iban) } catch {
            throw DamagedRow(table: "personal", position: position.number)
        }
    }
}
