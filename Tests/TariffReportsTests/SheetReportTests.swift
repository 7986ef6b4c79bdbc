import SourceFiles
import Testing
import Text
import Units

@testable import TariffReports
@testable import Tariffs

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The tariff files of the repository.
enum TariffFolder {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "tariffs")

    /// Sorted; empty, and then reported by a test, where the folder is missing.
    static let names: [String] = {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder.path())
                .filter { $0.hasSuffix(".yaml") }.sorted()
        } catch {
            return []
        }
    }()

    static func tariff(_ name: String) throws -> Tariff {
        let bytes = [UInt8](try Data(contentsOf: folder.appending(path: name)))
        let decoding = Tariff.decode(
            try SourceFile.tree(of: bytes), digest: String(repeating: "0", count: 64))
        return try #require(decoding.tariff, "\(decoding.problems)")
    }
}

/// Reports on every tariff file of the repository.
struct SheetReportTests {
    static let files = TariffFolder.names

    private func tariff(_ file: String) throws -> Tariff { try TariffFolder.tariff(file) }

    @Test func `there are tariff files`() { #expect(Self.files.count >= 4) }

    @Test(arguments: files)
    func `the price list names every fraction with every price`(file: String) throws {
        let tariff = try tariff(file)
        let list = PriceList(of: tariff)
        let words = PriceWords(tariff)

        for fraction in tariff.fractions {
            let section = list.sections.first { $0.fraction.id == fraction.id }
            let positions = tariff.positions.filter { $0.fractions.contains(fraction.id) }
            #expect(section?.entries.map(\.number) == positions.map(\.number))
            #expect(section?.entries.map(\.price) == positions.map { words.price(of: $0) })
        }
        #expect(Page.isBalanced(list.html))
        #expect(list.text().split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test(arguments: files)
    func `a file does not differ from itself`(file: String) throws {
        let tariff = try tariff(file)

        #expect(TariffDiff(from: tariff, to: tariff).isEmpty)
    }

    @Test(arguments: files)
    func `its examples come out right in the table for the council`(file: String) throws {
        let table = Conformance(of: try tariff(file))

        #expect(table.failing.map(\.number) == [])
        #expect(Page.isBalanced(table.html))
    }

    @Test(arguments: files)
    func `its examples under itself change nothing`(file: String) throws {
        let tariff = try tariff(file)
        var simulation = Simulation(draft: tariff)
        for example in tariff.examples where example.earlier.isEmpty {
            let delivery = example.delivery
            guard case .priced(let lines, _) = tariff.amountLines(of: delivery) else { continue }
            // Each example is the first delivery of its holder.
            var one = Simulation(draft: tariff)
            one.add(
                RecordedSale(
                    name: example.number, delivery: delivery,
                    lines: lines.map { ChargedLine(position: $0.position, gross: $0.gross) }))
            simulation.merge(one)
        }

        #expect(simulation.counts.same == simulation.counts.all)
        #expect(simulation.counts.draft == simulation.counts.recorded)
    }
}
