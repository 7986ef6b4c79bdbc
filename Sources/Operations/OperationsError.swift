package import Journal
package import People
package import Reconciliation
package import Sales
package import Statements
package import Text
package import Units

/// What a use case refuses, with the values needed to understand it. `code` is stable.
package enum OperationsError: Error, Hashable, Sendable {
    /// `holder` says who holds the lock: process number and since when.
    case inUse(path: String, holder: String)
    case cannotWrite(path: String)
    /// A file that is there.
    case cannotRead(path: String)
    case missingFile(path: String)
    case notInitialised(path: String)
    /// Heads or keys of a log are there, its database is not.
    case databaseMissing(path: String)
    case alreadyInitialised(path: String)
    case folderNotEmpty(path: String)
    /// A backup does not fit its own list, or its trees do not fit themselves.
    case backupDiffers(path: String, what: String)
    case rollback(yard: String, stored: Int64, known: Int64)
    /// Nobody remembers more than is stored, so there is no loss to accept.
    case nothingLost(path: String)
    case headsMissing(path: String)
    case headsDamaged(path: String)
    /// Stored bytes do not fit each other, from this log index on.
    case journalDamaged(yard: String, index: Int64)
    /// SQLite cannot read the file.
    case databaseDamaged(path: String, message: String)
    case stopping
    case overloaded
    /// Too many envelopes of one terminal wait at once.
    case terminalBusy
    /// A free text holds a card number.
    case cardNumber
    /// Another program holds the database's write lock.
    case databaseBusy(path: String)
    case diskFull(path: String)
    case spaceShort(path: String, freeMegabytes: Int64, neededMegabytes: Int64)
    case yardUnknown(String)
    /// There are several yards, or none, and nobody said which is meant.
    case yardWanted(known: [String])
    case yardExists(String)
    case terminalUnknown(String)
    case terminalExists(String)
    case tariffUnknown(day: String)
    case tariffInvalid([SourceProblem])
    /// No stored file has this digest, or its bytes no longer do.
    case tariffFileUnknown(String)
    /// The file with this digest is not proposed.
    case tariffState(String, found: String)
    /// A version with this id came into force from another file.
    case tariffIdTaken(String)
    case tariffOverlaps(id: String, from: BusinessDay, to: BusinessDay?)
    case tariffGap(from: BusinessDay, to: BusinessDay)
    /// The file says that it replaces another version than the one it follows.
    case tariffReplacesOther(named: String, follows: String)
    /// Sales up to the day `sold` rest on what a version from this day would replace.
    case tariffBackdated(from: BusinessDay, sold: BusinessDay)
    case accountsMissing([String])
    /// A file in `finance/` that exports or postings need has errors.
    case planInvalid(path: String, [SourceProblem])
    case settlementFileMissing(path: String)
    case settlementFileInvalid(path: String, [SourceProblem])
    /// A bank or acquirer file is refused whole.
    case statement(StatementError)
    /// Another content under the name of a known statement.
    case statementConflict(account: String, name: String)
    case bankAccountUnknown(String)
    /// The settlement file gives an account to a yard that is none of those `known` here.
    case accountYardUnknown(account: String, yard: String, known: [String])
    case profileUnknown(String, known: [String])
    /// No item or settlement is called so, or it is settled already.
    case itemUnknown(String)
    case settledBefore(String, by: String)
    case settlementUnknown(String)
    case settlementRefused(SettlementShares.Refusal)
    /// The sale is no claim.
    case notAClaim(String)
    case codeUnknown
    case codeNotApproved
    case codeExpired
    case codeUsed
    case proofOfPossession
    /// No key file holds the private half of a key that the journal says is in force.
    case keyMissing(purpose: String, key: String, folder: String)
    /// An announced key does not fit the one in force.
    case keyRefused(KeyBookError)
    /// Nothing may be asked about the keys of a revoked terminal, nor twice at once.
    case terminalRevoked(String)
    case keyRequestOpen(Int64)
    /// The record did not come under a revoked key.
    case notWithheld(String)
    case decidedBefore(String)
    /// It came under a revoked key and nobody decided that it counts.
    case withheld(String)
    /// The key is in force, or nothing proves its successor yet.
    case keyInForce(String)
    case keyUnknown(String)
    case saleUnknown(String)
    case notUnknown(String)
    case notReversible(String)
    case sale(SaleError)
    /// The slip of a card terminal stands for this sale's payment, refund or resolution already.
    case slipUsed(CardSlip, by: SaleReference)
    /// Nobody can be paid by bank transfer so.
    case payee(PayeeProblem)
    case requestUnknown(Int64)
    case requestState(Int64, found: String, wanted: String)
    case notQuarantined(String)
    case reasonMissing
    case forbidden(Forbidden)
    case signInFailed
    /// The same where several people sign in at once.
    case signInOfFailed(String)
    case tooManyAttempts(seconds: Int64)
    case passwordTooShort
    /// The new password is the old one.
    case passwordUnchanged
    /// The old password, before one's own is changed.
    case passwordWrong
    case personUnknown(String)
    case notCounted
    /// A close would hold payments without outcome, and nobody said that they are carried over.
    case unknownPayments([SaleReference])
    /// An earlier close holds the same slip of a card terminal.
    case cutCounted(cardTerminal: String, number: String, close: Int64)
    /// Somebody counted or explained after the approver had looked.
    case closeChanged
    /// Something turned up after the count, and the approver has not said to know of it.
    case pointsNew([ClosePoint])
    /// Totals of what is not counted yet are hidden from who counts.
    case countFirst
    /// The program that makes archive files is not there; `path` is where it was looked for.
    case sheetProgram(path: String)
    /// It was there and did not make the file.
    case sheetFailed(String)
    case unexplained(cardTerminal: String, scheme: String)
    case closeUnknown(Int64)
    case snapshotUnknown(Int64)
    case closeNotApproved(Int64)
    /// The settings let exports wait for the witnesses, and this close has not enough yet.
    case closeNotWitnessed(Int64)
    case exportUnknown(String)
    /// Another batch of the format holds the close already.
    case exportTwice(close: Int64, export: Int64)
    case exportState(Int64, found: String)
    /// Its files do not fit in one archive without ZIP64.
    case exportTooLarge(Int64, byteCount: Int64)
    /// No file of an export may have this size or more.
    case exportFileTooLarge(String, byteCount: Int64)
    /// Its record names more than an entry may hold; `closes` ascending.
    case exportRecordTooLarge(closes: [Int64], byteCount: Int64)
    /// No place of this name stands in finance/uebergabe.yaml.
    case targetUnknown(String)
    case handoverFailed(target: String, String)
    /// A line of a file in `witness/` is wrong; `what` is a code of docs/errors/witness.md.
    case witnessFile(path: String, line: Int, what: String)
    /// No checkpoint over this entry is stored yet.
    case notPublished(index: Int64)
    /// No consistency proof leads from one of these sizes to the other in a log of `size` entries.
    case sizesInvalid(from: Int64, to: Int64, size: Int64)
    /// What is written must not be mixed with what is there.
    case folderExists(path: String)
    /// A line of the file that says how long personal data is kept is wrong.
    case retentionFile(path: String, line: Int)
    /// A hold with this number keeps it.
    case onHold(Int64)
    case holdUnknown(Int64)
    /// A statute asks to keep the field.
    case mustBeKept(PersonalField)
    case nothingToErase
    /// The cursor was not given out for this list.
    case cursorInvalid
    /// As many follow the events as the server takes.
    case tooManyStreams
    case input(field: String, wanted: String)
}

