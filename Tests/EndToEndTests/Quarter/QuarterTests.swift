import Defaults
import Foundation
import NIOHTTP1
import Signing
import SourceFiles
import Tariffs
import Testing
import Text
import Units

/// Business of three yards closed, exported and reconciled through the real program, ending with
/// clearing accounts that are zero or explained item by item, and the same numbers from hledger.
struct QuarterTests {
    /// ledger, beancount and hledger are installed with the other tools of the tests.
    private static let hasReaders = ["hledger", "ledger", "bean-check"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)")
    }

    @Test(
        .enabled(if: hasReaders, "hledger, ledger or beancount is not installed"),
        .timeLimit(.minutes(60)), arguments: [QuarterExtent.chosen])
    func `every exception of a quarter is named, and clearing is explained to the cent`(
        extent: QuarterExtent
    ) async throws {
        try await withFolder { folder in
            let town = try await Quarter.found(in: folder)
            let (program, line) = try await town.serve()
            do { try await play(Quarter(town, line, extent)) } catch {
                program.terminate()
                _ = await program.ended()
                throw error
            }
            program.terminate()
            #expect(await program.ended() == 0)
            try await Program.succeed(["verify", "--data", town.data], in: folder)
        }
    }

    private func play(_ quarter: Quarter) async throws {
        let file = try #require(DefaultFile.named("tariffs/goettingen-2024.yaml")).bytes
        let tariff = try #require(
            Tariff.decode(try SourceFile.tree(of: file), digest: Digest.sha256(file).hex).tariff)
        try await quarter.open(file, tariff)
        try await quarter.play()
        try await quarter.importFiles()
        let found = try await quarter.board()
        try await checkSigns(quarter, found)
        let decisions = try await quarter.decide()
        try await quarter.closeAgain()
        let settled = try await quarter.board()
        let closes = try await quarter.closes()
        checkClearing(quarter, settled)
        let books = try await QuarterBooks(quarter, closes)
        checkBooks(quarter, settled, closes, books)
        if quarter.extent.isWhole {
            print(
                QuarterSummary(
                    quarter: quarter, found: found, settled: settled, closes: closes, books: books,
                    decisions: decisions
                ).text)
        }
    }

    /// The program names what was planted, each by its own name and place, and nothing else.
    private func checkSigns(_ quarter: Quarter, _ found: QuarterBoard) async throws {
        let signs = found.signs(
            try await quarter.closes(),
            cardTerminals: Dictionary(
                uniqueKeysWithValues: quarter.yards.map { ($0.id.text, $0.tid) }))
        let wanted = quarter.truth.signs.sorted()
        #expect(signs.filter { !wanted.contains($0) } == [], "named, but not planted")
        #expect(wanted.filter { !signs.contains($0) } == [], "planted, but not named")
        #expect(signs.count == wanted.count)
        let missing = QuarterException.allCases.filter { quarter.truth.planted[$0] == nil }
        #expect(missing.isEmpty)
    }

    /// Nothing on the bank account is left undecided, and clearing holds what the simulation left
    /// there, cause by cause.
    private func checkClearing(_ quarter: Quarter, _ settled: QuarterBoard) {
        #expect(settled.openLines.isEmpty)
        #expect(settled.claims.isEmpty)
        #expect(settled.clearing == quarter.truth.clearing.sorted())
        for (scheme, clearing) in settled.clearingBalances {
            #expect(clearing.unexplained == 0, "\(scheme)")
            let causes = quarter.truth.clearing.filter { $0.scheme == scheme }
            #expect(clearing.balance == causes.map(\.cents).sum, "\(scheme)")
        }
    }

    /// hledger's balances are those of the approved closes, and those of the simulation.
    private func checkBooks(
        _ quarter: Quarter, _ settled: QuarterBoard, _ closes: [String: [JSONValue]],
        _ books: QuarterBooks
    ) {
        let truth = quarter.truth
        func left(_ scheme: String) -> Int64 {
            truth.clearing.filter { $0.scheme == scheme }.map(\.cents).sum
        }
        #expect(books.balances == QuarterBooks.approved(closes))
        #expect(books.balances.values.sum == 0)
        #expect(books.income == -quarter.yards.map(\.turnover).sum)
        let wanted = [
            "181900": left("girocard"), "181910": left("visa"),
            "181100": quarter.bank.sum - truth.notOurs, "549500": truth.fees,
            "171190": truth.chargebacks, "379900": truth.unresolved, "379910": 0, "161100": 0,
            "171100": 0,
        ]
        for (account, cents) in wanted {
            #expect(books.balances[account, default: 0] == cents, "\(account)")
        }
    }
}

extension Quarter {
    /// All closes of each yard, by its name, ascending.
    func closes() async throws -> [String: [JSONValue]] {
        var closes: [String: [JSONValue]] = [:]
        for yard in yards {
            let page = try await office("clara", .GET, yard, "closes?limit=500")
            #expect(page["next"] == .null)
            closes[yard.id.text] = (page["closes"]?.array ?? []).reversed()
        }
        return closes
    }
}
