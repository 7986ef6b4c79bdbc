import DayClosing
import People
import Storage
import Text
import Units

// What belongs to a close beside its record: how often it was sent back and counted again while it
// was open, and the names of its people when it was approved, so that its sheet stays the same for
// ever.
extension Installation {
    func sentBack(of yard: Yard, _ reading: Reading) throws -> [SentBack] {
        guard let text = try reading.setting(Self.sentBackSetting(yard)) else { return [] }
        let all = try StrictJSON.parse(Array(text.utf8)).array ?? []
        return try all.map { try SentBack(json: $0, path: "sentBack") }
    }

    /// How often the next count will have been counted again, where no count waits. Programs that
    /// did not keep it counted what was sent back.
    func recounts(of yard: Yard, _ reading: Reading) throws -> Int64 {
        let kept = try reading.setting(Self.recountsSetting(yard)).flatMap { Int64($0) }
        return try kept ?? Int64(sentBack(of: yard, reading).count)
    }

    /// The same once this count is sent back. One that cannot be read counts once.
    func recounts(after row: CloseDraftRow, of yard: Yard, _ reading: Reading) throws -> Int64 {
        do { return try CloseDraft(row).recounts + 1 } catch is StrictJSONError, is JSONShapeError {
            return try recounts(of: yard, reading) + 1
        }
    }

    func set(sentBack: [SentBack], recounts: Int64, of yard: Yard, in batch: Batch) throws {
        try batch.transaction.set(
            Self.sentBackSetting(yard), to: try JSONValue.array(sentBack.map(\.json)).stored())
        try batch.transaction.set(Self.recountsSetting(yard), to: "\(recounts)")
    }

    private static func recountsSetting(_ yard: Yard) -> String {
        "close-recounts-\(yard.number)"
    }

    private static func sentBackSetting(_ yard: Yard) -> String {
        "close-sent-back-\(yard.number)"
    }

    func keepNames(of close: DayClose, _ yard: Yard, in batch: Batch) throws {
        let known = try batch.transaction.reading.people().filter { close.people.contains($0.id) }
        let names = known.sorted { $0.id < $1.id }
            .map { JSONValue.Member($0.id.text, .string($0.name.plain.asOneLine)) }
        try batch.transaction.set(
            Self.namesSetting(yard, close.number), to: try JSONValue.object(names).stored())
    }

    /// The names of a close's people as they were at its approval; of closes before names were
    /// kept, none.
    func names(of close: DayClose, at yard: Yard, _ reading: Reading) throws
        -> [PersonID: String]
    {
        guard let text = try reading.setting(Self.namesSetting(yard, close.number)) else {
            return [:]
        }
        var names: [PersonID: String] = [:]
        for member in try StrictJSON.parse(Array(text.composed.utf8)).members ?? [] {
            if let id = PersonID(member.name) { names[id] = member.value.string }
        }
        return names
    }

    private static func namesSetting(_ yard: Yard, _ number: Int64) -> String {
        "close-names-\(yard.number)-\(number)"
    }
}

extension DayClose {
    /// Everybody who did something for it.
    var people: Set<PersonID> {
        Set([countedBy, approvedBy] + sentBack.map(\.by) + comparisons.compactMap(\.explainedBy))
    }
}
