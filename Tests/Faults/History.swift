import Foundation
import Journal
import Sales
import Transparency

/// What the clients sent and what they were told, in the order of their telling. Thread-safe.
final class History: @unchecked Sendable {
    private let lock = NSLock()
    private var posted: [SaleReference: SignedSale] = [:]
    private var told: [SaleReference: [Receipt]] = [:]
    private var notes: [String] = []
    private var heads: [Checkpoint] = []
    private var counts: [Int: Int] = [:]

    func post(_ sale: SignedSale) { lock.withLock { posted[sale.reference] = sale } }

    /// Keeps an answer: 201 and 200 are acknowledgements, 408, 429, 500, 503 and 507 ask to send
    /// again, and anything else is against the rules.
    func tell(_ answer: Answer, _ sale: SignedSale) {
        lock.withLock {
            counts[answer.status, default: 0] += 1
            switch answer.status {
            case 200, 201:
                do {
                    let receipt = try Receipt(answer.body)
                    told[sale.reference, default: []].append(receipt)
                    if receipt.repeat != (answer.status == 200) {
                        notes.append("\(sale.reference.receiptNumber): status and repeat differ")
                    }
                } catch { notes.append("an acknowledgement cannot be read: \(answer.text)") }
            case 408, 429, 500, 503, 507: break
            default:
                notes.append(
                    "\(sale.reference.receiptNumber) was refused: \(answer.status) \(answer.code)")
            }
        }
    }

    /// Keeps an acknowledgement that came without HTTP.
    func tell(_ receipt: Receipt, _ reference: SaleReference) {
        lock.withLock { told[reference, default: []].append(receipt) }
    }

    /// Keeps a head that a witness cosigned.
    func see(_ head: Checkpoint) { lock.withLock { heads.append(head) } }

    /// The heads that witnesses cosigned.
    var seen: [Checkpoint] { lock.withLock { heads } }

    var sales: [SaleReference: SignedSale] { lock.withLock { posted } }
    var receipts: [SaleReference: [Receipt]] { lock.withLock { told } }
    /// What was against the rules while it happened.
    var complaints: [String] { lock.withLock { notes } }
    var acknowledged: Int { lock.withLock { told.count } }
    func complain(_ words: String) { lock.withLock { notes.append(words) } }

    /// How many answers had this status.
    func count(of status: Int) -> Int { lock.withLock { counts[status, default: 0] } }
}
