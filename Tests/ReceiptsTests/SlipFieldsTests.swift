import Receipts
import Sales
import Testing

struct SlipFieldsTests {
    private let full = [
        "tid": " 60012345 ", "marke": "girocard", "belegnummer": "0815", "tracenummer": "004711",
        "genehmigung": "", "letzte4": "1234",
    ]

    @Test func `a filled form is a slip, empty options are none`() throws {
        let slip = try #require(SlipFields.slip(full))

        #expect(slip.cardTerminal == "60012345")
        #expect(slip.scheme == .girocard)
        #expect(slip.authorisation == nil)
        #expect(slip.lastFour == "1234")
    }

    @Test(arguments: [
        ("tid", ""), ("marke", ""), ("marke", "bar"), ("belegnummer", "8x"), ("tracenummer", ""),
        ("letzte4", "123"), ("letzte4", "4711123456781234"), ("genehmigung", "a b"),
    ])
    func `a malformed field is no slip`(name: String, value: String) {
        #expect(SlipFields.slip(full.merging([name: value]) { $1 }) == nil)
    }
}
