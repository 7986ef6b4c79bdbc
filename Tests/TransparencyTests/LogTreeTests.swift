import Signing
import Testing
import Transparency

/// RFC 6962 section 2.1, word by word.
private enum Specification {
    static func split(_ count: Int) -> Int {
        var half = 1
        while half * 2 < count { half *= 2 }
        return half
    }

    static func root(_ leaves: ArraySlice<Digest>) -> Digest {
        guard leaves.count > 1 else { return leaves.first ?? Digest.sha256([]) }
        let half = leaves.startIndex + split(leaves.count)
        return Digest.sha256([1] + root(leaves[..<half]).bytes + root(leaves[half...]).bytes)
    }

    static func path(_ index: Int, _ leaves: ArraySlice<Digest>) -> [Digest] {
        guard leaves.count > 1 else { return [] }
        let half = split(leaves.count)
        let (left, right) = (leaves.prefix(half), leaves.dropFirst(half))
        return index < half
            ? path(index, left) + [root(right)] : path(index - half, right) + [root(left)]
    }

    static func proof(_ old: Int, _ leaves: ArraySlice<Digest>, isWhole: Bool = true) -> [Digest] {
        guard old < leaves.count else { return isWhole ? [] : [root(leaves)] }
        let half = split(leaves.count)
        let (left, right) = (leaves.prefix(half), leaves.dropFirst(half))
        return old <= half
            ? proof(old, left, isWhole: isWhole) + [root(right)]
            : proof(old - half, right, isWhole: false) + [root(left)]
    }
}

@Suite struct LogTreeTests {
    @Test func `every tree up to 70 leaves agrees with the specification`() throws {
        var log = MemoryLog(size: 0)
        for size in 0...70 {
            if size > 0 { log.append(KnownAnswers.entry(Int64(size))) }
            let leaves = log.leaves[...]
            #expect(log.tree.size == size)
            #expect(log.tree.root == Specification.root(leaves))
            #expect(MerkleTree.root(of: log.leaves) == log.tree.root)
            for index in 0..<size {
                let path = try log.tree.inclusionPath(index: Int64(index), tile: log.tile)
                #expect(path == Specification.path(index, leaves), "\(index) of \(size)")
            }
            for old in 0...size {
                let path = try log.tree.consistencyPath(from: Int64(old), tile: log.tile)
                let wanted = old == 0 ? [] : Specification.proof(old, leaves)
                #expect(path == wanted, "\(old) to \(size)")
            }
        }
    }

    private static let boundarySizes: [Int64] = [
        255, 256, 257, 511, 512, 513, 1000, 65_535, 65_536, 65_537, 65_793, 70_000,
    ]

    /// A log of 70,000 entries and the trees that it had on the way at the sizes above.
    private static let grown: (log: MemoryLog, trees: [Int64: LogTree]) = {
        var log = MemoryLog(size: 0)
        var trees: [Int64: LogTree] = [:]
        for index in 0..<Int64(70_000) {
            log.append(KnownAnswers.entry(index))
            if boundarySizes.contains(index + 1) { trees[index + 1] = log.tree }
        }
        return (log, trees)
    }()

    /// The tree of an earlier size from stored tiles and, for partial ones, leaves.
    private static func restored(size: Int64) throws -> LogTree {
        try LogTree.restored(size: size) { try grown.log.hashes($0, width: $1) }
    }

    @Test(arguments: boundarySizes)
    func `proofs at tile boundaries verify, from the log and from a restored one`(
        size: Int64
    ) throws {
        let log = Self.grown.log
        let tree = try #require(Self.grown.trees[size])
        let restored = try Self.restored(size: size)
        #expect(tree.root == MerkleTree.root(of: Array(log.leaves.prefix(Int(size)))))
        #expect(restored.root == tree.root)
        #expect(restored.edge == tree.edge)
        #expect(LogTree(size: size, edge: tree.edge)?.root == tree.root)

        let places: [Int64] = [0, 1, 254, 255, 256, 257, 510, 511, 512, 65_535, 65_536]
        for index in places + [size / 2, size - 257, size - 256, size - 2, size - 1]
        where index >= 0 && index < size {
            for tree in [tree, restored] {
                let path = try tree.inclusionPath(index: index, tile: log.tile)
                let isValid = InclusionProof.isValid(
                    index: index, size: size, leaf: log.leaves[Int(index)], path: path,
                    root: tree.root)
                #expect(isValid, "\(index) of \(size)")
            }
        }
        let oldSizes: [Int64] = [1, 2, 255, 256, 257, 512, 65_536]
        for old in oldSizes + [size / 2, size - 256, size - 1, size] where old > 0 && old <= size {
            let oldRoot = try Self.restored(size: old).root
            for tree in [tree, restored] {
                let path = try tree.consistencyPath(from: old, tile: log.tile)
                let isValid = ConsistencyProof.isValid(
                    oldSize: old, newSize: size, oldRoot: oldRoot, newRoot: tree.root, path: path)
                #expect(isValid, "\(old) to \(size)")
            }
        }
    }

