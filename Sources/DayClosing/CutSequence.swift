import Sales
package import Text

/// What is odd about the numbers of a close's batch cuts; each is named and none stops the close.
package enum CutFinding: Hashable, Sendable {
    /// The number stands in an earlier close, with other totals.
    case repeated(cardTerminal: String, number: String, close: Int64)
    /// Between two numbers of the card terminal some never stood in a close.
    case gap(cardTerminal: String, after: String, number: String, missing: Int64)
    /// A number before the newest one: the card terminal counts anew, or a cut came late.
    case behind(cardTerminal: String, after: String, number: String)

    package var cardTerminal: String {
        switch self {
        case .repeated(let terminal, _, _), .gap(let terminal, _, _, _),
            .behind(let terminal, _, _):
            terminal
        }
    }

    /// Stable name.
    package var code: String {
        switch self {
        case .repeated: "repeated"
        case .gap: "gap"
        case .behind: "behind"
        }
    }

    /// What it means, in a German sentence; fixed, because it stands on the sheet of a close.
    package var german: String {
        switch self {
        case .repeated(let terminal, let number, let close):
            "Gerät \(terminal): Kassenschnitt \(number) steht mit anderen Summen schon in "
                + "Abschluss Nr. \(close)."
        case .gap(let terminal, let after, let number, 1):
            "Gerät \(terminal): Zwischen den Kassenschnitten \(after) und \(number) fehlt einer."
        case .gap(let terminal, let after, let number, let missing):
            "Gerät \(terminal): Zwischen den Kassenschnitten \(after) und \(number) fehlen "
                + "\(missing)."
        case .behind(let terminal, let after, let number):
            "Gerät \(terminal): Nach Kassenschnitt \(after) kam \(number). Das Gerät zählt neu, "
                + "oder ein Schnitt wurde nachgetragen."
        }
    }
}

/// The batch cuts of all closes so far, to tell what the next one repeats or leaves out.
///
/// Numbers are compared without leading zeros, those of one card terminal with each other; numbers
/// with letters have no order and are only looked for twice.
package struct CutSequence: Sendable {
    private struct Known {
        /// By number without leading zeros, with the closes that hold it.
        var cuts: [String: [(close: Int64, cut: BatchCut)]] = [:]
        var newest: Newest?
    }

    fileprivate struct Newest {
        let number: String
        let value: UInt64
    }

    private var byTerminal: [String: Known] = [:]

    package init() {}

    /// Takes the cuts of the next close; the closes come in order.
    package mutating func add(_ cuts: [BatchCut], of close: Int64) {
        for (terminal, numbered) in Self.numbered(cuts) {
            // Taken out, so that what is known is not copied with each close.
            var known = byTerminal.removeValue(forKey: terminal) ?? Known()
            for (number, cut) in Self.ordered(numbered, after: known.newest) {
                known.cuts[Self.plain(number), default: []].append((close, cut))
                if let value = Self.value(number) {
                    known.newest = Newest(number: number, value: value)
                }
            }
            byTerminal[terminal] = known
        }
    }

    /// The close that holds one of `cuts` already: the same card terminal, number and totals, and
    /// the same time where both have one, so that one slip would count twice; nil if none does.
    package func counted(among cuts: [BatchCut]) -> (cut: BatchCut, close: Int64)? {
        for cut in cuts {
            guard let number = cut.number else { continue }
            let earlier = byTerminal[cut.cardTerminal]?.cuts[Self.plain(number)] ?? []
            if let found = earlier.last(where: { $0.cut.isSameSlip(as: cut) }) {
                return (cut, found.close)
            }
        }
        return nil
    }

    /// The number that the next cut of each card terminal follows; only those with digits alone.
    package var newest: [String: String] { byTerminal.compactMapValues { $0.newest?.number } }

    /// What is odd about the numbers of the next close's cuts, by card terminal.
    package func findings(_ cuts: [BatchCut]) -> [CutFinding] {
        Self.numbered(cuts).sorted { $0.key < $1.key }.flatMap { terminal, numbered in
            findings(terminal, numbered)
        }
    }

    private func findings(
        _ terminal: String, _ numbered: [(number: String, cut: BatchCut)]
    ) -> [CutFinding] {
        let known = byTerminal[terminal] ?? Known()
        let here = Set(numbered.map { Self.plain($0.number) })
        var newest = known.newest
        var found: [CutFinding] = []
        for (number, _) in Self.ordered(numbered, after: newest) {
            let value = Self.value(number)
            defer { if let value { newest = Newest(number: number, value: value) } }
            if let newest, let value, newest.isFollowed(by: value, number) { continue }
            if let close = known.cuts[Self.plain(number)]?.last?.close {
                found.append(.repeated(cardTerminal: terminal, number: number, close: close))
                continue
            }
            guard let newest, let value else { continue }
            if value < newest.value {
                found.append(.behind(cardTerminal: terminal, after: newest.number, number: number))
                continue
            }
            let between = Set(known.cuts.keys).union(here).compactMap(Self.value)
                .count { newest.value < $0 && $0 < value }
            let missing = Int64(clamping: value - newest.value - 1) - Int64(between)
            if missing > 0 {
                found.append(
                    .gap(
                        cardTerminal: terminal, after: newest.number, number: number,
                        missing: missing))
            }
        }
        return found
    }

    private static func numbered(
        _ cuts: [BatchCut]
    ) -> [String: [(number: String, cut: BatchCut)]] {
        var numbered: [String: [(number: String, cut: BatchCut)]] = [:]
        for cut in cuts {
            guard let number = cut.number else { continue }
            numbered[cut.cardTerminal, default: []].append((number, cut))
        }
        return numbered
    }

    /// By number, whatever order they were typed in; those that begin anew after the newest last.
    private static func ordered(
        _ cuts: [(number: String, cut: BatchCut)], after newest: Newest?
    ) -> [(number: String, cut: BatchCut)] {
        let first = newest?.value ?? 0
        return cuts.enumerated().sorted { left, right in
            let places = [left, right].map { place, cut in
                let value = value(cut.number)
                return (value.map { $0 < first ? 1 : 0 } ?? 2, value ?? 0, place)
            }
            return places[0] < places[1]
        }.map(\.element)
    }

    /// Nil for one with letters; at most 16 digits fit.
    private static func value(_ number: String) -> UInt64? {
        number.utf8.allSatisfy { (0x30...0x39).contains($0) } ? UInt64(number) : nil
    }

    private static func plain(_ number: String) -> String { BatchCut.plain(number) }
}

