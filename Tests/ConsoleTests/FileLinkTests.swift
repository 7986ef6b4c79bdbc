import HTTPTypes
import Testing

@testable import Console

/// Links behind which a file comes and no page: the words about waiting have to end by themselves.
struct FileLinkTests {
    private static let pages = [
        "/verkaeufe/t1/1", "/pruefung", "/abschluesse/1", "/auswertung", "/exporte", "/tarife",
    ]

    @Test func `a link that brings a file says so`() async throws {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["kasse", "freigabe", "pruefung"]) { browsers in
            try await yard.count(browsers[0])
            #expect(try await yard.approve(browsers[1]).location == "/abschluesse/1")

            let auditor = browsers[2]
            var followed: Set<String> = []
            var marked = 0
            for path in Self.pages {
                let page = try await auditor.get(path)
                #expect(page.status == 200, "\(path)")
                for link in page.text.matches(of: #/<a [^>]*href="(\/[^"]*)"[^>]*>/#) {
                    guard !link.0.contains("data-file"), !link.0.contains(" download") else {
                        marked += 1
                        continue
                    }
                    let place = String(link.1).replacing("&amp;", with: "&")
                    guard followed.insert(place).inserted else { continue }
                    let answer = try await auditor.get(place)
                    #expect(answer.headers[.contentDisposition] == nil, "\(path): \(place)")
                }
            }
            #expect(marked > 4 && followed.count > 10)
        }
    }
}
