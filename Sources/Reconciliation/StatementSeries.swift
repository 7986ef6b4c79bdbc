package import Units

/// All bank statements known, each once, and what does not fit between them.
///
/// The order in which statements are given does not matter; giving one twice changes nothing but
/// the findings (finance.md 3.5; the key is made of the bank's ids, never of texts).
package struct StatementSeries: Hashable, Sendable {
    /// By account, currency, kind, day and number.
    package let statements: [BankStatement]
    package let findings: [StatementFinding]

    package init(_ given: [BankStatement]) {
        var kept: [BankStatement] = []
        var findings: [StatementFinding] = []
        for statement in given.sorted(by: Self.precedes) {
            guard let last = kept.last, last.identity == statement.identity else {
                kept.append(statement)
                continue
            }
            findings.append(Self.again(statement, after: last))
        }
        findings += kept.flatMap(\.findings)
        for (before, after) in zip(kept, kept.dropFirst()) {
            findings += Self.step(from: before, to: after)
        }
        self.statements = kept
        self.findings = findings
    }

    private static func again(
        _ statement: BankStatement, after last: BankStatement
    ) -> StatementFinding {
        statement.hasContent(of: last)
            ? StatementFinding(
                .duplicate, statement, detail: "Der Auszug war schon da; er zählt einmal.")
            : StatementFinding(
                .conflict, statement,
                detail: "Ein anderer Inhalt unter derselben Auszugsnummer. Der zuerst "
                    + "eingeordnete zählt; fragen Sie die Bank.")
    }

    /// What is wrong between two statements that follow one another in the list.
    private static func step(
        from before: BankStatement, to after: BankStatement
    ) -> [StatementFinding] {
        guard before.kind == .statement, after.kind == .statement,
            before.account == after.account, before.currency == after.currency
        else { return [] }
        var found: [StatementFinding] = []
        if let number = before.sequence, let next = after.sequence, next > number + 1 {
            found.append(
                StatementFinding(
                    .gap, after, detail: gapWords(next - number - 1, after: number)))
        }
        if let closing = before.closing, let opening = after.opening,
            closing.amount != opening.amount
        {
            found.append(
                StatementFinding(
                    .chainBroken, after,
                    detail:
                        "Anfangssaldo \(GermanFormat.amount(opening.amount)), der Schlusssaldo "
                        + "davor (\(before.name)) ist \(GermanFormat.amount(closing.amount))."))
        }
        return found
    }

    private static func gapWords(_ count: Int64, after number: Int64) -> String {
        "Nach Nr. \(number) " + (count == 1 ? "fehlt 1 Auszug." : "fehlen \(count) Auszüge.")
    }

    private static func precedes(_ left: BankStatement, _ right: BankStatement) -> Bool {
        let (first, second) = (left.identity, right.identity)
        guard first == second else { return first < second }
        // Among conflicting deliveries the choice must not depend on the order given.
        guard left.fingerprint == right.fingerprint else {
            return left.fingerprint.lexicographicallyPrecedes(right.fingerprint)
        }
        return left.words.lexicographicallyPrecedes(right.words)
    }
}

extension BankStatement {
    struct Identity: Hashable, Comparable {
        let account: String
        let currency: String
        let kind: String
        let day: BusinessDay
        let sequence: Int64
        let id: String

        static func < (left: Self, right: Self) -> Bool {
            guard left.account == right.account, left.currency == right.currency else {
                return (left.account, left.currency) < (right.account, right.currency)
            }
            return (left.kind, left.day, left.sequence, left.id)
                < (right.kind, right.day, right.sequence, right.id)
        }
    }

    var identity: Identity {
        Identity(
            account: account, currency: currency, kind: kind.rawValue, day: lastDay,
            sequence: sequence ?? 0, id: id)
    }

    /// The day it speaks about: of the closing balance, else of its last entry.
    package var lastDay: BusinessDay {
        closing?.day ?? opening?.day ?? entries.compactMap(\.bookedOn).max() ?? Self.noDay
    }

    private static let noDay: BusinessDay = {
        guard let day = BusinessDay(ordinal: 0) else { preconditionFailure("1970-01-01 is a day") }
        return day
    }()

    /// Whether both say the same, whatever message brought them.
    func hasContent(of other: BankStatement) -> Bool {
        opening == other.opening && closing == other.closing && entries == other.entries
    }

    /// Some total order over contents.
    fileprivate var fingerprint: [Int64] {
        [opening?.amount.value ?? 0, closing?.amount.value ?? 0, Int64(entries.count)]
            + entries.map(\.amount.value)
    }

    fileprivate var words: [String] {
        entries.flatMap { [$0.facts.text, $0.facts.bankReference ?? ""] + $0.facts.references }
    }
}
