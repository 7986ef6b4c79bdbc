import Calendars
import People
import Storage
import Units

extension AuditPage.Change {
    /// A change of a person in German.
    init(_ row: PersonChangeRow, _ calendar: LocalCalendar) {
        self.init(
            time: calendar.german(row.at), who: row.by?.text ?? "am Rechner des Servers",
            whom: row.after.id.text, text: Self.words(row))
    }

    private static func words(_ row: PersonChangeRow) -> String {
        let after = row.after
        var parts: [String] = []
        if let before = row.before {
            if before.name != after.name { parts.append("Name: \(before.name) → \(after.name)") }
            if before.roles != after.roles {
                parts.append("Rollen: \(before.shownRoles) → \(after.shownRoles)")
            }
            if before.isActive != after.isActive {
                parts.append(after.isActive ? "wieder zugelassen" : "gesperrt")
            }
        } else {
            parts.append("neu: \(after.name); Rollen: \(after.shownRoles)")
            if !after.isActive { parts.append("gesperrt") }
        }
        if row.isNewPassword { parts.append("Passwort gesetzt") }
        return parts.isEmpty ? "unverändert gespeichert" : parts.joined(separator: "; ")
    }
}

extension Person {
    fileprivate var shownRoles: String { roles.isEmpty ? "keine" : roleNames }
}
