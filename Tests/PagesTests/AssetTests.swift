import Foundation
import Pages
import Testing

struct AssetTests {
    @Test func `every asset has its own path with the hash of its content`() throws {
        let names = Asset.all.map(\.name)

        #expect(Set(names).isSuperset(of: ["hofbuch.css", "hofbuch.js", "favicon.svg"]))
        #expect(Set(Asset.all.map(\.path)).count == names.count)
        for asset in Asset.all {
            #expect(asset.path.wholeMatch(of: #/\/assets\/[a-z]+-[0-9a-f]{16}\.[a-z0-9]+/#) != nil)
            #expect(Asset.at(path: asset.path) == asset)
        }
    }

    @Test(arguments: ["/assets/hofbuch.css", "/assets/hofbuch-0000000000000000.css", "/", ""])
    func `an unknown or outdated path finds nothing`(path: String) {
        #expect(Asset.at(path: path) == nil)
    }

    @Test func `the script stays small and the policy allows nothing inline`() throws {
        let script = try #require(Asset.all.first { $0.name == "hofbuch.js" })
        let policy = try #require(securityHeaders.first { $0.name == "Content-Security-Policy" })

        #expect(script.bytes.count <= 10_240)
        #expect(policy.value.hasPrefix("default-src 'none'"))
        #expect(!policy.value.contains("unsafe"))
    }

    @Test func `every file of the folders is compiled in as it is`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        for folder in ["Sources/CAssets/files", "Sources/CAssets/templates", "receipts"] {
            let url = root.appending(path: folder).resolvingSymlinksInPath()
            let files = try FileManager.default.contentsOfDirectory(
                at: url, includingPropertiesForKeys: nil)
            #expect(!files.isEmpty)
            for file in files { try expectEmbedded(file) }
        }
    }

    private func expectEmbedded(_ file: URL) throws {
        let name = file.lastPathComponent
        let bytes = Array(try Data(contentsOf: file))
        let template = PageTemplates.embeddedText(named: name.replacing(".mustache", with: ""))
        let embedded = Asset.all.first { $0.name == name }?.bytes ?? template.map { Array($0.utf8) }

        #expect(embedded == bytes, "\(name): run Sources/CAssets/generate.sh and build again")
    }
}
