import Journal
import Sales
import Signing
import Storage
import Tariffs
import Units

/// What does not fit about a record of a log.
struct ReplayMisfit: Error {
    let what: String
    let consequence: String
}

/// The tariffs of a yard as its log tells them, read from the first entry on: the book, the stored
/// files behind it, and the price of each sale.
struct TariffReplay: Sendable {
    private(set) var book = TariffBook()
    private(set) var rows: [TariffActivation] = []
    private let stored: [String: TariffRow]
    private var tariffs: [String: Tariff] = [:]

    init(_ rows: [TariffRow]) {
        stored = Dictionary(rows.map { ($0.digest, $0) }, uniquingKeysWith: { $1 })
    }

    /// Takes up a `tariff` record.
    ///
    /// - Throws: ``ReplayMisfit``.
    mutating func activate(_ activation: TariffActivation) throws(ReplayMisfit) {
        guard activation.proposedBy != activation.approvedBy else {
            throw ReplayMisfit(
                what: "the tariff \(activation.id) was proposed and approved by one person",
                consequence: "it came into force without a second person")
        }
        do throws(TariffBookError) { try book.activate(activation) } catch {
            throw ReplayMisfit(
                what: "the tariff \(activation.id) does not follow those before it: \(error)",
                consequence: "a day has two tariffs, or an end that nobody decided")
        }
        guard let row = stored[activation.digest],
            Digest.sha256(row.bytes).hex == activation.digest
        else {
            throw ReplayMisfit(
                what: "the stored file of the tariff \(activation.id) is not the one with SHA-256 "
                    + "\(activation.digest)",
                consequence: "its sales cannot be priced again; bring the file back from a backup")
        }
        do { tariffs[activation.digest] = try TariffFile.decode(row.bytes) } catch {
            throw ReplayMisfit(
                what: "the stored file of the tariff \(activation.id) cannot be read",
                consequence: "this program is older than the file; verify with a newer one")
        }
        rows.append(activation)
    }

    /// Prices a sale again by the version that was in force at its place in the log on the
    /// delivery's day; what its flags say is odd is told there already.
    ///
    /// - Returns: whether it was priced and came out the same; false where a flag tells it apart.
    /// - Throws: ``ReplayMisfit``.
    func reprice(_ sale: Sale, _ reference: SaleReference, flags: [RecordFlag])
        throws(ReplayMisfit) -> Bool
    {
        guard !flags.contains(.tariffUnknown) else { return false }
        let day = sale.delivery.day
        guard book.version(on: day)?.digest == sale.tariff.digest,
            let tariff = tariffs[sale.tariff.digest]
        else {
            throw ReplayMisfit(
                what: "the tariff of \(reference.receiptNumber) was not in force on \(day.iso), "
                    + "and no flag says so",
                consequence: "the sale was priced by another tariff than the yard's")
        }
        guard !flags.contains(.priceDiffers) else { return false }
        guard tariff.agrees(with: sale) else {
            throw ReplayMisfit(
                what: "\(reference.receiptNumber) was sold for other amounts than its tariff "
                    + "gives, and no flag says so",
                consequence: "the price was wrong, or the program counts in another way now; see "
                    + "`hofbuch tariff reprice`")
        }
        return true
    }

    /// The first version that the table tells in another way than the log; nil if there is none.
    var differing: String? {
        for (version, activation) in zip(book.versions, rows) {
            guard let row = stored[version.digest], row.version == version,
                row.title == activation.title, row.proposedBy == activation.proposedBy,
                row.approvedBy == activation.approvedBy, row.state == .approved
            else { return activation.id }
        }
        let added = stored.values.filter { $0.state == .approved }.map(\.digest)
        return Set(added).subtracting(book.versions.map(\.digest)).min()
    }
}
