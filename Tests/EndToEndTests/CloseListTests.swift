import Calendars
import Defaults
import Foundation
import NIOHTTP1
import Operations
import People
import Testing
import Text
import Units

@testable import hofbuch

/// The list of closes through the interface, page by page.
struct CloseListTests {
    private static func person(_ id: String, _ role: Role) throws -> Person {
        Person(id: try #require(PersonID(id)), name: id, roles: [role])
    }

    /// An installation in `folder` whose one yard has closed `count` days without sales.
    private func installation(in folder: String, closes count: Int) async throws -> Installation {
        let directory = DataDirectory(folder + "/data")
        try Installation.create(in: directory, finance: DefaultFile.files(in: "finance/"))
        let installation = try Installation(directory: directory, logger: .quiet)
        let yard = try await installation.createYard(
            YardDescription(
                id: try #require(YardID("hof-1")), name: "Nord", town: "Musterstadt",
                address: "Am Hof 1, 12345 Musterstadt", host: "musterstadt.example"))
        let (anna, bernd) = (
            try Self.person("anna", .cashier), try Self.person("bernd", .approver)
        )
        try await installation.save(anna, password: "anna-hat-ein-passwort")
        let day = installation.calendar.day(of: installation.clock())
        for _ in 0..<count {
            try await installation.countClose([:], day: day, at: yard, by: anna)
            _ = try await installation.approveClose(at: yard, by: bernd)
        }
        return installation
    }

    @Test func `it begins with the newest and goes on with its cursor to the end`() async throws {
        try await withFolder { folder in
            let installation = try await installation(in: folder, closes: 3)
            let address = ServerAddress(host: "127.0.0.1", port: 0, tls: nil)
            let server = Server(installation: installation, address: address) { _ in }
            try await server.serving { base in
                let line = Line(base: base)
                let token = try await line.json(
                    .POST, "/v1/sessions",
                    .fields(["name": "anna", "password": "anna-hat-ein-passwort"])
                )["token"]?.string
                var pages: [[Int64]] = []
                var cursor: String?
                repeat {
                    let rest = cursor.map { "&cursor=\($0)" } ?? ""
                    let page = try await line.json(
                        .GET, "/v1/yards/hof-1/closes?limit=2\(rest)", token: token)
                    let closes = page["closes"]?.array ?? []
                    pages.append(closes.compactMap { $0["number"]?.integer })
                    #expect(closes.allSatisfy { $0["seal"]?["state"]?.string == "approved" })
                    cursor = page["next"]?.string
                } while cursor != nil
                #expect(pages == [[3, 2], [1]])

                let wrong = try await line.send(
                    .GET, "/v1/yards/hof-1/closes?cursor=17", token: token)
                #expect(wrong.status == 422)
                #expect(try wrong.json["code"]?.string == "cursor-invalid")
            }
            try installation.close()
        }
    }
}
