import Foundation
import Journal
import Signing
import Storage
import Transparency

/// Our own witness as an audit office runs it, beside a town's server.
final class WitnessProgram {
    let child: Child
    let port: Int
    let key: VerifierKey
    /// Key, heads and evidence.
    let folder: String

    /// Founds a witness that follows the town's log, and starts it.
    init(of town: Town, in parent: String, breakage: Breakage? = nil) throws {
        folder = parent + "/rpa"
        let printed = try Program.succeed(
            ["witness", "init", "--folder", folder, "--name", "rpa.example/witness"], in: parent)
        guard let text = printed.firstMatch(of: /rpa\.example\/witness\+\S+/)?.output,
            let key = VerifierKey(String(text))
        else { throw Unforeseen("the witness has no key: \(printed)") }
        self.key = key
        try Program.succeed(
            ["witness", "follow", "--folder", folder, town.logKey.text], in: parent)
        var environment: [String: String] = [:]
        #if DEBUG
        try Data().write(to: URL(fileURLWithPath: "\(folder)/\(ProvokedFaults.marker)"))
        if let breakage { environment[ProvokedFaults.breakageVariable] = "\(breakage)" }
        #endif
        child = try Child(
            [Program.path, "witness", "serve", "--folder", folder, "--port", "0"],
            environment: environment, in: parent)
        guard let found = child.wait(for: /Witness: http:\/\/127\.0\.0\.1:([0-9]+)\//),
            let port = Int(found.1)
        else { throw Unforeseen("the witness does not serve: \(child.errors)") }
        self.port = port
    }

    /// The size of the town's log that it cosigned last.
    func size(of town: Town) throws -> Int64 {
        let hash = Digest.sha256(Array(town.log.utf8)).hex
        let answer = Wire(port: port)?.request("GET", "/\(hash)/checkpoint")
        guard let answer else { throw Unforeseen("the witness does not answer") }
        guard answer.status == 200 else { return 0 }
        return Checkpoint(body: try SignedNote.parse(answer.body).text)?.size ?? 0
    }

    /// Submits a checkpoint as a log does.
    func submit(_ request: WitnessRequest) throws -> Answer {
        let answer = Wire(port: port)?.request("POST", "/add-checkpoint", request.body)
        guard let answer else { throw Unforeseen("the witness does not answer") }
        return answer
    }

    /// The folders of what it refused and kept.
    var evidence: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: folder + "/evidence").sorted()
                .map { "\(folder)/evidence/\($0)" }
        }
    }
}

extension WitnessRequest {
    /// Asks for a cosignature of `note` with the proof that the stored log continues the one of
    /// size `old`, as far as a proof can be made.
    static func of(_ note: SignedNote, database: String, from old: Int64) throws -> WitnessRequest {
        guard let head = Checkpoint(body: note.text) else { throw Unforeseen("no checkpoint") }
        var tree = LogTree()
        var tiles: [TileCoordinate: [Digest]] = [:]
        try ReadOnlyDatabase(path: database).read { reading in
            try reading.entries(yard: 1, from: 0, to: head.size) { _, bytes in
                for tile in tree.append(MerkleTree.leafHash(bytes)) {
                    tiles[tile.coordinate] = Tile.hashes(tile.bytes)
                }
            }
        }
        let path = try tree.consistencyPath(from: old) { tiles[$0] ?? [] }
        guard let request = WitnessRequest(oldSize: old, path: path, checkpoint: note) else {
            throw Unforeseen("no request")
        }
        return request
    }
}

extension Site {
    /// Makes a witness part of the policy: asked each second, and a quorum by itself.
    func ask(_ witness: VerifierKey, port: Int) throws {
        let folder = data + "/witness"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let policy = "witness rpa \(witness.text) http://127.0.0.1:\(port)\nquorum rpa\n"
        try Data(policy.utf8).write(to: URL(fileURLWithPath: folder + "/policy"))
        try Data("interval 1\ntimeout 1\n".utf8).write(
            to: URL(fileURLWithPath: folder + "/settings"))
    }
}
