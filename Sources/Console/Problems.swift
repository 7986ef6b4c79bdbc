import DayClosing
import Exports
import HTTPTypes
import Hummingbird
import Logging
import Operations
import Pages
import People
import Receipts
import Sales
import Storage

/// What the console itself refuses.
enum ConsoleProblem: Error, Hashable {
    /// No such page, or nothing of that name.
    case notFound
    /// A form that did not come from a page of this session.
    case forged
    /// A link to a file that stood on a page of another site.
    case foreignLink
    case tooLarge(bytesMax: Int)
    /// A body that took too long to come.
    case tooSlow
    /// A bank file that was chosen and not taken in, or the report about it.
    case fileGone
    /// A form that no browser sends.
    case malformed
    /// The installation has no yard yet.
    case noYard
}

/// A failure after something was saved.
struct PartlySaved: Error {
    let cause: any Error
    /// What was saved, in a sentence or two.
    let words: String
}

/// What an error page says: what happened and what to do.
struct ProblemWords {
    let status: HTTPResponse.Status
    /// Stable code.
    let code: String
    let title: String
    let what: String
    let todo: [String]

    init(
        _ status: HTTPResponse.Status, _ code: String, _ title: String, _ what: String,
        _ todo: [String]
    ) {
        self.status = status
        self.code = code
        self.title = title
        self.what = what
        self.todo = todo
    }
}

extension ConsoleRoutes {
    /// The page for an error. What nobody expected is logged once and gets a number.
    func problem(_ error: any Error, _ arrival: Arrival, _ visit: Visit?) -> Response {
        if let visit, case OperationsError.forbidden(let forbidden) = error {
            return forbiddenPage(forbidden, visit)
        }
        if let visit, case CloseError.samePerson(let person) = error {
            return forbiddenPage(.samePerson(act: .approveClose, person: person), visit)
        }
        let partly = error as? PartlySaved
        let cause = partly?.cause ?? error
        if let damage = installation.damage(cause) {
            return errorPage(GermanWords.words(for: damage), saved: Self.unsure, arrival, visit)
        }
        guard let words = ProblemWords(cause) else { return unexpected(cause, arrival, visit) }
        return errorPage(
            words, saved: partly?.words ?? "Es wurde nichts gespeichert.", arrival, visit)
    }

    private func forbiddenPage(_ forbidden: Forbidden, _ visit: Visit) -> Response {
        let (act, reason): (Act, String?) =
            switch forbidden {
            case .roleMissing(let act, _): (act, nil)
            case .samePerson(let act, _) where [.settle, .handOverExport].contains(act):
                (
                    act,
                    "Diesen Abschluss haben Sie gezählt oder freigegeben; ob er gebucht und "
                        + "bezahlt ist, bestätigt jemand anderes."
                )
            case .samePerson(let act, _):
                (act, "Den ersten Schritt haben Sie getan; den zweiten muss jemand anderes tun.")
            case .inactive: (.readSales, "Diese Anmeldung ist abgeschaltet.")
            }
        do {
            let others = try installation.people().filter { $0.id != visit.person.id }
            let able = others.names(for: act)
            let granting = others.names(for: .manageUsers)
            let page = ForbiddenPage(
                act: act.german, roles: Role.allCases.filter(act.roles.contains).map(\.german),
                reason: reason,
                people: able.isEmpty
                    ? "Zurzeit darf das sonst niemand."
                    : "Zurzeit darf das: \(able). Fragen Sie dort.",
                contact: "Rollen vergibt die Betriebsleitung"
                    + (granting.isEmpty ? "." : ": \(granting)."))
            return show(page, visit, at: "", status: .forbidden)
        } catch {
            return unexpected(error, visit.arrival, visit)
        }
    }

    private func unexpected(_ error: any Error, _ arrival: Arrival, _ visit: Visit?) -> Response {
        arrival.logger.error(
            "request failed",
            metadata: [
                "error": "\(error)", "path": "\(arrival.path)", "request": "\(arrival.id)",
            ])
        let words = ProblemWords(
            .internalServerError, "internal", "Das hat nicht geklappt",
            "Im Server ist ein Fehler aufgetreten, mit dem niemand gerechnet hat.",
            [
                "Sehen Sie nach, ob Ihre Eingabe angekommen ist, bevor Sie sie wiederholen.",
                "Nennen Sie der Betriebsleitung den Fehlercode.",
            ])
        return errorPage(
            words, saved: Self.unsure + " Was verzeichnet war, ist erhalten.", arrival, visit)
    }

    private static var unsure: String { "Das ist nicht sicher." }

    private func errorPage(
        _ words: ProblemWords, saved: String, _ arrival: Arrival, _ visit: Visit?
    ) -> Response {
        let page = ErrorPage(
            title: words.title, what: words.what, saved: saved, todo: words.todo,
            code: "\(words.code) \(arrival.id)", links: [PageLink("Zur Startseite", "/")])
        return visit.map { show(page, $0, at: "", status: words.status) }
            ?? show(page, arrival, status: words.status)
    }
}

extension [Person] {
    /// The names of those who may do `act`, the first ten.
    fileprivate func names(for act: Act) -> String {
        filter { $0.may(act) }.map(\.name).sorted().listed(10, separator: "; ")
    }
}

