import Reconciliation
import Units

/// One MT940 statement while its fields arrive.
struct MT940Draft {
    let message: String
    let line: Int
    private var account: String?
    private var sequence: Int64?
    /// Of the statement, from 1; nil where the bank gives none.
    private var page: Int?
    private var opening: StatementBalance?
    private var closing: StatementBalance?
    /// Whether it begins with a balance between two pages, and whether it ends with one.
    private var isFurther = false
    private var isUnfinished = false
    private var lines: [MT940Line] = []

    init(message: String, line: Int) {
        self.message = message
        self.line = line
    }

    mutating func take(_ field: MT940Field) throws(StatementError) {
        try checkOrder(field)
        switch field.tag {
        case "25": account = field.value
        case "28C", "28": try take(number: field)
        case "60F", "60M":
            opening = try balance(field)
            isFurther = field.tag == "60M"
        case "62F", "62M":
            closing = try balance(field)
            isUnfinished = field.tag == "62M"
        case "61": lines.append(try MT940Line(field))
        case "86": if closing == nil, !lines.isEmpty { lines[lines.count - 1].words = field.value }
        default: break
        }
    }

    /// `7/1`: the number of the statement, and the page.
    private mutating func take(number field: MT940Field) throws(StatementError) {
        let bytes = Array(field.value.utf8)
        let digits = bytes.prefix { $0 != 0x2F }
        page = decimal(bytes.dropFirst(digits.count + 1))
        sequence = nil
        guard let number = decimal(digits) else { return }
        sequence = try FieldReading.sequence(
            Int64(number), line: field.line, field: ":\(field.tag):")
    }

    /// What would join two statements, perhaps of two accounts, into one: a second account or
    /// balance, an entry behind the closing balance.
    private func checkOrder(_ field: MT940Field) throws(StatementError) {
        let isBehindEnd =
            switch field.tag {
            case "25": account != nil
            case "60F", "60M": opening != nil
            case "61", "62F", "62M": closing != nil
            default: false
            }
        guard isBehindEnd else { return }
        throw StatementError(
            .brokenMT940, line: field.line, field: ":\(field.tag):", value: field.value,
            remedy: "Hier beginnt ein weiterer Auszug ohne :20:. Holen Sie die Datei neu ab.")
    }

    /// Whether the message is the next page of this statement: it begins with the balance that this
    /// page ends with.
    func isContinued(by message: MT940Draft) -> Bool {
        guard let page, let next = message.page, isUnfinished, message.isFurther else {
            return false
        }
        return next == page + 1 && message.message == self.message && message.account == account
            && message.sequence == sequence && message.opening == closing
    }

    /// Takes over the next page.
    mutating func append(_ message: MT940Draft) {
        page = message.page
        closing = message.closing
        isUnfinished = message.isUnfinished
        lines += message.lines
    }

    /// What every message must say.
    @discardableResult
    func check() throws(StatementError) -> (account: String, opening: StatementBalance) {
        guard let account else { throw .missing(":25:", line: line) }
        guard let opening else { throw .missing(":60F:", line: line) }
        return (account, opening)
    }

    func finished() throws(StatementError) -> BankStatement {
        let (account, opening) = try check()
        return BankStatement(
            kind: .statement, message: message, id: message,
            // Number 0 stands for a bank that does not number.
            sequence: sequence == 0 ? nil : sequence, account: account,
            currency: opening.currency, opening: opening, closing: closing,
            entries: lines.map { $0.entry(currency: opening.currency) })
    }

    /// `C230209EUR100,00`.
    private func balance(_ field: MT940Field) throws(StatementError) -> StatementBalance {
        let bytes = Array(field.value.utf8)
        guard bytes.count > 10, bytes[0] == 0x43 || bytes[0] == 0x44 else {
            throw StatementError(
                .brokenMT940, line: field.line, field: ":\(field.tag):", value: field.value,
                remedy: "Erwartet wird ein Saldo wie C230209EUR100,00.")
        }
        let text = { (slice: ArraySlice<UInt8>) in String(decoding: slice, as: UTF8.self) }
        guard let day = MT940Line.day(bytes[1..<7]) else {
            throw .date(text(bytes[1..<7]), line: field.line, field: ":\(field.tag):")
        }
        guard let cents = FieldReading.cents(text(bytes[10...]), mark: 0x2C) else {
            throw .amount(text(bytes[10...]), line: field.line, field: ":\(field.tag):")
        }
        return StatementBalance(
            amount: bytes[0] == 0x44 ? -cents : cents, currency: text(bytes[7..<10]), day: day)
    }
}

/// Field 61 with the field 86 that follows it.
struct MT940Line {
    private let amount: Cents
    private let isReversal: Bool
    private let valueOn: BusinessDay
    private let bookedOn: BusinessDay
    private let references: [String]
    private let bankReference: String?
    var words = ""

