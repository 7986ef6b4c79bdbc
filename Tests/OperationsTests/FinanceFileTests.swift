import Foundation
import Operations
import Testing

/// What is wrong in a file of `finance/` is said by path, line and column, and nobody else's file
/// keeps exports from being made.
struct FinanceFileTests {
    private func refusal(_ body: () throws -> Void) throws -> OperationsError {
        try #require(throws: OperationsError.self) { try body() }
    }

    @Test(arguments: ["profil-mach.yaml", "datev.yaml", "uebergabe.yaml"])
    func `a file that is no YAML is refused by its path and line`(name: String) async throws {
        try await withYard(terminals: 0, hasTariff: false) { yard in
            let path = "\(yard.directory.exportProfiles)/\(name)"
            try Data("a: 1\nb: [unzu\n".utf8).write(to: URL(filePath: path))

            let error = try refusal { _ = try yard.installation.exportFormats() }

            #expect(error.code == "account-plan-invalid" && error.status == 422)
            #expect(error.remedy.contains("\(path): "), "\(error.remedy)")
            #expect(error.remedy.contains(/: [23]:[0-9]+ S-E/), "\(error.remedy)")
            #expect(error.remedy.contains("`hofbuch export lint \(path)`"))
        }
    }

    @Test func `a file that no export reads keeps none from being made`() async throws {
        try await withYard(terminals: 0, hasTariff: false) { yard in
            let before = try yard.installation.exportFormats()
            for name in ["kontenplan.yaml", "abgleich.yaml", "notizen.yaml", "alt-profil-x.yaml"] {
                try Data("b: [unzu\n".utf8).write(
                    to: URL(filePath: "\(yard.directory.exportProfiles)/\(name)"))
            }

            #expect(try yard.installation.exportFormats() == before)
        }
    }

    @Test func `an account plan with an error is refused by its path`() throws {
        let error = try refusal {
            _ = try FinancePlan.read(Array("kontenplan: [\n".utf8), of: "data/finance/plan.yaml")
        }
        #expect(error.code == "account-plan-invalid")
        #expect(error.remedy.contains("data/finance/plan.yaml: "))
        let empty = try refusal { _ = try FinancePlan.read(Array("a: 1\n".utf8), of: "plan.yaml") }
        #expect(empty.remedy.contains("plan.yaml: ") && empty.remedy.contains("A-E"))
    }
}
