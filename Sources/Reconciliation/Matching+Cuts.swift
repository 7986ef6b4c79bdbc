import Units

extension Matching {
    /// A credit that names cuts of its terminal: one, or several whose sum it is. Named ones need
    /// not follow one another, and a single one may be late.
    mutating func matchNamed() {
        for (terminal, places) in linesOfTerminal.sorted(by: { $0.key < $1.key }) {
            let range = partsOfTerminal[terminal] ?? 0..<0
            for line in places where !lines[line].isUsed && !lines[line].named.isEmpty {
                matchNamed(line, earlierParts(in: range, for: line))
            }
        }
    }

    /// Numbers come again after years, so that of those with the same number the newest is meant.
    private mutating func matchNamed(_ line: Int, _ open: [Int]) {
        var newest: [String: Int] = [:]
        for place in open { if let token = parts[place].token { newest[token] = place } }
        let taken = newest.values.sorted()
        guard let last = taken.last, taken.count == lines[line].named.count,
            amount(of: taken) == lines[line].line.amount
        else { return }
        let isOnTime = taken.contains { self.isOnTime(parts[$0], lines[line].line.day) }
        switch (taken.count, isOnTime) {
        case (1, true): match(.single, parts: taken, lines: [line])
        case (1, false) where isLate(parts[last], line):
            match(.late, parts: taken, lines: [line])
        case (2..., true): match(.consecutive, parts: taken, lines: [line])
        default: break
        }
    }

    /// One credit for one cut: names the terminal, exact amount, on time. Equal amounts pair up in
    /// the order of their days.
    mutating func matchSingle() {
        for (terminal, range) in partsOfTerminal.sorted(by: { $0.key < $1.key }) {
            let candidates = linesOfTerminal[terminal] ?? []
            for place in range where !parts[place].isUsed {
                let line = candidates.first {
                    !lines[$0].isUsed && lines[$0].line.amount == parts[place].amount
                        && isOnTime(parts[place], lines[$0].line.day) && mayBelong($0, to: place)
                }
                if let line { match(.single, parts: [place], lines: [line]) }
            }
        }
    }

    /// One credit for two or more cuts of one terminal that follow one another, of at most seven
    /// days, the last on time.
    /// More than one such run is not booked.
    mutating func matchConsecutive() {
        for (terminal, range) in partsOfTerminal.sorted(by: { $0.key < $1.key }) {
            for line in linesOfTerminal[terminal] ?? [] where !lines[line].isUsed {
                let runs = runs(in: range, for: line)
                if runs.count == 1, let run = runs.first {
                    match(.consecutive, parts: run, lines: [line])
                }
            }
        }
    }

    /// The runs of open parts within `range` that add up to the line; cuts that have their credit
    /// are stepped over.
    func runs(in range: Range<Int>, for number: Int) -> [[Int]] {
        let line = lines[number].line
        let open = earlierParts(in: range, for: number)
        var found: [[Int]] = []
        for (place, last) in open.enumerated() where isOnTime(parts[last], line.day) {
            var sum = parts[last].amount
            var days = 1
            for first in (0..<place).reversed() {
                if parts[open[first]].key.day != parts[open[first + 1]].key.day { days += 1 }
                guard days <= SettlementRules.runDaysMax else { break }
                sum += parts[open[first]].amount
                if sum == line.amount { found.append(Array(open[first...place])) }
            }
        }
        return found
    }

    /// One credit for all open cuts of one to four days that follow one another: of the terminals
    /// it names, or of the whole account if it names the merchant instead.
    mutating func matchAcrossTerminals() {
        let ofAccount = Dictionary(grouping: parts.indices) { parts[$0].account ?? "" }
        for (account, range) in linesOfAccount.sorted(by: { $0.key < $1.key }) {
            let byDay = Dictionary(grouping: ofAccount[account] ?? []) { parts[$0].key.day }
            for line in range where !lines[line].isUsed && lines[line].joinsTerminals {
                let found = groups(of: byDay, for: lines[line])
                if found.count == 1, let group = found.first {
                    match(.acrossTerminals, parts: group, lines: [line])
                }
            }
        }
    }

