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
        /// Another record says what it is about: ``ClosedRecordReader`` looks for it.
        case dependent
    }

    /// Where a record counts, its flags and its people.
    struct Place {
        let position: LogPosition
        let flags: [String]
        let by: PersonID?
        let approvedBy: PersonID?

        init(
            _ stored: StoredRecord, at position: LogPosition? = nil, by: PersonID?,
            approvedBy: PersonID? = nil
        ) {
            self.position = position ?? stored.position
            flags = stored.entry.flags.map(\.rawValue)
            self.by = by
            self.approvedBy = approvedBy
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
            case .reversal, .resolution, .decision: return .dependent
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
        case .void, .resolution: return .dependent
        }
    }

    func make(
        _ place: Place, at: Timestamp, day: BusinessDay, _ fact: ClosedRecord.Fact, _ entry: Entry
    ) -> ClosedRecord {
        ClosedRecord(
            index: place.position.index, at: at, day: day, fact: fact, flags: place.flags,
            entry: entry, by: place.by, approvedBy: place.approvedBy)
    }
}
