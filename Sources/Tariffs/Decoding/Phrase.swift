import Units

/// Why a phrase is not understood; its place is added by the reader.
struct PhraseProblem: Error, Hashable {
    let problem: TariffProblem
    let message: String

    init(_ problem: TariffProblem, _ message: String) {
        self.problem = problem
        self.message = message
    }
}

/// A German number as written: `1.350`, `0,25`.
struct WrittenNumber: Hashable {
    /// The digits without the comma.
    let digits: Int64
    let decimals: Int

    /// The number times `scale`, if that is whole.
    func scaled(by scale: Int64) -> Int64? {
        let divisor = powerOfTen(decimals)
        let (product, overflow) = digits.multipliedReportingOverflow(by: scale)
        guard !overflow, product % divisor == 0 else { return nil }
        return product / divisor
    }

    private func powerOfTen(_ exponent: Int) -> Int64 {
        (0..<exponent).reduce(1) { power, _ in power * 10 }
    }
}

/// Reads a phrase from left to right.
struct PhraseScanner {
    private(set) var rest: Substring

    /// Spaces of every kind count as one.
    init(_ text: some StringProtocol) {
        rest = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    /// Takes `literal` if it comes next and no letter or digit follows a word.
    mutating func take(_ literal: String) -> Bool {
        guard rest.hasPrefix(literal) else { return false }
        let behind = rest.dropFirst(literal.count)
        let continues = behind.first.map { $0.isLetter || $0.isNumber } ?? false
        guard !(continues && literal.last.map { $0.isLetter || $0.isNumber } == true) else {
            return false
        }
        rest = behind
        skipSpace()
        return true
    }

    /// Takes the first of `literals` that comes next.
    mutating func take(anyOf literals: [String]) -> String? {
        for literal in literals where take(literal) { return literal }
        return nil
    }

    /// Takes everything before `separator`, or all that is left.
    mutating func takeText(before separator: Character) -> Substring {
        let text = rest.prefix { $0 != separator }
        rest = rest.dropFirst(text.count)
        while rest.first == " " { rest = rest.dropFirst() }
        return text
    }

    /// Takes a German number: groups of three behind full stops, decimals behind a comma.
    mutating func takeNumber() -> WrittenNumber? {
        let text = rest.prefix { ("0"..."9").contains($0) || $0 == "." || $0 == "," }
        guard let number = Self.number(text) else { return nil }
        rest = rest.dropFirst(text.count)
        skipSpace()
        return number
    }

    /// Takes a factor such as `2-fach` or `1,5-fach`, in ten-thousandths; at most four decimals.
    mutating func takeFactor() -> Int64? {
        let start = rest
        guard let number = takeNumber(), number.decimals <= 4,
            let factor = number.scaled(by: 10_000), (1...Self.factorMax).contains(factor),
            take("-fach")
        else {
            rest = start
            return nil
        }
        return factor
    }

    /// Takes a percentage such as `12,5 %`, in hundredths of a percent.
    mutating func takePercent() -> Int64? {
        let start = rest
        guard let points = takeNumber()?.scaled(by: 100), (1...Self.percentMax).contains(points),
            take("%")
        else {
            rest = start
            return nil
        }
        return points
    }

    /// A hundredfold.
    private static let factorMax: Int64 = 1_000_000
    /// 1,000 %.
    private static let percentMax: Int64 = 100_000

    private mutating func skipSpace() {
        if rest.first == " " { rest = rest.dropFirst() }
    }

    private static func number(_ text: Substring) -> WrittenNumber? {
        let halves = text.split(separator: ",", omittingEmptySubsequences: false)
        guard let whole = halves.first, halves.count <= 2 else { return nil }
        let groups = whole.split(separator: ".", omittingEmptySubsequences: false)
        let isGrouped =
            groups.count == 1
            || (groups.dropFirst().allSatisfy { $0.count == 3 }
                && (1...3).contains(groups[0].count) && groups[0].first != "0")
        let fraction = halves.count == 2 ? halves[1] : ""
        guard isGrouped, !(halves.count == 2 && fraction.isEmpty), !whole.isEmpty,
            groups.reduce(0, { $0 + $1.count }) + fraction.count <= 15,
            let digits = decimal(ArraySlice(Array((groups.joined() + fraction).utf8)))
        else { return nil }
        return WrittenNumber(digits: Int64(digits), decimals: fraction.count)
    }
}

/// The things that a list in a sentence names: `a, b und c`.
enum NameList {
    /// The most names that one list may hold.
    private static let countMax = 20

    /// What `find` makes of each name; nil if a name is unknown or the list too long.
    ///
    /// A name may itself hold a comma or an "und": the longest name that fits is taken.
    static func read<Thing>(
        _ text: some StringProtocol, _ find: (Substring) -> Thing?
    ) -> [Thing]? {
        var words = text.split(whereSeparator: \.isWhitespace).map { Substring($0) }
        guard !words.isEmpty, words.count <= 10 * countMax else { return nil }
        var things: [Thing] = []
        while !words.isEmpty {
            guard things.count < countMax, let (thing, length) = first(of: words, find) else {
                return nil
            }
            things.append(thing)
            words.removeFirst(length)
            if words.first == "und" { words.removeFirst() }
        }
        return things
    }

    /// The thing with the longest name at the start, and how many words the name has.
    private static func first<Thing>(
        of words: [Substring], _ find: (Substring) -> Thing?
    ) -> (Thing, Int)? {
        for length in stride(from: words.count, through: 1, by: -1) {
            let isBeforeAnd = length < words.count && words[length] == "und"
            let isBeforeComma = words[length - 1].hasSuffix(",")
            guard length == words.count || isBeforeAnd || isBeforeComma else { continue }
            var name = words[..<length].joined(separator: " ")[...]
            if let thing = find(name) { return (thing, length) }
            guard isBeforeComma, length < words.count else { continue }
            name.removeLast()
            if let thing = find(name) { return (thing, length) }
        }
        return nil
    }
}
