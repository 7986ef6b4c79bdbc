import Exports
import FinanceSamples
import Testing
import Text

struct CheckDigitTests {
    /// The first vector is the worked example of a public manual; the others are worked by hand.
    @Test(arguments: [
        (CheckDigit.doubledOdd, "0701172", "9"), (.doubledOdd, "0", "0"), (.doubledOdd, "5", "9"),
        (.doubledEven, "0701172", "5"), (.doubledEven, "05", "9"), (.doubledEven, "0", "0"),
        (.modulo11, "5317", "1"), (.modulo11, "0", "0"), (.modulo11, "6", "0"),
        // The seventh digit from the right has the weight 2 again.
        (.modulo11, "1000000", "9"), (.none, "17", ""),
    ])
    func `check digits are those worked out by hand`(
        procedure: CheckDigit, number: String, digit: String
    ) {
        #expect(procedure.digit(for: number) == digit)
    }

    @Test(arguments: CheckDigit.allCases)
    func `only digits have a check digit`(procedure: CheckDigit) {
        for number in ["", "12a", "1-2", "-1", "１"] {
            #expect(procedure.digit(for: number) == nil, "\(number)")
        }
    }

    /// Swapping a digit for another is what check digits are for.
    @Test(arguments: [CheckDigit.doubledOdd, .doubledEven])
    func `every single wrong digit changes the check digit`(procedure: CheckDigit) {
        let number = Array("5301031700".utf8)
        let right = procedure.digit(for: "5301031700")
        for place in number.indices {
            for digit in UInt8(0x30)...0x39 where digit != number[place] {
                var wrong = number
                wrong[place] = digit
                #expect(procedure.digit(for: String(decoding: wrong, as: UTF8.self)) != right)
            }
        }
    }

    @Test(arguments: [
        ("ziffer: \"9\"", "ziffer: \"8\"", "P-E09"),
        ("    - {nummer: \"0701172\", ziffer: \"9\"}", "    []", "P-E08"),
        ("Modulo 10 ungerade", "Modulo 12", "P-E04"),
        ("{wert: hof-1,", "{wert: mitte,", "P-E04"),
        // Closes of two yards would have the same numbers.
        ("    - {wert: hof-1, code: \"02\"}", "    - {sonst: \"99\"}", "P-E07"),
        ("{wert: hof-1, code: \"02\"}", "{wert: hof-1, code: \"01\"}", "P-E07"),
    ])
    func `a profile with a wrong check digit, or numbers that yards share, is refused`(
        old: String, new: String, code: String
    ) throws {
        let text = String(decoding: try Samples.file("finance/profil-epaybl.yaml"), as: UTF8.self)
        try #require(text.contains(old))
        let (profile, problems) = ExportProfile.decode(
            try Samples.tree(text.replacing(old, with: new)))
        #expect(profile == nil)
        #expect(problems.contains { $0.code == code }, "\(problems)")
    }
}
