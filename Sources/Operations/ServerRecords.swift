import Journal
import Keys
import People
import Signing
import Storage
import Units

extension Installation {
    /// Signs a statement of the server and appends it to a yard's log.
    func append(
        _ fact: ServerFact, to yard: Yard, at now: Timestamp, personal: [Disclosure] = [],
        in batch: Batch
    ) throws -> LogPosition {
        let record = ServerRecord(
            log: yard.origin, yard: yard.id, at: now, fact: fact,
            personal: personal.map(\.digest))
        let payload = record.payload
        do { _ = try ServerRecord(payload: payload) } catch {
            // A line break in a free text, for instance: what is signed must read back the same.
            throw OperationsError.input(
                field: "text", wanted: "one line without control characters (\(error))")
        }
        guard let recordKey = batch.logs[yard.number]?.recordKey else {
            throw OperationsError.yardUnknown(yard.id.text)
        }
        let jws = try recordKey.compactJWS(
            typ: ServerRecord.typ, kid: recordKey.publicKey.thumbprint, payload: payload)
        let encoded = EncodedEntry(
            LogEntry(
                kind: fact.kind, received: now, jws: jws,
                flags: batch.marked([], at: now, in: yard.number)))
        guard encoded.bytes.count <= LogEntry.bytesMax else {
            if case .export(let body) = fact {
                throw OperationsError.exportRecordTooLarge(
                    closes: try ExportBatch(json: body).closes,
                    byteCount: Int64(encoded.bytes.count))
            }
            throw OperationsError.input(
                field: fact.kind.rawValue, wanted: "a record of at most 16,384 bytes")
        }
        let position = try batch.append(encoded, to: yard.number)
        try batch.transaction.insertServerRecord(fact.kind, at: now, position: position)
        try batch.transaction.insert(personal, at: position)
        return position
    }
}

extension Person {
    func allowed(_ act: Act) throws(OperationsError) {
        do { try require(act) } catch { throw .forbidden(error) }
    }

    func allowed(_ act: Act, otherThan first: PersonID) throws(OperationsError) {
        do { try require(act, otherThan: first) } catch { throw .forbidden(error) }
    }
}
