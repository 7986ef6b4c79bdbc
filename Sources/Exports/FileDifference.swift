/// What differs between an export's file as registered and as somebody has it. Both are read piece
/// by piece: of each a piece and a line are in memory.
package enum FileDifference {
    /// Sentences, the most telling first; empty for equal bytes.
    package static func words(registered: PiecedFile, found: PiecedFile) throws -> [String] {
        guard let place = try firstDifference(registered, found) else { return [] }
        if let word = try wholeChange(registered, found, from: place) { return [word] }
        let sizes = "\(registered.byteCount) bytes are registered, \(found.byteCount) were found."
        var walk = LineWalk(firstDifference: place)
        try walk.run(registered, found)
        guard walk.registeredCount != walk.foundCount else { return [sizes] + walk.words }
        return [sizes] + [try moved(walk, registered, found)]
    }

    /// Where lines were added or taken away, from the first line on that differs.
    private static func moved(
        _ walk: LineWalk, _ registered: PiecedFile, _ found: PiecedFile
    ) throws -> String {
        func lines(_ count: Int) -> String { count == 1 ? "1 line" : "\(count) lines" }
        let prefix = walk.commonStart
        let suffix = min(
            try commonEnd(walk, registered, found),
            min(walk.registeredCount, walk.foundCount) - prefix)
        let (old, new) = (
            walk.registeredCount - suffix - prefix, walk.foundCount - suffix - prefix
        )
        let line = prefix + 1
        if old == 0 { return "\(lines(new)) from line \(line) on were added." }
        if new == 0 { return "\(lines(old)) from line \(line) on are missing." }
        return "From line \(line) on, \(lines(old)) became \(lines(new))."
    }

    /// How many lines at the end are the same.
    private static func commonEnd(
        _ walk: LineWalk, _ registered: PiecedFile, _ found: PiecedFile
    ) throws -> Int {
        var (old, new) = (LineStream(registered), LineStream(found))
        let more = walk.registeredCount - walk.foundCount
        for _ in 0..<max(0, more) { _ = try old.next() }
        for _ in 0..<max(0, -more) { _ = try new.next() }
        var count = 0
        while let one = try old.next(), let other = try new.next() {
            count = one == other ? count + 1 : 0
        }
        return count
    }

    /// The place of the first byte that differs, from 0; nil for equal bytes.
    private static func firstDifference(
        _ registered: PiecedFile, _ found: PiecedFile
    ) throws -> Int64? {
        var (old, new) = (ByteStream(registered), ByteStream(found))
        return try firstDifference({ try old.next() }, { try new.next() })
    }

    private static func firstDifference<Element: Equatable>(
        _ left: () throws -> Element?, _ right: () throws -> Element?
    ) throws -> Int64? {
        var place: Int64 = 0
        while true {
            let (one, other) = (try left(), try right())
            guard one == other else { return place }
            if one == nil { return nil }
            place += 1
        }
    }

    /// What an editor or a spreadsheet does to every line at once.
    ///
    /// - Parameter place: of the first byte that differs.
    private static func wholeChange(
        _ registered: PiecedFile, _ found: PiecedFile, from place: Int64
    ) throws -> String? {
        if try isMarked(found, registered) { return "A byte order mark was put in front." }
        if try isMarked(registered, found) { return "The byte order mark in front is missing." }
        var (old, new) = (ByteStream(registered), ByteStream(found))
        if try firstDifference({ try old.nextButReturns() }, { try new.nextButReturns() }) == nil {
            return "All lines are the same, but their ends were changed."
        }
        if found.byteCount == 0 { return "The file is empty." }
        if place == found.byteCount {
            return "The file is cut off after \(found.byteCount) of \(registered.byteCount) bytes."
        }
        return try isSameText(registered, found)
            ? "The text is the same, but it was saved in another character set." : nil
    }

    /// Whether `marked` is `plain` with a byte order mark in front.
    private static func isMarked(_ marked: PiecedFile, _ plain: PiecedFile) throws -> Bool {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        guard marked.byteCount == plain.byteCount + Int64(mark.count) else { return false }
        var (one, other) = (ByteStream(marked), ByteStream(plain))
        for byte in mark {
            guard try one.next() == byte else { return false }
        }
        return try firstDifference({ try one.next() }, { try other.next() }) == nil
    }

    /// As UTF-8 where it is that, else byte by byte.
    private static func isSameText(_ registered: PiecedFile, _ found: PiecedFile) throws -> Bool {
        var old = CharacterStream(registered, isUTF8: try CharacterStream.isUTF8(registered))
        var new = CharacterStream(found, isUTF8: try CharacterStream.isUTF8(found))
        return try firstDifference({ try old.next() }, { try new.next() }) == nil
    }
}

