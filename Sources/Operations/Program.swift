/// The program as `hofbuch --version` and each close name it.
package enum Program {
    /// Of the release; development is named by the release that it leads to.
    package static let version = "0.1.0"
    /// What a close says of the program that made it.
    package static let name = "hofbuch \(version)"
}
