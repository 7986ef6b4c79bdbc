import Units

extension Matching {
    /// Every item without a match, ascending, with what it might belong to.
    func openItems(today: BusinessDay) -> [OpenItem] {
        let items =
            openParts(today) + openLines(today) + openAcquired(today) + openGross(today)
            + openPayouts(today)
        return items.sorted { $0.item < $1.item }
    }

    /// - Parameter isRanked: whether the candidates stand in an order of their own.
    private func open(
        _ item: MatchItem, _ amount: Cents, _ day: BusinessDay, _ today: BusinessDay,
        _ reason: OpenReason, _ candidates: [MatchItem] = [], isRanked: Bool = false
    ) -> OpenItem {
        OpenItem(
            item: item, amount: amount, day: day, ageDays: max(0, today.ordinal - day.ordinal),
            reason: reason, candidates: isRanked ? candidates : candidates.sorted())
    }

    private func openParts(_ today: BusinessDay) -> [OpenItem] {
        parts.filter { !$0.isUsed }.map { part in
            let isKnown = part.account != nil
            let reason: OpenReason =
                isKnown ? (today <= part.due ? .waiting : .missingBatch) : .unknownTerminal
            return open(.cut(part.key), part.amount, part.key.day, today, reason)
        }
    }

    private func openAcquired(_ today: BusinessDay) -> [OpenItem] {
        var ofCut: [Int: [MatchItem]] = [:]
        var ofDay: [AcquiredKey: [MatchItem]] = [:]
        for line in gross where !line.isUsed {
            if let cut = namedCut(line) {
                ofCut[cut, default: []].append(line.item)
            } else if let key = AcquiredKey(line) {
                ofDay[key, default: []].append(line.item)
            }
        }
        return acquired.indices.filter { !acquired[$0].isUsed }.map { place in
            let part = acquired[place]
            let sameDay = AcquiredKey(part).flatMap { ofDay[$0] } ?? []
            let candidates = (ofCut[place] ?? []) + sameDay
            let age = today.ordinal - part.key.day.ordinal
            let reason: OpenReason =
                if !candidates.isEmpty { .amountDiffers } else if age <= 14 { .waiting } else {
                    .missingBatch
                }
            return open(.cut(part.key), part.amount, part.key.day, today, reason, candidates)
        }
    }

    private func openPayouts(_ today: BusinessDay) -> [OpenItem] {
        let waiting = payouts.filter { !$0.isUsed }
        let naming = linesNaming(waiting.map(\.id))
        return waiting.map { payout in
            let named = naming[Token.of(payout.id)] ?? []
            let age = today.ordinal - payout.day.ordinal
            let reason: OpenReason =
                if !named.isEmpty { .amountDiffers } else if age <= 14 { .waiting } else {
                    .payoutMissing
                }
            return open(
                .payout(payout.id), payout.net, payout.day, today, reason,
                named.map { .bank(lines[$0].line.key) })
        }
    }

    /// The open bank lines that name each of these, in their order, by the token of the name.
    private func linesNaming(_ names: [String]) -> [String: [Int]] {
        var naming: [String: [Int]] = [:]
        guard !names.isEmpty else { return naming }
        let spelled = SpelledNames(names)
        for place in lines.indices where !lines[place].isUsed {
            for token in spelled.found(in: lines[place].line.texts) {
                naming[token, default: []].append(place)
            }
        }
        return naming
    }

    private func openGross(_ today: BusinessDay) -> [OpenItem] {
        gross.filter { !$0.isUsed }.map { line in
            let sameDay = AcquiredKey(line).flatMap { acquiredByKey[$0] } ?? []
            let candidates = (namedCut(line).map { [$0] } ?? sameDay)
                .filter { !acquired[$0].isUsed }.map { MatchItem.cut(acquired[$0].key) }
            let reason: OpenReason =
                switch line.line.kind {
                case .chargeback, .chargebackReversal: .chargeback
                case .fee: .fee
                case .payment, .refund:
                    if line.terminal == nil {
                        .unknownTerminal
                    } else {
                        candidates.isEmpty ? .cutMissing : .amountDiffers
                    }
                }
            return open(line.item, line.line.gross, line.line.day, today, reason, candidates)
        }
    }

    private func openLines(_ today: BusinessDay) -> [OpenItem] {
        let (taken, chargebacks) = (usedAmounts, usedChargebacks)
        let byAmount = Dictionary(
            grouping: partsOfTerminal.values.flatMap(openSets), by: amount)
        return lines.indices.filter { !lines[$0].isUsed }.map { place in
            let line = lines[place]
            let (reason, places) = explained(place, taken, chargebacks, byAmount)
            return open(
                .bank(line.line.key), line.line.amount, line.line.day, today, reason,
                places.map { .cut(parts[$0].key) }, isRanked: reason == .amountDiffers)
        }
    }

