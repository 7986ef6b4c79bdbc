import Foundation
import Storage

extension Fault {
    static let disk = [
        Fault(
            "F5", "the k-th sync fails once with EIO", short: 3, full: 40, bite: .retryCommit
        ) { trial in
            let site = try trial.site()
            let server: Server
            do {
                server = try site.serve(
                    wrapper: try .strace("fdatasync:error=EIO:when=\(trial.round + 8)", site))
            } catch let end as Server.NotServing where end.status == 74 {
                // It fell into the start, which syncs what it found before it signs.
                return try trial.recover(site)
            }
            let load = Load(site, port: server.port)
            // The writer syncs at every commit: the wanted one comes within a second.
            let deadline = ContinuousClock.now + .seconds(10)
            while server.child.ended == nil, ContinuousClock.now < deadline { usleep(10_000) }
            let status = server.child.ended
            if status == nil {
                load.stop()
                server.child.signal(SIGKILL)
                server.child.wait()
            }
            load.join()
            if status != 12 {
                let words = status.map { "ended with \($0)" } ?? "went on"
                trial.complain("after a failed sync the server \(words)")
            }
            try trial.recover(site)
        },
        Fault(
            "F7", "no space: pwrite fails, file size limit, small tmpfs below the reserve, in turn",
            short: 3,
            full: 30, bite: .retryCommit, within: 3
        ) { trial in
            switch trial.round % 3 {
            case 0:
                let site = try trial.site()
                let call = "pwrite64:error=ENOSPC:when=\(trial.any(60...200))+"
                try trial.fill(site, wrapper: .strace(call, site)) { nil }
            case 1:
                let wrapper = ["prlimit", "--fsize=600000", "--"]
                try trial.fill(try trial.site(), wrapper: wrapper) { nil }
            default:
                let volume = try SmallVolume(kilobytes: 261 * 1_024, in: trial.folder)
                try trial.fill(try trial.site(in: volume.mountPoint), wrapper: []) {
                    try volume.enlarge()
                }
            }
        },
    ]
}

extension [String] {
    /// Runs a program under strace with one injected error; the program stays our child.
    static func strace(_ injection: String, _ site: Site) throws -> [String] {
        guard isInstalled("strace") else { throw Skipped(reason: "strace is not installed") }
        let call = injection.prefix { $0 != ":" }
        return [
            "strace", "-D", "-f", "-qq", "-o", "\(site.folder)/strace.log", "-e",
            "trace=\(call)", "-e", "inject=\(injection)", "--",
        ]
    }
}

extension Trial {
    /// Sells until the disk is full. The server refuses with 503 or 507 and still serves reads, or
    /// ends with its code (a write beyond the file size limit may end it by SIGXFSZ); once there is
    /// space, everything goes through.
    fileprivate func fill(_ site: Site, wrapper: [String], giveSpace: () throws -> Void?) throws {
        let server = try site.serve(wrapper: wrapper)
        let office = try server.office()
        let load = Load(site, port: server.port, isPersistent: true)
        let deadline = ContinuousClock.now + .seconds(30)
        func isRefusing() -> Bool { site.history.count(of: 503) + site.history.count(of: 507) > 4 }
        while server.child.ended == nil, !isRefusing(), ContinuousClock.now < deadline {
            usleep(10_000)
        }
        if let status = server.child.ended {
            if ![12, 128 + SIGXFSZ].contains(status) {
                complain("without space the server ended with \(status)")
            }
        } else if isRefusing() {
            try readWithoutSpace(office, server)
        } else {
            complain("30 s without space, and the server neither refuses nor ends")
        }
        let hasSpace = try giveSpace() != nil
        if hasSpace, server.child.ended == nil, isRefusing() {
            load.stop()
            return try finish(site, server)
        }
        server.child.signal(SIGKILL)
        server.child.wait()
        load.stop()
        try recover(site)
    }
}

extension Trial {
    /// Reads are served while nothing can be written, unless the server ends just then.
    private func readWithoutSpace(_ office: Office, _ server: Server) throws {
        do {
            let read = try office.send("GET", "/v1/yards/hof-1/sales", by: "anna")
            if read.status != 200 { complain("without space a read got \(read.status)") }
        } catch is Office.LineBroken {
            usleep(500_000)
            guard let status = server.child.ended, [12, 128 + SIGXFSZ].contains(status) else {
                return complain("without space a read got no answer")
            }
        }
    }
}

/// A small file system in memory.
final class SmallVolume {
    let mountPoint: String

    init(kilobytes: Int, in folder: String) throws {
        guard getuid() == 0 else { throw Skipped(reason: "mounting needs root") }
        mountPoint = "\(folder)/small"
        try FileManager.default.createDirectory(
            atPath: mountPoint, withIntermediateDirectories: true)
        do {
            try shell("mount", "-t", "tmpfs", "-o", "size=\(kilobytes)k", "none", mountPoint)
        } catch {
            throw Skipped(reason: "mounting is not allowed: \(error)")
        }
    }

    func enlarge() throws { try shell("mount", "-o", "remount,size=2g", mountPoint) }

    deinit { umount2(mountPoint, Int32(MNT_DETACH)) }
}
