import Pages
import Units

/// A label with its value in a list of facts.
struct Fact: Sendable {
    let label: String
    let value: String
    /// Leads to what the value names; nil where there is nothing more to see.
    let path: String?

    init(_ label: String, _ value: String, path: String? = nil) {
        self.label = label
        self.value = value
        self.path = path
    }
}

/// A state in a word and a colour; the word alone must say it.
struct Badge: NamedParts {
    enum Tone: String {
        case neutral, info, success, warning, danger
    }

    let text: String
    let tone: String

    init(_ text: String, _ tone: Tone = .neutral) {
        self.text = text
        self.tone = tone.rawValue
    }

    func child(named name: String) -> Any? {
        switch name {
        case "text": text
        case "tone": tone
        default: nil
        }
    }
}

/// A form of one button, such as "Export quittieren".
struct ActionButton: Sendable {
    let label: String
    let path: String
    let style: String

    init(_ label: String, _ path: String, isDangerous: Bool = false, isSecondary: Bool = false) {
        self.label = label
        self.path = path
        style = isDangerous ? "danger" : isSecondary ? "secondary" : ""
    }
}

/// A message in a coloured panel.
struct Panel: Sendable {
    let tone: String
    let heading: String
    let text: String
    let link: PageLink?

    init(_ tone: Badge.Tone, _ heading: String, _ text: String, link: PageLink? = nil) {
        self.tone = tone.rawValue
        self.heading = heading
        self.text = text
        self.link = link
    }
}

/// Something that happened, with its time and person.
struct TimelineEvent: Sendable {
    /// For people, such as `20.11.2026, 14:03 Uhr`.
    let time: String
    /// For machines (RFC 3339).
    let iso: String
    let text: String
    let who: String?
}

/// A value carried through a check page without being shown as a field.
struct HiddenField: Sendable {
    let name: String
    let value: String

    init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension Cents {
    /// `1.234,56 €`.
    var german: String { GermanFormat.euros(self) }
}

extension Int64 {
    /// `1.234`.
    var german: String { GermanFormat.grouped(self) }
}
