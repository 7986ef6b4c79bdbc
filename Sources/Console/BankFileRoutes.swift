import Hummingbird
import Journal
import Operations
import Pages
import People
import Reconciliation
import Signing
import Units

extension ConsoleRoutes {
    /// Files of bank and acquirers: chosen, looked at, taken in.
    var bankFileRoutes: [ConsoleRoute] {
        [
            .get("/abgleich/einlesen", .importStatement) { visit -> Response in
                try uploadPage(visit)
            },
            .upload("/abgleich/einlesen", .importStatement, lookAt),
            .get("/abgleich/einlesen/{code}", .importStatement, bankFilePage),
            .post("/abgleich/einlesen/{code}", .importStatement, takeIn),
        ]
    }

    private static let board = PageLink("Abgleich mit der Bank", "/abgleich")
    private static let upload = PageLink("Bankdatei einlesen", "/abgleich/einlesen")

    private func uploadPage(_ visit: Visit, errors: [String: String] = [:]) throws -> Response {
        let page = BankUploadPage(
            acquirers: try installation.acquirerFormats().map {
                Field.Option($0.profile, "Von einem Dienstleister: \($0.title)")
            }, values: visit.form.values, errors: errors)
        return show(
            page, visit, at: "/abgleich", back: Self.board,
            status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    /// Reads what was chosen; keeps it until the person has looked at it.
    private func lookAt(_ visit: Visit) async throws -> Response {
        guard let file = visit.arrival.files["datei"] else {
            return try uploadPage(visit, errors: ["datei": "Wählen Sie eine Datei."])
        }
        let profile = visit.form["art"].isEmpty ? nil : visit.form["art"]
        do {
            let preview = try installation.previewBankFile(
                file.bytes, profile: profile, by: visit.person)
            let code = String(Digest.sha256(file.bytes).hex.prefix(16))
            memory.keep(
                ConsoleMemory.PendingBankFile(
                    code: code, file: file, profile: profile, preview: preview,
                    person: visit.person.id, at: installation.clock()))
            return .redirect("/abgleich/einlesen/\(code)")
        } catch let error as OperationsError {
            guard let problem = BankFileWords.problem(error) else { throw error }
            return try uploadPage(visit, errors: [problem.field: problem.words])
        }
    }

    private func pending(_ visit: Visit) throws -> ConsoleMemory.PendingBankFile {
        let found = memory.bankFile(
            visit.arrival.parameter("code"), of: visit.person.id, now: installation.clock())
        guard let found else { throw ConsoleProblem.fileGone }
        return found
    }

    private func bankFilePage(_ visit: Visit) async throws -> Response {
        let pending = try pending(visit)
        let words = BankFileWords(pending, at: installation.yards)
        let page = pending.report.map(words.page) ?? words.page
        return show(page, visit, at: "/abgleich", back: Self.upload)
    }

    /// Takes the file in. A second click finds that the first one did it.
    private func takeIn(_ visit: Visit) async throws -> Response {
        let pending = try pending(visit)
        if pending.report == nil {
            let report = try await installation.importBankFile(
                pending.file.bytes, profile: pending.profile, by: visit.person)
            memory.finish(pending, report)
        }
        return .redirect("/abgleich/einlesen/\(pending.code)")
    }
}

/// A bank file as pages show it.
private struct BankFileWords {
    private let pending: ConsoleMemory.PendingBankFile
    private let yards: [Yard]
    private var parts: [BankFilePreview.Part] { pending.preview.parts }

    init(_ pending: ConsoleMemory.PendingBankFile, at yards: [Yard]) {
        self.pending = pending
        self.yards = yards
    }

    // Before

    var page: BankFilePage {
        BankFilePage(
            title: "Bankdatei ansehen", verdict: verdict,
            facts: facts(
                journal: pending.preview.isKnown
                    ? "Steht im Journal von" : "Kommt in das Journal von"),
            rows: parts.map { Self.row($0, isKnown: $0.isDuplicate) },
            findings: Self.findings(parts.flatMap(\.findings)),
            action: pending.preview.isKnown ? nil : "/abgleich/einlesen/\(pending.code)")
    }

    private var verdict: Panel {
        let known = parts.count { $0.isDuplicate }
        guard !parts.isEmpty else {
            return Panel(
                .warning, "Die Datei enthält keinen Auszug",
                "Es gibt nichts einzulesen. Holen Sie die Datei neu ab.")
        }
        guard known < parts.count else {
            return Panel(
                .info, "Diese Datei ist schon eingelesen",
                "Alles darin ist bekannt und zählt einmal. Es gibt nichts zu tun.")
        }
        guard known == 0 else {
            return Panel(
                .info, "Ein Teil ist schon eingelesen",
                "Schon da: \(Int64(known).german) von \(Int64(parts.count).german) Auszügen. Sie "
                    + "zählen einmal; das Übrige wird übernommen.")
        }
        return Panel(
            .info, "Noch ist nichts übernommen",
            "Prüfen Sie Konto, Tage und Summe, und lesen Sie die Datei dann ein.")
    }

    private func facts(journal: String) -> [Fact] {
        let lines = parts.map(\.lineCount).reduce(0, +)
        let keeping = Set(parts.map(\.yard))
        let names = yards.filter { keeping.contains($0.id) }.map(\.genesis.yardName)
        return [
            Fact("Datei", pending.file.name.isEmpty ? "ohne Namen" : pending.file.name),
            Fact("Auszüge", Int64(parts.count).german), Fact("Umsätze", Int64(lines).german),
            Fact(journal, names.isEmpty ? "–" : names.joined(separator: ", ")),
        ]
    }

    // After

    func page(_ report: ImportReport) -> BankFilePage {
        let fresh = report.parts.count { !$0.isDuplicate }
        let known = report.parts.count - fresh
        let new = fresh == 1 ? "Ein Auszug neu" : "\(Int64(fresh).german) Auszüge neu"
        let before = known == 0 ? "" : "Schon vorher da: \(Int64(known).german). "
        let verdict =
            switch report.matching {
            case .booked(let count): Panel(.success, new, before + Self.booked(count))
            case .failed(let error):
                Panel(.warning, "\(new), aber noch nicht abgeglichen", before + Self.failed(error))
            }
        return BankFilePage(
            title: "Bankdatei eingelesen", verdict: verdict,
            facts: facts(journal: "Steht im Journal von"),
            rows: zip(parts, report.parts).map { Self.row($0, isKnown: $1.isDuplicate) },
            findings: Self.findings(report.parts.flatMap(\.findings)),
            mayMatchAgain: report.bookedCount == nil)
    }

    private static func booked(_ count: Int) -> String {
        switch count {
        case 0: "Von selbst passte nichts auf den Cent; was offen ist, steht im Abgleich."
        case 1: "Eine Zuordnung passte auf den Cent und ist gebucht."
        default: "\(Int64(count).german) Zuordnungen passten auf den Cent und sind gebucht."
        }
    }

    /// What is kept, why the rules failed, and what to do.
    private static func failed(_ error: OperationsError?) -> String {
        let kept =
            "Die Datei ist gespeichert; lesen Sie sie nicht noch einmal ein. Danach konnten die "
            + "Zuordnungen nicht gebucht werden. "
        let cause = error.map { error in
            let words = GermanWords.words(for: error)
            return ([words.what] + words.todo).joined(separator: " ")
        }
        return kept + (cause ?? "Warum, steht im Protokoll des Servers.")
            + " Gleichen Sie dann noch einmal ab."
    }

    // Parts

    private static func row(_ part: BankFilePreview.Part, isKnown: Bool) -> BankFilePage.Row {
        BankFilePage.Row(
            name: part.name, kind: part.kind.german, account: part.account,
            days: part.days.map(days) ?? "–", lines: Int64(part.lineCount).german,
            total: amount(part.total, part.currency),
            closing: part.closing.map { amount($0, part.currency) } ?? "–",
            state: isKnown ? Badge("Schon da") : Badge("Neu", .info))
    }

    private static func days(_ days: ClosedRange<BusinessDay>) -> String {
        let (first, last) = (days.lowerBound, days.upperBound)
        return first == last
            ? GermanFormat.day(first) : "\(GermanFormat.day(first)) bis \(GermanFormat.day(last))"
    }

    private static func amount(_ amount: Cents, _ currency: String) -> String {
        currency == "EUR" ? amount.german : "\(GermanFormat.amount(amount)) \(currency)"
    }

    /// Without those that are no fault: a statement may well have no entries.
    private static func findings(_ findings: [StatementFinding]) -> [Panel] {
        findings.filter { $0.code != .empty }.map { finding in
            let entry = finding.entry.map { ", Umsatz \($0)" } ?? ""
            return Panel(
                .warning, "Auszug \(finding.statement)\(entry)",
                "\(finding.detail) Konto \(finding.account).")
        }
    }

    // Refusals

    /// The field that a refusal is about; nil where it is about none.
    static func problem(_ error: OperationsError) -> (field: String, words: String)? {
        switch error {
        case .statement, .statementConflict, .bankAccountUnknown, .accountYardUnknown,
            .yardUnknown:
            let words = GermanWords.words(for: error)
            return ("datei", ([words.what] + words.todo).joined(separator: " "))
        case .profileUnknown: return ("art", "Wählen Sie, von wem die Datei ist.")
        default: return nil
        }
    }
}

extension BankFilePreview.Part.Kind {
    fileprivate var german: String {
        switch self {
        case .statement: "Kontoauszug"
        case .notification: "Umsatzanzeige: Einzelheiten zu Umsätzen, kein eigenes Geld"
        case .acquirer: "Abrechnung eines Dienstleisters"
        }
    }
}