extension OperationsError {
    /// Stable code for interfaces; each is explained in docs/errors/operations.md.
    package var code: String {
        switch self {
        case .inUse: "data-in-use"
        case .cannotWrite: "cannot-write"
        case .cannotRead: "cannot-read"
        case .missingFile: "file-missing"
        case .notInitialised: "not-initialised"
        case .databaseMissing: "database-missing"
        case .alreadyInitialised: "already-initialised"
        case .folderNotEmpty: "folder-not-empty"
        case .backupDiffers: "backup-differs"
        case .rollback: "rollback"
        case .nothingLost: "nothing-lost"
        case .headsMissing: "heads-missing"
        case .headsDamaged: "heads-damaged"
        case .journalDamaged: "journal-damaged"
        case .databaseDamaged: "database-damaged"
        case .stopping: "stopping"
        case .overloaded: "overloaded"
        case .terminalBusy: "terminal-busy"
        case .cardNumber: "card-number"
        case .databaseBusy: "database-busy"
        case .diskFull: "disk-full"
        case .spaceShort: "space-short"
        case .yardUnknown: "yard-unknown"
        case .yardWanted: "yard-wanted"
        case .yardExists: "yard-exists"
        case .terminalUnknown: "terminal-unknown"
        case .terminalExists: "terminal-exists"
        case .tariffUnknown: "tariff-unknown"
        case .tariffInvalid: "tariff-invalid"
        case .tariffFileUnknown: "tariff-file-unknown"
        case .tariffState: "tariff-state"
        case .tariffIdTaken: "tariff-id-taken"
        case .tariffOverlaps: "tariff-overlaps"
        case .tariffGap: "tariff-gap"
        case .tariffReplacesOther: "tariff-replaces-other"
        case .tariffBackdated: "tariff-backdated"
        case .accountsMissing: "accounts-missing"
        case .planInvalid: "account-plan-invalid"
        case .settlementFileMissing: "settlement-file-missing"
        case .settlementFileInvalid: "settlement-file-invalid"
        case .statement: "statement-refused"
        case .statementConflict: "statement-conflict"
        case .bankAccountUnknown: "bank-account-unknown"
        case .accountYardUnknown: "account-yard-unknown"
        case .profileUnknown: "profile-unknown"
        case .itemUnknown: "item-unknown"
        case .settledBefore: "settled-before"
        case .settlementUnknown: "settlement-unknown"
        case .settlementRefused: "settlement-refused"
        case .notAClaim: "not-a-claim"
        case .codeUnknown: "code-unknown"
        case .codeNotApproved: "code-not-approved"
        case .codeExpired: "code-expired"
        case .codeUsed: "code-used"
        case .proofOfPossession: "possession-unproved"
        case .keyMissing: "key-missing"
        case .keyRefused: "key-refused"
        case .terminalRevoked: "terminal-revoked"
        case .keyRequestOpen: "key-request-open"
        case .notWithheld: "not-withheld"
        case .decidedBefore: "decided-before"
        case .withheld: "record-withheld"
        case .keyInForce: "key-in-force"
        case .keyUnknown: "key-not-known"
        case .saleUnknown: "sale-unknown"
        case .notUnknown: "payment-not-unknown"
        case .notReversible: "not-reversible"
        case .sale(.aboveRemainder): "above-remainder"
        case .sale(.lineUnknown): "line-unknown"
        case .sale: "sale-invalid"
        case .slipUsed: "slip-used"
        case .payee(.missing): "payee-missing"
        case .payee(.unwanted): "payee-unwanted"
        case .payee(.nameTooLong), .payee(.nameCharacter): "payee-name-invalid"
        case .payee(.iban): "iban-invalid"
        case .requestUnknown: "request-unknown"
        case .requestState: "request-state"
        case .notQuarantined: "not-quarantined"
        case .reasonMissing: "reason-missing"
        case .forbidden(.samePerson): "second-person-needed"
        case .forbidden: "role-missing"
        case .signInFailed, .signInOfFailed: "sign-in-failed"
        case .tooManyAttempts: "too-many-attempts"
        case .passwordTooShort: "password-too-short"
        case .passwordUnchanged: "password-unchanged"
        case .passwordWrong: "password-wrong"
        case .personUnknown: "person-unknown"
        case .notCounted: "not-counted"
        case .unknownPayments: "unknown-payments"
        case .cutCounted: "cut-counted"
        case .closeChanged: "close-changed"
        case .pointsNew: "close-points-new"
        case .countFirst: "count-first"
        case .sheetProgram: "sheet-program-missing"
        case .sheetFailed: "sheet-failed"
        case .unexplained: "difference-unexplained"
        case .closeUnknown: "close-unknown"
        case .snapshotUnknown: "snapshot-unknown"
        case .closeNotApproved: "close-not-approved"
        case .closeNotWitnessed: "close-not-witnessed"
        case .exportUnknown: "export-unknown"
        case .exportTwice: "export-twice"
        case .exportState: "export-state"
        case .exportTooLarge: "export-too-large"
        case .exportFileTooLarge: "export-file-too-large"
        case .exportRecordTooLarge: "export-record-too-large"
        case .targetUnknown: "target-unknown"
        case .handoverFailed: "handover-failed"
        case .witnessFile: "witness-file-invalid"
        case .notPublished: "not-published"
        case .sizesInvalid: "sizes-invalid"
        case .folderExists: "folder-exists"
        case .retentionFile: "retention-file-invalid"
        case .onHold: "on-hold"
        case .holdUnknown: "hold-unknown"
        case .mustBeKept: "must-be-kept"
        case .nothingToErase: "nothing-to-erase"
        case .cursorInvalid: "cursor-invalid"
        case .tooManyStreams: "too-many-streams"
        case .input: "input-invalid"
        }
    }
}
