import ArgumentParser
import NIOCore

extension ServerAddress {
    /// The host as it stands in a URL: an IPv6 address in brackets.
    var hostInURL: String { host.contains(":") ? "[\(host)]" : host }

    /// Runs what listens here; says in words if nothing can.
    ///
    /// - Throws: a ``Failure`` for a host that is none of this machine, a port that may not be
    ///   taken and the like; what `body` throws else.
    func listening(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let error
            where error is IOError || error is SocketAddressError
            || error is SocketAddressError.UnknownHost
        {
            throw Failure(
                "cannot listen on \(hostInURL):\(port): \(error). Choose another --host or --port.",
                Exit.unavailable)
        }
    }

    /// What `read` makes of a PEM file.
    ///
    /// - Throws: a ``Failure`` with the path.
    static func reading<Value>(_ path: String, _ read: (String) throws -> Value) throws -> Value {
        do { return try read(path) } catch {
            throw Failure(
                "\(path) cannot be read as PEM: \(error). Check path, owner and content.",
                Exit.configuration)
        }
    }
}
