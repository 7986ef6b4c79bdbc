import Text

/// A piece of an HTML page; every text and attribute value is escaped when it is written.
indirect enum Markup: Hashable, Sendable {
    case text(String)
    case element(String, [Attribute], [Markup])

    /// A name and value of an element.
    struct Attribute: Hashable, Sendable {
        let name: String
        let value: String
    }

    /// An element with children.
    static func tag(
        _ name: String, _ attributes: KeyValuePairs<String, String>, _ children: [Markup]
    ) -> Markup {
        .element(name, attributes.map { Attribute(name: $0.key, value: $0.value) }, children)
    }

    /// An element with a text.
    static func tag(
        _ name: String, _ attributes: KeyValuePairs<String, String>, _ text: String
    ) -> Markup {
        tag(name, attributes, [.text(text)])
    }

    /// An element without attributes.
    static func tag(_ name: String, _ children: [Markup]) -> Markup { tag(name, [:], children) }

    /// An element with nothing but a text.
    static func tag(_ name: String, _ text: String) -> Markup { tag(name, [:], text) }

    /// The page source; blocks start on lines of their own.
    var source: String {
        var out = ""
        write(to: &out)
        return out
    }

    private func write(to out: inout String) {
        switch self {
        case .text(let text): out += text.markupEscaped()
        case .element(let name, let attributes, let children):
            if !Self.inline.contains(name), out.last != "\n", !out.isEmpty { out += "\n" }
            out += "<\(name)"
            for attribute in attributes {
                out += " \(attribute.name)=\"\(attribute.value.markupEscaped())\""
            }
            out += ">"
            for child in children { child.write(to: &out) }
            out += "</\(name)>"
        }
    }

    private static let inline: Set = ["a", "span", "strong", "small", "time"]
}

extension Markup {
    /// A list of texts; the text alone if there is only one, nothing if there is none.
    static func list(_ texts: [String], _ attributes: KeyValuePairs<String, String> = [:])
        -> [Markup]
    {
        guard texts.count > 1 else { return texts.map { .text($0) } }
        return [tag("ul", attributes, texts.map { tag("li", $0) })]
    }

    /// A table with a caption, in a region that can be scrolled where the page is too narrow; the
    /// first cell of a row is its header.
    static func table(
        _ caption: String, _ head: [String], _ rows: [[[Markup]]],
        _ attributes: KeyValuePairs<String, String> = [:]
    ) -> Markup {
        let table = tag(
            "table", attributes,
            [
                tag("caption", caption),
                tag("thead", [tag("tr", head.map { tag("th", ["scope": "col"], $0) })]),
                tag(
                    "tbody",
                    rows.map { cells in
                        tag(
                            "tr",
                            cells.enumerated().map { column, content in
                                column == 0
                                    ? tag("th", ["scope": "row"], content) : tag("td", content)
                            })
                    }),
            ])
        let region: KeyValuePairs = [
            "class": "scroll", "role": "region", "tabindex": "0", "aria-label": caption,
        ]
        return tag("div", region, [table])
    }
}
