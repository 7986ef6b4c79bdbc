import FinanceSamples
import Foundation
import Testing
import Text

extension Quarter {
    /// Takes in the statements, out of order and one of them twice, and the acquirer's file.
    func importFiles() async throws {
        try await signIn()
        let paths = try bank.statements.map { statement in
            let path = "\(town.folder)/auszug-\(statement.number).xml"
            try Data(statement.bytes).write(to: URL(fileURLWithPath: path))
            return path
        }
        try await finance(["reconcile", "import", paths[0]])
        let early = try await finance(["reconcile", "import", paths[2]])
        #expect(early.contains("! gap") && early.contains("! chain-broken"), "\(early)")
        truth.plant(.statementGap)
        try await finance(["reconcile", "import", paths[1]])
        let twice = try await finance(["reconcile", "import", paths[1]])
        #expect(twice.contains("was here before and counts once"), "\(twice)")
        truth.plant(.statementTwice)

        let posten = "\(town.folder)/posten.csv"
        try Data(bank.acquirerFile.utf8).write(to: URL(fileURLWithPath: posten))
        try await finance(["reconcile", "import", "--profile", "posten", posten])
        try await finance(["reconcile", "import"] + paths[3...])
        truth.plant(.emptyStatement, "finding empty S\(paths.count)")
    }

    // MARK: Decisions

    /// What a person in finance decides about each open bank line, by its reason. The board is
    /// looked at again before each decision, because the one before may have settled what was
    /// proposed for several.
    ///
    /// - Returns: how many decisions that took.
    func decide() async throws -> Int {
        var count = 0
        while true {
            let board = try await board()
            guard let item = board.openLines.first else { return count }
            guard count <= bank.linesCount else { throw Unexpected("no end of open lines") }
            try await finance(["reconcile"] + decision(on: item, board))
            count += 1
        }
    }

    private func decision(on item: JSONValue, _ board: QuarterBoard) throws -> [String] {
        let code = try #require(item["item"]?.string)
        let text = item["text"]?.string ?? ""
        let receipt = text.firstMatch(of: /k[1-3]-[0-9]{6}/).map { String($0.output) }
        switch item["reason"]?.string {
        case "fee": return ["fee", code, "--reason", "Entgelt"]
        case "chargeback":
            let receipt = try #require(receipt)
            return ["chargeback", code, "--receipt", receipt, "--reason", "zurückgebucht"]
                + ["--yard", try yard(ofReceipt: receipt)]
        case "fee-netted":
            return try confirm(item, board) + ["--difference", "fee", "--reason", "netto"]
        case "amount-differs":
            return try confirm(item, board) + ["--difference", "unresolved", "--reason", "Anfrage"]
        case "unknown-terminal":
            return try confirm(item, board) + ["--reason", "Terminal im September getauscht"]
        case "duplicate-batch":
            return [
                "confirm", "--received", code, "--difference", "unresolved", "--reason",
                "doppelt gutgeschrieben",
            ]
        case "other-business":
            guard let receipt else { return ["not-ours", code, "--reason", "Miete"] }
            return ["claim-paid", receipt, code, "--reason", "Rechnung bezahlt"]
                + ["--yard", try yard(ofReceipt: receipt)]
        default: throw Unexpected("nobody knows what to do about \(item.text)")
        }
    }

    private func yard(ofReceipt receipt: String) throws -> String {
        let number = try #require(receipt.dropFirst().first?.wholeNumberValue)
        return Self.names[number - 1]
    }

    /// The line belongs to the cut whose amount is nearest among those proposed.
    private func confirm(_ item: JSONValue, _ board: QuarterBoard) throws -> [String] {
        let amount = try #require(item["amount"]?.integer)
        let proposed = Set((item["candidates"]?.array ?? []).compactMap(\.string))
        let cut = board.open.filter { proposed.contains($0["item"]?.string ?? "") }
            .min { board.distance($0, amount) < board.distance($1, amount) }
        return [
            "confirm", "--expected", try #require(cut?["item"]?.string), "--received",
            try #require(item["item"]?.string),
        ]
    }
}
