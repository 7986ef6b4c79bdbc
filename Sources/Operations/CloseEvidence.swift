import DayClosing
import Journal
import Storage
import Text
import Transparency
import Units

extension Installation {
    /// A close as data with all that shows it to be in the log: its journal entry and a proof up to
    /// the first stored checkpoint over it, so that the bytes are the same each time
    /// (docs/formats/close.md).
    ///
    /// - Throws: ``OperationsError`` `closeUnknown`, `notPublished`.
    func evidence(of close: DayClose, at yard: Yard, _ reading: Reading) throws -> [UInt8] {
        let row = try reading.closes(yard: yard.number).first { $0.number == close.number }
        guard let row, let entry = try reading.entry(at: row.position) else {
            throw OperationsError.closeUnknown(close.number)
        }
        let log = LogReader(
            reading: reading, yard: YardRow(number: yard.number, id: yard.id, origin: yard.origin))
        guard let proof = try log.earliestProof(of: row.position.index) else {
            throw OperationsError.notPublished(index: row.position.index)
        }
        let json = JSONValue.fields([
            "format": .string("hofbuch-close/1"), "log": .string(yard.origin),
            "logKey": .string(yard.logKey), "reference": .string(close.reference),
            "close": close.json, "entry": .string(String(decoding: entry, as: UTF8.self)),
            "proof": .string(proof.text),
        ])
        return json.bytes + [0x0A]
    }
}
