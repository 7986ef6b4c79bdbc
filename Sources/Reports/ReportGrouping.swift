package import Sales
package import Units

/// By what a report adds up.
package enum ReportGrouping: String, Hashable, Sendable, CaseIterable {
    /// Material (Abfallart), by the lines of the sales.
    case fraction
    /// Tariff position, by the lines of the sales.
    case position
    /// Local hour of the terminal's clock.
    case hour
    case weekday, day, month
    /// How it was settled.
    case method
    case yard

    /// Whether rows hold lines of sales; else they hold whole sales.
    package var isByLine: Bool { self == .fraction || self == .position }

    /// Whether rows follow the calendar; else the largest turnover comes first.
    package var isByTime: Bool {
        switch self {
        case .hour, .weekday, .day, .month: true
        case .fraction, .position, .method, .yard: false
        }
    }

    /// The code of the row a year later, beside which a row of the year before stands. That of a
    /// leap day is no day, so that a leap day stands alone.
    func yearLater(_ code: String) -> String {
        switch self {
        case .day, .month:
            guard let year = Int(code.prefix(4)) else { return code }
            return "\(padded(year + 1, 4))\(code.dropFirst(4))"
        case .fraction, .position, .hour, .weekday, .method, .yard: return code
        }
    }
}

/// A sale or what was taken back of one, as reports see it.
package struct ReportedRecord: Hashable, Sendable {
    package enum Change: Hashable, Sendable {
        case sold(Sale)
        /// Lines that were taken back; with their amounts where the sale was a mistake (a void),
        /// without where only money went back (a refund).
        case takenBack([Reversal.Line], of: Sale, withAmounts: Bool)
    }

    package let yard: YardID
    package let yardName: String
    /// The local day it counts for.
    package let day: BusinessDay
    /// Local hour, 0 to 23.
    package let hour: Int64
    package let change: Change

    package init(
        yard: YardID, yardName: String, day: BusinessDay, hour: Int64, change: Change
    ) {
        self.yard = yard
        self.yardName = yardName
        self.day = day
        self.hour = hour
        self.change = change
    }
}
