import Pages

/// `GET /b/{terminal}/{sequence}` without the check code: asks for it (`pruefcode`).
///
/// It is the same for a receipt that exists and one that does not.
struct ReceiptCodePage: Page {
    static let template = "receipt-code"
    let title = "Beleg prüfen"
    let problems: [FormProblem]
    let action: String
    let code: Field

    init(path: String, code: String = "", error: String? = nil) {
        action = path
        self.code = Field(
            "pruefcode", "Prüfcode", value: code,
            hint: "16 Zeichen; er steht unten auf Ihrem Beleg.", error: error,
            autocomplete: "off")
        problems = [self.code.problem].compactMap(\.self)
    }
}
