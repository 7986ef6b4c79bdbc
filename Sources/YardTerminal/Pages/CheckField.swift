import Pages

/// A check box; template `check`. Ticked it sends `ja`.
struct CheckField: Sendable {
    let id: String
    let name: String
    let label: String
    let hint: String?
    let hasHint: Bool
    let isChecked: Bool

    init(_ name: String, _ label: String, isChecked: Bool, hint: String? = nil) {
        id = name
        self.name = name
        self.label = label
        (self.hint, hasHint) = (hint, hint != nil)
        self.isChecked = isChecked
    }

    static let ticked = "ja"
}
