package import Units

/// What a person may do. A person can hold several roles, but no act that needs two people is
/// done by one person twice (design decision 15).
package enum Role: String, Hashable, Sendable, CaseIterable {
    /// Counts the day, requests refunds and voids.
    case cashier
    /// Second person: approves closes, refunds, tariffs and terminals; releases terminals.
    case approver
    /// Fetches exports, hands them over and says whether they were taken; reconciles with the
    /// bank.
    case finance
    /// Reads everything and freezes it for an audit; changes nothing.
    case auditor
    /// Runs the installation: terminals, people, tariffs.
    case `operator`
}

/// Somebody who signs in.
package struct Person: Hashable, Sendable {
    package let id: PersonID
    package let name: String
    package let roles: Set<Role>
    package let isActive: Bool

    package init(id: PersonID, name: String, roles: Set<Role>, isActive: Bool = true) {
        self.id = id
        self.name = name
        self.roles = roles
        self.isActive = isActive
    }
}

/// What people ask for; each names the roles that may do it.
package enum Act: String, Hashable, Sendable, CaseIterable {
    case readSales, readPersonalData, readBankDetails
    case requestReversal, approveReversal, completeReversal
    case resolvePayment, countClose, explainClose, approveClose
    case createExport, fetchExport, fetchNamingExport, handOverExport
    case readBank, importStatement, settle, nameDebtor
    case requestEnrolment, approveEnrolment, releaseTerminal
    case requestRevocation, rotateServerKey, approveKey, decideRecord
    case reportLoss, acceptLoss
    case proposeTariff, approveTariff, withdrawTariff, manageUsers, readAudit
    case setPolicy, takeSnapshot
    case readAccessLog, requestPersonal, approvePersonal, runRetention

    /// Any one of these roles suffices.
    package var roles: Set<Role> {
        switch self {
        case .readSales: [.cashier, .approver, .finance, .auditor, .operator]
        case .readPersonalData: [.cashier, .approver, .finance]
        case .readBankDetails: [.finance]
        case .requestReversal, .resolvePayment, .countClose, .explainClose, .completeReversal:
            [.cashier]
        case .approveReversal, .approveClose, .approveEnrolment, .releaseTerminal, .approveTariff,
            .approveKey, .decideRecord, .acceptLoss:
            [.approver]
        case .requestRevocation: [.operator, .approver]
        case .withdrawTariff: [.operator, .approver]
        case .createExport: [.finance, .approver]
        case .fetchExport: [.finance, .auditor]
        // Of one that names payees or debtors: who pays and collects, and nobody by another role.
        case .fetchNamingExport: [.finance]
        case .handOverExport: [.finance]
        case .readBank: [.finance, .approver, .auditor]
        case .importStatement, .settle: [.finance]
        case .nameDebtor: [.finance, .cashier]
        case .requestEnrolment, .proposeTariff, .manageUsers, .rotateServerKey, .reportLoss:
            [.operator]
        case .setPolicy: [.operator]
        case .takeSnapshot: [.auditor, .approver]
        case .readAudit: [.auditor, .approver, .finance, .operator]
        case .readAccessLog: [.auditor]
        case .requestPersonal: [.cashier, .approver, .finance, .operator]
        case .approvePersonal: [.approver]
        case .runRetention: [.operator]
        }
    }
}

/// Why a person may not do something.
package enum Forbidden: Error, Hashable, Sendable {
    case roleMissing(act: Act, person: PersonID)
    /// The act needs a second person, and this is the first one.
    case samePerson(act: Act, person: PersonID)
    case inactive(person: PersonID)
}

extension Person {
    /// Whether a role of this person suffices for `act`, whoever did the step before.
    package func may(_ act: Act) -> Bool { isActive && !roles.isDisjoint(with: act.roles) }

    /// Checks the right to `act`.
    package func require(_ act: Act) throws(Forbidden) {
        guard isActive else { throw .inactive(person: id) }
        guard !roles.isDisjoint(with: act.roles) else {
            throw .roleMissing(act: act, person: id)
        }
    }

    /// Checks the right to `act` as the second of two people.
    package func require(_ act: Act, otherThan first: PersonID) throws(Forbidden) {
        try require(act)
        guard !id.text.utf8.elementsEqual(first.text.utf8) else {
            throw .samePerson(act: act, person: id)
        }
    }
}
