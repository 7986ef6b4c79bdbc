import Units

extension Matching {
    /// One credit for one cut: names the terminal, exact amount, on time. Equal amounts pair up in
    /// the order of their days.
    mutating func matchSingle() {
        for (terminal, range) in partsOfTerminal.sorted(by: { $0.key < $1.key }) {
            let candidates = linesOfTerminal[terminal] ?? []
            for place in range where !parts[place].isUsed {
                let line = candidates.first {
                    !lines[$0].isUsed && lines[$0].line.amount == parts[place].amount
                        && isOnTime(parts[place], lines[$0].line.day)
                }
                if let line { match(.single, parts: [place], lines: [line]) }
            }
        }
    }

    /// One credit for two to seven cuts of one terminal that follow one another, the last on time.
    /// More than one such run is not booked.
    mutating func matchConsecutive() {
        for (terminal, range) in partsOfTerminal.sorted(by: { $0.key < $1.key }) {
            for line in linesOfTerminal[terminal] ?? [] where !lines[line].isUsed {
                let runs = runs(in: range, for: lines[line].line)
                if runs.count == 1, let run = runs.first {
                    match(.consecutive, parts: run, lines: [line])
                }
            }
        }
    }

    /// The runs of open parts within `range` that add up to the line; cuts that have their credit
    /// are stepped over.
    func runs(in range: Range<Int>, for line: BankLine) -> [[Int]] {
        let open = range.filter { !parts[$0].isUsed && parts[$0].key.day <= line.day }
        var found: [[Int]] = []
        for (place, last) in open.enumerated() where isOnTime(parts[last], line.day) {
            var sum = parts[last].amount
            for first in (max(0, place - SettlementRules.runLengthMax + 1)..<place).reversed() {
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
                    group.map({ parts[$0].amount }).sum() == line.line.amount
                else { continue }
                found.insert(group.sorted())
            }
        }
        return found.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// Two to four credits for one cut, all on time. More than one such choice is not booked.
    mutating func matchSplit() {
        for (terminal, range) in partsOfTerminal.sorted(by: { $0.key < $1.key }) {
            for place in range where !parts[place].isUsed {
                let candidates = (linesOfTerminal[terminal] ?? []).filter {
                    !lines[$0].isUsed && isOnTime(parts[place], lines[$0].line.day)
                }
                guard candidates.count <= SettlementRules.splitCandidatesMax else { continue }
                let choices = choices(of: candidates, for: parts[place].amount)
                if choices.count == 1, let choice = choices.first {
                    match(.split, parts: [place], lines: choice)
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
            let open = Dictionary(grouping: range.filter { !parts[$0].isUsed }) {
                parts[$0].amount
            }
            for line in candidates {
                let found = open[lines[line].line.amount] ?? []
                guard found.count == 1, let place = found.first, isLate(parts[place], line),
                    !candidates.contains(where: {
                        $0 != line && lines[$0].line.amount == lines[line].line.amount
                    })
                else { continue }
                match(.late, parts: [place], lines: [line])
            }
        }
    }

    private func isLate(_ part: Part, _ line: Int) -> Bool {
        let day = lines[line].line.day
        return day > part.due
            && day.ordinal - part.key.day.ordinal <= SettlementRules.lateDaysMax
    }
}
