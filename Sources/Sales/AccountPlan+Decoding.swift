import Ledger
import Tariffs
package import Text
import Units

extension AccountPlan {
    /// Reads an account plan file (docs/formats/account-plan.md).
    ///
    /// - Parameter digest: SHA-256 of the file's bytes, 64 lowercase hex digits.
    /// - Returns: the plan, nil if there is any error; problems with line and column, in the order
    ///   of the format's sections, warnings among them.
    package static func decode(
        _ root: SourceNode, digest: String
    ) -> (plan: AccountPlan?, problems: [SourceProblem]) {
        var problems = FileProblems(family: "A")
        guard var fields = FileFields(root, &problems) else { return (nil, problems.all) }
        let id = fields.value("kontenplan", wanted: "ein Kurzname wie nkf-2026", &problems) {
            Identifier<AccountPlan>($0)?.text
        }
        let title = fields.text("titel", &problems)
        let validFrom = fields.value(
            "gültig ab", wanted: "ein Datum wie 2026-01-01", &problems, BusinessDay.init(iso:))
        let note = fields.text("hinweis", required: false, &problems)
        var draft = Draft(fields, &problems)
        draft.check(&problems)
        guard !problems.hasErrors, let id, let title, let validFrom,
            let unresolved = draft.unresolved, let refunds = draft.refunds
        else { return (nil, problems.all) }
        let plan = AccountPlan(
            id: id, title: title, validFrom: validFrom, note: note ?? "", digest: digest,
            names: draft.names, revenue: draft.revenue.map(\.row), vat: draft.vat,
            clearing: draft.clearing, receivables: draft.receivables, unresolved: unresolved,
            refunds: refunds, bank: draft.bank, thirdParty: draft.thirdParty)
        return (plan, problems.all)
    }
}

/// What was read so far, with the places that later checks report.
private struct Draft {
    var names: [Account: String] = [:]
    var revenue: [(row: RevenueRow, position: SourcePosition)] = []
    var vat: [VATRate: Account] = [:]
    var clearing: [CardScheme: Account] = [:]
    var receivables: [LegalForm: Account] = [:]
    var unresolved: Account?
    var refunds: Account?
    var bank: BankAccounts?
    var thirdParty: Set<Account> = []
    private var uses: [(account: Account, role: AccountRole, position: SourcePosition)] = []
    private let position: SourcePosition

    /// Reads all sections and reports unknown keys.
    init(_ fields: FileFields, _ problems: inout FileProblems) {
        var fields = fields
        position = fields.position
        for node in fields.list("konten", &problems) { readName(node, &problems) }
        for node in fields.list("erlöse", &problems) { readRevenue(node, &problems) }
        for node in fields.list("umsatzsteuer", required: false, &problems) {
            readVAT(node, &problems)
        }
        for node in fields.list("karten", &problems) { readCards(node, &problems) }
        for node in fields.list("forderungen", &problems) { readReceivable(node, &problems) }
        unresolved = account(&fields, "ungeklärt", .unresolved, &problems)
        refunds = account(&fields, "erstattungen", .refunds, &problems)
        if let node = fields.node("zahlungsverkehr", required: false, &problems) {
            readBank(node, &problems)
        }
        for node in fields.list("fremdgelder", required: false, &problems) {
            readThirdParty(node, &problems)
        }
        fields.finish(&problems)
    }

    private mutating func readName(_ node: SourceNode, _ problems: inout FileProblems) {
        guard var fields = FileFields(node, &problems) else { return }
        let account = account(&fields, "konto", nil, &problems)
        let name = fields.value(
            "name", wanted: "ein Name mit höchstens 30 Zeichen", &problems,
            { $0.count <= 30 ? $0 : nil })
        fields.finish(&problems)
        guard let account, let name else { return }
        if names.updateValue(name, forKey: account) != nil {
            problems.error(
                8, at: node.position, "Das Konto \(account.number) ist zweimal benannt.")
        }
    }