    @Test(arguments: [256, 2_048] as [Int64])
    func `a group of new leaves gets its proofs without stored tiles`(count: Int64) throws {
        struct Asked: Error {}
        for start: Int64 in [0, 1, 100, 255, 256, 300, 65_400] {
            var log = MemoryLog(size: start)
            let end = start + count
            for index in start..<end { log.append(KnownAnswers.entry(index)) }
            for index in start..<end {
                let path = try log.tree.inclusionPath(index: index) { tile in
                    // Whoever starts beside a boundary of level 1 may need that one tile.
                    guard tile.level > 0 else { throw Asked() }
                    return try log.tile(tile)
                }
                #expect(
                    InclusionProof.isValid(
                        index: index, size: end, leaf: log.leaves[Int(index)], path: path,
                        root: log.tree.root))
            }
        }
    }

    @Test func `a proof asks for each tile at most once`() throws {
        let log = Self.grown.log
        var asked: [TileCoordinate] = []
        _ = try log.tree.inclusionPath(index: 5) { tile in
            asked.append(tile)
            return try log.tile(tile)
        }

        // Level 1's only full tile was completed in this process and is still at hand.
        #expect(asked == [TileCoordinate(level: 0, index: 0)])
    }

    @Test func `a restored tree goes on like the one it was`() throws {
        let log = MemoryLog(size: 65_500)
        var tree = try LogTree.restored(size: 65_500) { try log.hashes($0, width: $1) }
        var original = log.tree
        for index in Int64(65_500)..<65_700 {
            let leaf = MerkleTree.leafHash(KnownAnswers.entry(index))
            #expect(tree.append(leaf) == original.append(leaf))
        }

        #expect(tree.root == original.root)
        #expect(tree.edge == original.edge)
        #expect(tree.size == 65_700)
    }

    @Test func `completed tiles come lowest level first`() {
        var tree = MemoryLog(size: 65_535).tree
        let tiles = tree.append(MerkleTree.leafHash(KnownAnswers.entry(65_535)))

        #expect(
            tiles.map(\.coordinate) == [.init(level: 0, index: 255), .init(level: 1, index: 0)])
        #expect(tiles.map(\.hashes.count) == [256, 256])
        #expect(tiles[1].hashes[255] == MerkleTree.root(of: tiles[0].hashes))
        #expect(tiles[0].bytes.count == 8192)
        #expect(Tile.hashes(tiles[0].bytes) == tiles[0].hashes)
    }

    @Test func `an edge that does not fit the size is refused`() {
        let hash = Digest.sha256([])

        #expect(LogTree(size: -1, edge: []) == nil)
        #expect(LogTree(size: 0, edge: [[]]) == nil)
        #expect(LogTree(size: 1, edge: []) == nil)
        #expect(LogTree(size: 1, edge: [[]]) == nil)
        #expect(LogTree(size: 1, edge: [[hash, hash]]) == nil)
        #expect(LogTree(size: 256, edge: [[]]) == nil)
        #expect(LogTree(size: 256, edge: [[], [hash]]) != nil)
        #expect(LogTree(size: 0, edge: [])?.root == MerkleTree.emptyRoot)
        #expect(LogTree(size: .max, edge: Array(repeating: [], count: 8)) == nil)
    }

    @Test func `positions out of range and wrong tiles are errors`() throws {
        let log = MemoryLog(size: 600)
        for index: Int64 in [-1, 600, .max, .min] {
            #expect(throws: LogTreeError.outOfRange(index, size: 600)) {
                try log.tree.inclusionPath(index: index, tile: log.tile)
            }
        }
        for old: Int64 in [-1, 601, .max, .min] {
            #expect(throws: LogTreeError.outOfRange(old, size: 600)) {
                try log.tree.consistencyPath(from: old, tile: log.tile)
            }
        }
        let first = TileCoordinate(level: 0, index: 0)
        // Long enough for its first tile to be stored only.
        let long = MemoryLog(size: 3_000)
        #expect(throws: LogTreeError.tileWidth(first, wanted: 256, found: 2)) {
            try long.tree.inclusionPath(index: 0) { _ in Array(long.leaves.prefix(2)) }
        }
        #expect(throws: LogTreeError.outOfRange(-1, size: -1)) {
            try LogTree.restored(size: -1) { _, _ in [] }
        }
        let partial = TileCoordinate(level: 0, index: 2)
        #expect(throws: LogTreeError.tileWidth(partial, wanted: 88, found: 0)) {
            try LogTree.restored(size: 600) { _, _ in [] }
        }
    }

    @Test func `trees of more than 2^62 leaves give proofs that verify`() throws {
        // With equal leaves all full tiles of a level are equal, so such a tree can be made.
        var levels: [Digest] = [Digest.sha256([7])]
        while levels.count < 9 {
            levels.append(
                MerkleTree.root(of: Array(repeating: levels[levels.count - 1], count: 256)))
        }
        for size: Int64 in [.max, 1 << 62, (1 << 62) + 1, (1 << 62) - 1] {
            let tree = try LogTree.restored(size: size) { tile, width in
                Array(repeating: levels[tile.level], count: width)
            }
            for index: Int64 in [0, 1, size / 2, size - 2, size - 1] {
                let path = try tree.inclusionPath(index: index) { tile in
                    Array(repeating: levels[tile.level], count: 256)
                }
                #expect(path.count <= 63)
                #expect(
                    InclusionProof.isValid(
                        index: index, size: size, leaf: levels[0], path: path, root: tree.root))
            }
        }
    }
}

