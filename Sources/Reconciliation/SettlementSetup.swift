import Sales
package import Text
package import Units

/// What finance agreed with bank and acquirer, as a file says it (docs/formats/settlement.md): how
/// card money arrives, and in which yard's journal it is written down.
package struct SettlementSetup: Hashable, Sendable {
    /// The id inside the file (`abgleich:`).
    package let id: String
    package let title: String
    package let rules: SettlementRules
    /// The yard whose journal holds the statements of a bank account, by the account as statements
    /// spell it.
    package let yardOfAccount: [String: YardID]
    /// The yard of each card terminal, as the slip numbers it.
    package let yardOfTerminal: [String: YardID]

    /// The yard that an acquirer's name for a card terminal belongs to; nil for an unknown one.
    package func yard(ofNamed terminal: String) -> YardID? {
        TerminalNames(rules).terminal(terminal).flatMap { yardOfTerminal[$0] }
    }
}

extension SettlementSetup {
    /// Reads a settlement file.
    ///
    /// - Returns: the setup, nil if there is any error; problems `R-E01` and up with line and
    ///   column.
    package static func decode(
        _ root: SourceNode
    ) -> (setup: SettlementSetup?, problems: [SourceProblem]) {
        var problems = FileProblems(family: "R")
        guard var fields = FileFields(root, &problems) else { return (nil, problems.all) }
        let id = fields.value("abgleich", wanted: "ein Kurzname wie musterstadt", &problems) {
            Identifier<SettlementSetup>($0)?.text
        }
        let title = fields.text("titel", &problems)
        _ = fields.text("hinweis", required: false, &problems)
        var draft = Draft()
        for node in fields.list("konten", &problems) { draft.readAccount(node, &problems) }
        for node in fields.list("terminals", &problems) { draft.readTerminal(node, &problems) }
        let merchants = fields.list("händlernummern", required: false, &problems)
            .compactMap { $0.text(&problems) }
        let acquired = fields.list("über dienstleister", required: false, &problems)
            .compactMap { scheme($0, &problems) }
        let days = fields.value(
            "banktage", wanted: "eine Zahl von 1 bis 10", &problems, { number($0, 1...10) })
        let fee = fields.value(
            "entgelt höchstens", wanted: "Hundertstel Prozent von 0 bis 2000", &problems,
            { number($0, 0...2_000) })
        fields.finish(&problems)
        guard !problems.hasErrors, let id, let title, let days, let fee else {
            return (nil, problems.all)
        }
        let rules = SettlementRules(
            routes: draft.routes, merchantNumbers: merchants, acquired: Set(acquired),
            bankDaysMax: days, feeBasisPointsMax: Int64(fee))
        let setup = SettlementSetup(
            id: id, title: title, rules: rules, yardOfAccount: draft.yardOfAccount,
            yardOfTerminal: draft.yardOfTerminal)
        return (setup, problems.all)
    }

    private static func scheme(
        _ node: SourceNode, _ problems: inout FileProblems
    ) -> CardScheme? {
        guard let text = node.text(&problems) else { return nil }
        if let scheme = CardScheme(rawValue: text) { return scheme }
        let known = CardScheme.allCases.map(\.rawValue).joined(separator: ", ")
        problems.error(
            4, at: node.position, "„\(text)“ ist keine Kartenmarke; es gibt: \(known).")
        return nil
    }

    private static func number(_ text: String, _ range: ClosedRange<Int>) -> Int? {
        decimal(ArraySlice(Array(text.utf8))).flatMap { range.contains($0) ? $0 : nil }
    }
}

/// Accounts and terminals while they are read.
private struct Draft {
    var routes: [SettlementRules.Route] = []
    var yardOfAccount: [String: YardID] = [:]
    var yardOfTerminal: [String: YardID] = [:]
    private var names: Set<String> = []

    mutating func readAccount(_ node: SourceNode, _ problems: inout FileProblems) {
        guard var fields = FileFields(node, &problems) else { return }
        let account = fields.text("konto", &problems)
        let yard = yard(&fields, &problems)
        fields.finish(&problems)
        guard let account, let yard else { return }
        if yardOfAccount.updateValue(yard, forKey: account) != nil {
            problems.error(5, at: node.position, "Das Konto \(account) steht schon da.")
        }
    }

    mutating func readTerminal(_ node: SourceNode, _ problems: inout FileProblems) {
        guard var fields = FileFields(node, &problems) else { return }
        let terminal = fields.value(
            "terminal", wanted: "die TID wie auf dem Beleg", &problems,
            { CardSlip.isCode($0) ? $0 : nil })
        let yard = yard(&fields, &problems)
        let others = fields.list("heißt auch", required: false, &problems)
            .compactMap { $0.text(&problems) }
        let account = fields.text("konto", &problems)
        fields.finish(&problems)
        guard let terminal, let yard, let account else { return }
        for name in Set(([terminal] + others).map(Token.of)) where !names.insert(name).inserted {
            problems.error(
                5, at: node.position, "Die Nummer \(name) gehört schon einem anderen Terminal.")
        }
        if yardOfAccount[account] == nil {
            problems.error(
                6, at: node.position, "Das Konto \(account) fehlt in der Liste „konten“.")
        }
        yardOfTerminal[terminal] = yard
        routes.append(
            SettlementRules.Route(cardTerminal: terminal, otherNames: others, account: account))
    }

    private func yard(_ fields: inout FileFields, _ problems: inout FileProblems) -> YardID? {
        fields.value("hof", wanted: "der Kurzname eines Hofes", &problems) { YardID($0) }
    }
}