extension ProblemWords {
    /// The words for an error that a person can meet here; nil for what nobody expected.
    init?(_ error: any Error) {
        switch error {
        case let problem as ConsoleProblem: self.init(problem)
        case let error as OperationsError:
            self = GermanWords.words(for: error)
        case let error as CloseError: self.init(error)
        case let error as SaleError: self = GermanWords.words(for: .sale(error))
        case let error as ExportError:
            self.init(
                .unprocessableContent, error.code.rawValue,
                "Der Export lässt sich nicht erstellen", error.description,
                ["Berichtigen Sie das, und erstellen Sie den Export noch einmal."])
        case StorageError.readTooLong:
            self.init(
                .serviceUnavailable, "read-too-long", "Das hat zu lange gedauert",
                "Die Abfrage hielt das Journal zehn Sekunden auf und wurde deshalb beendet.",
                [
                    "Fragen Sie nach weniger auf einmal, etwa nach einem kürzeren Zeitraum.",
                    "Versuchen Sie es sonst später noch einmal.",
                ])
        case let error as HTTPError:
            self.init(
                error.status, "http-\(error.status.code)", "Diese Anfrage passt nicht",
                error.body ?? error.status.reasonPhrase, ["Laden Sie die Seite neu."])
        default: return nil
        }
    }

    private init(_ problem: ConsoleProblem) {
        switch problem {
        case .notFound:
            self.init(
                .notFound, "not-found", "Diese Seite gibt es nicht",
                "Unter dieser Adresse ist nichts verzeichnet.",
                ["Prüfen Sie die Adresse, oder beginnen Sie auf der Startseite."])
        case .forged:
            self.init(
                .forbidden, "form-foreign", "Das Formular ist nicht mehr gültig",
                "Es gehört nicht zu Ihrer jetzigen Anmeldung.",
                ["Laden Sie die Seite neu, und senden Sie das Formular noch einmal."])
        case .foreignLink:
            self.init(
                .forbidden, "link-foreign", "Dieser Link kam von einer fremden Seite",
                "Eine Datei für die Finanzsoftware lädt nur, wer sie im Hofbuch wählt: Damit gilt "
                    + "sie als übergeben.",
                ["Öffnen Sie den Export im Hofbuch, und laden Sie die Datei dort."])
        case .tooLarge(ConsoleRoutes.bodyBytesMax):
            self.init(
                .contentTooLarge, "form-too-large", "Die Eingabe ist zu lang",
                "Ein Formular darf höchstens 64 KiB haben.", ["Kürzen Sie die Texte."])
        case .tooLarge:
            self.init(
                .contentTooLarge, "file-too-large", "Die Datei ist zu groß",
                "Eine Datei darf höchstens 20 MB haben.",
                [
                    "Prüfen Sie, ob es die richtige ist. Auszüge der Bank können Sie je Tag "
                        + "abholen und einzeln einlesen."
                ])
        case .tooSlow:
            self.init(
                .requestTimeout, "form-too-slow", "Die Übertragung dauerte zu lange",
                "Bis zum Ende der Zeit war nicht alles angekommen.",
                ["Prüfen Sie das Netz, und senden Sie das Formular noch einmal."])
        case .fileGone:
            self.init(
                .gone, "file-gone", "Diese Datei ist nicht mehr da",
                "Eine gewählte Datei wird nach einer halben Stunde vergessen, und sobald Sie eine "
                    + "andere wählen. Was eingelesen ist, steht im Abgleich.",
                ["Ist sie noch nicht eingelesen, wählen Sie sie im Abgleich noch einmal."])
        case .malformed:
            self.init(
                .badRequest, "form-malformed", "Das Formular kam nicht vollständig an",
                "Was der Browser gesendet hat, lässt sich nicht lesen.",
                ["Laden Sie die Seite neu, und senden Sie das Formular noch einmal."])
        case .noYard:
            self.init(
                .serviceUnavailable, "no-yard", "Noch kein Hof",
                "In dieser Installation ist noch kein Hof angelegt.",
                ["Die Betriebsleitung legt ihn mit dem Programm hofbuch an."])
        }
    }

    private init(_ error: CloseError) {
        let what =
            switch error {
            case .samePerson: "Gezählt und freigegeben hat dieselbe Person."
            case .approvedBeforeCount: "Die Freigabe läge vor der Zählung."
            case .positionsReversed: "Der Abschluss endete vor seinem Anfang."
            case .unbalanced(let debit, let credit):
                "Soll \(debit.german) und Haben \(credit.german) sind verschieden."
            case .notCompared(let key, _):
                "\(key.words) ist nicht genau einmal verglichen."
            case .notTakenUp(let key):
                "\(key.words): die vorgetragene Abweichung ist nicht aufgenommen."
            case .cutsDiffer(let key):
                "\(key.words): Zählung und Kassenschnitte sind verschieden."
            case .reasonMissing(let key, let difference):
                "\(key.words) weicht um \(difference.german) ab, ein Grund fehlt."
            case .explanationMissing(let key, _): "\(key.words): eine Erläuterung fehlt."
            case .reasonWithoutDifference(let key, _):
                "\(key.words) stimmt, trotzdem ist ein Grund genannt."
            case .reasonClaimsTotal(let key, let reason):
                "\(key.words) hat keinen Kassenschnitt, „\(reason.german)“ lässt sich nicht sagen."
            }
        self.init(
            .conflict, "close-refused", "Der Abschluss lässt sich so nicht bilden", what,
            ["Zählen und erklären Sie noch einmal."])
    }
}
