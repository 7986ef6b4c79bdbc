import Credentials
package import People
package import Storage
package import Units

extension Installation {
    private static let personChangesMax = 100

    /// Creates or changes a person and notes the change; ends all of that person's sessions.
    ///
    /// - Parameters:
    ///   - password: nil keeps that of somebody who is here already.
    ///   - actor: who changes it; nil on the server's machine, where nobody signs in.
    /// - Throws: ``OperationsError`` `input` for name, roles or password, `passwordTooShort`.
    package func save(
        _ person: Person, password: String?, by actor: PersonID? = nil
    ) async throws {
        guard person.name.isNaming else {
            throw OperationsError.input(field: "name", wanted: String.wantedNaming)
        }
        guard !person.roles.isEmpty || !person.isActive else {
            let known = Role.allCases.map(\.rawValue).joined(separator: ", ")
            throw OperationsError.input(field: "roles", wanted: "at least one of \(known)")
        }
        let (hash, now) = (try password.map(Self.hash), clock())
        let isSaved = try await writer.perform {
            try $0.transaction.save(person, password: hash, by: actor, at: now)
        }
        guard isSaved else {
            throw OperationsError.input(
                field: "password", wanted: "one for \(person.id), who has none yet")
        }
        unwrittenSessions.remove(of: person.id)
    }

    /// Changes one's own password, notes that, and ends all of one's sessions.
    ///
    /// - Throws: ``OperationsError`` `passwordWrong`, `tooManyAttempts`, `passwordUnchanged`,
    ///   `passwordTooShort`, `input`.
    package func changePassword(
        of id: PersonID, from old: String, to new: String
    ) async throws {
        let now = clock()
        if let seconds = attempts.waiting(id.text, now: now) {
            throw OperationsError.tooManyAttempts(seconds: seconds)
        }
        let found = try database.read { try $0.person(id) }
        let rightful = try Self.rightful(found, old)
        attempts.note(id.text, succeeded: rightful != nil, now: now)
        guard rightful != nil else { throw OperationsError.passwordWrong }
        // Whoever set the old one would still know it.
        guard !new.utf8.elementsEqual(old.utf8) else { throw OperationsError.passwordUnchanged }
        let hash = try Self.hash(new)
        try await writer.perform { batch in
            // Name and roles as they are now, which somebody else may just have changed.
            let known = try batch.transaction.reading.person(id)
            guard let known, let found, known.password.utf8.elementsEqual(found.password.utf8),
                try batch.transaction.save(known.person, password: hash, by: id, at: now)
            else { throw OperationsError.passwordWrong }
        }
        unwrittenSessions.remove(of: id)
    }

    private static func hash(_ password: String) throws -> String {
        guard password.isEmpty || !password.allSatisfy(\.isWhitespace) else {
            throw OperationsError.input(field: "password", wanted: "more than white space")
        }
        do { return try PasswordHash.make(password).text } catch let error as PasswordError {
            switch error {
            case .tooShort: throw OperationsError.passwordTooShort
            case .tooLong, .controlCharacter:
                throw OperationsError.input(
                    field: "password",
                    wanted: "one line of at most \(PasswordHash.byteCountMax) bytes")
            case .malformedHash, .unavailable: throw error
            }
        }
    }

    /// What was changed about people, newest first, at most 100, after a cursor.
    ///
    /// - Returns: also the cursor that goes on; nil at the end.
    /// - Throws: ``OperationsError/cursorInvalid``, `forbidden`.
    package func personChanges(after cursor: String? = nil, by person: Person) throws
        -> (rows: [PersonChangeRow], next: String?)
    {
        try person.allowed(.readAudit)
        // No yard has the number 0: people belong to the town.
        let cursors = PageCursors(key: plates.key, yard: 0, filter: "person changes")
        let before = try cursor.map { try cursors.position(of: $0).number }
        let found = try database.read {
            try $0.personChanges(before: before, limit: Self.personChangesMax + 1)
        }
        let rows = Array(found.prefix(Self.personChangesMax))
        let next = found.count > rows.count ? rows.last.map { LogPosition($0.id) } : nil
        return (rows, next.map { cursors.text(after: $0) })
    }

    package func people() throws -> [Person] {
        try database.read { try $0.people() }
    }

    package func person(_ id: PersonID) throws -> Person {
        guard let found = try database.read({ try $0.person(id) }) else {
            throw OperationsError.personUnknown(id.text)
        }
        return found.person
    }
}
