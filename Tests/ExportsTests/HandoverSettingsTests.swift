import FinanceSamples
import Foundation
import Testing
import Text

@testable import Exports

struct HandoverSettingsTests {
    static let text = """
        pflicht: [datev]
        ziele:
          - ziel: kasse
            ordner: /srv/finanz/eingang
          - ziel: rechenzentrum
            server: hofbuch@sftp.example
            port: 2222
            ordner: eingang
            hostschlüssel: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==
            schlüsseldatei: keys/sftp

        """

    @Test func `settings are read as they stand`() throws {
        let (settings, problems) = HandoverSettings.decode(try Samples.tree(Self.text))
        #expect(problems == [])
        #expect(settings?.required == ["datev"])
        #expect(settings?.targets.map(\.name) == ["kasse", "rechenzentrum"])
        #expect(settings?.targets.first?.place == .folder("/srv/finanz/eingang"))
        guard case .server(let server) = settings?.targets.last?.place else {
            Issue.record("no server")
            return
        }
        #expect(server.user == "hofbuch" && server.host == "sftp.example" && server.port == 2_222)
        #expect(server.folder == "eingang" && server.keyFile == "keys/sftp")
        #expect(server.hostKey.hasPrefix("ssh-ed25519 AAAA"))
    }

    @Test func `the example of the documentation is read`() throws {
        let page = String(decoding: try Samples.file("docs/formats/handover.md"), as: UTF8.self)
        let lines = page.components(separatedBy: "\n")
        let start = try #require(lines.firstIndex { $0.hasPrefix("    pflicht:") })
        let example = lines[start...].prefix { $0.hasPrefix("    ") }.map { $0.dropFirst(4) }
        let (settings, problems) = HandoverSettings.decode(
            try Samples.tree(example.joined(separator: "\n") + "\n"))
        #expect(problems == [])
        #expect(settings?.targets.count == 2)
    }

    @Test(arguments: [
        ("pflicht: [datev]", "pflicht: datev", "U-E01"), ("  - ziel: kasse\n", "  - ", "U-E03"),
        ("ziel: kasse", "ziel: Kasse 1", "U-E04"), ("ziel: kasse", "ziel: rechenzentrum", "U-E05"),
        ("ordner: /srv/finanz/eingang", "ordner: eingang", "U-E06"),
        ("ordner: /srv/finanz/eingang", "ordner: '/srv/a\"b'", "U-E04"),
        ("ordner: /srv/finanz/eingang", "ordner: /srv/a\n    port: 22", "U-E02"),
        ("hofbuch@sftp.example", "sftp.example", "U-E04"),
        ("hofbuch@sftp.example", "-oProxyCommand=x@y", "U-E04"),
        ("hofbuch@sftp.example", "hof buch@y", "U-E04"), ("port: 2222", "port: 0", "U-E04"),
        ("ssh-ed25519 AAAA", "ssh-dss AAAA", "U-E04"),
        ("ssh-ed25519 AAAAC3", "ssh-ed25519 A A", "U-E04"),
        ("keys/sftp", "/etc/ssh/id", "U-E04"), ("keys/sftp", "../keys/sftp", "U-E04"),
        ("    hostschlüssel", "    farbe: rot\n    hostschlüssel", "U-E02"),
    ])
    func `each mistake is named`(old: String, new: String, code: String) throws {
        try #require(Self.text.contains(old))
        let range = try #require(Self.text.range(of: old))
        let (settings, problems) = HandoverSettings.decode(
            try Samples.tree(Self.text.replacingCharacters(in: range, with: new)))
        #expect(settings == nil)
        #expect(problems.map(\.code).contains(code), "\(problems.map(\.line))")
    }
}
