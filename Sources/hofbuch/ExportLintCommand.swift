import ArgumentParser
import Exports
import Operations
import Reconciliation
import Sales
import Signing
import SourceFiles
import Statements
import Text
import Units

extension ExportCommand {
    struct Lint: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check files of finance/ before they are used; needs no server.",
            discussion: """
                Profiles with the examples inside, DATEV settings, hand-over settings, account \
                plan, and what reconciliation reads. With --plan every account, cost centre and \
                name of the account plan is tried too. All files are looked at. Exit code 0 if all \
                is well, 65 if not, 66 if a file cannot be read.
                """)

        @Argument(help: "Files such as finance/profil-mach.yaml.")
        var files: [String]
        @Option(help: "The account plan.")
        var plan: String?
        @Option(help: "A yard whose name goes into keys; may stand several times.")
        var yard: [String] = ["hof-1"]

        func run() async throws {
            try await reporting {
                let plan = try plan.map { try FinancePlan.read(try bytes(of: $0), of: $0) }
                let yards = try yard.map { name in
                    guard let id = YardID(name) else {
                        throw Failure("\(name) is no name of a yard", Exit.usage)
                    }
                    return id
                }
                var verdict: ExitCode?
                var ids: Set<String> = []
                for file in files {
                    do {
                        let lines = Self.problems(in: try bytes(of: file), plan, yards, &ids)
                        for line in lines { print("\(file):\(line)") }
                        if lines.isEmpty { print("\(file): fits") } else { verdict = Exit.badData }
                    } catch let failure as Failure {
                        // The others are looked at all the same.
                        Message.error(failure.text)
                        verdict = verdict ?? failure.code
                    }
                }
                if let verdict { throw verdict }
            }
        }

        /// What is wrong, each with its place in the file; empty if it fits.
        ///
        /// - Parameter ids: of the profiles before.
        private static func problems(
            in bytes: [UInt8], _ plan: AccountPlan?, _ yards: [YardID], _ ids: inout Set<String>
        ) -> [String] {
            let tree: SourceNode
            do throws(SourceProblem) {
                tree = try SourceFile.tree(of: bytes)
            } catch {
                return [error.line]
            }
            if tree.has("profil") {
                let (profile, found) = ExportProfile.decode(tree)
                var problems = found
                if let profile, !ids.insert(profile.id).inserted {
                    problems.append(ExportProfile.repeated(profile.id))
                }
                let misfits = plan.flatMap { profile?.errors(with: $0, yards: yards) } ?? []
                return problems.map(\.line) + misfits.map(\.description)
            }
            if tree.has("beraternummer") {
                let (settings, problems) = DATEVSettings.decode(tree)
                let misfits = plan.flatMap { settings?.errors(with: $0, yards: yards) } ?? []
                return problems.map(\.line) + misfits.map(\.description)
            }
            if tree.has("kontenplan") {
                let digest = Digest.sha256(bytes).hex
                return AccountPlan.decode(tree, digest: digest).problems.map(\.line)
            }
            if tree.has("abgleich") { return SettlementSetup.decode(tree).problems.map(\.line) }
            if tree.has("abrechnung") { return AcquirerProfile.decode(tree).problems.map(\.line) }
            guard tree.has("ziele") || tree.has("pflicht") else {
                return [
                    "1:1 This is no file of finance/: no profile, account plan, DATEV, hand-over "
                        + "or reconciliation settings, and no profile of an acquirer's file."
                ]
            }
            return HandoverSettings.decode(tree).problems.map(\.line)
        }
    }
}

extension SourceNode {
    fileprivate func has(_ key: String) -> Bool {
        guard case .mapping(let entries) = content else { return false }
        return entries.contains { $0.key == key }
    }
}
