import Calendars
import DayClosing
import HTTPTypes
import Hummingbird
import Journal
import NIOCore
import Operations
import Pages
import Receipts
import Sales
import Signing
import Storage
import Units

extension ConsoleRoutes {
    /// The public page of a receipt: anybody who holds its check code may see it.
    var receiptRoutes: [ConsoleRoute] {
        let receipt = "/b/{terminal}/{sequence}"
        return [
            .open(.get, receipt, receiptPage),
            .open(.get, "\(receipt)/text", receiptSlip),
        ]
    }

    /// The form for the code first: the part behind the # never reaches a server. A wrong code and
    /// a receipt that does not exist get the same answer.
    private func receiptPage(_ arrival: Arrival) async throws -> Response {
        let code = arrival.query("pruefcode")
        guard !code.isEmpty else {
            return show(ReceiptCodePage(path: arrival.path), arrival)
        }
        guard let found = try foundReceipt(arrival, code: code) else {
            return show(
                ReceiptCodePage(
                    path: arrival.path, code: code,
                    error: "Zu dieser Adresse und diesem Code gibt es keinen Beleg."), arrival,
                status: .notFound)
        }
        let digest = found.detail.stored.statement.base64url
        let page = ReceiptPage(
            found.receipt, templates: receipts, state: found.detail.receiptState,
            proof: try proofSentence(found),
            slipPath: "\(arrival.path)/text?pruefcode=\(digest)")
        let frame = PageFrame(
            town: found.yard.genesis.town, yard: found.yard.genesis.yardName)
        return .html(templates.render(page, in: frame))
    }

    private func receiptSlip(_ arrival: Arrival) async throws -> Response {
        guard let found = try foundReceipt(arrival, code: arrival.query("pruefcode")) else {
            throw ConsoleProblem.notFound
        }
        return Response(
            status: .ok, headers: [.contentType: .plainText],
            body: .init(
                byteBuffer: ByteBuffer(string: receipts.slip(found.receipt, for: .anyone))))
    }

    private struct FoundReceipt {
        let yard: Yard
        let detail: SaleDetail
        let receipt: Receipt
    }

    /// The receipt of that name whose check code this is; terminals of different yards may have
    /// the same name.
    private func foundReceipt(_ arrival: Arrival, code: String) throws -> FoundReceipt? {
        let reference: SaleReference
        do { reference = try arrival.reference() } catch { return nil }
        for yard in installation.yards {
            let detail: SaleDetail
            do {
                detail = try installation.saleDetail(reference, of: yard)
            } catch OperationsError.saleUnknown {
                continue
            }
            guard CheckCodeText(code).fits(detail.stored.statement),
                let subject = try subject(of: detail, at: yard)
            else { continue }
            let receipt = try receipt(subject, of: detail, at: yard)
            return FoundReceipt(yard: yard, detail: detail, receipt: receipt)
        }
        return nil
    }

    private func subject(of detail: SaleDetail, at yard: Yard) throws -> ReceiptSubject? {
        switch detail.record.fact {
        case .sale(let sale): return .sale(sale)
        case .void(let reversal):
            let (_, sale) = try installation.sale(reversal.original, of: yard)
            return .reversal(reversal, of: sale)
        case .resolution(let resolution):
            let (_, sale) = try installation.sale(resolution.original, of: yard)
            return .resolution(resolution, of: sale)
        case .noSale: return nil
        }
    }

    private func receipt(_ subject: ReceiptSubject, of detail: SaleDetail, at yard: Yard) throws
        -> Receipt
    {
        let head = detail.record.head
        return Receipt(
            issuer: Issuer(
                town: yard.genesis.town, yard: yard.genesis.yardName,
                address: yard.genesis.address),
            number: head.reference.receiptNumber, terminal: head.terminal.text,
            localTime: installation.calendar.german(head.at), subject: subject,
            check: CheckCode(
                origin: "", reference: head.reference, digest: detail.stored.statement.base64url),
            logIndex: detail.stored.position.index)
    }

    private func proofSentence(_ found: FoundReceipt) throws -> String {
        let index = found.detail.stored.position.index
        let close = try installation.closeNumber(holding: index, of: found.yard)
        let entry = "Er steht unter Nr. \(index.german) im Protokoll"
        return close.map { "\(entry) und in Abschluss Nr. \($0.german)." }
            ?? "\(entry); der Tag ist noch nicht abgeschlossen."
    }
}

/// A check code as somebody opened or typed it.
private struct CheckCodeText {
    private let characters: [UInt8]

    init(_ text: String) {
        characters = text.utf8.filter { $0 != UInt8(ascii: " ") }
    }

    /// Whether it is the whole digest, or the sixteen characters that a slip prints: 96 bits.
    func fits(_ statement: Digest) -> Bool {
        let digest = Array(statement.base64url.utf8)
        return characters == digest || characters == Array(digest.prefix(16))
    }
}

extension SaleDetail {
    fileprivate var receiptState: ReceiptPage.State {
        switch standing {
        case .unknown: .unresolved
        case .partlyReversed: .partlyReversed
        case .reversed: if case .void = record.fact { .recorded } else { .reversed }
        case .paid, .free, .onAccount, .notSold:
            resolution.map { ReceiptPage.State.resolved($0.finding) } ?? .recorded
        }
    }
}
