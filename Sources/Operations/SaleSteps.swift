package import Journal
package import Sales
import Storage
package import Units

/// Something that became of a sale: what, when and by whom.
package struct SaleStep: Hashable, Sendable {
    package enum What: Hashable, Sendable {
        case takenBack(Reversal)
        case resolved(PaymentResolution)
    }

    package let what: What
    package let at: Timestamp
    /// Who did it; for a bank transfer or without money who asked for it.
    package let by: PersonID
    /// What a second person agreed to; nil for what a terminal recorded and for a resolution.
    package let approval: Approval?
    /// The terminal's record that says so; nil where the server's does.
    package let record: SaleReference?
}

extension Installation {
    /// What became of a sale and counts, in the order in which it came to count; empty for other
    /// records.
    package func steps(of detail: SaleDetail) throws -> [SaleStep] {
        guard case .sale(let sale) = detail.record.fact else { return [] }
        let found = try database.read { reading in
            try Consequences.counted(of: detail.stored.position, before: nil, reading)
                .compactMap { try SaleStep.read($0, reading) }
        }
        // Of resolutions the first counts, and only about an unknown payment.
        let first = found.first { $0.isResolution }
        return found.filter { step in
            switch step.what {
            case .takenBack(let reversal): reversal.concerns(sale)
            case .resolved: sale.settlement.isUnknown && step == first
            }
        }
    }
}

extension SaleStep {
    fileprivate var isResolution: Bool { if case .resolved = what { true } else { false } }

    /// Nil for a record that says something else.
    fileprivate static func read(_ stored: StoredRecord, _ reading: Reading) throws -> SaleStep? {
        switch stored.fact {
        case .terminal(let record):
            guard let what = What(record.fact) else { return nil }
            return SaleStep(
                what: what, at: record.head.at, by: record.head.attendant, approval: nil,
                record: record.head.reference)
        case .server(let record):
            if case .reversal(let reversal, let index, let person) = record.fact {
                let place = LogPosition(yard: stored.position.yard, index: index)
                return SaleStep(
                    what: .takenBack(reversal), at: record.at, by: person,
                    approval: try approval(at: place, reading), record: nil)
            }
            guard case .resolution(let resolution, let person) = record.fact else { return nil }
            return SaleStep(
                what: .resolved(resolution), at: record.at, by: person, approval: nil, record: nil)
        case .evidence: return nil
        }
    }

    private static func approval(at place: LogPosition, _ reading: Reading) throws -> Approval? {
        guard let bytes = try reading.entry(at: place),
            case .server(let record) = try StoredRecord.fact(of: bytes),
            case .approve(let approval) = record.fact
        else { return nil }
        return approval
    }
}

extension SaleStep.What {
    /// Nil for a sale or refusal, which is about no other sale.
    fileprivate init?(_ fact: TerminalFact) {
        switch fact {
        case .void(let reversal): self = .takenBack(reversal)
        case .resolution(let resolution): self = .resolved(resolution)
        case .sale, .noSale: return nil
        }
    }
}
