import Journal
import Storage
import Text
import Transparency

/// Whether the table of yards names every log: what it does not name nobody would look at.
struct YardCheck {
    let reading: Reading

    /// Every yard; none where nothing was recorded.
    ///
    /// - Throws: ``LogMisfit`` for a log without a yard and for a row that cannot be read; what
    ///   SQLite says.
    func yards() throws -> [YardRow] {
        let yards: [YardRow]
        do { yards = try reading.yards() } catch let row as DamagedRow {
            throw LogMisfit(
                nil, "a row of the table \(row.table) cannot be read", "the table was altered")
        }
        let hidden = try reading.loggedYards().first { number in
            !yards.contains { $0.number == number }
        }
        if let hidden {
            throw LogMisfit(
                nil, "there is a log number \(hidden), which the table of yards does not name",
                "the table was altered; the whole log of a yard is hidden")
        }
        return yards
    }
}

extension VerificationOptions {
    /// Makes sure that each log of the policy is there.
    ///
    /// - Parameter origins: names of the yards' first logs.
    func demandLogs(_ origins: [String]) throws(LogMisfit) {
        let missing = policy?.logs.first { log in
            let wanted = LogName.first(of: log.key.name)
            return !origins.contains { $0.hasSameBytes(as: wanted) }
        }
        if let missing {
            throw LogMisfit(
                nil, "the log \(missing.key.name), which the policy names, is not here",
                "it was removed, or the copy is older than it")
        }
    }
}
