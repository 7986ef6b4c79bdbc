import Foundation
import Testing

/// The benches run in their short form, so that they cannot rot: every figure is printed and is a
/// number. How large it is says nothing here, so nothing is asked about that.
struct BenchTests {
    private struct Figure: Decodable {
        let name: String
        let value: Double
        let unit: String
        let floor: Double?
        let ratio: Double?
    }

    private func figures(_ arguments: [String]) async throws -> [String: Figure] {
        var found: [Figure] = []
        try await withFolder { folder in
            let output = try await Program.succeed(
                ["bench"] + arguments + ["--short", "--json"], in: folder)
            found = try JSONDecoder().decode([Figure].self, from: Data(output.utf8))
        }
        return Dictionary(found.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    }

    private func isMeasured(_ value: Double?) -> Bool {
        value.map { $0.isFinite && $0 > 0 } ?? false
    }

    @Test func `the bench of sales prints every figure beside its floor`() async throws {
        let figures = try await figures(["sales"])

        for name in [
            "sales-64", "sales-64-cpu", "sales-256", "sales-256-cpu", "sales-batch",
            "sales-batch-cpu", "quiet", "quiet-slow-disk", "half-peak-p99", "memory", "start",
            "verify", "verify-memory", "close",
        ] {
            let figure = try #require(figures[name], "\(name) was not measured")
            #expect(isMeasured(figure.value) && isMeasured(figure.floor), "\(name)")
            #expect(figure.ratio.map { isMeasured($0) } ?? true, "\(name)")
        }
        for name in ["decode-tree", "decode-sale", "close-again"] {
            #expect(isMeasured(figures[name]?.value), "\(name)")
        }
        let delay = try #require(figures["quiet-slow-disk"]?.value)
        #expect(delay >= 10, "the delay of each commit is part of the figure")
    }

    @Test func `the bench of a close prints every figure`() async throws {
        let figures = try await figures(["close"])

        for name in ["close", "close-again", "close-export", "close-export-wait"] {
            let figure = try #require(figures[name], "\(name) was not measured")
            #expect(isMeasured(figure.value) && isMeasured(figure.floor), "\(name)")
        }
        #expect(isMeasured(figures["close-approve"]?.value))
        // So little memory may have been there before.
        #expect(try #require(figures["close-export-memory"]).value.isFinite)
    }

    @Test func `the bench of statements prints every figure`() async throws {
        let figures = try await figures(["statement"])

        for kind in ["camt", "mt940", "acquirer"] {
            for step in ["read", "import"] {
                let name = "statement-\(kind)-\(step)"
                #expect(isMeasured(figures[name]?.value), "\(name)")
                let memory = try #require(figures[name + "-memory"], "\(name)")
                #expect(memory.value.isFinite && isMeasured(memory.floor), "\(name)")
            }
        }
    }

    @Test func `the bench of tariffs prints every figure`() async throws {
        let figures = try await figures(["tariffs"])

        for count in [10, 100, 1_000] {
            #expect(isMeasured(figures["price-\(count)"]?.value))
            #expect(isMeasured(figures["price-\(count)-sentences"]?.value))
        }
        #expect(isMeasured(figures["tariff-check"]?.value))
    }
}
