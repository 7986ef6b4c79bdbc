import Sales
import Signing
import Text
import Units

/// What was open when a close was counted, so that what turned up afterwards can be told apart.
///
/// Holds only points that somebody has to say to know of (``ClosePoint/mustBeAcknowledged``): each
/// payment, number and request by its name, queues by terminal with their length.
package struct KnownPoints: Hashable, Sendable {
    private let counts: [String: Int64]

    init(_ points: [ClosePoint]) {
        counts = Dictionary(
            points.filter(\.mustBeAcknowledged).flatMap(\.subjects), uniquingKeysWith: { $1 })
    }

    /// Those of `points` that were not known, each without what was; in their order. A sum in one
    /// stays that of the whole point.
    func news(in points: [ClosePoint]) -> [ClosePoint] {
        points.filter(\.mustBeAcknowledged).compactMap { point in
            point.keeping { subject, count in count > counts[subject] ?? 0 }
        }
    }
}

extension [ClosePoint] {
    /// Names what somebody has to say to know of; empty where that is nothing. Changes with each
    /// further payment, number, request or terminal, but not with the length of a queue that is
    /// named already: a terminal that goes on selling does not make an answer stale.
    package var mark: String {
        let subjects = filter(\.mustBeAcknowledged).flatMap(\.subjects).map(\.0).sorted()
        guard !subjects.isEmpty else { return "" }
        let digest = Digest.sha256([UInt8](subjects.joined(separator: "\n").utf8))
        return String(digest.hex.prefix(16))
    }
}

extension ClosePoint {
    /// What the point is about, each with its count; empty for points that are only told.
    fileprivate var subjects: [(String, Int64)] {
        switch self {
        case .unknownPayments(let sales, _): sales.map { ("\(code) \($0.receiptNumber)", 1) }
        case .unknownAtTerminal(let terminal, let count), .unsent(let terminal, let count):
            [("\(code) \(terminal.text)", count)]
        case .missing(let terminal, let numbers):
            numbers.map { ("\(code) \(terminal.text) \($0)", 1) }
        case .refundsOpen(let requests): requests.map { ("\(code) \($0)", 1) }
        case .silent, .quarantined, .withheld, .late, .carried, .cutOverdue, .flagged,
            .debtorMissing:
            []
        }
    }

    /// The same point about those subjects only that `isKept`; nil if none is.
    fileprivate func keeping(_ isKept: (String, Int64) -> Bool) -> ClosePoint? {
        // Subjects stand in the order of what they name.
        func kept<Named>(_ named: [Named]) -> [Named]? {
            let found = zip(named, subjects).filter { isKept($1.0, $1.1) }.map(\.0)
            return found.isEmpty ? nil : found
        }
        switch self {
        case .unknownPayments(let sales, let total):
            return kept(sales).map { .unknownPayments($0, total: total) }
        case .unknownAtTerminal, .unsent:
            return subjects.allSatisfy(isKept) ? self : nil
        case .missing(let terminal, let numbers):
            return kept(numbers).map { .missing(terminal, $0) }
        case .refundsOpen(let requests): return kept(requests).map { .refundsOpen($0) }
        case .silent, .quarantined, .withheld, .late, .carried, .cutOverdue, .flagged,
            .debtorMissing:
            return nil
        }
    }
}

// As a draft keeps it: subjects with their counts, ascending.
extension KnownPoints {
    var json: JSONValue {
        .array(
            counts.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map {
                .fields(["point": .string($0.key), "count": .integer($0.value)])
            })
    }

    init(json: JSONValue?, path: String) throws {
        var counts: [String: Int64] = [:]
        for one in json?.array ?? [] {
            var reader = try ObjectReader(one, path: path)
            counts[try reader.string("point")] = try reader.integer("count")
            try reader.finish()
        }
        self.counts = counts
    }
}
