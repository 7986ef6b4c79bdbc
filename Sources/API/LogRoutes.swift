import HTTPTypes
import Hummingbird
import Journal
import Operations
import People
import Text
import Transparency
import Units

extension APIRoutes {
    /// The log in the layout of C2SP tlog-tiles, below the address that is its origin. Hashes,
    /// checkpoints, proofs and policy hold nothing about people and are open to everybody; entries
    /// need the right to read audits.
    func addLogRoutes(to group: RouterGroup<APIContext>) {
        let log = group.group("log/{yard}")
        log.get("checkpoint") { _, context in
            let yard = try context.loggedYard(installation)
            if let note = try installation.publishedCheckpoint(of: yard) {
                return Response.published(note.bytes, isFinal: false)
            }
            return Response.published(
                Array(try await installation.checkpoint(of: yard).utf8), isFinal: false)
        }
        log.get("checkpoint/witnessed") { _, context in
            let yard = try context.loggedYard(installation)
            guard let note = try installation.witnessedCheckpoint(of: yard) else {
                throw Problem(
                    404, "not-witnessed", "No checkpoint has enough cosignatures yet",
                    "Ask again later, or see the policy for the witnesses.")
            }
            return Response.published(note.bytes, isFinal: false)
        }
        log.get("policy") { _, context in
            let policy = try installation.publishedPolicy(of: try context.loggedYard(installation))
            return Response.published(Array(policy.utf8), isFinal: false)
        }
        log.get("proof/{index}") { _, context in
            let proof = try installation.publishedProof(
                of: try context.number("index"), in: try context.loggedYard(installation))
            return Response.published(Array(proof.text.utf8), isFinal: false)
        }
        log.get("consistency/{from}/{to}") { _, context in
            let yard = try context.loggedYard(installation)
            let proof = try installation.consistencyProof(
                from: try context.number("from"), to: try context.number("to"), of: yard)
            return Response.published(
                Array(proof.utf8), isFinal: try context.isAddress(of: yard.logName))
        }
        log.get("tile/**") { request, context in try tile(request, context) }
    }

    private func tile(_ request: Request, _ context: APIContext) throws -> Response {
        let yard = try context.loggedYard(installation)
        let name = context.parameters.getCatchAll().joined(separator: "/")
        guard let path = TilePath("tile/\(name)") else { throw Problem.notFound }
        if case .entries = path { _ = try installation.person(request, for: .readAudit) }
        guard let bytes = try installation.logFile(path, of: yard) else { throw Problem.notFound }
        return Response.published(
            bytes, type: "application/octet-stream",
            isFinal: try context.isAddress(of: yard.logName), isOpen: !path.isEntries)
    }
}

extension APIContext {
    /// The yard of a log's address. The yard's own name leads to the log as it is now; after a loss
    /// that has a name with a number, which leads there too.
    fileprivate func loggedYard(_ installation: Installation) throws -> Yard {
        let name = try parameters.require("yard")
        let yard = try installation.yard(LogName.first(of: name))
        guard name.hasSameBytes(as: yard.id.text) || yard.logName.hasSuffix("/\(name)") else {
            throw OperationsError.yardUnknown(name)
        }
        return yard
    }

    /// Whether the address is the log's own. The yard's name leads to another log after a loss, so
    /// that its tiles are no longer those that were served there before.
    fileprivate func isAddress(of log: String) throws -> Bool {
        let name = try parameters.require("yard")
        return log.hasSuffix("/\(name)")
    }
}

extension TilePath {
    fileprivate var isEntries: Bool {
        switch self {
        case .hashes: false
        case .entries: true
        }
    }
}

extension Response {
    /// - Parameters:
    ///   - isFinal: the same address will never answer otherwise.
    ///   - isOpen: everybody gets the same answer.
    fileprivate static func published(
        _ bytes: [UInt8], type: String = "text/plain; charset=utf-8", isFinal: Bool,
        isOpen: Bool = true
    ) -> Response {
        let reach = isOpen ? "public" : "private"
        let age = isFinal ? "\(reach), max-age=31536000, immutable" : "\(reach), max-age=2"
        return .bytes(bytes, type: type, headers: [.cacheControl: age])
    }
}
