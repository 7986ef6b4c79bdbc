package import Sales
import SourceFiles
package import Text

extension Samples {
    /// The account plan that comes with the program, as decoded from its file.
    package static func plan() throws -> AccountPlan {
        let tree = try SourceFile.tree(of: try file("finance/kontenplan-nkf.yaml"))
        let digest = String(repeating: "ab", count: 32)
        guard let plan = AccountPlan.decode(tree, digest: digest).plan else {
            fatalError("the sample plan has errors")
        }
        return plan
    }

    /// The tree of a source file given as text.
    package static func tree(_ text: String) throws -> SourceNode {
        try SourceFile.tree(of: Array(text.utf8))
    }
}
