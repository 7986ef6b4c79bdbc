/// A labelled form field with hint and error; template `field`.
package struct Field: Sendable {
    /// What kind of control it is.
    package enum Control: Sendable {
        case text
        case password
        case day
        /// An amount of money as text, decimal keyboard; see ``GermanAmount``.
        case amount
        /// A whole number as text, number keyboard.
        case count
        case textArea
        /// A file; its form has to be `multipart/form-data`.
        case file
        /// One of these.
        case select([Option])
    }

    /// One choice of a select or of radio buttons.
    package struct Option: Hashable, Sendable {
        /// What the form sends when it is chosen.
        package let value: String
        /// What people read.
        package let label: String
        /// A further sentence under the label; shown for radio buttons only.
        package let hint: String?

        /// A choice that sends `value`.
        package init(_ value: String, _ label: String, hint: String? = nil) {
            self.value = value
            self.label = label
            self.hint = hint
        }
    }

    /// An option as the template sees it.
    struct ShownOption: Sendable {
        let id: String
        let name: String
        let value: String
        let label: String
        let isChosen: Bool
        let hint: String?
        let hasHint: Bool
    }

    let id: String
    let name: String
    let label: String
    let value: String
    let hint: String?
    let hasHint: Bool
    let error: String?
    let hasError: Bool
    let description: String
    let hasDescription: Bool
    let isRequired: Bool
    let isInput: Bool
    let isFile: Bool
    let isTextArea: Bool
    let isSelect: Bool
    let type: String
    let inputMode: String?
    let width: String?
    let autocomplete: String?
    let options: [ShownOption]

    /// - Parameters:
    ///   - name: the form's parameter, also the element's id.
    ///   - value: what was typed, kept as it is after a refusal.
    ///   - error: what is wrong and how to put it right; nil if nothing is.
    package init(
        _ name: String, _ label: String, _ control: Control = .text, value: String = "",
        hint: String? = nil, error: String? = nil, isRequired: Bool = false,
        autocomplete: String? = nil
    ) {
        let shape = ControlShape(control)
        id = name
        self.name = name
        self.label = label
        self.value = value
        (self.hint, hasHint) = (hint, hint != nil)
        (self.error, hasError) = (error, error != nil)
        description = Self.description(id: name, hint: hint, error: error)
        hasDescription = hint != nil || error != nil
        self.isRequired = isRequired
        self.autocomplete = autocomplete
        isFile = shape.isFile
        (isInput, isTextArea, isSelect) = (shape.isInput, shape.isTextArea, shape.isSelect)
        (type, inputMode, width) = (shape.type, shape.inputMode, shape.width)
        options = Self.shown(shape.options, name: name, chosen: value)
    }

    /// The problem to list in the summary of errors; nil if there is none.
    package var problem: FormProblem? {
        error.map { FormProblem(field: id, message: $0) }
    }

    /// The ids of hint and error, for `aria-describedby`.
    static func description(id: String, hint: String?, error: String?) -> String {
        [hint.map { _ in id + "-hinweis" }, error.map { _ in id + "-fehler" }]
            .compactMap { $0 }.joined(separator: " ")
    }

    /// Options with ids of their own; the first one carries the field's id, so that the summary
    /// of errors can lead to it.
    static func shown(_ options: [Option], name: String, chosen: String) -> [ShownOption] {
        options.enumerated().map { index, option in
            ShownOption(
                id: index == 0 ? name : "\(name)-\(index + 1)", name: name, value: option.value,
                label: option.label, isChosen: option.value == chosen, hint: option.hint,
                hasHint: option.hint != nil)
        }
    }
}

/// A question with radio buttons; template `choices`.
package struct ChoiceField: Sendable {
    let id: String
    let label: String
    let hint: String?
    let hasHint: Bool
    let error: String?
    let hasError: Bool
    let description: String
    let hasDescription: Bool
    /// Class of the list: rows, or segments side by side.
    let layout: String
    let options: [Field.ShownOption]

    /// - Parameters:
    ///   - name: the form's parameter, also the id of the first button.
    ///   - sideBySide: as a row of segments instead of a list.
    package init(
        _ name: String, _ label: String, options: [Field.Option], chosen: String = "",
        hint: String? = nil, error: String? = nil, sideBySide: Bool = false
    ) {
        id = name
        self.label = label
        (self.hint, hasHint) = (hint, hint != nil)
        (self.error, hasError) = (error, error != nil)
        description = Field.description(id: name + "-frage", hint: hint, error: error)
        hasDescription = hint != nil || error != nil
        layout = sideBySide ? "choices segments" : "choices"
        self.options = Field.shown(options, name: name, chosen: chosen)
    }

    /// The problem to list in the summary of errors; nil if there is none.
    package var problem: FormProblem? {
        error.map { FormProblem(field: id, message: $0) }
    }
}

/// How a control is written in HTML.
private struct ControlShape {
    var isInput = true
    var isFile = false
    var isTextArea = false
    var isSelect = false
    var type = "text"
    var inputMode: String?
    var width: String?
    var options: [Field.Option] = []
    /// Characters of an option that fit into a field among others.
    private static let narrowMax = 20

    init(_ control: Field.Control) {
        switch control {
        case .text: break
        case .password: type = "password"
        case .day: type = "date"
        case .amount: (inputMode, width) = ("decimal", "amount")
        case .count: (inputMode, width) = ("numeric", "count")
        case .file: (isInput, isFile) = (false, true)
        case .textArea: (isInput, isTextArea) = (false, true)
        case .select(let options):
            (isInput, isSelect) = (false, true)
            self.options = options
            width = options.contains { $0.label.count > Self.narrowMax } ? "wide" : nil
        }
    }
}
