import Journal
import Remote
import TerminalStorage
import Units

extension YardTerminalSession {
    /// Fetches the tariff versions of today and of every later day that the yard has approved, so
    /// that the price is known after a change of tariff with the server away.
    ///
    /// A file that cannot be read displaces none that can; the others are taken up all the same.
    /// - Returns: whether a file is here for today.
    /// - Throws: ``Remote/ServerFailure``; ``TerminalError`` `tariff-unreadable`.
    @discardableResult
    package func refreshTariffs() async throws -> Bool {
        let today = world.today
        let versions = try await server.tariffs(from: today)
        var unreadable: TerminalError?
        var readable: [TariffVersion] = []
        for version in versions {
            do {
                try await fetch(version.digest)
                readable.append(version)
            } catch let error as TerminalError where error.code == .tariffUnreadable {
                unreadable = error
            }
        }
        try name(readable, from: today, isWhole: unreadable == nil)
        if let unreadable { throw unreadable }
        return try store.read { try $0.tariffDigest(for: today) } != nil
    }

    /// Puts a file on the shelf if it is not there.
    private func fetch(_ digest: String) async throws {
        guard try store.read({ try $0.tariff(digest: digest) }) == nil else { return }
        let bytes = try await server.tariffFile(digest)
        guard TariffShelf.digest(of: bytes) == digest else {
            throw ServerFailure.malformed("another file than \(digest)")
        }
        _ = try TariffShelf.decode(bytes, digest: digest)
        try store.write { try $0.keepTariff(bytes, digest: digest) }
    }

    /// Notes from which day each version is the one; what the server named before for these days
    /// goes, unless a file is missing.
    private func name(_ versions: [TariffVersion], from today: BusinessDay, isWhole: Bool) throws {
        try store.write { access in
            if isWhole { try access.forgetTariffs(from: today) }
            for version in versions {
                let first = version.from < today ? today : version.from
                try access.nameTariff(version.digest, for: first, at: world.now())
            }
        }
    }
}