    private func explained(
        _ place: Int, _ taken: [Taken: [BusinessDay]], _ chargebacks: [String: Set<Cents>],
        _ byAmount: [Cents: [[Int]]]
    ) -> (OpenReason, [Int]) {
        let line = lines[place]
        if line.line.isReversal { return (.bankReversal, []) }
        if line.isChargeback || givesBack(line, chargebacks) { return (.chargeback, []) }
        if line.isFee { return (.fee, []) }
        guard !line.terminals.isEmpty else { return unnamed(line, byAmount) }
        let near = line.terminals.sorted().flatMap { terminal in
            (partsOfTerminal[terminal] ?? 0..<0).filter {
                !parts[$0].isUsed && isOnTime(parts[$0], line.line.day)
                    && mayBelong(place, to: $0)
            }
        }
        if let terminal = line.terminals.first, line.terminals.count == 1 {
            let days = taken[Taken(terminal: terminal, amount: line.line.amount)] ?? []
            if days.contains(where: { abs($0.ordinal - line.line.day.ordinal) <= 10 }) {
                return (.duplicateBatch, near)
            }
            let runs = runs(in: partsOfTerminal[terminal] ?? 0..<0, for: place)
            if runs.count > 1 { return (.ambiguous, Set(runs.joined()).sorted()) }
        }
        if line.line.amount.isNegative { return (.refund, near) }
        if near.isEmpty { return (.cutMissing, []) }
        let netted = netted(near, line.line.amount)
        return netted.isEmpty ? (.amountDiffers, nearest(near, to: place)) : (.feeNetted, netted)
    }

    /// What is near in time, and up to three earlier cuts of the terminals that come closer to the
    /// amount than any of it: the nearest amount first, of the same distance the earliest.
    private func nearest(_ near: [Int], to place: Int) -> [Int] {
        let line = lines[place]
        func distance(_ part: Int) -> Int64 {
            abs(parts[part].amount.value - line.line.amount.value)
        }
        func isNearer(_ left: Int, _ right: Int) -> Bool {
            let (one, other) = (distance(left), distance(right))
            return one == other ? parts[left].key < parts[right].key : one < other
        }
        let closest = near.map(distance).min() ?? .max
        let earlier = line.terminals.flatMap { Array(partsOfTerminal[$0] ?? 0..<0) }.filter {
            !parts[$0].isUsed && parts[$0].due < line.line.day && mayBelong(place, to: $0)
                && distance($0) < closest
        }
        return (near + earlier.sorted(by: isNearer).prefix(3)).sorted(by: isNearer)
    }

    /// Of what is near the cuts that were a little more than the credit, one by one; else those of
    /// a close together.
    private func netted(_ near: [Int], _ amount: Cents) -> [Int] {
        let single = near.filter { isNetted(parts[$0].amount, amount) }
        guard single.isEmpty else { return single }
        let closes = Dictionary(grouping: near) { place in
            [parts[place].key.close, parts[place].key.cardTerminal]
        }
        return closes.values.filter { $0.count > 1 && isNetted(self.amount(of: $0), amount) }
            .joined().sorted()
    }

    /// A line that names no known terminal.
    private func unnamed(_ line: Line, _ byAmount: [Cents: [[Int]]]) -> (OpenReason, [Int]) {
        let fitting = (byAmount[line.line.amount] ?? []).filter { set in
            set.allSatisfy {
                parts[$0].account == line.line.key.account && isOnTime(parts[$0], line.line.day)
            }
        }
        let places = Set(fitting.joined()).sorted()
        if line.namesUnknownTerminal { return (.unknownTerminal, places) }
        switch fitting.count {
        case 0: return (line.isTakings ? .cutMissing : .otherBusiness, [])
        case 1: return (.unreferenced, places)
        default: return (.ambiguous, places)
        }
    }

    /// The return of a chargeback that is booked already.
    private func givesBack(_ line: Line, _ chargebacks: [String: Set<Cents>]) -> Bool {
        guard !line.line.amount.isNegative, !chargebacks.isEmpty else { return false }
        return line.line.ownReferences.contains {
            chargebacks[$0]?.contains(-line.line.amount) == true
        }
    }

    /// The amounts of booked chargebacks by each of their references.
    private var usedChargebacks: [String: Set<Cents>] {
        var amounts: [String: Set<Cents>] = [:]
        for line in lines where line.isUsed && line.isChargeback {
            for reference in line.line.ownReferences {
                amounts[reference, default: []].insert(line.line.amount)
            }
        }
        return amounts
    }

    /// Less than the cut, but by no more than a fee can be.
    private func isNetted(_ gross: Cents, _ net: Cents) -> Bool {
        let missing = gross.value - net.value
        return missing > 0
            && Int128(missing) * 10_000 <= Int128(gross.value) * Int128(rules.feeBasisPointsMax)
    }

    struct Taken: Hashable {
        let terminal: String
        let amount: Cents
    }

    /// The days on which a matched credit of that amount came for that terminal. Where an open line
    /// of the bank takes the amount back, another credit stands in for the first and is no second.
    private var usedAmounts: [Taken: [BusinessDay]] {
        let reversals = Dictionary(
            grouping: lines.filter { !$0.isUsed && $0.line.isReversal }, by: \.line.amount)
        var days: [Taken: [BusinessDay]] = [:]
        for line in lines where line.isUsed && line.terminals.count == 1 {
            let isReversed = reversals[-line.line.amount]?.contains {
                $0.line.key.account == line.line.key.account
            }
            guard let terminal = line.terminals.first, isReversed != true else { continue }
            days[Taken(terminal: terminal, amount: line.line.amount), default: []]
                .append(line.line.day)
        }
        return days
    }
}

extension Matching.Line {
    /// Speaks of a terminal, yet no known one is named.
    var namesUnknownTerminal: Bool { terminals.isEmpty && saysTerminal }
}
