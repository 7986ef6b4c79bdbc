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
    case coverageUndecided = "T-E40"
    case gradedBelowMinimumLoad = "T-E41"
    case versionsDisagree = "T-E42"
    case hazardMark = "T-E43"
    case wasteCodeNotListed = "T-E44"
    case noExample = "T-E45"
    case priceFalls = "T-W02"
    case priceJumps = "T-W03"
    case priceOutOfLine = "T-W04"
    case factorChain = "T-W05"
    case packingNotRequired = "T-W06"
    case positionNotUsed = "T-W07"
    case priceChangedMuch = "T-W08"
    case onlyWordsChanged = "T-W09"
    case onlyPriceChanged = "T-W10"
    case cardSurcharge = "T-W11"
    case positionUnreachable = "T-W12"
    case exampleMissing = "T-W13"
    case quotaChanged = "T-W14"

    /// A warning where the code says so; T-W01 is retired.
    package var severity: SourceProblem.Severity {
        rawValue.hasPrefix("T-W") ? .warning : .error
    }

    /// The problem at a place of the file.
    func at(_ position: SourcePosition?, _ message: String) -> SourceProblem {
        SourceProblem(rawValue, severity, at: position, message)
    }
}