    /// The sets of open parts of consecutive days that add up to the line.
    func groups(of byDay: [BusinessDay: [Int]], for line: Line) -> [[Int]] {
        var found: Set<[Int]> = []
        for back in 0...14 {
            guard let last = line.line.day.adding(days: -back) else { continue }
            var group: [Int] = []
            for length in 0..<SettlementRules.dayCountMax {
                guard let day = last.adding(days: -length) else { continue }
                group += (byDay[day] ?? []).filter {
                    !parts[$0].isUsed
                        && (line.terminals.isEmpty
                            || line.terminals.contains(parts[$0].key.cardTerminal))
                }
                guard !group.isEmpty, let newest = group.map({ parts[$0].due }).max(),
                    newest >= line.line.day,
                    amount(of: group) == line.line.amount
                else { continue }
                found.insert(group.sorted())
            }
        }
        return found.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// The open parts within `range` that the line may belong to and that are not later than it.
    private func earlierParts(in range: Range<Int>, for line: Int) -> [Int] {
        range.filter {
            !parts[$0].isUsed && parts[$0].key.day <= lines[line].line.day
                && mayBelong(line, to: $0)
        }
    }

    /// The open parts of a terminal one by one, then those of each close that has several: a bank
    /// may credit the cuts of a close together.
    func openSets(in range: Range<Int>) -> [[Int]] {
        let open = range.filter { !parts[$0].isUsed }
        let closes = Dictionary(grouping: open) { parts[$0].key.close }.values
            .filter { $0.count > 1 }
        return open.map { [$0] } + closes.sorted { $0[0] < $1[0] }
    }

    func amount(of set: [Int]) -> Cents { set.map { parts[$0].amount }.sum() }

    /// Two to four credits for one cut, or all cuts of a close, all on time. More than one such
    /// choice is not booked.
    mutating func matchSplit() {
        for (terminal, range) in partsOfTerminal.sorted(by: { $0.key < $1.key }) {
            for set in openSets(in: range) where !set.contains(where: { parts[$0].isUsed }) {
                let candidates = (linesOfTerminal[terminal] ?? []).filter { line in
                    !lines[line].isUsed
                        && set.allSatisfy {
                            isOnTime(parts[$0], lines[line].line.day) && mayBelong(line, to: $0)
                        }
                }
                guard candidates.count <= SettlementRules.splitCandidatesMax else { continue }
                let choices = choices(of: candidates, for: amount(of: set))
                if choices.count == 1, let choice = choices.first {
                    match(.split, parts: set, lines: choice)
                }
            }
        }
    }

    /// The choices of two to four of `candidates` that add up to `amount`.
    func choices(of candidates: [Int], for amount: Cents) -> [[Int]] {
        var found: [[Int]] = []
        func extend(_ chosen: [Int], _ sum: Cents, from start: Int) {
            if chosen.count > 1 && sum == amount { found.append(chosen) }
            guard chosen.count < SettlementRules.splitCountMax else { return }
            for next in candidates[start...].indices {
                extend(
                    chosen + [candidates[next]], sum + lines[candidates[next]].line.amount,
                    from: next + 1)
            }
        }
        extend([], .zero, from: 0)
        return found
    }

    /// A single credit after its time: exact amount and terminal, and neither side has another
    /// open one of that amount.
    mutating func matchLate() {
        for (terminal, range) in partsOfTerminal.sorted(by: { $0.key < $1.key }) {
            let candidates = (linesOfTerminal[terminal] ?? []).filter { !lines[$0].isUsed }
            let open = Dictionary(grouping: openSets(in: range), by: amount)
            for line in candidates {
                let found = open[lines[line].line.amount] ?? []
                guard found.count == 1, let set = found.first, let last = set.last,
                    isLate(parts[last], line),
                    set.allSatisfy({ !parts[$0].isUsed && mayBelong(line, to: $0) }),
                    !candidates.contains(where: {
                        $0 != line && lines[$0].line.amount == lines[line].line.amount
                    })
                else { continue }
                match(.late, parts: set, lines: [line])
            }
        }
    }

    private func isLate(_ part: Part, _ line: Int) -> Bool {
        let day = lines[line].line.day
        return day > part.due
            && day.ordinal - part.key.day.ordinal <= SettlementRules.lateDaysMax
    }
}
