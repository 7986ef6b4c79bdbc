import FinanceSamples
import Sales
import Testing
import Text
import Units

@testable import DayClosing

/// The numbers of batch cuts from close to close.
struct CutSequenceTests {
    private func cut(
        _ number: String?, _ cents: Int64 = 100, at printedAt: String? = nil,
        terminal: String = "51234567"
    ) -> BatchCut {
        BatchCut(
            cardTerminal: terminal, number: number, printedAt: printedAt,
            totals: [.girocard: Tally(count: 1, amount: Cents(cents))])
    }

    /// What is found in the last of several closes.
    private func findings(_ closes: [String]...) -> [CutFinding] {
        var sequence = CutSequence()
        for (place, numbers) in closes.dropLast().enumerated() {
            sequence.add(numbers.map { cut($0) }, of: Int64(place + 1))
        }
        return sequence.findings((closes.last ?? []).map { cut($0, 999) })
    }

    private func gap(_ after: String, _ number: String, _ missing: Int64) -> CutFinding {
        .gap(cardTerminal: "51234567", after: after, number: number, missing: missing)
    }

    private func behind(_ after: String, _ number: String) -> CutFinding {
        .behind(cardTerminal: "51234567", after: after, number: number)
    }

    @Test func `numbers that go on are in order, in whatever order they are typed`() {
        #expect(findings(["0017"]).isEmpty)
        #expect(findings(["0017"], ["0018"]).isEmpty)
        #expect(findings(["0017"], ["19", "18"]).isEmpty)
        #expect(findings(["0017"], [], ["0018"]).isEmpty)
        #expect(findings(["A7"], ["B1"]).isEmpty)
    }

    @Test func `a gap is named with both sides and how many are missing`() {
        #expect(findings(["0017"], ["0019"]) == [gap("0017", "0019", 1)])
        #expect(findings(["0017"], ["0018", "0025"]) == [gap("0018", "0025", 6)])
        #expect(
            findings(["5"], ["9000000000000000"]) == [
                gap("5", "9000000000000000", 8_999_999_999_999_994)
            ])
        // A cut that came late has closed it.
        #expect(findings(["17"], ["19"], ["18"]) == [behind("19", "18")])
        #expect(findings(["17"], ["19"], ["18"], ["20"]).isEmpty)
    }

    @Test func `a number of an earlier close is named with that close`() {
        let repeated = CutFinding.repeated(cardTerminal: "51234567", number: "017", close: 1)
        #expect(findings(["17"], ["18"], ["017"]) == [repeated])
        #expect(
            findings(["A7"], ["A8"], ["A7"]) == [
                .repeated(cardTerminal: "51234567", number: "A7", close: 1)
            ])
        var sequence = CutSequence()
        sequence.add([cut("17")], of: 1)
        #expect(sequence.findings([cut("17", 5, terminal: "51234568")]).isEmpty)
    }

    @Test func `a new beginning is named once, and all nines are followed by one`() {
        #expect(findings(["500"], ["1"]) == [behind("500", "1")])
        #expect(findings(["500"], ["1"], ["2"]).isEmpty)
        #expect(findings(["9998"], ["9999", "0001"]) == [])
        #expect(findings(["9999"], ["0000"]).isEmpty)
        #expect(findings(["9"], ["1"]) == [behind("9", "1")])
    }

    @Test func `the same slip in a second close is found, another of its number is not`() {
        var sequence = CutSequence()
        let slip = cut("17", 100, at: "2026-11-20 18:05")
        sequence.add([slip, cut(nil)], of: 4)

        #expect(sequence.counted(among: [cut("18"), slip])?.close == 4)
        let zeroes = BatchCut(
            cardTerminal: "51234567", number: "0017", printedAt: "2026-11-20 18:05",
            totals: [.girocard: Tally(count: 1, amount: Cents(100)), .visa: Tally()])
        #expect(sequence.counted(among: [zeroes])?.cut == zeroes)
        for other in [
            cut("17", 101, at: "2026-11-20 18:05"), cut("17", 100, at: "2026-11-21 18:05"),
            cut("17", 101), cut(nil), cut("17", 100, terminal: "51234568"),
            cut("17", 100, at: "2026-11-20 18:05", terminal: "51234568"),
        ] {
            #expect(sequence.counted(among: [other]) == nil)
        }
    }

    @Test func `a slip is the same whether its time was typed or not`() {
        var (timed, untimed) = (CutSequence(), CutSequence())
        timed.add([cut("17", 100, at: "2026-11-20 18:05")], of: 4)
        untimed.add([cut("17", 100)], of: 4)

        #expect(timed.counted(among: [cut("17", 100)])?.close == 4)
        #expect(untimed.counted(among: [cut("17", 100)])?.close == 4)
        #expect(untimed.counted(among: [cut("17", 100, at: "2026-11-20 18:05")])?.close == 4)
        #expect(untimed.counted(among: [cut("17", 101, at: "2026-11-20 18:05")]) == nil)
    }

    @Test func `leading zeros make no second cut of one count`() {
        #expect([cut("0018"), cut("18")].repeated?.number == "18")
        #expect([cut("18"), cut("18A")].repeated == nil)
        #expect([cut("0"), cut("00")].repeated?.number == "00")
    }

    @Test(arguments: [
        CutFinding.repeated(cardTerminal: "5", number: "7", close: 3),
        .gap(cardTerminal: "5", after: "7", number: "9", missing: 1),
        .gap(cardTerminal: "5", after: "7", number: "10", missing: 2),
        .behind(cardTerminal: "5", after: "7", number: "1"),
    ])
    func `a finding reads back the same and has its sentence`(finding: CutFinding) throws {
        #expect(try CutFinding(json: finding.json, path: "f") == finding)
        #expect(finding.german.hasPrefix("Gerät 5: "))
        #expect(finding.json["kind"]?.string == finding.code)
    }

    @Test func `another kind of finding, or one that is not whole, is refused`() {
        for text in [
            #"{"kind":"x","tid":"5","number":"7"}"#,
            #"{"kind":"gap","tid":"5","number":"7","after":"5"}"#,
            #"{"kind":"behind","tid":"5","number":"7","after":"5","close":1}"#,
        ] {
            #expect(throws: JSONShapeError.self, "\(text)") {
                _ = try CutFinding(json: StrictJSON.parse(Array(text.utf8)), path: "f")
            }
        }
    }
}
