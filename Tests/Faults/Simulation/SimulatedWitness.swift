import Foundation
import Remote
import Signing
import Storage
import Synchronization
import Transparency
import Units
import Witness

/// Our own witness's code in this process: its book in a folder, a clock, and a line to the log
/// that loses requests and answers.
final class SimulatedWitness: @unchecked Sendable {
    enum Manner: CaseIterable, Sendable {
        case honest, requestLost, answerLost, twice
        /// Power fails between the stored head and the answer.
        case killed
        /// Its clock is an hour ahead, so that no cosignature counts.
        case ahead
    }

    private let folder: WitnessFolder
    private let clock: VirtualClock
    private let town: Town
    private let skew = Skew()
    private let key: VerifierKey
    private var book: WitnessBook
    private let heads = Mutex<[Checkpoint]>([])
    private(set) var restarts = 0

    init(of town: Town, in folder: String, clock: VirtualClock) throws {
        (self.town, self.clock) = (town, clock)
        self.folder = WitnessFolder(folder + "/rpa")
        key = try WitnessFolder.create(at: self.folder.path, name: "rpa.example/witness")
        _ = try self.folder.follow(town.logKey.text)
        book = try WitnessBook(self.folder) { clock.now.milliseconds / 1_000 }
        try reopen()
    }

    /// How many heads it cosigned.
    var cosigned: Int { heads.withLock { $0.count } }

    /// Makes it part of the policy in a data directory.
    func join(_ data: String) throws {
        try FileManager.default.createDirectory(
            atPath: data + "/witness", withIntermediateDirectories: true)
        let policy = "witness rpa \(key.text) http://rpa\nquorum rpa\n"
        try Data(policy.utf8).write(to: URL(fileURLWithPath: data + "/witness/policy"))
    }

    func anyManner(_ random: inout SplitMix) -> Manner {
        Manner.allCases[Int.random(in: 0..<Manner.allCases.count, using: &random)]
    }

    /// Opens the folder again, as after a power cut.
    func restart() throws {
        restarts += 1
        try reopen()
    }

    private func reopen() throws {
        book.close()
        // A witness whose clock goes back signs nothing; the town's clock may be set back.
        let newest = Mutex<Int64>(0)
        book = try WitnessBook(folder) { [clock, skew] in
            newest.withLock { newest in
                newest = max(newest, clock.now.milliseconds / 1_000)
                return newest + skew.milliseconds / 1_000
            }
        }
    }

    func close() { book.close() }

    /// The line to it, for one round.
    func exchange(_ manner: Manner) -> PlainExchange {
        { [self] request in
            if manner == .requestLost { throw Lost() }
            guard let body = request.body else { return try stored(request.url) }
            skew.milliseconds = manner == .ahead ? 3_600_000 : 0
            if manner == .twice { _ = book.answer(body) }
            let answer = book.answer(body)
            if answer.status == 200 { note(body) }
            if manner == .answerLost || manner == .killed { throw Lost() }
            return PlainReply(
                status: answer.status, contentType: answer.contentType,
                body: Array(answer.body.utf8))
        }
    }

    private func note(_ body: [UInt8]) {
        let head = WitnessRequest(body: body).flatMap { Checkpoint(body: $0.checkpoint.text) }
        if let head { heads.withLock { $0.append(head) } }
    }

    /// Hands the history what it cosigned.
    func tell(_ history: History) { for head in heads.withLock({ $0 }) { history.see(head) } }

    private func stored(_ url: String) throws -> PlainReply {
        let hash = WitnessFolder.hash(of: town.log)
        let note = url.contains(hash) ? book.checkpoint(ofOriginHash: hash) : nil
        return PlainReply(
            status: note == nil ? 404 : 200, contentType: "text/plain", body: note ?? [])
    }

    private struct Lost: Error {}
}
