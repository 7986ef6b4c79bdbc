import Units

extension XMLElement {
    /// The amount of this element: whole cents without a sign.
    func cents() throws(StatementError) -> Cents {
        guard let cents = FieldReading.cents(trimmed, mark: 0x2E) else {
            throw .amount(trimmed, line: line, field: name)
        }
        return cents
    }

    /// `Amt` and `CdtDbtInd` below this element as one signed amount, with its currency.
    func signedAmount() throws(StatementError) -> (Cents, currency: String) {
        guard let amount = self["Amt"] else { throw .missing("\(name)/Amt", line: line) }
        guard let currency = amount.currency, !currency.isEmpty else {
            throw .missing("\(name)/Amt@Ccy", line: amount.line)
        }
        let magnitude = try amount.cents()
        guard words("CdtDbtInd") != nil else { throw .missing("\(name)/CdtDbtInd", line: line) }
        return (try isDebit(default: false) ? -magnitude : magnitude, currency)
    }

    func isDebit(default side: Bool) throws(StatementError) -> Bool {
        switch words("CdtDbtInd") {
        case "DBIT": return true
        case "CRDT": return false
        case nil: return side
        case let found?:
            throw StatementError(
                .word, line: line, field: "\(name)/CdtDbtInd", value: found,
                remedy: "Erlaubt sind CRDT und DBIT.")
        }
    }

    /// The day below `path`, given as `Dt` or `DtTm`; nil where there is none.
    func day(_ path: String) throws(StatementError) -> BusinessDay? {
        guard let text = words("\(path)/Dt") ?? words("\(path)/DtTm") else { return nil }
        guard let day = FieldReading.day(text) else {
            throw .date(text, line: at(path)?.line, field: "\(name)/\(path)")
        }
        return day
    }

    /// The number of a statement.
    func number() throws(StatementError) -> Int64 {
        guard let number = decimal(Array(trimmed.utf8)[...]) else {
            throw StatementError(
                .word, line: line, field: name, value: trimmed,
                remedy: "Erwartet wird eine Zahl.")
        }
        return try FieldReading.sequence(Int64(number), line: line, field: name)
    }
}