    /// Value date, booking date (optional), mark, third letter of the currency (optional), amount,
    /// kind, reference, bank's reference after two slashes (optional), supplement on a new line.
    init(_ field: MT940Field) throws(StatementError) {
        let lines = field.value.split(separator: "\n", maxSplits: 1)
        var rest = Array((lines.first ?? "").utf8)[...]
        let text = { (slice: ArraySlice<UInt8>) in String(decoding: slice, as: UTF8.self) }
        guard let value = Self.day(rest.prefix(6)) else {
            throw .date(text(rest.prefix(6)), line: field.line, field: ":61:")
        }
        rest = rest.dropFirst(6)
        let booked = rest.prefix { (0x30...0x39).contains($0) }
        rest = rest.dropFirst(booked.count)
        bookedOn = try Self.bookingDay(booked, value, field)
        isReversal = rest.first == 0x52
        if isReversal { rest = rest.dropFirst() }
        let side = rest.popFirst()
        guard side == 0x43 || side == 0x44 else { throw Self.broken(field) }
        if let letter = rest.first, (0x41...0x5A).contains(letter) { rest = rest.dropFirst() }
        let digits = rest.prefix { (0x30...0x39).contains($0) || $0 == 0x2C }
        guard let cents = FieldReading.cents(text(digits), mark: 0x2C) else {
            throw .amount(text(digits), line: field.line, field: ":61:")
        }
        rest = rest.dropFirst(digits.count)
        guard rest.count >= 4, digits.contains(0x2C) else { throw Self.broken(field) }
        // A reversed credit (RC) takes money away, a reversed debit (RD) brings it back.
        let isDebit = (side == 0x44) != isReversal
        amount = isDebit ? -cents : cents
        valueOn = value
        let parts = text(rest.dropFirst(4)).split(separator: "/", omittingEmptySubsequences: true)
        references = parts.prefix(1).map(String.init).filter { $0 != "NONREF" }
        bankReference = parts.count > 1 ? String(parts[1]) : nil
    }

    /// Two-digit years are of this century.
    static func day(_ digits: ArraySlice<UInt8>) -> BusinessDay? {
        guard digits.count == 6, let number = decimal(digits) else { return nil }
        return BusinessDay(
            year: 2000 + number / 10_000, month: number / 100 % 100, day: number % 100)
    }

    /// Four digits, month and day; the year is that which lies nearest to the value date.
    private static func bookingDay(
        _ digits: ArraySlice<UInt8>, _ value: BusinessDay, _ field: MT940Field
    ) throws(StatementError) -> BusinessDay {
        guard !digits.isEmpty else { return value }
        guard digits.count == 4, let number = decimal(digits) else { throw broken(field) }
        // 29 February is a day of few years: one that is not near is not meant.
        let days = (-1...1).compactMap {
            BusinessDay(year: value.year + $0, month: number / 100, day: number % 100)
        }.filter { abs($0.ordinal - value.ordinal) <= 183 }
        let nearest = days.min {
            abs($0.ordinal - value.ordinal) < abs($1.ordinal - value.ordinal)
        }
        guard let nearest else {
            throw .date(
                String(decoding: digits, as: UTF8.self), line: field.line, field: ":61:")
        }
        return nearest
    }

    private static func broken(_ field: MT940Field) -> StatementError {
        StatementError(
            .brokenMT940, line: field.line, field: ":61:", value: field.value,
            remedy: "Erwartet wird ein Umsatz wie 2302090209CR2,00NTRFNONREF.")
    }

    func entry(currency: String) -> StatementEntry {
        let details = MT940Words(words)
        return StatementEntry(
            amount: amount, currency: currency, status: .booked, isReversal: isReversal,
            bookedOn: bookedOn, valueOn: valueOn, kind: TransactionKind(gvc: details.gvc),
            facts: TransactionFacts(
                bankReference: bankReference, references: references, party: details.party,
                text: details.text),
            card: nil, details: [])
    }
}

/// Field 86: `166?00GUTSCHRIFT?20text?21more?32name`, or plain words.
struct MT940Words {
    let gvc: String?
    let party: String?
    let text: String

    init(_ value: String) {
        // Banks break lines anywhere, even inside a word.
        let whole = value.split(separator: "\n").joined()
        let parts = whole.split(separator: "?", omittingEmptySubsequences: false)
        guard parts.count > 1, parts[0].utf8.count == 3,
            parts[0].utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else {
            (gvc, party, text) = (nil, nil, value.split(separator: "\n").joined(separator: " "))
            return
        }
        var fields: [(number: Int, text: String)] = []
        for part in parts.dropFirst() {
            guard let number = decimal(Array(part.utf8.prefix(2))[...]) else { continue }
            fields.append((number, String(part.dropFirst(2))))
        }
        let remittance = fields.filter { (20...29).contains($0.number) || (60...63) ~= $0.number }
        let name = fields.filter { (32...33).contains($0.number) }.map(\.text).joined()
        let title = fields.filter { $0.number == 0 }.map(\.text)
        gvc = String(parts[0])
        party = name.isEmpty ? nil : name
        text = ([Remittance.joined(remittance.map(\.text), width: 27)] + title)
            .filter { !$0.isEmpty }.joined(separator: " ")
    }
}
