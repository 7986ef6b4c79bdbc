import Journal
import Operations
import Sales
import Tariffs
import Text

/// What has to be checked about each envelope, and nothing else: strict JSON, base64, signature,
/// the record, and that its delivery has a price.
struct BareCheck: Sendable {
    let yard: Yard
    /// The terminals' keys by thumbprint.
    let register: [String: RegisteredKey]
    let tariff: Tariff

    /// - Throws: why the envelope would be refused; ``Failure`` if its sale has no price.
    func callAsFunction(_ body: [UInt8]) throws {
        let envelope = try Envelope(json: try StrictJSON.parse(body))
        let checked = try envelope.checked(yard: yard.id, log: yard.origin) { register[$0] }
        guard case .sale(let sale) = checked.record.fact,
            tariff.amounts(of: sale.delivery) != nil
        else { throw Failure("a sample sale has no price", Exit.badData) }
    }
}
