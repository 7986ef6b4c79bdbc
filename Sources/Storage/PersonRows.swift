import GRDB
package import People
package import Units

/// A change of a person: who may sign in, as what, with which password.
package struct PersonChangeRow: Hashable, Sendable {
    package let id: Int64
    package let at: Timestamp
    /// Who made it; nil on the server's machine, where nobody signs in.
    package let by: PersonID?
    /// As the person was; nil for somebody new.
    package let before: Person?
    package let after: Person
    /// Whether a password was set, for the first time or in place of another.
    package let isNewPassword: Bool
}

extension Transaction {
    /// Creates or changes a person, notes the change, and ends all of that person's sessions.
    ///
    /// - Parameters:
    ///   - password: the hash of a new one; nil keeps the stored one.
    ///   - actor: who changes it; nil on the server's machine.
    /// - Returns: false where nobody of that name has a password that could stay; then nothing is
    ///   changed.
    package func save(
        _ person: Person, password: String?, by actor: PersonID?, at: Timestamp
    ) throws -> Bool {
        let found = try reading.person(person.id)
        guard let hash = password ?? found?.password else { return false }
        try connection.execute(
            sql: """
                INSERT INTO person VALUES (?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET
                name = excluded.name, roles = excluded.roles, password = excluded.password,
                active = excluded.active
                """,
            arguments: [person.id.text, person.name, person.roleWords, hash, person.isActive])
        try connection.execute(
            sql: """
                INSERT INTO person_change(
                  at, actor, person, old_name, old_roles, old_active, name, roles, active, password)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                at.milliseconds, actor?.text, person.id.text, found?.person.name,
                found?.person.roleWords, found?.person.isActive, person.name, person.roleWords,
                person.isActive, password != nil,
            ])
        try connection.execute(
            sql: "DELETE FROM session WHERE person = ?", arguments: [person.id.text])
        return true
    }
}

extension Reading {
    /// What was changed about people, newest first, at most `limit`, before `id`.
    package func personChanges(before id: Int64?, limit: Int) throws -> [PersonChangeRow] {
        try Row.fetchAll(
            connection, sql: "SELECT * FROM person_change WHERE id < ? ORDER BY id DESC LIMIT ?",
            arguments: [id ?? .max, limit]
        ).map { row in
            let number: Int64 = row["id"]
            guard let at = Timestamp(milliseconds: row["at"]),
                let person = PersonID(row["person"] as String)
            else { throw DamagedRow(table: "person_change", position: number) }
            let actor: String? = row["actor"]
            let (oldName, oldRoles): (String?, String?) = (row["old_name"], row["old_roles"])
            let before = oldName.map { name in
                Person(
                    id: person, name: name, roles: Set(roleWords: oldRoles ?? ""),
                    isActive: row["old_active"] ?? false)
            }
            return PersonChangeRow(
                id: number, at: at, by: actor.flatMap(PersonID.init), before: before,
                after: Person(
                    id: person, name: row["name"], roles: Set(roleWords: row["roles"]),
                    isActive: row["active"]),
                isNewPassword: row["password"])
        }
    }
}

extension Person {
    /// The roles as they are stored: sorted, with commas between.
    fileprivate var roleWords: String {
        roles.map(\.rawValue).sorted().joined(separator: ",")
    }

    init?(_ row: Row) {
        guard let id = PersonID(row["id"] as String) else { return nil }
        self.init(
            id: id, name: row["name"], roles: Set(roleWords: row["roles"]),
            isActive: row["active"])
    }
}

extension Set<Role> {
    /// The roles that stand in a row; words that no role has are left out.
    fileprivate init(roleWords: String) {
        self.init(roleWords.split(separator: ",").compactMap { Role(rawValue: String($0)) })
    }
}
