import HTTPTypes
import Testing

@testable import Console

/// All files of an export in one.
struct ExportArchiveTests {
    @Test func `several files of an export come as one archive for those who may fetch them`()
        async throws
    {
        let yard = try await ConsoleYard()
        try await yard.sell()
        try await yard.browsing(["kasse", "freigabe", "finanzen", "pruefung"]) { browsers in
            let finance = browsers[2]
            try await yard.count(browsers[0])
            _ = try await yard.approve(browsers[1])
            for format in ["gobd", "hledger"] {
                _ = try await finance.post("/exporte", ["abschluss": "1", "format": format])
            }

            let path = "/exporte/1/dateien.zip"
            for page in ["/exporte", "/exporte/1", "/abschluesse/1"] {
                #expect(try await finance.get(page).text.contains("href=\"\(path)\""), "\(page)")
            }
            #expect(try await !finance.get("/exporte").text.contains("/exporte/2/dateien.zip"))
            #expect(try await !browsers[0].get("/exporte/1").text.contains(path))
            #expect(try await browsers[0].get(path).status == 403)

            let archive = try await browsers[3].get(path)
            #expect(archive.status == 200 && archive.headers[.contentType] == "application/zip")
            #expect(
                archive.headers[.contentDisposition]
                    == "attachment; filename=\"nord-export-000001.zip\"")
            #expect(try await finance.get("/exporte/1").text.contains("Bereit"))
            #expect(try await finance.get(path).status == 200)
            #expect(try await finance.get("/exporte/1").text.contains("Heruntergeladen"))
            #expect(try await finance.get("/exporte/9/dateien.zip").status == 404)
        }
    }
}
