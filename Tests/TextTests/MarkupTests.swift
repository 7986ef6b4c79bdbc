import Testing
import Text

struct MarkupTests {
    @Test func `quotation marks are escaped where an attribute could end`() {
        let text = "<a b=\"c\" d='e'>&\"\u{301}"

        #expect(
            text.markupEscaped() == "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;&quot;\u{301}")
        #expect(text.markupEscaped(quotes: false) == "&lt;a b=\"c\" d='e'&gt;&amp;\"\u{301}")
    }
}
