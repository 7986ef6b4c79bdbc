import HTTPTypes
import Hummingbird
import Journal
import Logging
import NIOCore
import Operations
import Pages
import People
import Units

extension ConsoleRoutes {
    /// Answers a request whatever happens: with its page, a redirection, or a page that says what
    /// went wrong; always with the headers of every page.
    func answer(_ route: ConsoleRoute, _ arrival: Arrival) async -> Response {
        var response: Response
        do {
            response =
                switch route.access {
                case .anyone(let answer): try await answer(try await withForm(arrival))
                case .people(let act, let answer):
                    try await admit(arrival, act, takesFile: route.takesFile, answer)
                }
        } catch {
            response = problem(error, arrival, nil)
        }
        for (name, value) in securityHeaders {
            guard let field = HTTPField.Name(name) else { continue }
            response.headers[field] = value
        }
        if arrival.isEncrypted, !arrival.isLoopback {
            response.headers[.strictTransportSecurity] = Self.strictTransport
        }
        if response.headers[.cacheControl] == nil {
            response.headers[.cacheControl] = pageCacheControl
        }
        return response
    }

    /// For a year nobody reaches this host unencrypted, whatever somebody types.
    private static let strictTransport = "max-age=31536000"

    /// Lets a signed-in person with the right role through.
    private func admit(
        _ arrival: Arrival, _ act: Act, takesFile: Bool, _ answer: ConsoleRoute.Answer
    ) async throws -> Response {
        guard let token = SessionCookie.token(of: arrival),
            let session = try installation.session(token)
        else { return .redirect(Self.signInPath(arrival)) }
        var visit = Visit(
            arrival: arrival, person: session.person, csrf: session.csrf,
            yard: try yard(of: arrival))
        var response: Response
        do {
            // Nobody else makes the server read a large body.
            if takesFile { try Self.require(act, of: session.person) }
            if arrival.request.method == .post {
                let filled =
                    takesFile ? try await withFile(arrival) : try await withForm(arrival)
                visit = Visit(
                    arrival: filled, person: session.person, csrf: session.csrf,
                    yard: try yard(named: try filled.yardOfToken(session.csrf)))
            }
            try Self.require(act, of: session.person)
            response = try await answer(visit)
        } catch {
            response = problem(error, arrival, visit)
        }
        if arrival.query("hof") == visit.yard.id.text {
            response.setCookie(
                Cookie(
                    name: Self.yardCookie, value: visit.yard.id.text, path: "/",
                    secure: arrival.isEncrypted, httpOnly: true, sameSite: .lax))
        }
        return response
    }

    private static func require(_ act: Act, of person: Person) throws(OperationsError) {
        do { try person.require(act) } catch { throw .forbidden(error) }
    }

    /// The sign-in, and where to go on from there. A form that was sent is not sent again: its page
    /// is, and the sign-in says that nothing was saved.
    private static func signInPath(_ arrival: Arrival) -> String {
        let isForm = arrival.request.method == .post
        let page = isForm ? arrival.formPage : LocalPath.checked(arrival.request.uri.string)
        return "/anmelden?ziel=\((page ?? startPath).queryEscaped)"
            + (isForm ? "&grund=abgelaufen" : "")
    }

    // Pages

    /// A page for somebody who is not signed in.
    func show(_ page: some Page, _ arrival: Arrival, status: HTTPResponse.Status = .ok)
        -> Response
    {
        let frame = PageFrame(town: installation.yards.first?.genesis.town ?? "Hofbuch")
        return .html(templates.render(page, in: frame), status: status)
    }

    /// A page for a signed-in person.
    ///
    /// - Parameter current: the path of the navigation that the page belongs to.
    func show(
        _ page: some Page, _ visit: Visit, at current: String, back: PageLink? = nil,
        status: HTTPResponse.Status = .ok
    ) -> Response {
        let frame = PageFrame(
            town: visit.yard.genesis.town, yard: visit.yard.genesis.yardName,
            navigation: Self.navigation(of: visit, current: current),
            person: SignedInPerson(
                name: visit.person.name, role: visit.person.roleNames, signOutPath: "/abmelden"),
            back: back,
            footer: otherYards(visit) + [PageLink("Passwort ändern", "/passwort")],
            csrf: visit.formToken, session: Self.sessionPath)
        return .html(templates.render(page, in: frame), status: status)
    }

    private static func navigation(of visit: Visit, current: String) -> [PageLink] {
        let all: [(String, String, Act)] = [
            ("Heute", "/heute", .readSales),
            ("Verkäufe", "/verkaeufe", .readSales), ("Erstattungen", "/erstattungen", .readSales),
            ("Zahlungen", "/zahlungen", .readSales), ("Abschluss", "/abschluss", .readSales),
            ("Abschlüsse", "/abschluesse", .readSales), ("Exporte", "/exporte", .readSales),
            ("Abgleich", "/abgleich", .readBank), ("Auswertung", "/auswertung", .readSales),
            ("Tarife", "/tarife", .readSales),
            ("Terminals", "/terminals", .readAudit), ("Prüfung", "/pruefung", .readAudit),
        ]
        return all.filter { visit.may($0.2) }
            .map { PageLink($0.0, $0.1, isCurrent: $0.1 == current) }
    }

    private func otherYards(_ visit: Visit) -> [PageLink] {
        installation.yards.filter { $0.number != visit.yard.number }
            .map { PageLink("Zum Hof \($0.genesis.yardName)", "/verkaeufe?hof=\($0.id.text)") }
    }
}

extension Response {
    static func html(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "text/html; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// Leads on with a GET, also after a POST.
    static func redirect(_ path: String) -> Response {
        Response(status: .seeOther, headers: [.location: path])
    }

    /// A file to keep.
    static func download(_ bytes: [UInt8], name: String, type: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: type, .contentDisposition: attachment(name)],
            body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// What somebody takes away of an export, piece by piece as the line takes it.
    static func download(_ download: ExportDownload, type: String) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: type, .contentDisposition: attachment(download.name)],
            body: .init(contentLength: Int(download.byteCount)) { writer in
                for try await piece in download.stream {
                    try await writer.write(ByteBuffer(bytes: piece))
                }
                try await writer.finish(nil)
            })
    }

    private static func attachment(_ name: String) -> String {
        let kept = name.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
        return "attachment; filename=\"\(kept)\""
    }
}
