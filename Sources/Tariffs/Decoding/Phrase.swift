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

    /// The number times `scale`, a power of ten, if that is whole.
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
