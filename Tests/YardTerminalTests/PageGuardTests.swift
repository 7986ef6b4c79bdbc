import HTTPTypes
import HummingbirdTesting
import Testing

@testable import YardTerminal

struct PageGuardTests {
    @Test func `a form without the token is refused`() async throws {
        try await PageYard.with { yard in
            for body in ["", "csrf=", "csrf=falsch", "person=mueller"] {
                let answer = try await yard.send(.post, "/anmelden", headers: [:], body: body)
                #expect(answer.status == .forbidden)
                // Most likely the page is older than the program.
                #expect(answer.body.contains("Das Programm wurde neu gestartet"))
                #expect(answer.body.contains("page-outdated"))
            }
        }
    }

    @Test(arguments: [
        ("Origin", "http://evil.example"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
    ])
    func `a form from another page is refused though it knows the token`(
        name: String, value: String
    ) async throws {
        try await PageYard.with { yard in
            let answer = try await yard.send(
                .post, "/anmelden", headers: [HTTPField.Name(name)!: value],
                body: "csrf=\(yard.pages.csrf)&person=mueller")
            #expect(answer.status == .forbidden)
        }
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("127.0.0.1:8081", true), ("localhost:8081", true),
        ("[::1]:8081", true), ("evil.example", false), ("evil.example:8081", false),
        ("127.0.0.1.evil.example", false), ("localhost.evil.example:80", false), ("", false),
        ("[::1].evil.example", false), ("10.0.0.5", false), ("127.0.0.1@evil.example", false),
    ])
    func `only names of this machine are served`(authority: String, isLocal: Bool) {
        #expect(PageGuard.isLocal(authority) == isLocal)
    }

    @Test(arguments: ["/", "/beleg/999", "/nichts"])
    func `every answer carries the security headers`(path: String) async throws {
        try await PageYard.with { yard in
            let answer = try await yard.get(path)
            let policy = answer.response.headers[HTTPField.Name("Content-Security-Policy")!]
            #expect(policy?.contains("default-src 'none'") == true)
        }
    }

    @Test func `assets may be kept, pages may not`() async throws {
        try await PageYard.with { yard in
            let start = try await yard.get("/")
            #expect(start.response.headers[.cacheControl] == "no-store")
            let path = try #require(
                start.body.firstMatch(of: #/href="(/assets/[^"]+\.css)"/#)?.output.1)
            let style = try await yard.get(String(path))
            #expect(style.status == .ok)
            #expect(style.response.headers[.cacheControl]?.contains("immutable") == true)
        }
    }
}
