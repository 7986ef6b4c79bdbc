import Foundation
import Ledger
package import Sales
import Signing
import SourceFiles
import Storage
package import Tariffs
import Text
import Units

/// The account plan of an installation, read once at the start.
package struct FinancePlan: Sendable {
    package let plan: AccountPlan
    /// The file as it is.
    let bytes: [UInt8]

    /// - Throws: ``OperationsError`` (`missingFile`, `planInvalid`).
    init(directory: DataDirectory) throws {
        guard let data = FileManager.default.contents(atPath: directory.accountPlan) else {
            throw OperationsError.missingFile(path: directory.accountPlan)
        }
        bytes = Array(data)
        plan = try Self.read(bytes, of: directory.accountPlan)
    }

    /// Under which name a plan that a close used is kept.
    static func setting(_ digest: String) -> String { "account-plan-\(digest)" }

    /// The plan that a close names, as kept with it.
    static func kept(_ digest: String, _ reading: Reading) throws -> AccountPlan {
        guard let text = try reading.setting(setting(digest)) else {
            throw OperationsError.missingFile(path: "account plan \(digest)")
        }
        let plan = try read(Array(text.utf8), of: "account plan \(digest)")
        guard plan.digest == digest else {
            throw OperationsError.missingFile(path: "account plan \(digest)")
        }
        return plan
    }

    /// The account plan in a file's bytes.
    ///
    /// - Parameter path: where the file lies, for the refusal.
    package static func read(_ bytes: [UInt8], of path: String) throws(OperationsError)
        -> AccountPlan
    {
        let tree: SourceNode
        do { tree = try SourceFile.tree(of: bytes) } catch {
            throw .planInvalid(path: path, [error])
        }
        let (plan, problems) = AccountPlan.decode(tree, digest: Digest.sha256(bytes).hex)
        guard let plan else { throw .planInvalid(path: path, problems) }
        return plan
    }

    /// Every use of a revenue account that a tariff can make, for anybody on any day: by its
    /// positions, and by the lines that belong to a delivery as a whole.
    private static func uses(of tariff: Tariff) -> [RevenueUse] {
        var uses: [RevenueUse] = []
        func add(
            _ position: String, _ groups: Set<CustomerGroup>, _ form: GroupedFact<LegalForm>,
            _ vat: GroupedFact<VATTreatment>
        ) {
            for group in CustomerGroup.allCases where groups.contains(group) {
                for form in form[group].entries {
                    for vat in vat[group].entries {
                        let use = RevenueUse(
                            tariff: tariff.reference.id, position: position,
                            legalForm: form.value, vat: vat.value)
                        if !uses.contains(use) { uses.append(use) }
                    }
                }
            }
        }
        for position in tariff.positions {
            add(position.number, position.condition.groups, position.legalForm, position.vat)
        }
        for surcharge in tariff.rules.surcharges {
            add("Zuschlag", surcharge.condition.groups, surcharge.legalForm, surcharge.vat)
        }
        if let minimum = tariff.rules.minimum {
            add("Mindestbetrag", Set(CustomerGroup.allCases), minimum.legalForm, minimum.vat)
        }
        return uses
    }

    /// What a tariff would sell without an account, in words; empty is good.
    package func missing(for tariff: Tariff) -> [String] {
        plan.missing(for: Self.uses(of: tariff)).map(Self.words)
    }

    private static func words(_ error: LedgerError) -> String {
        switch error {
        case .noAccount(let use, let plan): "\(use) (\(plan))"
        case .unbalanced(let debit, let credit): "\(debit.value) ≠ \(credit.value)"
        }
    }
}
