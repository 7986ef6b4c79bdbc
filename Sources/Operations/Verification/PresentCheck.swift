import Journal
import Storage
import Units

/// Compares with a log what tables say of the present: that no row stands for an entry that is not
/// there, which holds are in force, how records stand after later ones. Where the log grew since it
/// was looked at, they say more than it, and are not compared.
struct PresentCheck {
    let path: String
    /// How many entries were looked at.
    let size: Int64
    let assembly: LogAssembly

    private var yard: YardRow { assembly.book.yard }

    /// Records whose standing is compared in one read, since none must be a long one.
    private static let atOnce = 256

    /// - Throws: ``LogMisfit``; what SQLite says.
    func check() throws {
        let database = try ReadOnlyDatabase(path: path)
        let positions = try database.read { reading in
            try ifWhole(reading) {
                try checkEnd(reading)
                try checkHolds(reading)
                return try reading.standingPositions(yard: yard.number)
            }
        }
        var left = (positions ?? [])[...]
        while !left.isEmpty {
            let some = left.prefix(Self.atOnce)
            let isDone: Void? = try database.read { reading in
                try ifWhole(reading) {
                    for position in some { try checkStanding(at: position, reading) }
                }
            }
            left = isDone == nil ? [] : left.dropFirst(some.count)
        }
        try database.close()
    }

    /// Nil, and nothing done, where the log grew.
    private func ifWhole<Value>(_ reading: Reading, _ body: () throws -> Value) throws -> Value? {
        try reading.logSize(yard: yard.number) == size ? body() : nil
    }

    private func checkEnd(_ reading: Reading) throws {
        if let table = try reading.tableBeyondEnd(yard: yard.number, size: size) {
            throw LogMisfit(
                nil, "the table \(table) has a row behind the end of the log",
                "lists and prices may count what never was; the journal itself fits")
        }
        if let position = try reading.standingWithoutCause(yard: yard.number) {
            throw Self.standing(position)
        }
    }

    private func checkHolds(_ reading: Reading) throws {
        let held: [LegalHold]?
        do { held = try reading.holds(yard: yard.number) } catch is DamagedRow { held = nil }
        guard held == assembly.book.erasures.holds.values.sorted(by: { $0.number < $1.number })
        else {
            throw LogMisfit(
                nil, "the table of holds says something else than the log",
                "personal data may be erased that has to stay; the journal itself fits")
        }
    }

    private func checkStanding(at position: LogPosition, _ reading: Reading) throws {
        let wanted = try SaleDetail(at: position, reading).standing
        guard try reading.listedStanding(at: position) == wanted else {
            throw Self.standing(position)
        }
    }

    private static func standing(_ position: LogPosition) -> LogMisfit {
        LogMisfit(
            position.index, "the table of standings says something else than the log",
            "a sale may look open, paid or taken back that is not; the journal itself fits")
    }
}
