import Foundation
import Signing
import Testing
import Text
import Transparency

/// The known answers of tlog-kat, which three independent programs agree on.
struct KnownAnswers: Decodable {
    let emptyRoot: String
    let leafOfEmpty: String
    let leaf0: String
    let leaf1: String
    let node01: String
    let logKey: String
    let witnessKey: String
    let roots: [String: String]
    let inclusion: [Inclusion]
    let consistency: [Consistency]
    let tilePaths: [String: String]
    let tileDigests: [String: String]
    let checkpointBody: String
    let checkpointSigned: String
    let cosignedMessage: String
    let proof: String
    let witnessRequest: String
    let entryBundle: String

    struct Inclusion: Decodable {
        let index: Int64
        let size: Int64
        let proof: [String]
    }

    struct Consistency: Decodable {
        let old: Int64
        let new: Int64
        let proof: [String]
    }

    private enum CodingKeys: String, CodingKey {
        case emptyRoot = "empty_root_b64"
        case leafOfEmpty = "leaf_of_empty_hex"
        case leaf0 = "leaf_0_hex"
        case leaf1 = "leaf_1_hex"
        case node01 = "node_01_hex"
        case logKey = "log_vkey"
        case witnessKey = "witness_vkey"
        case roots = "roots_b64"
        case inclusion, consistency
        case tilePaths = "tile_paths"
        case tileDigests = "tile_sha256"
        case checkpointBody = "checkpoint_body"
        case checkpointSigned = "checkpoint_signed"
        case cosignedMessage = "cosigned_message"
        case proof = "tlog_proof_index17"
        case witnessRequest = "witness_request_300_to_1000"
        case entryBundle = "entry_bundle_first3_hex"
    }

    static let name = "tlog-kat/kat.json"
    static let isThere = SharedFolder.has(name)
    static let shared = Result { try SharedFolder.decode(name, as: KnownAnswers.self) }

    static func entry(_ index: Int64) -> [UInt8] {
        Array(#"{"n":\#(index),"cents":\#(100 + index)}"#.utf8)
    }
}

/// A log in memory: the tree and the tiles it has completed.
struct MemoryLog {
    private(set) var tree = LogTree()
    private(set) var leaves: [Digest] = []
    private(set) var tiles: [TileCoordinate: [Digest]] = [:]

    /// The log of the known answers with `size` entries.
    init(size: Int64) {
        for index in 0..<size { append(KnownAnswers.entry(index)) }
    }

    mutating func append(_ entry: [UInt8]) {
        let leaf = MerkleTree.leafHash(entry)
        leaves.append(leaf)
        for tile in tree.append(leaf) { tiles[tile.coordinate] = tile.hashes }
    }

    func tile(_ coordinate: TileCoordinate) throws -> [Digest] {
        try #require(tiles[coordinate], "tile \(coordinate)")
    }

    /// The hashes of a tile at the current size, full or partial.
    func hashes(_ coordinate: TileCoordinate, width: Int) throws -> [Digest] {
        if let full = tiles[coordinate] { return Array(full.prefix(width)) }
        let edge = tree.edge[coordinate.level]
        return Array(edge.prefix(width))
    }
}

/// Random numbers that are the same for the same seed (SplitMix64).
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
