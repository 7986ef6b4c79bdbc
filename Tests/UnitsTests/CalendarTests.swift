import Testing
import Units

struct BusinessDayTests {
    @Test func `every day from 1900 to 2199 has its own number and weekday`() {
        var ordinal = -25_567
        var weekday = 1
        var wrong: [String] = []
        for year in 1900...2199 {
            for month in 1...12 {
                for number in 1...31 {
                    guard let day = BusinessDay(year: year, month: month, day: number) else {
                        continue
                    }
                    if day.ordinal != ordinal || BusinessDay(ordinal: ordinal) != day
                        || day.weekday != weekday || BusinessDay(iso: day.iso) != day
                    {
                        wrong.append(day.iso)
                    }
                    ordinal += 1
                    weekday = weekday % 7 + 1
                }
            }
        }
        #expect(wrong.isEmpty)
        #expect(ordinal == 84_006)
        #expect(BusinessDay(ordinal: -25_568) == nil)
        #expect(BusinessDay(ordinal: 84_006) == nil)
    }

    @Test(arguments: [
        ("1900-01-01", 1), ("1970-01-01", 4), ("1999-12-31", 5), ("2000-02-29", 2),
        ("2024-02-29", 4), ("2026-11-22", 7), ("2100-03-01", 1), ("2199-12-31", 2),
    ])
    func `known weekdays`(iso: String, weekday: Int) {
        #expect(BusinessDay(iso: iso)?.weekday == weekday)
    }

    @Test(arguments: [(1900, false), (2000, true), (2023, false), (2024, true), (2100, false)])
    func `leap years after the Gregorian rule`(year: Int, isLeap: Bool) {
        #expect((BusinessDay(year: year, month: 2, day: 29) != nil) == isLeap)
        #expect(BusinessDay(year: year, month: 2, day: 28) != nil)
        let march = BusinessDay(year: year, month: 2, day: 28)?.adding(days: isLeap ? 2 : 1)
        #expect(march?.month == 3 && march?.day == 1)
    }

    @Test(arguments: [
        "", "2026-1-02", "2026-11-31", "2026-13-01", "2026-00-10", "2026-01-00", "1899-12-31",
        "2200-01-01", "2026/01/01", "2026-01-01 ", "+026-01-01", "2026-01-1a", "２０26-01-01",
        "20260101",
    ])
    func `no day`(text: String) {
        #expect(BusinessDay(iso: text) == nil)
    }

    @Test func `days are ordered and counted`() throws {
        let first = try #require(BusinessDay(iso: "2025-12-31"))
        let next = try #require(first.adding(days: 1))
        #expect(next.iso == "2026-01-01")
        #expect(first < next)
        #expect(BusinessDay(iso: "2199-12-31")?.adding(days: 1) == nil)
        for days in [Int.min, .max] {
            #expect(next.adding(days: days) == nil)
            #expect(BusinessDay(ordinal: days) == nil)
        }
    }
}

struct TimestampTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00.000Z", 0), ("1969-12-31T23:59:59.999Z", -1),
            ("2026-11-22T17:24:47.123Z", 1_795_368_287_123),
            ("1900-01-01T00:00:00.000Z", -2_208_988_800_000),
            ("2199-12-31T23:59:59.999Z", 7_258_118_399_999),
        ] as [(String, Int64)])
    func `text and milliseconds are the same instant`(text: String, milliseconds: Int64) {
        #expect(Timestamp(iso: text)?.milliseconds == milliseconds)
        #expect(Timestamp(milliseconds: milliseconds)?.iso == text)
    }

    @Test(arguments: [
        "", "2026-11-22T17:24:47Z", "2026-11-22T17:24:47.12Z", "2026-11-22T17:24:47.1234Z",
        "2026-11-22t17:24:47.123Z", "2026-11-22T17:24:47.123z", "2026-11-22T17:24:47,123Z",
        "2026-11-22T24:00:00.000Z", "2026-11-22T23:60:00.000Z", "2026-11-22T23:59:60.000Z",
        "2026-02-29T00:00:00.000Z", "2026-11-22T17:24:47.123+", "2200-01-01T00:00:00.000Z",
        "2026-11-22 17:24:47.123Z", " 026-11-22T17:24:47.123Z", "2026-11-22T-1:24:47.123Z",
    ])
    func `no instant`(text: String) {
        #expect(Timestamp(iso: text) == nil)
    }

    @Test func `an instant stays within the supported years`() throws {
        let last = try #require(Timestamp(milliseconds: 7_258_118_399_999))
        #expect(last.adding(milliseconds: 1) == last)
        #expect(last.adding(milliseconds: -1) < last)
        #expect(last.adding(milliseconds: .max) == last)
        #expect(last.adding(milliseconds: .min) == last)
        #expect(Timestamp(milliseconds: 7_258_118_400_000) == nil)
        #expect(Timestamp(milliseconds: -2_208_988_800_001) == nil)
        #expect(Timestamp(milliseconds: .max) == nil)
        #expect(Timestamp(milliseconds: .min) == nil)
        #expect(Timestamp(milliseconds: -1)?.dayUTC.iso == "1969-12-31")
    }
}