extension ByteStream {
    /// The next byte that is no carriage return.
    fileprivate mutating func nextButReturns() throws -> UInt8? {
        while let byte = try next() { if byte != 0x0D { return byte } }
        return nil
    }
}

/// Two files line beside line: how many lines each has, and what differs where both have a line.
private struct LineWalk {
    /// From 0, in the file.
    let firstDifference: Int64
    private(set) var registeredCount = 0
    private(set) var foundCount = 0
    /// How many lines at the start are the same.
    private(set) var commonStart = 0
    /// Good where both have as many lines.
    private(set) var words: [String] = []
    private var cells = CellNames()
    private var isSame = true
    private var isFull = false

    private static let wordCountMax = 10

    init(firstDifference: Int64) {
        self.firstDifference = firstDifference
    }

    mutating func run(_ registered: PiecedFile, _ found: PiecedFile) throws {
        var (old, new) = (LineStream(registered), LineStream(found))
        while true {
            let (one, other) = (try old.next(), try new.next())
            guard one != nil || other != nil else { return }
            if one != nil { registeredCount += 1 }
            if other != nil { foundCount += 1 }
            let line = max(registeredCount, foundCount)
            if let one { cells.read(one, line: line) }
            guard one != other else {
                if isSame { commonStart = line }
                continue
            }
            if let one, let other { note(one, other, line) }
            isSame = false
        }
    }

    private mutating func note(_ old: HeldLine, _ new: HeldLine, _ line: Int) {
        guard !isFull else { return }
        guard words.count < Self.wordCountMax else {
            isFull = true
            return words.append("More lines differ.")
        }
        if old.isWhole && new.isWhole {
            words += cells.differences(old.start, new.start, line: line)
        } else {
            let place = isSame ? ", the first time at byte \(firstDifference + 1) of the file" : ""
            words.append("Line \(line) differs\(place).")
        }
    }
}

/// The names of the columns of a file, where it has a line that names them.
private struct CellNames {
    private var separator: UInt8?
    private var names: [[UInt8]] = []
    private var isDATEV = false

    /// Learns from a registered line; the first two say all.
    ///
    /// - Parameter line: from 1.
    mutating func read(_ held: HeldLine, line: Int) {
        guard line <= 2, held.isWhole else { return }
        if line == 1 {
            learn(held.start)
        } else if isDATEV, let separator {
            names = Self.cells(of: held.start, separator)
        }
    }

    private mutating func learn(_ first: [UInt8]) {
        let counts = [0x3B, 0x2C, 0x09, 0x7C].map { (mark: UInt8) in
            (mark, first.count { $0 == mark })
        }
        let most = counts.max { $0.1 < $1.1 }
        guard let most, most.1 > 0 else { return }
        separator = most.0
        // The first line of a DATEV file is about the batch; the second one names the columns.
        isDATEV = first.starts(with: Array("\"EXTF\"".utf8))
        if !isDATEV { names = Self.cells(of: first, most.0) }
    }

    func differences(_ old: [UInt8], _ new: [UInt8], line: Int) -> [String] {
        guard let separator else { return ["Line \(line) differs."] }
        let (before, after) = (Self.cells(of: old, separator), Self.cells(of: new, separator))
        guard before.count == after.count else {
            return ["Line \(line) has \(after.count) cells instead of \(before.count)."]
        }
        return before.indices.filter { before[$0] != after[$0] }.map { place in
            let name =
                names.indices.contains(place) && line > 1 ? Self.text(names[place]) : "\(place + 1)"
            return "Line \(line), column \(name): registered \(Self.text(before[place])), "
                + "found \(Self.text(after[place]))."
        }
    }

    private static func cells(of line: [UInt8], _ separator: UInt8) -> [[UInt8]] {
        var cells: [[UInt8]] = [[]]
        var isQuoted = false
        for byte in line where byte != 0x0D {
            if byte == 0x22 { isQuoted.toggle() }
            if byte == separator && !isQuoted {
                cells.append([])
            } else {
                cells[cells.count - 1].append(byte)
            }
        }
        return cells
    }

    private static func text(_ bytes: [UInt8]) -> String {
        String(validating: bytes, as: UTF8.self)
            ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
}
