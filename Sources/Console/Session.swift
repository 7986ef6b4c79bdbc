import HTTPTypes
import Hummingbird
import Journal
import Logging
import NIOCore
import Operations
import Pages
import People
import Units

/// Where the browser keeps the session: a name that only this host can set over HTTPS, and
/// another one for plain HTTP on the same machine.
struct SessionCookie {
    static let secureName = "__Host-hofbuch"
    static let plainName = "hofbuch"

    let isSecure: Bool

    /// - Returns: nil where a session would travel unencrypted over a network.
    init?(for arrival: Arrival) {
        isSecure = arrival.isEncrypted
        guard isSecure || arrival.isLoopback else { return nil }
    }

    func carrying(_ token: String) -> Cookie {
        Cookie(
            name: isSecure ? Self.secureName : Self.plainName, value: token, path: "/",
            secure: isSecure, httpOnly: true, sameSite: .lax)
    }

    static func token(of arrival: Arrival) -> String? {
        let cookies = arrival.request.cookies
        if let cookie = cookies[secureName] { return cookie.value }
        return arrival.isLoopback ? cookies[plainName]?.value : nil
    }

    /// Both cookies, made to be forgotten.
    static var ended: [Cookie] {
        [true, false].map { isSecure in
            Cookie(
                name: isSecure ? secureName : plainName, value: "", maxAge: 0, path: "/",
                secure: isSecure, httpOnly: true, sameSite: .lax)
        }
    }
}

extension Arrival {
    private var host: String { request.head.authority ?? "" }

    /// Whether the browser is on the same machine.
    var isLoopback: Bool {
        let name =
            host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
        return ["127.0.0.1", "localhost", "[::1]"].contains(String(name))
    }

    /// Whether the browser came by HTTPS, as it or the proxy in front says.
    var isEncrypted: Bool {
        request.head.scheme == "https" || header("X-Forwarded-Proto") == "https"
            || request.headers[.origin]?.hasPrefix("https://") == true
    }

    /// Scheme and host as the browser sees them; plain HTTP serves the same machine only.
    var origin: String { "\(isLoopback && !isEncrypted ? "http" : "https")://\(host)" }

    private func header(_ name: String) -> String? {
        HTTPField.Name(name).flatMap { request.headers[$0] }
    }

    /// Whether another site made the browser ask, as the browser says.
    private var isFromElsewhere: Bool {
        header("Sec-Fetch-Site").map { $0 != "same-origin" && $0 != "none" } ?? false
    }

    /// Refuses a link on another site that would change something: the first download of an export
    /// hands it over. An address that somebody types is good.
    ///
    /// - Throws: ``ConsoleProblem/foreignLink``.
    func requireOwnLink() throws(ConsoleProblem) {
        if isFromElsewhere { throw .foreignLink }
    }

    /// Refuses a form that another site made the browser send. What a proxy in front lacks would
    /// refuse every form, so the log says it once.
    ///
    /// - Throws: ``ConsoleProblem/forged``.
    func requireOwnPage(_ memory: ConsoleMemory) throws(ConsoleProblem) {
        if isFromElsewhere { throw .forged }
        guard let origin = request.headers[.origin],
            origin != "https://\(host)", origin != "http://\(host)"
        else { return }
        if memory.isFirstForeignOrigin() {
            logger.warning(
                "form refused, Origin differs from Host: does the proxy pass Host?",
                metadata: ["origin": "\(origin)", "host": "\(host)"])
        }
        throw .forged
    }

    /// The page of this server that the browser says a form stood on; nil if it does not say so.
    var formPage: String? {
        guard let page = header("Referer") else { return nil }
        for start in ["https://\(host)/", "http://\(host)/"] where page.hasPrefix(start) {
            return LocalPath.checked("/" + page.dropFirst(start.count))
        }
        return nil
    }

    /// Where tries to sign in are counted; nil where nobody can tell.
    var source: String? {
        SignInSource.address(peer: peer, forwarded: header("X-Forwarded-For"))
    }
}

extension ConsoleRoutes {
    static let yardCookie = "hofbuch-hof"
    /// No form is longer, a file in it left out.
    static let bodyBytesMax = 65_536

    /// The yard that was chosen with `?hof=` now or before; else the first.
    func yard(of arrival: Arrival) throws -> Yard {
        let yards = installation.yards
        let wanted = [
            arrival.query("hof"), arrival.request.cookies[Self.yardCookie]?.value ?? "",
        ]
        for id in wanted {
            if let yard = yards.first(where: { $0.id.text == id }) { return yard }
        }
        guard let first = yards.first else { throw ConsoleProblem.noYard }
        return first
    }

    /// - Throws: ``ConsoleProblem/forged`` for a yard that is not here.
    func yard(named id: String) throws -> Yard {
        guard let yard = installation.yards.first(where: { $0.id.text == id }) else {
            throw ConsoleProblem.forged
        }
        return yard
    }

    func withForm(_ arrival: Arrival) async throws -> Arrival {
        guard arrival.request.method == .post else { return arrival }
        try arrival.requireOwnPage(memory)
        var filled = arrival
        let body = try await arrival.request.collected(upTo: Self.bodyBytesMax, seconds: 30)
        filled.form = FormValues(String(buffer: body))
        return filled
    }

