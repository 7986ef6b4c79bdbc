package import Sales
package import Text
package import Units

/// A batch cut (Kassenschnitt): a card terminal's own totals since its last one, as its slip shows
/// them. A close holds none, one or several of each card terminal.
package struct BatchCut: Hashable, Sendable {
    /// How the totals came here.
    package enum Source: String, Hashable, Sendable, CaseIterable {
        case typed, uploaded
        /// Read from the card terminal by program.
        case terminal
    }

    package let cardTerminal: String
    /// The number on the slip, 1 to 16 digits or capital letters; nil if it shows none.
    package let number: String?
    /// Local time as the slip prints it, `2026-11-20 18:05`; nil if it was not noted.
    package let printedAt: String?
    package let source: Source
    /// By scheme; zero ones may stand or be left out.
    package let totals: [CardScheme: Tally]

    package init(
        cardTerminal: String, number: String? = nil, printedAt: String? = nil,
        source: Source = .typed, totals: [CardScheme: Tally]
    ) {
        self.cardTerminal = cardTerminal
        self.number = number
        self.printedAt = printedAt
        self.source = source
        self.totals = totals
    }

    /// One cut without a number for each card terminal of `tallies`, by card terminal.
    package static func unnumbered(_ tallies: [CardKey: Tally]) -> [BatchCut] {
        var totals: [String: [CardScheme: Tally]] = [:]
        for (key, tally) in tallies { totals[key.cardTerminal, default: [:]][key.scheme] = tally }
        return totals.sorted { $0.key < $1.key }.map {
            BatchCut(cardTerminal: $0.key, totals: $0.value)
        }
    }

    /// Whether `text` is a day and a time such as `2026-11-20 18:05`.
    package static func isTime(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 16, bytes[10] == 0x20, bytes[13] == 0x3A,
            BusinessDay(iso: String(text.prefix(10))) != nil,
            let hour = decimal(bytes[11..<13]), let minute = decimal(bytes[14..<16])
        else { return false }
        return hour < 24 && minute < 60
    }

    /// Whether a slip that is counted on `today` can show its time: from the year 2000 to the day
    /// after, as the clocks of card terminals differ.
    package func isPossible(on today: BusinessDay) -> Bool {
        guard let printedAt else { return true }
        guard let day = BusinessDay(iso: String(printedAt.prefix(10))) else { return false }
        return day.year >= Self.yearMin && day.ordinal <= today.ordinal + 1
    }

    /// No card terminal is older.
    private static let yearMin = 2_000

    /// The largest count that one scheme of a cut may have.
    package static let countMax: Int64 = 1_000_000
    /// The largest sum that one scheme of a cut may have, in cents: a billion euros.
    package static let amountMax: Int64 = 100_000_000_000

    /// The first scheme whose count or sum is out of range, so that the cut could not be read back.
    package var outOfRange: CardScheme? {
        let wrong = totals.filter { _, tally in
            !(0...Self.countMax).contains(tally.count)
                || !(-Self.amountMax...Self.amountMax).contains(tally.amount.value)
        }
        return wrong.keys.min { $0.rawValue < $1.rawValue }
    }
}

extension [BatchCut] {
    /// All cuts added up by card terminal and scheme.
    package var tallies: [CardKey: Tally] {
        var sums: [CardKey: Tally] = [:]
        for cut in self {
            for (scheme, tally) in cut.totals {
                let key = CardKey(cardTerminal: cut.cardTerminal, scheme: scheme)
                let before = sums[key] ?? Tally()
                sums[key] = Tally(
                    count: before.count + tally.count, amount: before.amount + tally.amount)
            }
        }
        return sums
    }

    /// The first cut that stands here twice: the same card terminal with the same number (leading
    /// zeros do not count), or twice without one, as card terminal and number; nil if none does.
    package var repeated: (cardTerminal: String, number: String)? {
        var seen: Set<[String]> = []
        for cut in self {
            let number = cut.number ?? ""
            let plain = cut.number.map(BatchCut.plain) ?? ""
            guard seen.insert([cut.cardTerminal, plain]).inserted else {
                return (cut.cardTerminal, number)
            }
        }
        return nil
    }
}

extension BatchCut {
    package var json: JSONValue {
        .fields([
            "tid": .string(cardTerminal), "number": number.map { .string($0) },
            "printedAt": printedAt.map { .string($0) }, "source": .string(source.rawValue),
            "totals": .array(
                totals.sorted { $0.key.rawValue < $1.key.rawValue }.map { scheme, tally in
                    .fields([
                        "scheme": .string(scheme.rawValue), "count": .integer(tally.count),
                        "amount": .integer(tally.amount.value),
                    ])
                }),
        ])
    }

    /// Reads ``json``; `source` may be left out where somebody typed.
    package init(json: JSONValue, path: String) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: path)
        let code = "1 to 16 digits or capital letters"
        func coded(_ text: String) -> String? { CardSlip.isCode(text) ? text : nil }
        let cardTerminal = try reader.parsed("tid", as: code, coded)
        let number = try reader.optionalParsed("number", as: code, coded)
        let printedAt = try reader.optionalParsed(
            "printedAt", as: "a local time such as 2026-11-20 18:05"
        ) { Self.isTime($0) ? $0 : nil }
        let source =
            reader.has("source") ? try reader.choice("source", of: Source.self) : .typed
        var totals: [CardScheme: Tally] = [:]
        for var total in try reader.objects("totals") {
            let scheme: CardScheme = try total.choice("scheme")
            guard totals[scheme] == nil else {
                throw JSONShapeError(
                    path: total.path(of: "scheme"), wanted: "each scheme once", found: "twice")
            }
            totals[scheme] = Tally(
                count: try total.integer("count", in: 0...Self.countMax),
                amount: Cents(try total.integer("amount", in: -Self.amountMax...Self.amountMax)))
            try total.finish()
        }
        try reader.finish()
        self.init(
            cardTerminal: cardTerminal, number: number, printedAt: printedAt, source: source,
            totals: totals)
    }
}