    private mutating func readRevenue(_ node: SourceNode, _ problems: inout FileProblems) {
        guard var fields = FileFields(node, &problems) else { return }
        let legalForm = fields.word("rechtsform", of: Words.legalForms, &problems)
        let vat = fields.value("umsatzsteuer", wanted: Words.vatWanted, &problems, Words.vat)
        let tariff = fields.text("tarif", required: false, &problems)
        let positions = fields.list("positionen", required: false, &problems).compactMap {
            $0.text(&problems)
        }
        let account = account(&fields, "konto", .revenue, &problems)
        let costCentre = fields.value(
            "kostenstelle", required: false,
            wanted: "1 bis 36 Buchstaben (A bis Z), Ziffern oder Unterstriche", &problems,
            Words.costCentre)
        fields.finish(&problems)
        guard let legalForm, let vat, let account else { return }
        let row = RevenueRow(
            legalForm: legalForm, vat: vat, tariff: tariff, positions: positions,
            account: account, costCentre: costCentre)
        if let other = revenue.first(where: { $0.row.competes(with: row) }) {
            problems.error(
                6, at: node.position,
                "Diese Zeile und die in Zeile \(other.position.line) passen auf dieselben Erlöse "
                    + "und sind gleich genau. Nennen Sie in einer von beiden Tarif oder "
                    + "Positionen.")
        }
        revenue.append((row, node.position))
    }

    private mutating func readVAT(_ node: SourceNode, _ problems: inout FileProblems) {
        guard var fields = FileFields(node, &problems) else { return }
        let rate = fields.value("satz", wanted: "ein Satz wie 19 %", &problems, Words.rate)
        let account = account(&fields, "konto", .vat, &problems)
        fields.finish(&problems)
        guard let rate, let account else { return }
        if vat.updateValue(account, forKey: rate) != nil {
            problems.error(8, at: node.position, "Der Satz \(rate.words) steht zweimal da.")
        }
    }

    private mutating func readCards(_ node: SourceNode, _ problems: inout FileProblems) {
        guard var fields = FileFields(node, &problems) else { return }
        let schemes = fields.list("marken", &problems)
        let account = account(&fields, "konto", .clearing, &problems)
        fields.finish(&problems)
        for element in schemes {
            guard let text = element.text(&problems) else { continue }
            guard let scheme = CardScheme(rawValue: text) else {
                let known = CardScheme.allCases.map(\.rawValue).joined(separator: ", ")
                problems.error(
                    4, at: element.position,
                    "„\(text)“ ist keine Kartenmarke; es gibt: \(known).")
                continue
            }
            guard let account else { continue }
            if clearing.updateValue(account, forKey: scheme) != nil {
                problems.error(8, at: element.position, "Die Marke \(text) steht zweimal da.")
            }
        }
    }

    private mutating func readReceivable(_ node: SourceNode, _ problems: inout FileProblems) {
        guard var fields = FileFields(node, &problems) else { return }
        let legalForm = fields.word("rechtsform", of: Words.legalForms, &problems)
        let account = account(&fields, "konto", .receivable, &problems)
        fields.finish(&problems)
        guard let legalForm, let account else { return }
        if receivables.updateValue(account, forKey: legalForm) != nil {
            problems.error(
                8, at: node.position, "Die Rechtsform \(legalForm.words) steht zweimal da.")
        }
    }

    private mutating func readBank(_ node: SourceNode, _ problems: inout FileProblems) {
        guard var fields = FileFields(node, &problems) else { return }
        let account = account(&fields, "bank", .bank, &problems)
        let fees = self.account(&fields, "entgelte", .fees, &problems)
        let chargebacks = self.account(&fields, "rückbelastungen", .chargebacks, &problems)
        fields.finish(&problems)
        guard let account, let fees, let chargebacks else { return }
        bank = BankAccounts(account: account, fees: fees, chargebacks: chargebacks)
    }

