import CardTerminals
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Pages
import Receipts
import Remote
import TerminalOperations
import TerminalStorage
import Text
import Units

/// The pages of a terminal: forms that post, act and lead on, without scripts if need be.
struct TerminalPages: Sendable {
    typealias Context = BasicRequestContext

    let session: YardTerminalSession
    let logger: Logger
    let templates: PageTemplates
    let receipts: ReceiptTemplates
    /// New with each start of the program; in every form.
    let csrf: String

    /// - Throws: `TemplateError` for a malformed receipt template, or what the file system says.
    init(session: YardTerminalSession, logger: Logger) throws {
        self.session = session
        self.logger = logger
        templates = try PageTemplates(replacing: [FormPage.template: FormPage.text])
        receipts = try ReceiptTemplates(folder: session.receiptFolder)
        csrf = Base64URL.encode(session.world.random(32))
    }

    func router() -> Router<Context> {
        let router = Router(context: Context.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: PageGuard(pages: self))
        router.add(middleware: ProblemPages(pages: self))
        addStartRoutes(to: router)
        addDeliveryRoutes(to: router)
        addFactsRoutes(to: router)
        addAmountRoutes(to: router)
        addWeighingRoutes(to: router)
        addPaymentRoutes(to: router)
        addUnknownRoutes(to: router)
        addRecordRoutes(to: router)
        router.get("/assets/:name") { request, _ in try Self.asset(request.uri.path) }
        return router
    }

    /// The response that shows `page`.
    func show(
        _ page: some Page, status: HTTPResponse.Status = .ok, back: PageLink? = nil
    ) async throws -> Response {
        let standing = try await session.status()
        let person = standing.attendants.first { $0.id == standing.attendant }
        let path = back == nil ? "/" : ""
        let frame = PageFrame(
            town: standing.identity.town, yard: standing.identity.yardName, kind: .terminal,
            navigation: [
                PageLink("Anlieferung", "/", isCurrent: path == "/"),
                PageLink("Heute", "/heute"), PageLink("Bedienung wechseln", "/anmelden"),
            ],
            person: person.map {
                SignedInPerson(name: $0.name, role: "Bedienung", signOutPath: nil)
            },
            back: back, notice: simulationNotice, csrf: csrf)
        let html = templates.render(page, in: frame)
        return Response(
            status: status,
            headers: [
                .contentType: "text/html; charset=utf-8", .cacheControl: pageCacheControl,
            ],
            body: .init(byteBuffer: ByteBuffer(string: html)))
    }

    private var simulationNotice: String? {
        session.cardTerminal.identity.kind == .simulated
            ? "Simuliertes Kartengerät: Es wird keine Karte belastet." : nil
    }

    /// Leads on after a form was posted, so that loading again does not post again.
    func lead(to path: String) -> Response { .redirect(to: path, type: .normal) }

    /// Sends what was just signed without keeping the attendant waiting.
    func sendSoon() {
        Task {
            do { _ = try await session.flush() } catch {
                logger.error("sending failed", metadata: ["error": "\(error)"])
            }
        }
    }

    func form(_ request: Request) async throws -> FormValues {
        let body = try await request.body.collect(upTo: PageGuard.bodyBytesMax)
        return FormValues(String(buffer: body))
    }

    private static func asset(_ path: String) throws -> Response {
        guard let asset = Asset.at(path: path) else { throw HTTPError(.notFound) }
        return Response(
            status: .ok,
            headers: [.contentType: asset.mediaType, .cacheControl: Asset.cacheControl],
            body: .init(byteBuffer: ByteBuffer(bytes: asset.bytes)))
    }
}

extension BasicRequestContext {
    /// The delivery that the path names.
    func delivery() throws -> DeliveryNumber { DeliveryNumber(try number("id")) }

    func number(_ name: String) throws -> Int64 {
        guard let number = parameters.get(name, as: Int64.self) else { throw HTTPError(.notFound) }
        return number
    }
}
