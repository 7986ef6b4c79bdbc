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
        try database.read { reading in
            try Consequences.concerning(detail.stored.position, before: nil, reading)
                .compactMap { try SaleStep($0.what, of: $0.stored, reading) }
        }
    }
}

extension SaleStep {
    /// Nil for evidence, which says nothing of a sale.
    fileprivate init?(_ what: What, of stored: StoredRecord, _ reading: Reading) throws {
        switch stored.fact {
        case .terminal(let record):
            self.init(
                what: what, at: record.head.at, by: record.head.attendant, approval: nil,
                record: record.head.reference)
        case .server(let record):
            guard let (person, consent) = record.fact.doer else { return nil }
            let approval = try consent.flatMap { index in
                try Self.approval(
                    at: LogPosition(yard: stored.position.yard, index: index), reading)
            }
            self.init(what: what, at: record.at, by: person, approval: approval, record: nil)
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

extension ServerFact {
    /// Who took a sale back or resolved it, and the log index of the approval that it needed.
    fileprivate var doer: (PersonID, approval: Int64?)? {
        switch self {
        case .reversal(_, let index, let person): (person, index)
        case .resolution(_, let person): (person, nil)
        default: nil
        }
    }
}

extension SaleStep.What {
    var isResolution: Bool { if case .resolved = self { true } else { false } }

    /// What a record says became of another one; nil for one that is about itself.
    init?(_ fact: StoredRecord.Fact) {
        switch fact {
        case .terminal(let record):
            switch record.fact {
            case .void(let reversal): self = .takenBack(reversal)
            case .resolution(let resolution): self = .resolved(resolution)
            case .sale, .noSale: return nil
            }
        case .server(let record):
            switch record.fact {
            case .reversal(let reversal, _, _): self = .takenBack(reversal)
            case .resolution(let resolution, _): self = .resolved(resolution)
            case .genesis, .enrol, .tariff, .release, .rotate, .revoke, .decision, .rotateLog,
                .rotateRecord, .loss, .approve, .close, .export, .snapshot, .handover, .erase,
                .hold, .lift, .bankStatement, .debtor, .settled:
                return nil
            }
        case .evidence: return nil
        }
    }
}
