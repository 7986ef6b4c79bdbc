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
    private let today: BusinessDay
    /// How many cuts of each card terminal there is room for.
    private let cutCount: Int
    /// For each typed cut the field of its number.
    private var fieldsOfCuts: [String] = []

    /// How many cuts of each card terminal a form has room for: as many as asked for, and never
    /// fewer than something is typed into.
    static func count(_ asked: String, _ form: FormValues, _ terminals: [String]) -> Int {
        let wanted = min(max(decimal(Array(asked.utf8)[...]) ?? 1, 1), countMax)
        return (wanted...countMax).last { number in
            number == wanted || terminals.contains { isTyped(form, $0, number) }
        } ?? wanted
    }

    /// How many cuts of one card terminal can be typed.
    static let countMax = 9

    private static func isTyped(_ form: FormValues, _ terminal: String, _ number: Int) -> Bool {
        let totals = CardScheme.allCases.flatMap { scheme in
            let key = CardKey(cardTerminal: terminal, scheme: scheme)
            return [CloseField.count(key, number), CloseField.amount(key, number)]
        }
        let head = [CloseField.cut(terminal, number), CloseField.time(terminal, number)]
        return (head + totals).contains { !form[$0].isEmpty }
    }

    /// The card terminals that a text names, one after the other.
    static func terminals(_ text: String) -> [String] {
        text.split { " ,;".contains($0) }.map(String.init)
    }

    /// The card terminals that something is typed for: whatever the page would show by now, their
    /// figures must not be dropped.
    static func typed(_ form: FormValues) -> [String] {
        form.values.keys.compactMap { field in
            let parts = field.split(separator: "-")
            guard parts.count > 1, ["anzahl", "betrag", "schnitt", "zeit"].contains(parts[0]),
                !form[field].isEmpty
            else { return nil }
            return String(parts[1])
        }
    }

    /// What is wrong with the card terminals that somebody names beside those shown; nil if nothing
    /// is. A form without room for one of them would drop it.
    static func problem(ofNamed text: String, in form: FormValues, isSaved: Bool) -> String? {
        let named = terminals(text)
        if let wrong = named.first(where: { !CardSlip.isCode($0) }) {
            return "„\(wrong)“ ist keine Terminal-ID. Schreiben Sie Ziffern oder Großbuchstaben, "
                + "höchstens 16."
        }
        guard isSaved else { return nil }
        return named.first { form.values[CloseField.cut($0, 1)] == nil }.map {
            "Gerät \($0) steht jetzt unten. Tragen Sie seinen Kassenschnitt ein, und speichern Sie "
                + "noch einmal."
        }
    }

    /// - Parameters:
    ///   - file: a file of cuts that was chosen, beside what is typed and pasted.
    ///   - today: no slip is of a later day than the one after it.
    init(_ form: FormValues, file: UploadedFile?, terminals: [String], today: BusinessDay) {
        self.today = today
        if !form["tag"].isEmpty {
            day = BusinessDay(iso: form["tag"])
            if day == nil { errors["tag"] = "Geben Sie den Abschlusstag als Datum ein." }
        }
        cutCount = Self.count(form["schnitte"], form, terminals)
        for terminal in terminals {
            for number in 1...cutCount { read(terminal, number, form) }
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
        let place =
            "Gerät \(terminal)"
            + (cutCount == 1 ? "" : ", \(number). Schnitt")
        let label = form[CloseField.cut(terminal, number)]
        if !label.isEmpty, !CardSlip.isCode(label) {
            errors[CloseField.cut(terminal, number)] =
                "\(place): Schreiben Sie die Nummer mit Ziffern oder Großbuchstaben, höchstens 16."
        }
        let typed = form[CloseField.time(terminal, number)]
        let time = SlipTime.parse(typed)
        if !typed.isEmpty, time == nil {
            errors[CloseField.time(terminal, number)] =
                "\(place): Schreiben Sie Tag und Uhrzeit wie 20.11.2026 18:05."
        }
        guard !totals.isEmpty || !label.isEmpty else { return }
        let cut = BatchCut(
            cardTerminal: terminal, number: label.isEmpty ? nil : label, printedAt: time,
            totals: totals)
        if let error = timeProblem(cut) {
            errors[CloseField.time(terminal, number)] = "\(place): \(error)"
        }
        fieldsOfCuts.append(CloseField.cut(terminal, number))
        cuts.append(cut)
    }

    /// That no slip counted today shows this time; nil if one can.
    private func timeProblem(_ cut: BatchCut) -> String? {
        guard let time = cut.printedAt, !cut.isPossible(on: today) else { return nil }
        return "\(SlipTime.german(time)) kann nicht stimmen. Prüfen Sie Tag und Jahr auf dem Bon."
    }

    /// Takes up what a file holds, or says at its field what no slip can show.
    private mutating func take(_ read: [BatchCut], of field: String) {
        for cut in read {
            guard let error = timeProblem(cut) else { continue }
            errors[field] = "Gerät \(cut.cardTerminal): \(error)"
            break
        }
        cuts += read
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
        do { take(try BatchCutFile.parse(text), of: CloseField.cutText) } catch {
            errors[CloseField.cutText] = error.german
        }
    }

    private mutating func read(_ file: UploadedFile?) {
        guard let file else { return }
        do { take(try BatchCutFile.parse(bytes: file.bytes), of: CloseField.cutFile) } catch {
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
        case .amount: "ein Betrag wie 613,80 oder -4,00, höchstens eine Milliarde"
        case .twice: "jede Kartenmarke eines Schnitts nur einmal"
        }
    }
}
