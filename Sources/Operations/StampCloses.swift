import Foundation
import Keys
import Logging
import Remote
import Signing
import Storage
import TimeStamps
import Transparency
import Units

extension CosignatureRounds {
    /// How many closes are stamped in one round; the rest follow in the next.
    private static let countMax = 20

    /// Gets a time stamp for the checkpoint over each close that the policy is content with.
    func stampCloses(of yard: Yard) async throws {
        guard let source = installation.witnessing.timeStamps else { return }
        for (number, note) in try installation.closesToStamp(yard).prefix(Self.countMax) {
            do {
                let row = try await stamp(note.bytes, ofClose: number, by: source)
                try await installation.keep(row, at: yard)
            } catch {
                installation.logger.warning(
                    "no time stamp; it is asked for again in the next round",
                    metadata: [
                        "log": "\(yard.origin)", "close": "\(number)", "error": "\(error)",
                    ])
                return
            }
        }
    }

    private func stamp(
        _ note: [UInt8], ofClose number: Int64, by source: WitnessSettings.TimeStampSource
    ) async throws -> TimeStampRow {
        let digest = Digest.sha256(note).bytes
        let query = try TimeStamp.query(digest: digest, nonce: SystemRandom.bytes(8))
        let reply = try await exchange(
            PlainRequest(
                source.url, body: query, contentType: TimeStamp.queryType,
                timeoutSeconds: installation.witnessing.timeoutSeconds))
        guard reply.status == 200 else {
            throw TimeStampError.invalid("HTTP status \(reply.status)")
        }
        let now = installation.clock().milliseconds / 1_000
        let stamped = try TimeStamp.check(
            reply: reply.body, query: query, digest: digest, trusted: source.trusted, at: now)
        return TimeStampRow(
            number: number, atSeconds: stamped, note: note, query: query, reply: reply.body,
            chain: source.trusted)
    }

    static func hash(of origin: String) -> String { Digest.sha256(Array(origin.utf8)).hex }
}

extension Installation {
    /// The closes without a time stamp, each with the checkpoint to be stamped: the first that
    /// enough witnesses cosigned; with `quorum none` the newest where there is none.
    func closesToStamp(_ yard: Yard) throws -> [(number: Int64, note: SignedNote)] {
        try published(yard) { log in
            let newest = try log.newestCheckpoint()
            let newestSize = newest.flatMap { Checkpoint(body: $0.text) }?.size ?? 0
            return try log.reading.closes(yard: yard.number).compactMap { close in
                let isStamped =
                    try log.reading.timeStamp(yard: yard.number, close: close.number) != nil
                guard !isStamped else { return nil }
                let index = close.position.index
                if let size = try log.witnessedSize(over: index, witnessing.policy) {
                    return try log.checkpoint(size: size).map { (close.number, $0) }
                }
                guard witnessing.policy.quorum == nil, let newest, newestSize > index else {
                    return nil
                }
                return (close.number, newest)
            }
        }
    }

    func keep(_ row: TimeStampRow, at yard: Yard) async throws {
        try await writer.perform { try $0.transaction.insert(row, yard: yard.number) }
    }
}
