import ArgumentParser
import Glibc
import NIOCore
import Storage

/// How many files and connections this process may have open at once.
enum DescriptorLimit {
    /// What a server holds open apart from its connections: databases, its own requests, files
    /// that it reads, and four for each core's event loop. 25 were counted at rest on two cores.
    private static var own: Int { 48 + 4 * System.coreCount }
    /// Connections without which a server is of no use.
    private static let connectionsMin = 32

    /// Raises this process's limit as far as is needed and allowed.
    ///
    /// With fewer descriptors the network library ends the process at its start, or takes
    /// connections that it cannot open.
    ///
    /// - Returns: how many connections it may take: `wanted`, or fewer where the limit is low.
    /// - Throws: a ``Failure`` that names the limit and how to raise it.
    static func connections(wanted: Int, faults: ProvokedFaults = .none) throws -> Int {
        guard !faults.isBroken(.anyDescriptors) else { return wanted }
        let limit = raised(to: own + wanted)
        let needed = own + connectionsMin
        guard limit >= needed else {
            throw Failure(
                "this process may have \(limit) files open at once and needs \(needed). Raise the "
                    + "limit: LimitNOFILE=1024 in the unit of systemd, or `ulimit -n 1024` in the "
                    + "shell. (few-descriptors)", Exit.configuration)
        }
        return min(wanted, limit - own)
    }

    /// The limit after it was raised as far as the hard one allows.
    private static func raised(to wanted: Int) -> Int {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return wanted }
        let before = Int(clamping: limit.rlim_cur)
        guard before < wanted else { return before }
        limit.rlim_cur = min(rlim_t(wanted), limit.rlim_max)
        return setrlimit(resource, &limit) == 0 ? Int(clamping: limit.rlim_cur) : before
    }
}
