import DayClosing
import Journal
import Operations
import Reconciliation
import Sales
import Text
import Units

// How the interface says what belongs together (docs/openapi.json).

extension ImportReport {
    var json: JSONValue {
        .fields([
            "statements": .array(
                parts.map { part in
                    .fields([
                        "name": .string(part.name), "account": .string(part.account),
                        "lines": .integer(Int64(part.lineCount)),
                        "duplicate": .bool(part.isDuplicate),
                        "findings": .array(part.findings.map(\.json)),
                    ])
                }), "booked": bookedCount.map { .integer(Int64($0)) } ?? .null,
            "problem": matching.problem?.json,
        ])
    }
}

extension ImportReport.Matching {
    /// Why the rules failed, and what to do; nil where they did not.
    fileprivate var problem: Problem? {
        guard case .failed(let error) = self else { return nil }
        let cause = error.map { Problem($0) }
        return Problem(
            cause?.status ?? 500, cause?.code ?? "internal",
            "The file is kept; the rules did not come to their end",
            [cause?.title, cause?.detail, "Then run them again (POST /v1/reconciliation/run)."]
                .compactMap(\.self).joined(separator: " "))
    }
}

extension StatementSeries {
    var json: JSONValue {
        .fields([
            "statements": .array(
                statements.map { statement in
                    .fields([
                        "name": .string(statement.name), "kind": .string(statement.kind.rawValue),
                        "account": .string(statement.account),
                        "currency": .string(statement.currency),
                        "day": .string(statement.lastDay.iso),
                        "opening": statement.opening.map { .integer($0.amount.value) } ?? .null,
                        "closing": statement.closing.map { .integer($0.amount.value) } ?? .null,
                        "lines": .integer(Int64(statement.entries.count)),
                    ])
                }), "findings": .array(findings.map(\.json)),
        ])
    }
}

extension BankBook {
    func json(claims: [Claim]) -> JSONValue {
        let bookable = Set(bookable)
        let lines = Dictionary(lines.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        return .fields([
            "cuts": .integer(Int64(cuts.count)), "lines": .integer(Int64(lines.count)),
            "open": .array(board.open.map { $0.json(lines) }),
            "matches": .array(board.matches.map { $0.json(isBookable: bookable.contains($0)) }),
            "settlements": .array(settlements.map(\.json)),
            "slips": .array(board.slips.filter { $0.verdict != .agrees }.map(\.json)),
            "clearing": .array(clearing.map(\.json)),
            "findings": .array(board.statements.map(\.json)),
            "claims": .array(claims.map(\.json)),
        ])
    }
}

extension OpenItem {
    fileprivate func json(_ lines: [BankLineKey: BankLine]) -> JSONValue {
        let line: BankLine? = if case .bank(let key) = item { lines[key] } else { nil }
        return .fields([
            "item": .string(item.code), "day": .string(day.iso), "age": .integer(Int64(ageDays)),
            "amount": .integer(amount.value), "reason": .string(reason.rawValue),
            "sentence": .string(reason.sentence),
            "candidates": .array(candidates.map { .string($0.code) }),
            "text": line.map { .string($0.text) },
        ])
    }
}

extension Match {
    fileprivate func json(isBookable: Bool) -> JSONValue {
        .fields([
            "rule": .string(rule.rawValue), "amount": .integer(amount.value),
            "fees": .integer(fees.value), "bookable": .bool(isBookable),
            "expected": .array(expected.map { .string($0.code) }),
            "received": .array(received.map { .string($0.code) }),
        ])
    }
}

extension PlacedSettlement {
    fileprivate var json: JSONValue {
        .fields([
            "id": .string(id), "kind": .string(record.kind.rawValue),
            "rule": .string(record.rule), "at": .string(at.iso), "by": .string(record.by.text),
            "expected": .array(record.expected.map { .string($0.code) }),
            "received": .array(record.received.map { .string($0.code) }),
            "shares": .array(shares.map(\.json)), "original": record.original?.json,
            "reason": record.reason.map { .string($0) },
        ])
    }
}

extension SlipFinding {
    fileprivate var json: JSONValue {
        .fields([
            "close": .string(part.close), "tid": .string(part.cardTerminal),
            "scheme": part.scheme.map { .string($0.rawValue) }, "day": .string(part.day.iso),
            "expected": .integer(expected.amount.value),
            "counted": counted.map { .integer($0.amount.value) },
            "verdict": .string(verdict.rawValue),
        ])
    }
}

extension ClearingProof {
    fileprivate var json: JSONValue {
        .fields([
            "scheme": .string(scheme.rawValue), "balance": .integer(balance.value),
            "unexplained": .integer(unexplained.value),
            "items": .array(
                items.map { item in
                    .fields([
                        "cause": .string(item.cause.rawValue), "item": .string(item.item.code),
                        "day": .string(item.day.iso), "amount": .integer(item.amount.value),
                    ])
                }),
        ])
    }
}

extension StatementFinding {
    fileprivate var json: JSONValue {
        .fields([
            "code": .string(code.rawValue), "account": .string(account),
            "statement": .string(statement), "entry": entry.map { .integer(Int64($0)) },
            "detail": .string(detail),
        ])
    }
}

extension Claim {
    fileprivate var json: JSONValue {
        .fields([
            "yard": .string(yard.id.text), "receipt": .string(sale.receiptNumber),
            "day": .string(day.iso), "age": .integer(Int64(ageDays)),
            "amount": .integer(amount.value), "paid": .integer(paid.value),
            "open": .integer(open.value), "hasDebtor": .bool(hasDebtor),
        ])
    }
}
