import Journal
import Keys
package import People
package import Sales
import Storage
import Text
import Units

extension Installation {
    /// Resolves an unknown payment at the server.
    package func resolve(
        _ resolution: PaymentResolution, debtor: String?, at yard: Yard,
        by person: Person
    ) async throws {
        try person.allowed(.resolvePayment)
        guard !resolution.note.isBlank else { throw OperationsError.reasonMissing }
        guard !resolution.note.holdsCardNumber, debtor?.holdsCardNumber != true else {
            throw OperationsError.cardNumber
        }
        let personal = try disclosures(debtor, for: resolution)
        let now = clock()
        let found: SlipSearch?
        if case .charged(let slip) = resolution.finding {
            found = try await search(for: slip, at: yard, now: now)
        } else {
            found = nil
        }
        try await writer.perform { [self] batch in
            let reading = batch.transaction.reading
            let (position, sale) = try countedSale(resolution.original, of: yard, reading)
            guard case .unknown = sale.settlement,
                try consequences(of: position, reading).resolution == nil
            else { throw OperationsError.notUnknown(resolution.original.receiptNumber) }
            if let found {
                try requireFresh(
                    after: found, for: resolution.original, sale, at: position, now: now, reading)
            }
            let place = try append(
                .resolution(resolution, by: person.id), to: yard, at: now, personal: personal,
                in: batch)
            try batch.transaction.insertReference(.resolution, of: position, at: place)
            try noteStanding(of: position, in: batch)
        }
    }

    private func disclosures(_ debtor: String?, for resolution: PaymentResolution) throws
        -> [Disclosure]
    {
        guard case .notChargedClaim = resolution.finding else { return [] }
        return [try Self.disclosure(ofDebtor: debtor ?? "")]
    }

    /// - Throws: ``OperationsError`` `cardNumber`, `input`.
    static func disclosure(ofDebtor debtor: String) throws -> Disclosure {
        guard !debtor.holdsCardNumber else { throw OperationsError.cardNumber }
        guard !debtor.isEmpty, !debtor.isTooLong else {
            throw OperationsError.input(
                field: "debtor", wanted: "name and address, at most 200 characters")
        }
        return Disclosure(name: .debtor, salt: SystemRandom.bytes(32), value: debtor)
    }
}
