/// Names of card terminals, merchants and payouts as bank texts spell them.
///
/// A name is compared without punctuation and leading zeros. Runs of letters and digits that stand
/// next to one another spell it together: one run; as many as the name itself has, whatever stands
/// between them, for a bank writes no underscore; or several that hyphens, slashes or underscores
/// join, from ``joinedMin`` characters on, so that dates and amounts spell nothing.
struct SpelledNames {
    private var tokens: Set<String> = []
    /// How many runs the names have that have several, by the token of the first.
    private var counts: [String: Set<Int>] = [:]

    private static let joinedMin = 6
    /// Runs that are joined, at most: as many as an UUID has, and a word before it.
    private static let joinedMax = 8

    init(_ names: some Sequence<String>) {
        for name in names {
            let bytes = Array(name.utf8)
            let runs = Token.runs(in: bytes)
            guard let first = runs.first else { continue }
            tokens.insert(Token.of(name))
            if runs.count > 1 {
                counts[Token.joined(Array(bytes[first])), default: []].insert(runs.count)
            }
        }
        tokens.remove("")
    }

    /// The tokens of the names that the texts spell; no name runs from one text into the next.
    func found(in texts: [String]) -> Set<String> {
        var found: Set<String> = []
        for text in texts {
            let bytes = Array(text.utf8)
            let runs = Token.runs(in: bytes)
            for place in runs.indices { find(in: bytes, runs[place...], &found) }
        }
        return found
    }

    /// The names that begin with the first of `runs`.
    private func find(
        in bytes: [UInt8], _ runs: ArraySlice<Range<Int>>, _ found: inout Set<String>
    ) {
        guard let first = runs.first else { return }
        let ofNames = counts[Token.joined(Array(bytes[first]))] ?? []
        let longest = ofNames.max() ?? 1
        var (spelled, count, end, isJoined) = ([UInt8](), 0, first.lowerBound, true)
        for run in runs {
            count += 1
            isJoined = isJoined && (count == 1 || Self.isJoined(bytes, from: end, to: run))
            guard count <= longest || (isJoined && count <= Self.joinedMax) else { return }
            spelled += bytes[run]
            end = run.upperBound
            let maySpell =
                count == 1
                ? spelled.count > 1
                : ofNames.contains(count) || (isJoined && spelled.count >= Self.joinedMin)
            guard maySpell else { continue }
            let token = Token.joined(spelled)
            if tokens.contains(token) { found.insert(token) }
        }
    }

    /// Whether a single hyphen, slash or underscore stands before the run.
    private static func isJoined(_ bytes: [UInt8], from end: Int, to run: Range<Int>) -> Bool {
        run.lowerBound == end + 1 && [0x2D, 0x2F, 0x5F].contains(bytes[end])
    }
}
