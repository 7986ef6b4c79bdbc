import DayClosing
import Storage

// The German words of the console for closed sets.

/// How a record of the day stands, as lists and filters show it.
enum SaleState: String, CaseIterable, Sendable {
    case paid = "bezahlt"
    case free = "kostenfrei"
    case onAccount = "forderung"
    case unknown = "ungeklaert"
    case reversed = "storniert"
    case partlyReversed = "teilweise-erstattet"
    case notSold = "ohne-verkauf"

    init(_ standing: SaleStanding) {
        self =
            switch standing {
            case .paid: .paid
            case .free: .free
            case .onAccount: .onAccount
            case .unknown: .unknown
            case .reversed: .reversed
            case .partlyReversed: .partlyReversed
            case .notSold: .notSold
            }
    }

    var standing: SaleStanding {
        switch self {
        case .paid: .paid
        case .free: .free
        case .onAccount: .onAccount
        case .unknown: .unknown
        case .reversed: .reversed
        case .partlyReversed: .partlyReversed
        case .notSold: .notSold
        }
    }

    var badge: Badge {
        switch self {
        case .paid: Badge("Bezahlt", .success)
        case .free: Badge("Kostenfrei")
        case .onAccount: Badge("Auf Rechnung", .info)
        case .unknown: Badge("Ungeklärt", .danger)
        case .reversed: Badge("Zurückgenommen", .warning)
        case .partlyReversed: Badge("Teilweise erstattet", .warning)
        case .notSold: Badge("Ohne Verkauf")
        }
    }
}

/// How a request for a refund or void stands.
enum RequestState: String, CaseIterable, Sendable {
    case requested, approved, rejected, completed

    var badge: Badge {
        switch self {
        case .requested: Badge("Wartet auf Freigabe", .warning)
        case .approved: Badge("Freigegeben, noch nicht ausgezahlt", .info)
        case .rejected: Badge("Abgelehnt")
        case .completed: Badge("Erledigt", .success)
        }
    }
}

/// How an export stands.
enum ExportState: String, CaseIterable, Sendable {
    case prepared, handedOver, acknowledged, rejected

    var badge: Badge {
        switch self {
        case .prepared: Badge("Bereit", .info)
        case .handedOver: Badge("Übergeben", .warning)
        case .acknowledged: Badge("Quittiert", .success)
        case .rejected: Badge("Zurückgewiesen", .danger)
        }
    }
}

/// How a version of a tariff stands today.
enum TariffState: String, CaseIterable, Sendable {
    case inForce, coming, past, replaced, withdrawn

    var badge: Badge {
        switch self {
        case .inForce: Badge("In Kraft", .success)
        case .coming: Badge("Freigegeben, gilt später", .info)
        case .past: Badge("Außer Kraft")
        case .replaced: Badge("Vor dem ersten Tag ersetzt")
        case .withdrawn: Badge("Zurückgezogen")
        }
    }
}

/// How a yard terminal stands.
enum TerminalState: String, CaseIterable, Sendable {
    case pending, active, silent, quarantined, revoked

    var badge: Badge {
        switch self {
        case .pending: Badge("Wartet auf Freigabe", .warning)
        case .active: Badge("In Betrieb", .success)
        case .silent: Badge("Meldet sich nicht", .warning)
        case .quarantined: Badge("Gesperrt: widersprüchliche Belege", .danger)
        case .revoked: Badge("Schlüssel gesperrt", .danger)
        }
    }
}

/// How a task of the close stands.
enum TaskState: String, CaseIterable, Sendable {
    case blocked, notStarted, incomplete, done

    var badge: Badge {
        switch self {
        case .blocked: Badge("Kann noch nicht begonnen werden")
        case .notStarted: Badge("Noch nicht begonnen", .info)
        case .incomplete: Badge("Begonnen, unvollständig", .warning)
        case .done: Badge("Erledigt", .success)
        }
    }
}
