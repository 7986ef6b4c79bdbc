package import Text

/// What can be wrong in a tariff file; the raw value is the stable code, explained in
/// docs/errors/tariff.md.
package enum TariffProblem: String, Hashable, Sendable, CaseIterable {
    case unknownKey = "T-E01"
    case duplicateName = "T-E02"
    case wrongType = "T-E03"
    case missingKey = "T-E04"
    case missingParagraph = "T-E05"
    case overlap = "T-E06"
    case gap = "T-E07"
    case priceNotUnderstood = "T-E08"
    case stepNotStated = "T-E09"
    case wasteCodeForm = "T-E10"
    case dateNotUnderstood = "T-E11"
    case wordNotKnown = "T-E12"
    case nameNotKnown = "T-E13"
    case amountNotUnderstood = "T-E14"
    case stepsDisagree = "T-E15"
    case deliveryNotUnderstood = "T-E16"
    case exampleFails = "T-E17"
    case taxAgainstBasis = "T-E18"
    case identifierForm = "T-E19"
    case currencyDiffers = "T-E20"
    case derivedNotPossible = "T-E21"
    case quotaScope = "T-E22"
    case paragraphForm = "T-E23"
    case contradiction = "T-E24"
    case noExample = "T-W01"

    package var severity: SourceProblem.Severity {
        self == .noExample ? .warning : .error
    }

    /// The problem at a place of the file.
    func at(_ position: SourcePosition?, _ message: String) -> SourceProblem {
        SourceProblem(rawValue, severity, at: position, message)
    }
}
