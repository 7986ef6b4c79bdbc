package import Text
import Units

/// What reading a tariff file gives.
package struct TariffDecoding: Sendable {
    /// Nil exactly if a problem is an error.
    package let tariff: Tariff?
    /// In the order they were found.
    package let problems: [SourceProblem]
}

extension Tariff {
    /// Reads a tariff file of format version 1 (docs/formats/tariff.md).
    ///
    /// All that can be found wrong is reported at once. Whether its examples come out right is
    /// for ``check()`` to say.
    ///
    /// - Parameter digest: SHA-256 of the file's bytes, 64 lowercase hex digits.
    package static func decode(_ root: SourceNode, digest: String) -> TariffDecoding {
        var reader = SourceReader()
        let tariff = reader.tariff(root, digest: digest)
        let isGood = !reader.problems.contains { $0.severity == .error }
        return TariffDecoding(tariff: isGood ? tariff : nil, problems: reader.problems)
    }
}

extension SourceReader {
    fileprivate mutating func tariff(_ root: SourceNode, digest: String) -> Tariff? {
        guard let block = block(root, .tariff) else { return nil }
        let head = head(block, digest: digest)
        let catalogue = catalogue(block)
        let basis = head.basis ?? .gross
        let defaults = TariffDefaults(
            kind: head.kind, start: head.validity?.from, legalForm: legalForm(block),
            vat: vat(block, basis: basis),
            basis: basis, catalogue: catalogue)
        for key in ["abfallarten", "positionen"] where block[key] != nil && list(block, key).isEmpty
        {
            report(.missingKey, at: block.position, "Unter „\(key)“ steht nichts. Ergänzen Sie es.")
        }
        let nodes = list(block, "positionen")
        let positions = positions(nodes, defaults)
        let scales = scales(block, catalogue)
        let allowsManualWeights = allowsManualWeights(block)
        let rules = rules(block, numbers: positionNumbers(of: nodes), defaults)
        let vocabulary = DeliveryVocabulary(catalogue: catalogue, scales: scales)
        let examples = list(block, "beispiele").compactMap { example($0, vocabulary) }
        guard let reference = head.reference, let kind = head.kind, let heading = head.heading,
            let validity = head.validity, let basis = head.basis, let rounding = head.rounding,
            positions.count == nodes.count
        else { return nil }
        let tariff = Tariff(
            reference: reference, kind: kind, validity: validity, heading: heading,
            currency: currency, priceBasis: basis, rounding: rounding,
            assumptions: head.assumptions, scales: scales,
            allowsManualWeights: allowsManualWeights, positions: positions, rules: rules,
            examples: examples, catalogue: catalogue.completed(by: positions),
            index: PositionIndex(positions))
        checkWhole(tariff, block)
        return tariff
    }

    /// The numbers of all positions, those with other faults included.
    private func positionNumbers(of nodes: [SourceNode]) -> Set<String> {
        Set(
            nodes.compactMap { node in
                guard case .mapping(let entries) = node.content,
                    case .scalar(let number)? = entries.first(where: { $0.key == "nr" })?.value
                        .content
                else { return nil }
                return number
            })
    }

    private mutating func checkWhole(_ tariff: Tariff, _ block: Block) {
        checkNumbers(of: tariff)
        checkBounds(of: tariff, block)
        let fractions = list(block, "abfallarten") + list(block, "waren")
        guard tariff.catalogue.fractions.count == fractions.count else { return }
        checkCoverage(of: tariff, fractions: fractions)
    }
}