    /// Reads a form that may carry a file: one of bank or acquirer, or batch cuts. Without one it
    /// may come as any other form, and is as small.
    func withFile(_ arrival: Arrival) async throws -> Arrival {
        guard arrival.request.headers[.contentType]?.lowercased().hasPrefix("multipart/") == true
        else { return try await withForm(arrival) }
        try arrival.requireOwnPage(memory)
        var body = try await arrival.request.collected(
            upTo: Installation.bankFileBytesMax + Self.bodyBytesMax, seconds: 180)
        guard
            let form = MultipartForm(
                body.readBytes(length: body.readableBytes) ?? [],
                contentType: arrival.request.headers[.contentType] ?? "")
        else { throw ConsoleProblem.malformed }
        var filled = arrival
        filled.form = FormValues(form.values)
        filled.files = form.files
        return filled
    }

    func signInPage(_ arrival: Arrival) async throws -> Response {
        let target = LocalPath.checked(arrival.query("ziel")) ?? Self.startPath
        if let token = SessionCookie.token(of: arrival), try installation.session(token) != nil {
            return .redirect(target)
        }
        return show(SignInPage(target: target, panel: Self.signInPanel(arrival)), arrival)
    }

    /// Why somebody has to sign in who was at work.
    private static func signInPanel(_ arrival: Arrival) -> Panel? {
        if arrival.query("neu") == "ja" {
            return Panel(.success, "Passwort geändert", "Melden Sie sich mit dem neuen an.")
        }
        guard arrival.query("grund") == "abgelaufen" else { return nil }
        return Panel(
            .warning, "Ihre Sitzung ist beendet",
            "Sie war 15 Minuten lang unbenutzt, oder sie wurde anderswo beendet. Das Formular ist "
                + "nicht gespeichert: Melden Sie sich an, und füllen Sie es noch einmal aus.")
    }

    func signIn(_ arrival: Arrival) async throws -> Response {
        let form = arrival.form
        let target = LocalPath.checked(form["ziel"]) ?? Self.startPath
        func refused(_ status: HTTPResponse.Status, problem: String? = nil, panel: Panel? = nil)
            -> Response
        {
            show(
                SignInPage(name: form["name"], target: target, problem: problem, panel: panel),
                arrival, status: status)
        }
        guard let cookie = SessionCookie(for: arrival) else {
            return refused(
                .forbidden,
                panel: Panel(
                    .danger, "Nur verschlüsselt",
                    "Öffnen Sie das Hofbuch mit https, oder am Rechner des Servers selbst."))
        }
        do {
            let signedIn = try await installation.signIn(
                form["name"].lowercased(), password: form.values["passwort"] ?? "",
                from: arrival.source)
            var response = Response.redirect(target)
            response.setCookie(cookie.carrying(signedIn.token))
            return response
        } catch OperationsError.signInFailed {
            return refused(.unauthorized, problem: "Anmeldename oder Passwort stimmt nicht.")
        } catch OperationsError.tooManyAttempts(let seconds) {
            var response = refused(
                .tooManyRequests,
                panel: Panel(
                    .warning, "Zu viele Fehlversuche",
                    "\(GermanWords.wait(seconds)), und versuchen Sie es dann noch einmal."))
            response.headers[.retryAfter] = String(seconds)
            return response
        }
    }

    func signOut(_ arrival: Arrival) async throws -> Response {
        var response = Response.redirect("/anmelden")
        for cookie in SessionCookie.ended { response.setCookie(cookie) }
        guard let token = SessionCookie.token(of: arrival),
            let session = try installation.session(token)
        else { return response }
        _ = try arrival.yardOfToken(session.csrf)
        try await installation.signOut(token)
        return response
    }
}

extension Request {
    /// The body, within `seconds` however slowly it trickles in; the time is looked at with each
    /// part, and a line that brings none is closed for idleness.
    ///
    /// - Throws: ``ConsoleProblem`` `tooLarge`, `tooSlow`, `malformed` where the line broke.
    fileprivate func collected(upTo bytesMax: Int, seconds: Int) async throws -> ByteBuffer {
        let began = ContinuousClock.now
        var collected = ByteBuffer()
        do {
            for try await part in body {
                guard began.duration(to: .now) < .seconds(seconds) else {
                    throw ConsoleProblem.tooSlow
                }
                guard collected.readableBytes + part.readableBytes <= bytesMax else {
                    throw ConsoleProblem.tooLarge(bytesMax: bytesMax)
                }
                collected.writeImmutableBuffer(part)
            }
        } catch let problem as ConsoleProblem {
            throw problem
        } catch {
            throw ConsoleProblem.malformed
        }
        return collected
    }
}

extension Arrival {
    /// The yard that a form of this session was shown for.
    ///
    /// - Throws: ``ConsoleProblem/forged``.
    func yardOfToken(_ csrf: String) throws -> String {
        let parts = form["csrf"].split(separator: ".", maxSplits: 1)
        guard parts.count == 2, parts[0].utf8.elementsEqual(csrf.utf8) else {
            throw ConsoleProblem.forged
        }
        return String(parts[1])
    }
}
