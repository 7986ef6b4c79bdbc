import Units

/// Amounts and dates as bank files write them.
enum FieldReading {
    /// Cents of `1234.50` with `mark` before at most two decimals; more are allowed if they are
    /// zero. No sign, no exponent, no grouping; nil for anything else, and from ten billion Euro
    /// on: so the sum of the largest file stays far below what 64 bits hold.
    static func cents(_ text: String, mark: UInt8) -> Cents? {
        let bytes = Array(text.utf8)
        let place = bytes.firstIndex(of: mark) ?? bytes.count
        let fraction = bytes[min(place + 1, bytes.count)...]
        guard let whole = decimal(bytes[..<place]), whole < 10_000_000_000,
            fraction.allSatisfy({ (0x30...0x39).contains($0) }), fraction.count <= 18,
            fraction.dropFirst(2).allSatisfy({ $0 == 0x30 })
        else { return nil }
        var value = whole * 100
        for (digit, weight) in zip(fraction, [10, 1]) { value += Int(digit - 0x30) * weight }
        return Cents(Int64(value))
    }

    /// The day of `2026-11-22` or `2026-11-22T07:06:53.289+02:00`, as its own zone shows it; also
    /// `2026-11-22+01:00`, which XML Schema allows.
    static func day(_ text: String) -> BusinessDay? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10,
            bytes.count == 10 || [0x54, 0x5A, 0x2B, 0x2D].contains(bytes[10])
        else { return nil }
        return BusinessDay(iso: String(decoding: bytes[..<10], as: UTF8.self))
    }

    /// The id of a statement.
    ///
    /// - Throws: `B-E10` for one that is too long.
    static func id(_ text: String, line: Int, field: String) throws(StatementError) -> String {
        guard text.unicodeScalars.count <= StatementLimits.idLengthMax else {
            throw StatementError(
                .word, line: line, field: field, value: text,
                remedy: "Erlaubt sind \(StatementLimits.idLengthMax) Zeichen. Lassen Sie die Bank "
                    + "die Datei berichtigen.")
        }
        return text
    }

    /// The number of a statement.
    ///
    /// - Throws: `B-E10` for one that no bank counts up to.
    static func sequence(
        _ number: Int64, line: Int, field: String
    ) throws(StatementError) -> Int64 {
        guard number <= StatementLimits.sequenceMax else {
            throw StatementError(
                .word, line: line, field: field, value: "\(number)",
                remedy: "Erlaubt ist eine Nummer bis \(StatementLimits.sequenceMax). Lassen Sie "
                    + "die Bank die Datei berichtigen.")
        }
        return number
    }
}

extension StatementError {
    static func amount(_ text: String, line: Int?, field: String) -> StatementError {
        StatementError(
            .amount, line: line, field: field, value: text,
            remedy: "Erwartet wird ein Betrag ohne Vorzeichen in ganzen Cent. Gerundet wird "
                + "nichts; lassen Sie die Bank die Datei berichtigen.")
    }

    static func date(_ text: String, line: Int?, field: String) -> StatementError {
        StatementError(
            .date, line: line, field: field, value: text,
            remedy: "Diesen Tag gibt es im Kalender nicht. Lassen Sie die Bank die Datei "
                + "berichtigen.")
    }

    static func missing(_ field: String, line: Int?) -> StatementError {
        StatementError(
            .missing, line: line, field: field,
            remedy: "Die Angabe fehlt. Holen Sie die Datei neu ab.")
    }
}
