import DayClosing
import Exports
import HTTPTypes
import Hummingbird
import Journal
import NIOCore
import NIOHTTP1
import Operations
import Signing
import Storage
import Tariffs
package import Text

/// An error answer (RFC 9457 problem details). `code` is stable; `detail` says what to do.
package struct Problem: Error, Hashable, Sendable {
    package let status: Int
    package let code: String
    package let title: String
    package let detail: String
    /// Further members, such as the log index of kept evidence.
    package let extra: [JSONValue.Member]

    package init(
        _ status: Int, _ code: String, _ title: String, _ detail: String,
        extra: [JSONValue.Member] = []
    ) {
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.extra = extra
    }

    package var json: JSONValue {
        .object(
            [
                .init("type", .string("https://hofbuch.invalid/errors/\(code)")),
                .init("title", .string(title)), .init("status", .integer(Int64(status))),
                .init("code", .string(code)), .init("detail", .string(detail)),
            ] + extra)
    }

    static let notFound = Problem(
        404, "not-found", "There is nothing here", "Check the address against /openapi.json.")
    static let unauthenticated = Problem(
        401, "sign-in-needed", "Not signed in",
        "Send `Authorization: Bearer` with the token of a session (POST /v1/sessions) or terminal.")

    static func input(_ error: some Error) -> Problem {
        Problem(422, "input-malformed", "The request body does not fit", "\(error)")
    }
}

extension Problem {
    var answer: ReadyAnswer {
        var headers: HTTPFields = [.contentType: "application/problem+json"]
        if status == 503 || status == 429 { headers[.retryAfter] = "2" }
        if status == 401 { headers[.wwwAuthenticate] = "Bearer" }
        return ReadyAnswer(.init(code: status), headers, json.bytes)
    }
}

extension Problem {
    /// The answer for what an operation threw; nil for what nobody expected (a 500).
    package init?(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let refusal as EnvelopeRefusal: self = Problem(refusal)
        case let error as OperationsError: self = Problem(error)
        case StorageError.readTooLong:
            self.init(
                503, "read-too-long", "The read took too long",
                "It held up the journal and was ended. Ask for less at once, or later.")
        case let error as ExportError:
            self.init(422, "export-refused", "The export cannot be written", "\(error)")
        case let error as CloseError:
            self.init(409, "close-refused", "The close cannot be made", error.words)
        case let error as DeliveryJSONError: self = .input(error)
        case let error as JSONShapeError: self = .input(error)
        case let error as StrictJSONError: self = .input(error)
        case is HTTPParserError:
            self.init(
                400, "request-malformed", "The request is not HTTP to its end",
                "It breaks off, or a chunk has no length. Nothing was recorded; send it whole.")
        default: return nil
        }
    }

    init(_ refusal: EnvelopeRefusal) {
        let (status, detail): (Int, String) =
            switch refusal {
            case .tooLarge(let bytes):
                (413, "The JWS has \(bytes) bytes; at most \(Envelope.jwsBytesMax) are recorded.")
            case .malformedJWS(let error): (422, "The compact JWS is malformed: \(error.code).")
            case .wrongType(let found):
                (422, "The header says typ \(found); wanted is \(TerminalRecord.typ).")
            case .unknownKey(let kid):
                (401, "No terminal is enrolled with the key \(kid). Enrol it with a new code.")
            case .badSignature(let kid):
                (401, "The signature is not one by the key \(kid) over these bytes.")
            case .malformedPayload(.json(let error)): (422, "The payload does not fit: \(error).")
            case .malformedPayload(.shape(let error)): (422, "The payload does not fit: \(error).")
            case .wrongYard(let found, let wanted):
                (422, "The record is for the yard \(found), this is \(wanted).")
            case .wrongLog(let found, let wanted):
                (422, "The record is for the log \(found), this is \(wanted).")
            case .wrongTerminal(let found, let wanted):
                (422, "The record says terminal \(found), its key belongs to \(wanted).")
            case .personalMismatch(let field):
                (422, "The personal field \(field.rawValue) and its digest do not fit together.")
            case .sequenceLeap(let found, let highest):
                (
                    422,
                    "Number \(found) leaps from \(highest), the highest recorded one; a terminal "
                        + "counts without gaps."
                )
            }
        self.init(
            status, refusal.code, "The envelope is refused; nothing was recorded",
            detail + " The terminal keeps it.")
    }

    init(_ error: OperationsError) {
        self.init(error.status, error.code, error.title, error.remedy)
    }
}
