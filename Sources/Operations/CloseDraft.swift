import DayClosing
import Sales
import Signing
import Storage
import Text
import Units

/// A count that waits for its approval.
struct CloseDraft {
    let day: BusinessDay
    let upto: Int64
    let countedBy: PersonID
    let countedAt: Timestamp
    let cuts: [BatchCut]
    /// How often it was counted again.
    let recounts: Int64
    /// Payments without outcome that the person who counted said to carry over.
    let carriedOver: [SaleReference]
    /// What was open when it was counted; nothing in drafts of before this was kept, so that all
    /// that is open then counts as new.
    let known: KnownPoints
    private var said: [CardKey: Said] = [:]

    /// Why a total differs, and who said so.
    private struct Said {
        let reason: DifferenceReason
        let text: String
        let by: PersonID?
    }

    init(
        day: BusinessDay, upto: Int64, countedBy: PersonID, countedAt: Timestamp, cuts: [BatchCut],
        recounts: Int64, carriedOver: [SaleReference], known: KnownPoints
    ) {
        self.day = day
        self.upto = upto
        self.countedBy = countedBy
        self.countedAt = countedAt
        self.cuts = cuts
        self.recounts = recounts
        self.carriedOver = carriedOver
        self.known = known
    }

    mutating func explain(
        _ key: CardKey, _ reason: DifferenceReason, _ text: String, by person: PersonID
    ) {
        said[key] = Said(reason: reason, text: text, by: person)
    }

    func comparisons(
        expected: [CardKey: Tally], brought: [CardKey: CarriedDifference]
    ) -> [CardComparison] {
        CardComparison.compare(
            expected: expected, counted: cuts.tallies, brought: brought,
            cutTerminals: Set(cuts.map(\.cardTerminal))
        ).map { comparison in
            guard !comparison.agrees, let said = said[comparison.key] else {
                return comparison
            }
            return comparison.explained(said.reason, said.text, by: said.by)
        }
    }

    /// A short digest of everything that was counted and explained.
    var mark: String {
        let row = row
        let text = [
            row.day.iso, "\(row.upto)", row.countedBy.text, row.countedAt.iso, row.counted,
            row.explained,
        ].joined(separator: "\n")
        return String(Digest.sha256(Array(text.utf8)).hex.prefix(16))
    }

    /// - Throws: ``OperationsError/closeChanged`` if somebody looked at another count or other
    ///   explanations.
    static func requireSeen(_ seen: String?, as mark: String) throws(OperationsError) {
        if let seen, !seen.utf8.elementsEqual(mark.utf8) { throw .closeChanged }
    }
}

// How a draft is stored. The first versions kept bare totals and bare reasons.
extension CloseDraft {
    /// The row to save.
    ///
    /// - Throws: ``OperationsError`` `input` for an explanation that would not be read back.
    func stored() throws(OperationsError) -> CloseDraftRow {
        _ = try explained.stored()
        return row
    }

    private var row: CloseDraftRow {
        CloseDraftRow(
            day: day, upto: upto, counted: JSONValue.array(cuts.map(\.json)).text,
            countedBy: countedBy, countedAt: countedAt, explained: explained.text)
    }

    private var explained: JSONValue {
        .fields([
            "recounts": .integer(recounts),
            "carriedOver": carriedOver.isEmpty ? nil : .array(carriedOver.map(\.json)),
            "known": known.json,
            "reasons": .array(
                said.sorted { $0.key < $1.key }.map { key, said in
                    .fields([
                        "tid": .string(key.cardTerminal), "scheme": .string(key.scheme.rawValue),
                        "reason": .string(said.reason.rawValue), "text": .string(said.text),
                        "by": said.by.map { .string($0.text) },
                    ])
                }),
        ])
    }

    init(_ row: CloseDraftRow) throws {
        let counted = try StrictJSON.parse(Array(row.counted.utf8)).array ?? []
        let explained = try StrictJSON.parse(Array(row.explained.utf8))
        let cuts: [BatchCut] =
            counted.contains { $0["scheme"] != nil }
            ? BatchCut.unnumbered(try Self.tallies(counted))
            : try counted.map { try BatchCut(json: $0, path: "counted") }
        self.init(
            day: row.day, upto: row.upto, countedBy: row.countedBy, countedAt: row.countedAt,
            cuts: cuts, recounts: explained["recounts"]?.integer ?? 0,
            carriedOver: try (explained["carriedOver"]?.array ?? []).map {
                try SaleReference(json: $0, path: "explained")
            }, known: try KnownPoints(json: explained["known"], path: "explained"))
        for reason in explained["reasons"]?.array ?? explained.array ?? [] {
            var reader = try ObjectReader(reason, path: "explained")
            let key = CardKey(
                cardTerminal: try reader.string("tid"), scheme: try reader.choice("scheme"))
            said[key] = Said(
                reason: try reader.choice("reason"), text: try reader.string("text"),
                by: reader.has("by") ? try reader.identifier("by") : nil)
            try reader.finish()
        }
    }

    private static func tallies(_ totals: [JSONValue]) throws -> [CardKey: Tally] {
        var tallies: [CardKey: Tally] = [:]
        for total in totals {
            var reader = try ObjectReader(total, path: "counted")
            let key = CardKey(
                cardTerminal: try reader.string("tid"), scheme: try reader.choice("scheme"))
            tallies[key] = Tally(
                count: try reader.integer("count"), amount: Cents(try reader.integer("amount")))
            try reader.finish()
        }
        return tallies
    }
}
