import ArgumentParser
import Exports
import Foundation
import Operations
import Sales
import SourceFiles
import Text
import Units

extension ExportCommand {
    struct Lint: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check files of finance/ before they are used; needs no server.",
            discussion: """
                Profiles with the examples inside, DATEV settings, hand-over settings. With --plan \
                every account, cost centre and name of the account plan is tried too. Exit code 0 \
                if all is well, 65 if not.
                """)

        @Argument(help: "Files such as finance/profil-mach.yaml.")
        var files: [String]
        @Option(help: "The account plan.")
        var plan: String?
        @Option(help: "A yard whose name goes into keys; may stand several times.")
        var yard: [String] = ["hof-1"]

        func run() async throws {
            try await reporting {
                let plan = try plan.map { try FinancePlan.read(try Self.bytes(of: $0)) }
                var problemCount = 0
                for file in files {
                    let lines = try problems(of: file, plan)
                    for line in lines { print("\(file):\(line)") }
                    if lines.isEmpty { print("\(file): fits") }
                    problemCount += lines.count
                }
                guard problemCount == 0 else { throw Exit.badData }
            }
        }

        private func problems(of file: String, _ plan: AccountPlan?) throws -> [String] {
            let yards = try yard.map { name in
                guard let id = YardID(name) else {
                    throw Failure("\(name) is no name of a yard", ExitCode(64))
                }
                return id
            }
            let bytes = try Self.bytes(of: file)
            let tree: SourceNode
            do throws(SourceProblem) {
                tree = try SourceFile.tree(of: bytes)
            } catch {
                return [error.line]
            }
            if tree.has("profil") {
                let (profile, problems) = ExportProfile.decode(tree)
                let misfits = plan.flatMap { profile?.errors(with: $0, yards: yards) } ?? []
                return problems.map(\.line) + misfits.map(\.description)
            }
            if tree.has("beraternummer") {
                let (settings, problems) = DATEVSettings.decode(tree)
                let misfits = plan.flatMap { settings?.errors(with: $0, yards: yards) } ?? []
                return problems.map(\.line) + misfits.map(\.description)
            }
            guard tree.has("ziele") || tree.has("pflicht") else {
                throw Failure(
                    "\(file) is no profile, no DATEV settings and no hand-over settings",
                    Exit.badData)
            }
            return HandoverSettings.decode(tree).problems.map(\.line)
        }

        private static func bytes(of path: String) throws -> [UInt8] {
            guard let data = FileManager.default.contents(atPath: path) else {
                throw Failure("\(path) cannot be read", Exit.noInput)
            }
            return Array(data)
        }
    }
}

extension SourceNode {
    fileprivate func has(_ key: String) -> Bool {
        guard case .mapping(let entries) = content else { return false }
        return entries.contains { $0.key == key }
    }
}
