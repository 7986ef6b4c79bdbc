import DayClosing
import Pages
import Receipts
import Sales
import Units

/// What the form of the count says, or what is wrong by field.
struct CutForm {
    private(set) var cuts: [BatchCut] = []
    private(set) var errors: [String: String] = [:]
    private(set) var day: BusinessDay?
    /// For each typed cut the field of its number.
    private var fieldsOfCuts: [String] = []

    /// How many cuts of each card terminal a form has room for.
    static func count(_ text: String) -> Int {
        min(max(decimal(Array(text.utf8)[...]) ?? 1, 1), 9)
    }

    /// - Parameter file: a file of cuts that was chosen, beside what is typed and pasted.
    init(_ form: FormValues, file: UploadedFile?, terminals: [String]) {
        if !form["tag"].isEmpty {
            day = BusinessDay(iso: form["tag"])
            if day == nil { errors["tag"] = "Geben Sie den Abschlusstag als Datum ein." }
        }
        for terminal in terminals {
            for number in 1...Self.count(form["schnitte"]) { read(terminal, number, form) }
        }
        requireOnce(nil)
        read(text: form[CloseField.cutText])
        requireOnce(CloseField.cutText)
        read(file)
        requireOnce(CloseField.cutFile)
    }

    /// Refuses a cut that stands twice in what is read so far.
    ///
    /// - Parameter field: of what was read last; nil after typed cuts, which have one each.
    private mutating func requireOnce(_ field: String?) {
        guard errors.isEmpty, let (terminal, number) = cuts.repeated else { return }
        errors[field ?? self.field(of: terminal, number)] =
            "Gerät \(terminal): Der Kassenschnitt \(number.isEmpty ? "ohne Nummer" : number) steht "
            + "zweimal da. Geben Sie jedem seine Nummer."
    }

    /// The field of the last cut with this number; where it was not typed, that of the files.
    func field(of terminal: String, _ number: String) -> String {
        let typed = zip(cuts, fieldsOfCuts).reversed().first { cut, _ in
            cut.cardTerminal == terminal && (cut.number ?? "") == number
        }
        return typed?.1 ?? CloseField.cutText
    }

    private mutating func read(_ terminal: String, _ number: Int, _ form: FormValues) {
        var totals: [CardScheme: Tally] = [:]
        for scheme in CardScheme.allCases {
            let key = CardKey(cardTerminal: terminal, scheme: scheme)
            totals[scheme] = tally(
                form, CloseField.count(key, number), CloseField.amount(key, number))
        }
        let label = form[CloseField.cut(terminal, number)]
        if !label.isEmpty, !CardSlip.isCode(label) {
            errors[CloseField.cut(terminal, number)] =
                "Geben Sie Ziffern oder Großbuchstaben ein, höchstens 16."
        }
        let time = form[CloseField.time(terminal, number)].replacing("T", with: " ")
        if !time.isEmpty, !BatchCut.isTime(time) {
            errors[CloseField.time(terminal, number)] = "Geben Sie Tag und Uhrzeit ein."
        }
        guard !totals.isEmpty || !label.isEmpty else { return }
        fieldsOfCuts.append(CloseField.cut(terminal, number))
        cuts.append(
            BatchCut(
                cardTerminal: terminal, number: label.isEmpty ? nil : label,
                printedAt: time.isEmpty ? nil : time, totals: totals))
    }

    private mutating func tally(_ form: FormValues, _ count: String, _ amount: String) -> Tally? {
        guard !form[count].isEmpty || !form[amount].isEmpty else { return nil }
        let number = decimal(Array(form[count].utf8)[...]).map { Int64($0) }
        if number.map({ $0 > BatchCut.countMax }) ?? true {
            errors[count] = "Geben Sie die Anzahl als ganze Zahl ein."
        }
        let cents = GermanAmount.parse(form[amount])
        if cents.map({ $0.magnitude.value > BatchCut.amountMax }) ?? true {
            errors[amount] = "Geben Sie einen Betrag ein, etwa 1.234,50."
        }
        guard let number, let cents else { return nil }
        return Tally(count: number, amount: cents)
    }

    private mutating func read(text: String) {
        guard !text.isEmpty else { return }
        do { cuts += try BatchCutFile.parse(text) } catch {
            errors[CloseField.cutText] = error.german
        }
    }

    private mutating func read(_ file: UploadedFile?) {
        guard let file else { return }
        do { cuts += try BatchCutFile.parse(bytes: file.bytes) } catch {
            errors[CloseField.cutFile] =
                "\(file.shownName), \(error.german) Wählen Sie die berichtigte Datei."
        }
    }
}

extension UploadedFile {
    /// Its name for a sentence.
    var shownName: String { name.isEmpty ? "Die Datei" : name }
}

extension BatchCutFileError {
    /// The place, and what is wanted there.
    fileprivate var german: String { "Zeile \(line), erwartet: \(what.german)." }
}

extension BatchCutFileError.What {
    /// What is wanted there, in German.
    fileprivate var german: String {
        switch self {
        case .header: "die Kopfzeile \(BatchCutFile.header)"
        case .tooLong: "eine Datei mit höchstens \(BatchCutFile.linesMax) Zeilen"
        case .encoding: "Text in UTF-8"
        case .cells: "sechs Felder mit Semikolon dazwischen"
        case .cardTerminal: "die Gerätenummer aus Ziffern oder Großbuchstaben"
        case .number: "die Nummer des Kassenschnitts oder nichts"
        case .time: "eine Zeit wie 2026-11-20 18:05, in allen Zeilen eines Schnitts dieselbe"
        case .scheme:
            "eine Kartenmarke: \(CardScheme.allCases.map(\.rawValue).joined(separator: ", "))"
        case .count: "die Anzahl als ganze Zahl"
        case .amount: "ein Betrag wie 613,80 oder -4,00"
        case .twice: "jede Kartenmarke eines Schnitts nur einmal"
        }
    }
}
