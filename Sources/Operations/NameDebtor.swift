import Journal
package import People
package import Sales
import Storage
import Units

extension Installation {
    /// Names who owes a claim, for the first time or rightly; the latest name stands, and exports
    /// made before stay as they are.
    ///
    /// - Parameters:
    ///   - debtor: name and address, 1 to 200 characters; travels beside the record.
    ///   - reason: without the data itself, 1 to 200 characters.
    /// - Throws: ``OperationsError`` `forbidden`, `reasonMissing`, `cardNumber`, `input`
    ///   (`debtor`), `saleUnknown`, `notAClaim`.
    package func nameDebtor(
        _ debtor: String, of reference: SaleReference, reason: String, at yard: Yard,
        by person: Person
    ) async throws {
        try person.allowed(.nameDebtor)
        try Self.requireReason(reason)
        let disclosure = try Self.disclosure(ofDebtor: debtor)
        let now = clock()
        try await writer.perform { [self] batch in
            let reading = batch.transaction.reading
            _ = try claim(reference, of: yard, reading)
            let (position, _) = try countedSale(reference, of: yard, reading)
            let naming = DebtorNaming(original: reference, reason: reason, by: person.id)
            let place = try append(
                .debtor(naming), to: yard, at: now, personal: [disclosure], in: batch)
            try batch.transaction.insertReference(.debtor, of: position, at: place)
        }
    }

    /// Whether a sale is owed by somebody, and if so whether a name is stored; nil for no claim.
    package func hasDebtor(_ detail: SaleDetail) throws -> Bool? {
        guard case .sale(let sale) = detail.record.fact,
            sale.settlement == .onAccount || detail.resolution?.finding == .notChargedClaim
        else { return nil }
        return try database.read { try $0.hasDebtor(detail.stored.position) }
    }
}

extension Reading {
    /// Whether a debtor is stored beside a sale or the records about it.
    func hasDebtor(_ position: LogPosition) throws -> Bool {
        try withRecordsAbout(position).contains { place in
            try personal(at: place).contains { $0.name == .debtor }
        }
    }
}
