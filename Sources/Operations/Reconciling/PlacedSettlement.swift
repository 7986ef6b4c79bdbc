package import Journal
package import Sales
import Storage
package import Units

/// A settlement in the journal: one decision, which may stand in the logs of several yards.
package struct PlacedSettlement: Hashable, Sendable {
    /// Where it stands in each yard's log, by the yard's number.
    package struct Place: Hashable, Sendable {
        package let yard: Yard
        package let index: Int64
        package let record: SettlementRecord
    }

    package let at: Timestamp
    package let places: [Place]
    /// Any of the records; they differ only in their shares.
    package var record: SettlementRecord { places[0].record }
    /// What people call it: `mitte/1234`.
    package var id: String { "\(places[0].yard.id.text)/\(places[0].index)" }
    package var shares: [SettledShare] { places.flatMap(\.record.shares).added }
}

/// All settlement records of the journal: those that count, and what was undone.
struct SettlementBook {
    /// That nobody took back, in the order of the first log they stand in.
    private(set) var active: [PlacedSettlement] = []
    /// The items of matches that somebody took back: a rule does not book them again.
    private(set) var undone: Set<[[SettledItem]]> = []
    /// Shares of every record, also of those that were taken back and of what took them back.
    private(set) var shares: [SettledShare] = []

    var booked: Set<SettledItem> {
        Set(active.flatMap { $0.record.expected + $0.record.received })
    }

    init(yards: [Yard], _ reading: Reading) throws {
        var groups: [[SettledItem]: Int] = [:]
        var found: [(at: Timestamp, places: [PlacedSettlement.Place])] = []
        for yard in yards {
            for (index, at, record) in try Self.counting(of: yard, reading, &self) {
                let items = record.expected + record.received
                let place = PlacedSettlement.Place(yard: yard, index: index, record: record)
                if !items.isEmpty, let group = groups[items] {
                    found[group].places.append(place)
                } else {
                    groups[items] = found.count
                    found.append((at, [place]))
                }
            }
        }
        active = found.map { PlacedSettlement(at: $0.at, places: $0.places) }
    }

    /// The records of one yard that nobody took back; notes those that were.
    private static func counting(
        of yard: Yard, _ reading: Reading, _ book: inout SettlementBook
    ) throws -> [(Int64, Timestamp, SettlementRecord)] {
        var counting: [Int64: (Timestamp, SettlementRecord)] = [:]
        for position in try reading.settlements(yard: yard.number) {
            guard let bytes = try reading.entry(at: position),
                case .server(let stored) = try StoredRecord(position: position, bytes: bytes).fact,
                case .settled(let record) = stored.fact
            else { throw DamagedRow(table: "server_record", position: position.number) }
            book.shares += record.shares
            if let undone = record.undoes {
                counting[undone] = nil
                book.undone.insert([record.expected, record.received])
            } else {
                counting[position.index] = (stored.at, record)
            }
        }
        book.shares = book.shares.added
        return counting.sorted { $0.key < $1.key }.map { ($0.key, $0.value.0, $0.value.1) }
    }

    /// - Throws: ``OperationsError/settlementUnknown(_:)``.
    func settlement(_ id: String) throws -> PlacedSettlement {
        guard let found = active.first(where: { $0.id.utf8.elementsEqual(id.utf8) }) else {
            throw OperationsError.settlementUnknown(id)
        }
        return found
    }

    /// What was paid for a claim so far, with what went back.
    func paid(_ sale: SaleReference, at yard: Yard) -> [SettledShare] {
        active.flatMap(\.places).filter { place in
            place.yard == yard && place.record.original == sale
                && [.claimPaid, .claimUnpaid].contains(place.record.kind)
        }.flatMap(\.record.shares).added
    }
}
