import FinanceSamples
import Foundation
import Logging
import NIOHTTP1
import Operations
import Sales
import Tariffs
import Testing
import Text
import Units

/// Three yards over some weeks of business with every exception planted, driven through the real
/// program: its interface for sales and closes, its commands for the bank.
final class Quarter {
    let town: Town
    let line: Line
    let extent: QuarterExtent
    private(set) var tokens: [String: String] = [:]
    private(set) var yards: [QuarterYard] = []
    var random: SeededGenerator
    var bank = QuarterBank()
    var truth = QuarterTruth()
    var pending = QuarterPending()

    static let names = ["mitte", "nord", "sued"]

    init(_ town: Town, _ line: Line, _ extent: QuarterExtent) {
        (self.town, self.line, self.extent) = (town, line, extent)
        random = SeededGenerator(seed: extent.seed)
    }

    /// The data directory of a town with three yards; they are made before the program runs.
    static func found(in folder: String) async throws -> Town {
        let town = try await Town.found(in: folder)
        var logger = Logger(label: "quarter")
        logger.logLevel = .warning
        let installation = try Installation(directory: DataDirectory(town.data), logger: logger)
        for name in names {
            _ = try await installation.createYard(
                YardDescription(
                    id: try #require(YardID(name)), name: "Wertstoffhof \(name)",
                    town: "Musterstadt", address: "Am Hof 1, 12345 Musterstadt",
                    host: "musterstadt.example"))
        }
        try installation.close()
        try Data(settlementFile.utf8).write(
            to: URL(fileURLWithPath: "\(town.data)/finance/abgleich.yaml"))
        return town
    }

    private static var settlementFile: String {
        let terminals = names.enumerated().map { number, name in
            "  - {terminal: \"6810000\(number)\", hof: \(name), "
                + "heißt auch: [\"6501000\(number)\"], konto: \(SampleStatement.account)}"
        }
        return """
            abgleich: quartal
            titel: Kartenzahlungen
            konten:
              - {konto: \(SampleStatement.account), hof: mitte}
            terminals:
            \(terminals.joined(separator: "\n"))
            händlernummern: ["455600001"]
            über dienstleister: [visa, mastercard, american-express]
            banktage: 3
            entgelt höchstens: 500

            """
    }

    /// Signs everybody in anew: a session that nobody used for a while has ended.
    func signIn() async throws {
        for name in ["anna", "bernd", "clara"] { tokens[name] = try await town.signIn(name, line) }
    }

    /// Puts the tariff in force at each yard and enrols its terminal.
    func open(_ file: [UInt8], _ tariff: Tariff) async throws {
        try await signIn()
        for (number, name) in Self.names.enumerated() {
            let answer = try await line.send(
                .POST, "/v1/yards/\(name)/tariffs", token: tokens["clara"], file)
            let digest = try #require(try answer.json["digest"]?.string)
            try await line.json(
                .POST, "/v1/yards/\(name)/tariffs/\(digest)/approve", token: tokens["bernd"])
            let terminal = try await SigningTerminal.enrol(
                "k\(number + 1)", at: line, operator: try #require(tokens["clara"]),
                approver: try #require(tokens["bernd"]), yard: name)
            yards.append(QuarterYard(number, terminal: terminal, tariff: tariff))
        }
    }

    // MARK: The program

    @discardableResult
    func office(
        _ person: String, _ method: HTTPMethod, _ yard: QuarterYard, _ path: String,
        _ body: JSONValue? = nil
    ) async throws -> JSONValue {
        try await line.json(
            method, "/v1/yards/\(yard.id.text)/\(path)", token: tokens[person], body)
    }

    /// A command of finance; gives its output.
    @discardableResult
    func finance(_ arguments: [String]) async throws -> String {
        try await Program.succeed(
            arguments + [
                "--data", town.data, "--as", "clara", "--password-file",
                "\(town.folder)/clara.password",
            ], in: town.folder)
    }

    func board() async throws -> QuarterBoard {
        QuarterBoard(
            json: try await line.json(.GET, "/v1/reconciliation", token: tokens["clara"]))
    }
}
