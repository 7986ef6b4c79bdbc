import Sales

extension GermanWords {
    /// The form's field that a payee is refused for, and why.
    static func payee(_ problem: PayeeProblem) -> (field: String, words: String) {
        switch problem {
        case .missing:
            ("empfaenger", "Eine Überweisung braucht den Namen und die IBAN des Empfängers.")
        case .unwanted: ("empfaenger", "Nur eine Überweisung hat einen Empfänger.")
        case .nameTooLong(let found):
            (
                "empfaenger",
                "\(found) Zeichen; eine Überweisung fasst \(Payee.nameMax). Kürzen Sie den Namen "
                    + "so, wie ihn die Bank führt."
            )
        case .nameCharacter: ("empfaenger", "Schreiben Sie den Namen in eine Zeile.")
        case .iban(let problem, let masked): ("iban", "\(masked): \(words(for: problem))")
        }
    }

    private static func words(for problem: IBAN.Problem) -> String {
        switch problem {
        case .empty: "Geben Sie die IBAN ein."
        case .character(let place):
            "Das \(place). Zeichen ist weder Buchstabe noch Ziffer."
        case .beginning:
            "Eine IBAN beginnt mit zwei Buchstaben für das Land und zwei Prüfziffern."
        case .length(let found, let wanted):
            wanted.count == 1
                ? "Es sind \(found) Zeichen; in diesem Land hat eine IBAN \(wanted.lowerBound)."
                : "Es sind \(found) Zeichen; eine IBAN hat \(wanted.lowerBound) bis "
                    + "\(wanted.upperBound)."
        case .checkDigits:
            "Die Prüfziffern passen nicht: Ein Zeichen ist falsch, oder zwei sind vertauscht."
        }
    }
}