@Suite struct ProofTamperTests {
    @Test(arguments: [1, 2, 3, 7, 8, 300])
    func `a proof changed anywhere does not verify`(size: Int64) throws {
        let log = MemoryLog(size: size)
        let root = log.tree.root
        let other = Digest.sha256([9])
        for index in [0, size / 3, size - 1] {
            let leaf = log.leaves[Int(index)]
            let path = try log.tree.inclusionPath(index: index, tile: log.tile)
            func isValid(
                _ index: Int64 = index, _ size: Int64 = size, _ leaf: Digest = leaf,
                _ path: [Digest] = path, _ root: Digest = root
            ) -> Bool {
                InclusionProof.isValid(
                    index: index, size: size, leaf: leaf, path: path, root: root)
            }
            #expect(isValid())
            #expect(!isValid(-1))
            #expect(!isValid(size))
            #expect(!isValid(.max))
            #expect(!isValid(index, 0))
            #expect(!isValid(index, -1))
            #expect(!isValid(index, size, other))
            #expect(!isValid(index, size, leaf, path, other))
            #expect(!isValid(index, size, leaf, path + [other]))
            #expect(!isValid(index, size, leaf, [other] + path))
            if index > 0 { #expect(!isValid(index - 1)) }
            for place in path.indices {
                var changed = path
                changed[place] = other
                #expect(!isValid(index, size, leaf, changed))
                changed.remove(at: place)
                #expect(!isValid(index, size, leaf, changed))
            }
        }
    }

    @Test(arguments: [2, 3, 7, 8, 64, 300]) func `a consistency proof changed anywhere fails`(
        size: Int64
    ) throws {
        let log = MemoryLog(size: size)
        let other = Digest.sha256([9])
        for old in 1..<size {
            let oldRoot = MerkleTree.root(of: Array(log.leaves.prefix(Int(old))))
            let path = try log.tree.consistencyPath(from: old, tile: log.tile)
            func isValid(
                _ old: Int64 = old, _ new: Int64 = size, _ oldRoot: Digest = oldRoot,
                _ newRoot: Digest = log.tree.root, _ path: [Digest] = path
            ) -> Bool {
                ConsistencyProof.isValid(
                    oldSize: old, newSize: new, oldRoot: oldRoot, newRoot: newRoot, path: path)
            }
            #expect(isValid())
            #expect(!isValid(0))
            #expect(!isValid(-1))
            #expect(!isValid(size, old))
            #expect(!isValid(old, size, other))
            #expect(!isValid(old, size, oldRoot, other))
            #expect(!isValid(old, size, oldRoot, log.tree.root, []))
            #expect(!isValid(old, size, oldRoot, log.tree.root, path + [other]))
            for place in path.indices where size < 100 || old % 37 == 0 {
                var changed = path
                changed[place] = other
                #expect(!isValid(old, size, oldRoot, log.tree.root, changed))
            }
        }
    }
}

@Suite struct TilePathTests {
    @Test(arguments: [
        "tile/0/000", "tile/0/255.p/1", "tile/7/x001/x234/067.p/255", "tile/63/x001/000",
        "tile/entries/000", "tile/entries/x999/999.p/17",
        "tile/0/x999/x999/x999/x999/x999/999",
    ])
    func `a path has one spelling`(text: String) {
        #expect(TilePath(text)?.text == text)
    }

    @Test(arguments: [
        "", "tile", "tile/0", "tile/0/", "tile/0/0", "tile/0/00", "tile/0/0000", "tile/00/000",
        "tile/64/000", "tile/-1/000", "tile/+1/000", "tile/0/-01", "tile/0/x000/000",
        "tile/0/x00/000", "tile/0/001/000", "tile/0/x001", "tile/0/x001/x002", "tile/0/000.p/0",
        "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/", "tile/0/000.p", "tile/0/.p/1",
        "tile/0/000/../000", "tile/entries", "tile/entries/", "tile/x/000", "/tile/0/000",
        "tile/0/000/", "tile/8/0/000", "Tile/0/000", "tile/0/٠٠٠",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
    ])
    func `other spellings are refused`(text: String) {
        #expect(TilePath(text) == nil)
    }

    @Test func `the bytes of a tile are whole hashes, 1 to 256`() {
        #expect(Tile.hashes([]) == nil)
        #expect(Tile.hashes([UInt8](repeating: 0, count: 31)) == nil)
        #expect(Tile.hashes([UInt8](repeating: 0, count: 33)) == nil)
        #expect(Tile.hashes([UInt8](repeating: 0, count: 32))?.count == 1)
        #expect(Tile.hashes([UInt8](repeating: 0, count: 8192))?.count == 256)
        #expect(Tile.hashes([UInt8](repeating: 0, count: 8224)) == nil)
    }
}
