import DayClosing
import Pages
import Receipts
import Sales
import Units

/// `GET/POST /abschluss/zaehlen`, `multipart/form-data`: `tag`, and fields of ``CloseField`` for
/// each card terminal and cut; a cut left empty is none. `schnitte` says how many cuts there is
/// room for, `geraet` names further card terminals, `anpassen` = `ja` asks for the form with room
/// for them and saves nothing; `schnittdatei` is a file of cuts
/// (`BatchCutFile`), `datei` the text of one; `bekannt` = `ja` says that what hidden `offen` names
/// is known; hidden `abschluss` is the number of the close that is counted. Blind: nothing of the
/// expected figures is shown.
struct CloseCountPage: Page {
    static let template = "console-close-count"
    let title = "Kartengeräte zählen"
    let problems: [FormProblem]
    /// The close that is counted.
    let closeNumber: Int64
    let day: Field
    let cutCount: Field
    let furtherTerminal: Field
    let terminals: [Terminal]
    let isEmpty: Bool
    /// Whether this count would take the place of another.
    let isCounted: Bool
    /// The question whether open points are known; nil where none has to be.
    let open: Open?
    /// A file of cuts, and its text.
    let fileFields: [Field]
    /// Whether there is something to see in them.
    let isFileOpen: Bool

    /// One cut of a card terminal.
    struct Terminal: Sendable {
        let heading: String
        let number: Field
        let time: Field
        let rows: [Row]
    }

    struct Row: Sendable {
        let scheme: String
        let count: Cell
        let amount: Cell
    }

    /// One input of the table; its label names terminal, scheme and what to type.
    struct Cell: Sendable {
        let id: String
        let label: String
        let value: String
        let error: String?
        let hasError: Bool
    }

    /// A box to tick, with the points that it is about.
    struct Open: Sendable {
        let points: [Panel]
        let mark: String
        let isChecked: Bool
        /// Whether the list is no longer the one that the preparation showed.
        let hasChanged: Bool
        let error: String?
        let hasError: Bool

        /// Nil where no point has to be known.
        init?(
            _ points: [Panel], mark: String, isChecked: Bool, hasChanged: Bool = false,
            error: String? = nil
        ) {
            guard !points.isEmpty else { return nil }
            self.points = points
            self.mark = mark
            self.isChecked = isChecked
            self.hasChanged = hasChanged
            self.error = error
            hasError = error != nil
        }
    }

    /// - Parameters:
    ///   - number: that of the close.
    ///   - day: the day that is offered.
    ///   - cardTerminals: in the order of their numbers.
    ///   - newest: the number of the last cut in a close, by card terminal.
    ///   - cuts: how many of each card terminal there is room for.
    ///   - isCounted: whether somebody has counted already.
    ///   - open: what has to be known before counting.
    ///   - values: what was typed, by field name.
    init(
        number: Int64 = 1, day: BusinessDay, cardTerminals: [String],
        newest: [String: String] = [:],
        schemes: [CardScheme] = CardScheme.allCases, cuts: Int = 1, isCounted: Bool = false,
        open: Open? = nil, values: [String: String] = [:],
        errors: [String: String] = [:]
    ) {
        closeNumber = number
        var found: [FormProblem] = []
        func cell(_ id: String, _ label: String) -> Cell {
            if let error = errors[id] {
                found.append(FormProblem(field: id, message: "\(label): \(error)"))
            }
            return Cell(
                id: id, label: label, value: values[id] ?? "", error: errors[id],
                hasError: errors[id] != nil)
        }
        func field(
            _ id: String, _ label: String, _ control: Field.Control = .text, value: String = "",
            hint: String? = nil
        ) -> Field {
            let field = Field(
                id, label, control, value: values[id] ?? value, hint: hint, error: errors[id])
            if let problem = field.problem { found.append(problem) }
            return field
        }
        furtherTerminal = field(
            "geraet", "Weiteres Kartengerät",
            hint: "Terminal-ID, wenn es unten fehlt; mehrere mit Leerzeichen.")
        self.day = field(
            "tag", "Abschlusstag", .day, value: day.iso,
            hint: "Ein vergessener Tag wird mit seinem eigenen Datum abgeschlossen.")
        terminals = cardTerminals.flatMap { terminal in
            (1...cuts).map { number in
                let name = "Gerät \(terminal)" + (cuts == 1 ? "" : ", \(number). Schnitt")
                // In the order of the page, which is that of the summary of errors.
                let rows = schemes.map { scheme in
                    let key = CardKey(cardTerminal: terminal, scheme: scheme)
                    return Row(
                        scheme: scheme.label,
                        count: cell(
                            CloseField.count(key, number), "Anzahl \(scheme.label), \(name)"),
                        amount: cell(
                            CloseField.amount(key, number),
                            "Summe \(scheme.label) in Euro, \(name)"))
                }
                return Terminal(
                    heading: "Kartengerät \(terminal)"
                        + (cuts == 1 ? "" : ", \(number). Kassenschnitt"),
                    number: field(
                        CloseField.cut(terminal, number), "Nummer des Kassenschnitts, \(name)",
                        hint: "Wenn der Bon eine nennt."
                            + (newest[terminal].map { " Zuletzt abgeschlossen: \($0)." } ?? "")),
                    time: field(
                        CloseField.time(terminal, number), "Zeit auf dem Bon, \(name)",
                        hint: "Zum Beispiel 20.11.2026 18:05; darf leer bleiben."),
                    rows: rows)
            }
        }
        isEmpty = terminals.isEmpty
        self.isCounted = isCounted
        fileFields = [
            field(
                CloseField.cutFile, "Datei mit Kassenschnitten", .file,
                hint: "Erste Zeile \(BatchCutFile.header), dann eine Zeile je Gerät, Schnitt und "
                    + "Marke. Sie zählt zusätzlich zu dem, was oben eingetragen ist."),
            field(
                CloseField.cutText, "Oder: Inhalt einer solchen Datei", .textArea,
                hint: "Zum Einfügen aus der Zwischenablage."),
        ]
        isFileOpen =
            errors[CloseField.cutFile] != nil || errors[CloseField.cutText] != nil
            || values[CloseField.cutText]?.isEmpty == false
        cutCount = Field(
            "schnitte", "Kassenschnitte je Gerät",
            .select((1...CutForm.countMax).map { Field.Option("\($0)", "\($0)") }),
            value: "\(cuts)",
            hint: "Was schon eingetragen ist, bleibt stehen.")
        self.open = open
        if let error = open?.error {
            found.append(FormProblem(field: "bekannt", message: error))
        }
        problems = found
    }
}
