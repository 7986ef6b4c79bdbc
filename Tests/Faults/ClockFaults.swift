import Calendars
import Foundation
import Sales
import Storage
import Text
import Units

extension Fault {
    static let clocks = [
        Fault(
            "F15", "server clock 1 h or 3 d slow, 1 y fast, standing, jumping", short: 1, full: 10,
            bite: .noClockFlag
        ) { trial in
            let site = try trial.site()
            let file = "\(site.folder)/faketime.rc"
            // An absolute time stands; one slowed down would slow the sleeps of programs as well.
            let standing = Self.words(SystemClock.now())
            let clock = ["-1h", "-3d", "+1y", standing, "+0"][trial.round % 5]
            try Data("\(clock)\n".utf8).write(to: URL(fileURLWithPath: file))
            let server = try site.serve(
                wrapper: try .faketime(),
                environment: [
                    "FAKETIME_TIMESTAMP_FILE": file, "FAKETIME_NO_CACHE": "1",
                    // No clock on the wall slows down the time that sleeps go by.
                    "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                ])
            let load = Load(site, port: server.port, pauseMicroseconds: 5_000)
            for jump in trial.round % 5 == 4 ? ["+2h", "-1h", "+40d", "+0"] : [clock] {
                try Data("\(jump)\n".utf8).write(to: URL(fileURLWithPath: file))
                usleep(300_000)
            }
            // Nobody closes a day that the server takes for one to come.
            let hours: Int64 = ["-1h": -1, "-3d": -72][clock] ?? 0
            try server.office().closeDay(site.day(after: hours))
            load.stop()
            let flagged = site.history.receipts.values.joined()
                .filter { $0.flags.contains("clock-skew") }.count
            let name = clock == standing ? "standing" : clock
            trial.note("flagged \(name)", Double(flagged))
            if ["-1h", "-3d"].contains(clock), flagged == 0 {
                trial.complain("sales ahead of the server's clock carry no flag")
            }
            try server.stop()
            // The next start has the right time again; order is by index, not by clock.
            try trial.recover(site)
        },
        Fault(
            "F16", "nights of the clock change, new year, 29 February", short: 1, full: 8,
            bite: .utcDays
        ) { trial in
            let nights = ["2026-10-25", "2026-03-29", "2026-12-31", "2028-02-29"]
            let day = nights[trial.round % nights.count]
            guard let midnight = Timestamp(iso: "\(day)T00:00:00.000Z"),
                let date = BusinessDay(iso: day)
            else { throw Unforeseen("\(day) is no day") }
            // A minute before one o'clock UTC: the clocks change while the terminals sell.
            let start = midnight.adding(milliseconds: 59 * 60_000 + 57_000)
            let wrapper = try [String].faketime(at: start)
            let folder = "\(trial.folder)/town"
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            let town = try Town(in: folder, day: date, wrapper: wrapper)
            let site = try trial.site(of: town)
            let server = try site.serve(wrapper: wrapper)
            for minute in 0..<30 {
                let sale = try site.registers[minute % 4].sign(
                    at: start.adding(milliseconds: Int64(minute) * 300_000 - 3_600_000))
                site.history.post(sale)
                _ = SteadyLine(port: server.port, history: site.history).deliver(sale, attempts: 5)
                if minute == 15 { sleep(3) }
            }
            let office = try server.office()
            // Just before midnight UTC, and past midnight at the yard.
            let night = start.adding(milliseconds: -3_600_000 + 1_000)
            let void = try site.registers[7].signVoid(at: night)
            for record in [void.sale, void.void] {
                site.history.post(record)
                _ = SteadyLine(port: server.port, history: site.history).deliver(
                    record, attempts: 5)
            }
            try trial.expectVoid(void.void.reference, on: day, office)
            try office.closeDay(day)
            try office.export(1)
            site.repeatAll(port: server.port)
            try server.stop()
            try trial.verifyAll(site)
        },
    ]
}

extension Fault {
    /// A time as libfaketime reads it.
    fileprivate static func words(_ time: Timestamp) -> String {
        String(time.iso.prefix(19).replacing("T", with: " "))
    }
}

extension Trial {
    /// A void belongs to the day at the yard on which it was signed.
    fileprivate func expectVoid(_ reference: SaleReference, on day: String, _ office: Office) throws
    {
        let path = "/v1/yards/hof-1/sales?day=\(day)&terminal=\(reference.terminal)&state=void"
        let found = try office.succeed("GET", path, by: "anna")["sales"]?.array ?? []
        if found.map({ $0["seq"]?.integer }) != [reference.sequence] {
            complain("I6: the void of \(day) is not found on its day: \(found)")
        }
    }
}

extension [String] {
    /// The wrapper that gives a program another wall clock; its other clock stays. Without a time
    /// the library reads it from the file FAKETIME_TIMESTAMP_FILE.
    ///
    /// The wrapper is needed then too: the library alone moves the environment, and a Swift program
    /// finds its arguments in front of it.
    fileprivate static func faketime(at time: Timestamp? = nil) throws -> [String] {
        guard isInstalled("faketime") else { throw Skipped(reason: "faketime is not installed") }
        let wrapper = ["env", "TZ=UTC", "FAKETIME_DONT_FAKE_MONOTONIC=1", "faketime", "-m", "-f"]
        guard let time else { return wrapper + ["+0", "env", "-u", "FAKETIME"] }
        return wrapper + ["@\(Fault.words(time))"]
    }
}
