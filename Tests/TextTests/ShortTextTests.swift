import Testing
import Text

struct ShortTextTests {
    @Test(arguments: ["x", "ü", "u\u{308}", "\u{1F600}"])
    func `characters are counted, not bytes`(character: String) {
        let count = ShortText.charactersMax / character.unicodeScalars.count
        let text = String(repeating: character, count: count)

        #expect(!text.isTooLong)
        #expect((text + "x").isTooLong)
        #expect("".isLonger(than: 0) == false && character.isLonger(than: 0))
    }

    @Test(arguments: [("", true), (" \t\n", true), (" x ", false), ("ü", false)])
    func `a text is blank that says nothing`(text: String, isBlank: Bool) {
        #expect(text.isBlank == isBlank)
    }

    @Test func `what has room for the longest has room for any`() {
        #expect(!ShortText.longest.isTooLong)
        #expect(ShortText.longest.utf8.count == 4 * ShortText.charactersMax)
    }
}
