import Calendars
import Foundation
import Storage
import Units

extension Fault {
    static let crashes = [
        Fault(
            "F1", "kill -9 at random under load", short: 3, full: 200, bite: .earlyAnswer,
            within: 20
        ) { trial in
            let site = try trial.site()
            let server = try site.serve()
            let load = Load(site, port: server.port)
            usleep(UInt32(trial.any(100_000...2_000_000)))
            server.child.signal(SIGKILL)
            server.child.wait()
            load.join()
            try trial.recover(site, restartMax: 2)
        },
        Fault(
            "F2", "kill at each named point", short: FaultPoint.server.count,
            full: 4 * FaultPoint.server.count, bite: .earlyAnswer, within: 10,
            shownBy: ["/closes/next/approve: 409"]
        ) { trial in
            let points = FaultPoint.server
            let number = trial.breakage == nil ? trial.round % points.count : 0
            try trial.crash(at: points[number])
        },
        Fault(
            "F28", "stopped for a while, then SIGTERM under load", short: 1, full: 10,
            bite: .endlessDrain, shownBy: ["after SIGTERM"], isTimed: true
        ) { trial in
            let site = try trial.site()
            let server = try site.serve()
            let load = Load(site, port: server.port, isPersistent: true)
            usleep(300_000)
            server.child.signal(SIGSTOP)
            sleep(trial.round % 5 == 1 ? 30 : 2)
            server.child.signal(SIGCONT)
            usleep(300_000)
            let began = ContinuousClock.now
            try server.stop()
            let seconds = began.duration(to: .now) / .seconds(1)
            trial.note("drain s", seconds)
            if seconds > 10 { trial.complain("the drain took \(seconds) s") }
            load.stop()
            try trial.recover(site)
        },
    ]
}

extension FaultPoint {
    /// The points that a serving process passes; the broken round begins with the first.
    static let server = [FaultPoint.beforeCommit] + serving.filter { $0 != .beforeCommit }
    /// The same in the order of work.
    static let serving = allCases.filter { ![.beforeMigrationCommit, .idle].contains($0) }
    /// Those of them that the writer's threads pass, so that nothing is written meanwhile.
    static let writing = serving.filter { $0 != .whileRendering }

    /// How often it is passed before the crash.
    func passes(_ trial: Trial) -> Int {
        switch self {
        case .beforeInsert, .afterInsert: trial.any(1...300)
        case .beforeCommit, .afterCommit, .beforeSigning, .afterSigning, .beforeAnswer,
            .afterFirstAnswer, .afterAnswer:
            trial.any(2...40)
        case .beforeHeadFile, .afterHeadFile: trial.any(1...3)
        case .beforeClose, .afterCloseEntry, .afterCloseRow, .whileRendering, .afterExportPart,
            .afterExportEntry, .beforeMigrationCommit, .idle:
            1
        }
    }
}

extension Trial {
    /// Kills the server at a named point under load, with a close and an export under way.
    fileprivate func crash(at point: FaultPoint) throws {
        let site = try site()
        #if DEBUG
        let wanted = [ProvokedFaults.crashVariable: "\(point) \(point.passes(self))"]
        #else
        let wanted: [String: String] = [:]
        throw Skipped(reason: "a release build has no crash points")
        #endif
        let server: Server
        do { server = try site.serve(environment: wanted) } catch let end as Server.NotServing
            where end.status == 128 + SIGKILL
        {
            // The head file is written at the start too, so the kill may come before it listens.
            return try recover(site)
        }
        let load = Load(site, port: server.port)
        do {
            let office = try server.office()
            try office.closeDay(site.today)
            try office.export(1)
        } catch is Office.LineBroken {
        } catch is Unforeseen where server.child.ended != nil {}
        let status = server.child.wait(seconds: 20)
        load.join()
        if status != 128 + SIGKILL { complain("\(point) ended the server with \(status)") }
        try recover(site)
    }
}

extension Site {
    /// The day at the yard, as the interface spells it.
    var today: String { day(after: 0) }

    /// The day that a clock shows which is so many hours off.
    func day(after hours: Int64) -> String {
        let now = SystemClock.now()
        let shown = Timestamp(milliseconds: now.milliseconds + hours * 3_600_000) ?? now
        return LocalCalendar(zone: "Europe/Berlin")?.day(of: shown).iso ?? ""
    }
}
