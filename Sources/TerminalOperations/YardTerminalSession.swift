package import CardTerminals
import Journal
import Keys
package import Remote
import Sales
import SourceFiles
import Tariffs
import TerminalStorage
import Units

/// The yard terminal: the only place that orders its effects.
///
/// What the attendant enters is stored at once; a card terminal is asked only after the question
/// is stored; a sale, its number and the end of its delivery are stored in one transaction. The
/// server may be away for all of it but ``flush(retryRefused:)``.
package actor YardTerminalSession {
    package nonisolated let identity: TerminalIdentity
    package nonisolated let cardTerminal: any CardTerminal
    package nonisolated let world: TerminalWorld
    let files: TerminalFolder
    let store: TerminalStore
    /// Signs with the key in force; changes when the server says that the next one is.
    var signer: RecordSigner
    let server: any YardServer
    /// Attempts whose card terminal has been asked by this process and has not answered yet.
    var asking: Set<Int64> = []
    var isFlushing = false
    /// When the server was last asked for a quota, in milliseconds since 1970.
    var quotasAsked: [QuotaKey: Int64] = [:]
    /// When the server last did not tell quotas, in milliseconds since 1970.
    var quotaFailure: Int64?
    /// The local date on which personal data was last erased by this process.
    var erasedOn: BusinessDay?
    private var tariffs: [String: Tariff] = [:]

    private init(
        identity: TerminalIdentity, cardTerminal: any CardTerminal, world: TerminalWorld,
        files: TerminalFolder, store: TerminalStore, key: ES256PrivateKey, server: any YardServer
    ) {
        self.identity = identity
        self.cardTerminal = cardTerminal
        self.world = world
        self.files = files
        self.store = store
        self.server = server
        signer = RecordSigner(key: key, identity: identity, world: world)
    }

    /// Opens the terminal of `folder`.
    ///
    /// Attempts that a card terminal was asked for and whose answer was not stored are now
    /// unknown; no card terminal is asked anything.
    /// - Parameter server: nil for the one of the enrolment, over HTTP.
    /// - Throws: ``TerminalError`` `not-enrolled`, `in-use`; what store and key file throw.
    package static func open(
        folder: String, cardTerminal: any CardTerminal, world: TerminalWorld,
        server: (any YardServer)? = nil
    ) throws -> YardTerminalSession {
        guard TerminalFolder.isThere(folder) else { throw TerminalError.notEnrolled }
        let files = try TerminalFolder(taking: folder)
        do {
            let store = try TerminalStore(path: files.database)
            let identity = try store.read(TerminalIdentity.init(from:))
            try store.write { try markInterrupted(in: $0, at: world.now()) }
            return YardTerminalSession(
                identity: identity, cardTerminal: cardTerminal, world: world, files: files,
                store: store, key: try KeyFile.readES256(path: files.key),
                server: server ?? identity.httpServer)
        } catch {
            files.release()
            throw error
        }
    }

    /// Where the town's own receipt templates for this terminal lie, if it has any.
    package nonisolated var receiptFolder: String { files.receipts }

    /// Closes the store and lets go of the folder. Nothing can be called afterwards.
    package func close() throws {
        defer { files.release() }
        try store.close()
    }

    private static func markInterrupted(in access: TerminalAccess, at time: Timestamp) throws {
        for attempt in try access.unansweredAttempts() {
            try access.finish(attempt.number, .unknown, at: time)
            guard case .payment(let delivery) = attempt.purpose else { continue }
            try access.move(delivery, to: .unknown, at: time)
        }
    }
}

extension TerminalIdentity {
    var httpServer: HTTPYardServer {
        HTTPYardServer(
            address: server,
            credentials: .init(yard: yard, terminal: terminal, token: token))
    }
}

// Reading what a step needs, with the reasons to refuse it.
extension YardTerminalSession {
    /// The attendant chosen last.
    ///
    /// - Throws: ``TerminalError`` `attendant-missing`.
    func attendant(in access: TerminalAccess) throws -> PersonID {
        guard let id = try access.setting(.attendant).flatMap(PersonID.init) else {
            throw TerminalError(
                .attendantMissing, "Es ist niemand als Bedienung gewählt.", .unchanged,
                "Wählen Sie Ihren Namen oben auf der Seite.")
        }
        return id
    }

    /// Refuses when the server has blocked the terminal for sales.
    func requireActive(in access: TerminalAccess, saved: TerminalError.Saved) throws {
        let state = try access.setting(.serverState).flatMap(TerminalStanding.State.init)
        switch state {
        case .active, nil: return
        case .quarantined:
            throw TerminalError(
                .blocked, "Dieses Gerät ist für neue Verkäufe gesperrt (Quarantäne).", saved,
                "Die Gemeinde muss das Gerät freigeben; rufen Sie die Kasse an. Fertige Belege "
                    + "werden weiter übertragen.")
        case .revoked:
            throw TerminalError(
                .blocked, "Dieses Gerät ist abgemeldet und darf nichts mehr verkaufen.", saved,
                "Nehmen Sie ein anderes Gerät; rufen Sie die Kasse an. Fertige Belege werden "
                    + "weiter übertragen.")
        }
    }

    /// The delivery, which must be in one of `states`.
    ///
    /// - Throws: ``TerminalError`` `delivery-unknown`, `wrong-state`.
    func delivery(
        _ number: DeliveryNumber, in states: Set<DeliveryState>, _ access: TerminalAccess
    ) throws -> (stored: StoredDelivery, draft: DeliveryDraft) {
        guard let stored = try access.delivery(number) else {
            throw TerminalError(
                .deliveryUnknown, "Diese Anlieferung gibt es nicht.", .unchanged,
                "Gehen Sie zurück zur Übersicht.")
        }
        guard states.contains(stored.state) else {
            throw TerminalError(
                .wrongState, "Das geht nicht: Die Anlieferung \(stored.state.german).", .unchanged,
                "Gehen Sie zurück zur Anlieferung und prüfen Sie, was dort steht.")
        }
        return (stored, try DeliveryDraft(json: stored.draft))
    }

    /// The tariff file with this digest, decoded once.
    ///
    /// - Throws: ``TerminalError`` `tariff-missing`, `tariff-unreadable`.
    func tariff(digest: String, in access: TerminalAccess) throws -> Tariff {
        if let known = tariffs[digest] { return known }
        guard let bytes = try access.tariff(digest: digest) else { throw TerminalError.noTariff }
        let tariff = try TariffShelf.decode(bytes, digest: digest)
        tariffs[digest] = tariff
        return tariff
    }

    /// The tariff in force on `day` as far as this terminal knows.
    func tariff(on day: BusinessDay, in access: TerminalAccess) throws -> Tariff {
        guard let named = try access.tariffDigest(for: day) else { throw TerminalError.noTariff }
        let tariff = try tariff(digest: named.digest, in: access)
        guard named.day == day || tariff.validity.contains(day) else {
            throw TerminalError.noTariff
        }
        return tariff
    }
}

extension DeliveryState {
    var german: String {
        switch self {
        case .open: "ist offen"
        case .parked: "ist geparkt"
        case .paying: "wird gerade bezahlt"
        case .unknown: "hat eine ungeklärte Zahlung"
        case .done: "ist abgeschlossen"
        case .abandoned: "ist beendet"
        }
    }
}

extension TerminalError {
    static let noTariff = TerminalError(
        .tariffMissing, "Für diesen Tag liegt keine Preisliste auf dem Gerät.", .entered,
        "Stellen Sie die Verbindung zum Server her und rufen Sie die Preisliste ab.")
}
