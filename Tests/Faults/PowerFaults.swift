import Foundation
import Storage

extension Fault {
    static let power = [
        Fault(
            "F3", "power cut under load, ext4 and xfs in turn", short: 2, full: 30,
            bite: .normalSync, within: 2
        ) { trial in
            try trial.cutPower { site, server in
                let load = Load(site, port: server.port)
                usleep(UInt32(trial.any(200_000...1_500_000)))
                return load
            }
        },
        Fault(
            "F4", "power cut during a close or a checkpoint, ext4 and xfs in turn", short: 2,
            full: 32, bite: .normalSync, within: 4
        ) { trial in
            try trial.cutPower { site, server in
                let load = Load(site, port: server.port)
                usleep(300_000)
                if trial.round / 2 % 2 == 0 {
                    trial.closeInBackground(site, server)
                } else {
                    // Draining and the closing checkpoint begin.
                    server.child.signal(SIGTERM)
                }
                usleep(UInt32(trial.any(0...60_000)))
                return load
            }
        },
    ]
}

extension Trial {
    /// Runs `work` on a volume of its own, cuts the power when it returns, and recovers.
    fileprivate func cutPower(_ work: (Site, Server) throws -> Load) throws {
        let kinds = LoopVolume.Kind.allCases
        let volume = try LoopVolume(kinds[round % kinds.count], in: folder)
        let site = try site(in: volume.mountPoint)
        // The copy is older than the cut; a town's data would be on the disk as well.
        sync()
        let server = try site.serve()
        let load = try work(site, server)
        // A machine without power answers nobody: without the stop, a sync that was under way
        // when ext4 was shut down can return success, and the server would answer.
        server.child.signal(SIGSTOP)
        try volume.cutPower()
        server.child.signal(SIGKILL)
        server.child.wait()
        load.join()
        try volume.restore()
        try recover(site)
    }

    /// Closes the day while the caller goes on; whatever becomes of it.
    fileprivate func closeInBackground(_ site: Site, _ server: Server) {
        let (port, today) = (server.port, site.today)
        Thread {
            do {
                let office = try Office(port: port)
                try office.closeDay(today)
                try office.export(1)
            } catch { return }
        }.start()
    }
}