    /// Read after the revenue rows, whose accounts it may name.
    private mutating func readThirdParty(_ node: SourceNode, _ problems: inout FileProblems) {
        guard let text = node.text(&problems) else { return }
        guard let account = Account(text), revenue.contains(where: { $0.row.account == account })
        else {
            problems.error(
                11, at: node.position,
                "„\(text)“ ist kein Konto aus „erlöse“; Fremdgelder brauchen dort ein eigenes.")
            return
        }
        if !thirdParty.insert(account).inserted {
            problems.error(8, at: node.position, "Das Konto \(text) steht zweimal da.")
        }
    }

    private mutating func account(
        _ fields: inout FileFields, _ key: String, _ role: AccountRole?,
        _ problems: inout FileProblems
    ) -> Account? {
        guard let node = fields.node(key, &problems), let text = node.text(&problems) else {
            return nil
        }
        guard let account = Account(text) else {
            problems.error(
                5, at: node.position,
                "„\(text)“ ist kein Sachkonto; erwartet werden 4 bis 9 Ziffern.")
            return nil
        }
        if let role { uses.append((account, role, node.position)) }
        return account
    }

    /// Roles, names and gaps: what only the whole file shows.
    mutating func check(_ problems: inout FileProblems) {
        var roles: [Account: AccountRole] = [:]
        for use in uses {
            if let other = roles.updateValue(use.role, forKey: use.account), other != use.role {
                problems.error(
                    7, at: use.position,
                    "Das Konto \(use.account.number) dient schon einem anderen Zweck. Nehmen Sie "
                        + "je Zweck ein eigenes Konto.")
            }
            if names[use.account] == nil {
                problems.error(
                    9, at: use.position,
                    "Das Konto \(use.account.number) fehlt in der Liste „konten“.")
                names[use.account] = ""
            }
        }
        for form in LegalForm.allCases where receivables[form] == nil {
            problems.error(
                10, at: position, "Unter „forderungen“ fehlt die Rechtsform \(form.words).")
        }
        for scheme in CardScheme.allCases where clearing[scheme] == nil {
            problems.warning(
                1, at: position,
                "Unter „karten“ fehlt \(scheme.rawValue): Zahlungen damit wären nicht zu buchen.")
        }
    }
}

/// The words of account plan files.
private enum Words {
    static let legalForms: KeyValuePairs<String, LegalForm> = ["Gebühr": .fee, "Entgelt": .charge]
    static let vatWanted = "„nicht steuerbar“, „steuerfrei“ oder ein Satz wie „19 %“"

    static func vat(_ text: String) -> VATTreatment? {
        switch text {
        case "nicht steuerbar": .outsideScope
        case "steuerfrei": .exempt
        default: rate(text).map(VATTreatment.taxable)
        }
    }

    /// `19 %`, `5,5 %`: above 0, below 100, at most two decimals.
    static func rate(_ text: String) -> VATRate? {
        guard text.hasSuffix("%") else { return nil }
        let bytes = text.dropLast().utf8.drop { $0 == 0x20 }
        let trimmed = bytes.last == 0x20 ? bytes.dropLast() : bytes
        let parts = trimmed.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard let first = parts.first, parts.count <= 2, (1...2).contains(first.count),
            let whole = decimal(Array(first)[...])
        else { return nil }
        var hundredths = 0
        if parts.count == 2 {
            let digits = Array(parts[1])
            guard (1...2).contains(digits.count), let value = decimal(digits[...]) else {
                return nil
            }
            hundredths = digits.count == 1 ? value * 10 : value
        }
        let points = Int64(whole * 100 + hundredths)
        return points > 0 ? VATRate(basisPoints: points) : nil
    }

    static func costCentre(_ text: String) -> String? {
        let fits =
            (1...36).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                    || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "_")
            }
        return fits ? text : nil
    }
}