extension CutSequence.Newest {
    /// One more, or the beginning after all nines of the same width.
    fileprivate func isFollowed(by next: UInt64, _ text: String) -> Bool {
        if next == value + 1 { return true }
        let isFull = number.utf8.count > 1 && number.utf8.allSatisfy { $0 == 0x39 }
        return isFull && text.utf8.count == number.utf8.count && next <= 1
    }
}

extension BatchCut {
    /// A number as it is compared: digits without leading zeros, everything else as it stands.
    package static func plain(_ number: String) -> String {
        guard number.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return number }
        let digits = number.utf8.drop { $0 == 0x30 }
        return digits.isEmpty ? "0" : String(decoding: digits, as: UTF8.self)
    }

    /// Whether both are what one slip says; only for cuts of one card terminal and number. A time
    /// that was not typed is no other time.
    fileprivate func isSameSlip(as other: BatchCut) -> Bool {
        let times = Set([printedAt, other.printedAt].compactMap(\.self))
        return times.count < 2
            && totals.filter { $0.value != Tally() } == other.totals.filter { $0.value != Tally() }
    }
}

extension CutFinding {
    package var json: JSONValue {
        let (number, after, close, missing): (String, String?, Int64?, Int64?) =
            switch self {
            case .repeated(_, let number, let close): (number, nil, close, nil)
            case .gap(_, let after, let number, let missing): (number, after, nil, missing)
            case .behind(_, let after, let number): (number, after, nil, nil)
            }
        return .fields([
            "kind": .string(code), "tid": .string(cardTerminal), "number": .string(number),
            "after": after.map { .string($0) }, "close": close.map { .integer($0) },
            "missing": missing.map { .integer($0) },
        ])
    }

    package init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        let kind = try reader.string("kind")
        let terminal = try reader.string("tid")
        let number = try reader.string("number")
        switch kind {
        case "repeated":
            self = .repeated(
                cardTerminal: terminal, number: number,
                close: try reader.integer("close", in: 1...StrictJSON.numberMax))
        case "gap":
            self = .gap(
                cardTerminal: terminal, after: try reader.string("after"), number: number,
                missing: try reader.integer("missing", in: 1...StrictJSON.numberMax))
        case "behind":
            self = .behind(
                cardTerminal: terminal, after: try reader.string("after"), number: number)
        default: throw reader.problem("kind", wanted: "repeated, gap or behind")
        }
        try reader.finish()
    }
}
