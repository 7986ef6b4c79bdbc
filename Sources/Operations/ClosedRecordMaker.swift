import Calendars
import DayClosing
import Journal
import Ledger
import Sales
import Storage
import Tariffs
import Units

/// Makes of a record what closes and exports see, as far as it takes nothing but the record.
struct ClosedRecordMaker: Sendable {
    let plan: AccountPlan
    let calendar: LocalCalendar

    /// What a record is for a close.
    enum Made {
        /// Nothing that bears on money.
        case nothing
        case record(ClosedRecord)
        /// About an earlier sale: ``ClosedRecordReader`` looks for it, and for who approved.
        case reversal(Reversal, Place, at: Timestamp, approval: Int64?)
        /// About an earlier sale, too.
        case resolution(PaymentResolution, Place, at: Timestamp)
        /// About an earlier record, which counts at this position if it does.
        case decision(RecordDecision, LogPosition)
    }

    /// Where a record counts, its flags, its people and its own number.
    struct Place {
        let position: LogPosition
        let flags: [String]
        let by: PersonID?
        var approvedBy: PersonID?
        let number: SaleReference?

        init(_ stored: StoredRecord, at position: LogPosition? = nil, by: PersonID?) {
            self.position = position ?? stored.position
            flags = stored.entry.flags.map(\.rawValue)
            self.by = by
            if case .terminal(let record) = stored.fact {
                number = record.head.reference
            } else {
                number = nil
            }
        }
    }

    func make(_ stored: StoredRecord) throws -> Made {
        switch stored.fact {
        case .evidence: return .nothing
        case .terminal(let record):
            let place = Place(stored, by: record.head.attendant)
            guard !stored.entry.isWithheld else {
                return .record(
                    make(
                        place, at: record.head.at, day: calendar.day(of: record.head.at),
                        .withheld(record.head.reference), try Entry([])))
            }
            return try make(record, place)
        case .server(let record):
            switch record.fact {
            case .reversal(let reversal, let approval, let person):
                return .reversal(
                    reversal, Place(stored, by: person), at: record.at, approval: approval)
            case .resolution(let resolution, let person):
                return .resolution(resolution, Place(stored, by: person), at: record.at)
            case .decision(let decision): return .decision(decision, stored.position)
            case .genesis, .enrol, .tariff, .release, .rotate, .revoke, .rotateLog, .rotateRecord,
                .loss, .approve, .close, .export, .snapshot, .handover, .erase, .hold, .lift,
                .bankStatement, .debtor:
                return .nothing
            case .settled(let settled):
                return .record(
                    make(
                        Place(stored, by: settled.by), at: record.at,
                        day: calendar.day(of: record.at), .settlement(settled),
                        try plan.entry(settling: settled.shares)))
            }
        }
    }

    /// A record of a terminal that counts.
    func make(_ record: TerminalRecord, _ place: Place) throws -> Made {
        let head = record.head
        switch record.fact {
        case .sale(let sale):
            return .record(
                make(
                    place, at: head.at, day: sale.delivery.day, .sale(head.reference, sale),
                    try plan.entry(sale: sale)))
        case .noSale(let noSale):
            return .record(
                make(
                    place, at: head.at, day: noSale.delivery.day, .noSale(head.reference, noSale),
                    try plan.entry(noSale: noSale)))
        case .void(let reversal):
            return .reversal(reversal, place, at: head.at, approval: nil)
        case .resolution(let resolution): return .resolution(resolution, place, at: head.at)
        }
    }

    func make(
        _ place: Place, at: Timestamp, day: BusinessDay, _ fact: ClosedRecord.Fact, _ entry: Entry
    ) -> ClosedRecord {
        ClosedRecord(
            index: place.position.index, at: at, day: day, fact: fact, flags: place.flags,
            entry: entry, by: place.by, approvedBy: place.approvedBy, number: place.number)
    }
}
