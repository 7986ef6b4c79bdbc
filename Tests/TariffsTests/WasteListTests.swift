import Testing

@testable import Tariffs

/// The waste list is complete, and codes that a yard needs are marked as the list marks them.
struct WasteListTests {
    @Test func `it has 842 types, 408 of them hazardous`() {
        #expect(WasteList.entries.count == 842)
        #expect(WasteList.entries.values.count { $0 == .hazardous } == 408)
        #expect(WasteList.entries.keys.allSatisfy { $0.count == 6 && $0.allSatisfy(\.isNumber) })
    }

    @Test(arguments: [
        "16 01 03", "17 01 01", "17 01 02", "17 01 03", "17 01 06*", "17 01 07", "17 02 01",
        "17 02 02", "17 02 03", "17 02 04*", "17 03 01*", "17 03 02", "17 03 03*", "17 05 04",
        "17 06 03*", "17 06 04", "17 06 05*", "17 08 02", "17 09 04", "20 01 01", "20 01 02",
        "20 01 10", "20 01 21*", "20 01 23*", "20 01 25", "20 01 26*", "20 01 27*", "20 01 33*",
        "20 01 35*", "20 01 36", "20 01 37*", "20 01 38", "20 01 40", "20 02 01", "20 02 02",
        "20 03 01", "20 03 07", "16 06 01*", "15 01 10*", "16 05 04*", "13 02 08*", "18 01 04",
    ])
    func `a code of a town yard is written as it should be`(_ code: String) {
        #expect(WasteList.problem(with: code)?.problem == nil)
        let other = code.hasSuffix("*") ? String(code.dropLast()) : code + "*"
        #expect(WasteList.problem(with: other)?.problem == .hazardMark)
    }

    @Test(arguments: ["20 01 03", "17 07 01", "00 00 00", "99 99 99", "20 03 05", ""])
    func `a code that is not listed is refused`(_ code: String) {
        #expect(WasteList.problem(with: code)?.problem == .wasteCodeNotListed)
    }
}
