import Journal
import People
import Reconciliation
import Sales
import Text
import Units

extension OperationsError {
    /// The HTTP status that fits.
    package var status: Int {
        switch self {
        case .stopping, .overloaded, .inUse, .cannotWrite, .cannotRead, .rollback,
            .headsMissing, .headsDamaged, .journalDamaged, .databaseDamaged, .databaseBusy,
            .handoverFailed, .sheetProgram, .sheetFailed, .tooManyStreams:
            503
        case .diskFull, .spaceShort: 507
        case .signInFailed, .signInOfFailed, .codeUnknown, .proofOfPossession: 401
        case .tooManyAttempts, .terminalBusy: 429
        case .forbidden, .passwordWrong, .codeNotApproved, .codeExpired, .codeUsed, .countFirst: 403
        case .yardUnknown, .terminalUnknown, .tariffUnknown, .tariffFileUnknown, .saleUnknown,
            .requestUnknown,
            .personUnknown, .closeUnknown, .snapshotUnknown, .exportUnknown, .targetUnknown,
            .missingFile, .notInitialised, .databaseMissing,
            .keyMissing, .keyUnknown, .notPublished, .profileUnknown, .itemUnknown,
            .holdUnknown, .nothingToErase,
            .settlementFileMissing,
            .settlementUnknown:
            404
        case .alreadyInitialised, .folderExists, .folderNotEmpty, .backupDiffers, .yardExists,
            .terminalExists, .tariffState, .tariffIdTaken, .tariffOverlaps, .tariffGap,
            .tariffReplacesOther, .tariffBackdated, .requestState,
            .notQuarantined, .notUnknown, .slipUsed, .notCounted, .unknownPayments, .cutCounted,
            .closeChanged, .pointsNew,
            .unexplained, .closeNotApproved, .closeNotWitnessed, .sale(.aboveRemainder),
            .exportTwice, .exportState,
            .terminalRevoked, .keyRequestOpen, .notWithheld, .decidedBefore, .withheld,
            .nothingLost, .keyInForce, .onHold, .mustBeKept, .statementConflict, .settledBefore:
            409
        case .witnessFile, .yardWanted, .sizesInvalid, .tariffInvalid, .accountsMissing,
            .planInvalid,
            .notReversible, .sale, .payee, .reasonMissing, .passwordTooShort, .input, .keyRefused,
            .passwordUnchanged, .cardNumber, .cursorInvalid, .retentionFile,
            .settlementFileInvalid, .statement, .bankAccountUnknown, .accountYardUnknown,
            .exportTooLarge,
            .exportFileTooLarge, .exportRecordTooLarge, .settlementRefused, .notAClaim:
            422
        }
    }

    /// What happened, in a few words.
    package var title: String {
        switch self {
        case .forbidden(.samePerson): "A second person has to do this"
        case .forbidden(.roleMissing): "The role for this is missing"
        case .forbidden(.inactive): "This person may no longer sign in"
        case .signInFailed, .signInOfFailed: "Name or password is wrong"
        case .inUse: "Another process uses this data directory"
        case .rollback: "The database is older than what was known before"
        case .headsMissing, .headsDamaged: "What was signed before is not known"
        case .journalDamaged, .databaseDamaged: "The database is damaged"
        case .databaseBusy: "Another program holds the database"
        case .diskFull, .spaceShort: "The disk is nearly full"
        // The account plan is one of them; the remedy names the file.
        case .planInvalid: "A file for accounts or exports is wrong"
        default: code.replacing("-", with: " ")
        }
    }

    /// What it is about and what to do.
    package var remedy: String {
        switch self {
        case .inUse(let path, let holder):
            "The lock \(path) is held by \(holder). Stop it, or use its address."
        case .cannotWrite(let path): "\(path) cannot be written. Check its owner and mode."
        case .cannotRead(let path):
            "\(path) cannot be read. Check its owner and mode, and the disk."
        case .missingFile(let path):
            "\(path) is missing. Check the path, or bring the file back from a backup."
        case .notInitialised(let path): "\(path) holds no Hofbuch data. Run `hofbuch init` first."
        case .databaseMissing(let path):
            "\(path) holds keys or heads of a log, but not its database hofbuch.sqlite3; nothing "
                + "was changed. Bring the database back, or restore the newest backup into a new "
                + "folder: `hofbuch backup restore`."
        case .alreadyInitialised(let path):
            "\(path) holds Hofbuch data already; nothing was changed. Choose another folder."
        case .folderNotEmpty(let path):
            "\(path) holds files already; nothing was changed. Choose a new folder."
        case .backupDiffers(let path, let what):
            "The backup \(path) is not to be relied on: \(what). Take another one."
        case .rollback(let yard, let stored, let known):
            "The log \(yard) has \(stored) entries, but \(known) were signed before. An old copy "
                + "was restored or records were removed. Nothing is written until the newest copy "
                + "is back. If there is none, two people can accept the loss: `hofbuch log loss` "
                + "and `hofbuch log accept-loss` (docs/guide/it.md, After a loss)."
        case .nothingLost(let path):
            "Nobody is known to remember more than \(path) holds, so there is no loss to accept. "
                + "Start the server; terminals and witnesses show what they know."
        case .headsMissing(let path):
            "\(path) is missing, so nothing shows that the database is the newest. Nothing is "
                + "written until the file is back (docs/guide/it.md, After a loss)."
        case .headsDamaged(let path):
            "\(path) was altered or damaged, so nothing shows that the database is the newest. "
                + "Nothing is written until the file is back (docs/guide/it.md, After a loss)."
        case .journalDamaged(let yard, let index):
            "The stored bytes of the log \(yard) do not fit from index \(index) on. Nothing is "
                + "written until the newest backup is back. `hofbuch verify` says more."
        case .databaseDamaged(let path, let message):
            "\(path) cannot be read: \(message). Nothing is written. Look at the disk; then "
                + "restore the newest backup."
        case .stopping: "The server is stopping. Send the same again in a few seconds."
        case .overloaded: "Too much waits to be written. Send the same again in a few seconds."
        case .databaseBusy(let path):
            "Another program has held the write lock of \(path) for five seconds. Nothing was "
                + "written. Close that program; then send the same again."
        case .diskFull(let path):
            "No space is left for \(path). Nothing was written. Free some, then send it again."
        case .spaceShort(let path, let free, let needed):
            "\(free) MB are free in \(path); sales are taken again from \(needed) MB on. Free "
                + "space or enlarge the disk. Terminals keep their records and send them again."
        case .terminalBusy:
            "Many records of this terminal wait already. Send the same again in a few seconds."
        case .cardNumber:
            "The text holds a card number, which must not be kept. Write the last four digits only."
        case .yardUnknown(let id): "There is no yard \(id) here."
        case .yardWanted(let known):
            known.isEmpty
                ? "There is no yard here yet. Choose another folder."
                : "There are several yards (\(known.joined(separator: ", "))). Say which with "
                    + "--yard."
        case .yardExists(let id): "There is a yard \(id) already. Choose another id."
        case .terminalUnknown(let id): "There is no terminal \(id) at this yard."
        case .terminalExists(let id): "The terminal \(id) is enrolled already. Choose another id."
        case .tariffUnknown(let day): "No tariff is in force for \(day). Propose and approve one."
        case .tariffInvalid(let problems): Self.list(problems.map(\.line))
        case .tariffFileUnknown(let digest):
            "No tariff file \(digest) is stored for this yard. Check the digest; if it stands in "
                + "the journal, the file was removed or altered: bring it back from a backup."
        case .tariffState(let digest, let found):
            "The tariff file \(digest) is \(found); this needs it to be proposed."
        case .tariffIdTaken(let id):
            "Another file came into force as the tariff \(id) before. Give this version an id of "
                + "its own at `tarif`."
        case .tariffOverlaps(let id, let from, let to):
            "It reaches into the days of the tariff \(id), in force from \(from.iso)"
                + (to.map { " to \($0.iso)" } ?? "") + ". Let it end before \(from.iso), or "
                + "begin on \(from.iso) to replace that one."
        case .tariffGap(let from, let to):
            "No tariff would be in force from \(from.iso) to \(to.iso). Change its first or last "
                + "day to cover them, or bring a version for these days into force first."
        case .tariffReplacesOther(let named, let follows):
            "It says `ersetzt: \(named)`, but the tariff that it follows here is \(follows). Name "
                + "that one, or leave the line out."
        case .tariffBackdated(let from, let sold):
            "It begins on \(from.iso), but sales up to \(sold.iso) were priced by the tariff in "
                + "force and stay so. Let it begin on "
                + "\((sold.adding(days: 1) ?? sold).iso) or later."
        case .accountsMissing(let uses):
            "The account plan has no account for: \(uses.joined(separator: "; ")). Add them to "
                + "finance/kontenplan.yaml."
        case .planInvalid(let path, let problems):
            Self.list(problems.map { "\(path): \($0.line)" })
                + "\nCorrect the file; `hofbuch export lint \(path)` says all that is wrong."
        case .settlementFileMissing(let path):
            "\(path) is missing: it says which card terminal's money arrives on which account. "
                + "docs/formats/settlement.md shows one."
        case .settlementFileInvalid(let path, let problems):
            Self.list(problems.map { "\(path): \($0.line)" })
        case .statement(let error): "\(error)"
        case .statementConflict(let account, let name):
            "The statement \(name) of the account \(account) was taken in before with another "
                + "content. Nothing of this file was kept. Ask the bank which one is right."
        case .bankAccountUnknown(let account):
            "The account \(account) is not in finance/abgleich.yaml. Add it there with its yard, "
                + "if it is one of yours; nothing of this file was kept."
        case .accountYardUnknown(let account, let yard, let known):
            "finance/abgleich.yaml names the yard \(yard) for \(account), which is not here ("
                + "\(list(known))). Write the yard's own name there; nothing of this file was "
                + "kept."
        case .profileUnknown(let id, let known):
            "There is no profile \(id) for an acquirer's file. Known: "
                + (known.isEmpty ? "none; add finance/abrechnung-NAME.yaml" : list(known)) + "."
        case .itemUnknown(let code):
            "Nothing is called \(code). `hofbuch reconcile status` lists what is open."
        case .settledBefore(let code, let id):
            "\(code) stands in the settlement \(id) already. Take that back first."
        case .settlementUnknown(let id):
            "There is no settlement \(id), or it was taken back already."
        case .settlementRefused(let refusal): refusal.words
        case .notAClaim(let receipt): "The sale \(receipt) is no claim: nobody owes it."
        case .codeUnknown: "The one-time code is not known. Ask the office for a new one."
        case .codeNotApproved: "A second person has not approved this terminal yet."
        case .codeExpired: "The code was good for ten minutes. Ask the office for a new one."
        case .codeUsed: "The code was used already. Ask the office for a new one."
        case .proofOfPossession: "The proof is not signed with the key that is to be enrolled."
        case .keyMissing(let purpose, let key, let folder):
            "No file in \(folder) holds the key that signs \(purpose): \(key). Bring it back from "
                + "the backup of the keys; without it nothing can be written."
        case .keyRefused(let error):
            "The announced key does not fit: \(error.words). Announce it again with the "
                + "terminal's own program."
        case .terminalRevoked(let id):
            "The keys of the terminal \(id) are revoked. Enrol the device anew under another id."
        case .keyRequestOpen(let id): "Request \(id) waits already. Approve or reject it first."
        case .notWithheld(let reference):
            "\(reference) did not come under a revoked key; it counts as it is."
        case .decidedBefore(let reference): "Somebody decided about \(reference) before."
        case .withheld(let reference):
            "\(reference) came under a revoked key. An approver has to decide first whether it "
                + "counts."
        case .keyInForce(let key):
            "The key \(key) is in force, or nothing proves its successor yet. Rotate it first."
        case .keyUnknown(let key): "No key of the server is called \(key)."
        case .saleUnknown(let reference): "No sale \(reference) is recorded at this yard."
        case .notUnknown(let reference):
            "The payment of \(reference) is not unknown, or is resolved already."
        case .notReversible(let why): "This sale cannot be taken back this way: \(why)."
        case .sale(.aboveRemainder(let wanted, let left)):
            "\(wanted.value) cents are asked for, \(left.value) are left of the original."
        case .slipUsed(let slip, let sale):
            "Receipt \(slip.receiptNumber) with trace \(slip.traceNumber) of card terminal "
                + "\(slip.cardTerminal) belongs to \(sale.receiptNumber) already. Check the "
                + "numbers on the slip."
        case .payee(let problem): problem.words
        case .sale(let error): error.words
        case .requestUnknown(let id): "There is no request \(id)."
        case .requestState(let id, let found, let wanted):
            "Request \(id) is \(found); this needs it to be \(wanted)."
        case .notQuarantined(let id): "The terminal \(id) is not in quarantine."
        case .reasonMissing: "Say why, in a few words: at most 200 characters."
        case .forbidden(.samePerson(_, let person)):
            "\(person) did the first step; somebody else has to do the second."
        case .forbidden(.roleMissing(let act, let person)):
            "\(person) needs one of these roles: "
                + act.roles.map(\.rawValue).sorted().joined(separator: ", ") + "."
        case .forbidden(.inactive(let person)): "\(person) is switched off."
        case .signInFailed:
            "Name or password is wrong. After five failures each further try has to wait."
        case .signInOfFailed(let name): "Name or password of \(name) is wrong. Check both."
        case .tooManyAttempts(let seconds): "Wait \(seconds) seconds, then try again."
        case .passwordTooShort: "Use at least ten characters."
        case .passwordUnchanged: "The new password is the old one. Choose another."
        case .passwordWrong:
            "The old password is another one. After five failures each further try has to wait."
        case .personUnknown(let id): "There is no person \(id)."
        case .notCounted: "Nobody has counted yet. Type in the card terminals' totals first."
        case .unexplained(let terminal, let scheme):
            "The total of card terminal \(terminal), \(scheme), differs and nobody said why. Name "
                + "the reason first."
        case .unknownPayments(let sales):
            "The close would hold payments whose outcome nobody knows: "
                + sales.listed(\.receiptNumber)
                + ". Resolve them, or count with `acknowledgeUnknown` "
                + "(`--acknowledge-unknown`): they are carried over by name."
        case .cutCounted(let terminal, let number, let close):
            "Batch cut \(number) of card terminal \(terminal) stands in close \(close) with the "
                + "same totals. Leave it out, or correct its number."
        case .closeChanged:
            "The count or an explanation changed after you looked. Look again, then approve."
        case .pointsNew(let points):
            "After the count this turned up: " + points.map(\.words).joined(separator: " ")
                + " Settle it, have it counted again, or approve with `known=\(points.mark)` "
                + "(`--known \(points.mark)`): then it is left to the next close."
        case .countFirst:
            "This yard counts blind: totals of what is not counted yet are shown to those who "
                + "count only afterwards. Count first, or ask somebody who does not count."
        case .sheetProgram(let path):
            "Archive files are made by the Python package typst, and \(path) is not there. Run "
                + "scripts/sheets.sh, or say with `serve --sheet-python` where it is. Page and "
                + "text of the close need nothing."
        case .sheetFailed(let message):
            "The archive file could not be made: \(message). Try it again; page and text of the "
                + "close are there."
        case .snapshotUnknown(let number): "There is no audit snapshot \(number)."
        case .closeUnknown(let number): "There is no close \(number)."
        case .closeNotApproved(let number):
            "Close \(number) is not approved yet. A second person has to approve it first."
        case .closeNotWitnessed(let number):
            "Close \(number) has not enough cosignatures yet, and the settings let exports wait "
                + "for them. See `hofbuch log status`; ask the witnesses."
        case .exportUnknown(let name): "There is no export or format \(name)."
        case .exportTwice(let close, let export):
            "Export \(export) holds close \(close) in this format already. Fetch that one; if "
                + "finance cannot use it, reject it first."
        case .exportState(let number, let found):
            "Export \(number) is \(found); this step does not follow. See `hofbuch export list`."
        case .exportTooLarge(let number, let byteCount):
            "The files of export \(number) would make an archive of \(byteCount) bytes; a ZIP "
                + "archive holds 4 GiB. Fetch its files one by one."
        case .exportFileTooLarge(let name, let byteCount):
            "The file \(name) has \(byteCount) bytes or more, which is too large for a file of an "
                + "export. Export fewer closes at once; nothing was registered."
        case .exportRecordTooLarge(let closes, let byteCount):
            Self.recordTooLarge(closes, byteCount)
        case .targetUnknown(let name):
            "finance/uebergabe.yaml names no target \(name). Correct the name or add the target."
        case .handoverFailed(let target, let what):
            "\(target): \(what). Nothing was recorded; hand the export over again."
        case .witnessFile(let path, let line, let what):
            "\(path), line \(line): \(what). Correct the line; docs/errors/witness.md says how."
        case .notPublished(let index):
            "No stored checkpoint covers entry \(index) yet. Ask again in a few seconds, or check "
                + "the number."
        case .sizesInvalid(let from, let to, let size):
            "From \(from) to \(to): wanted are two sizes above 0 in ascending order, up to "
                + "\(size)."
        case .folderExists(let path): "\(path) is there already. Choose another folder."
        case .retentionFile(let path, let line):
            "\(path), line \(line): wanted is `plate 90 days on-request <legal basis>`, "
                + "`debtor 8 calendar-years kept <legal basis>` or `access 730 days`."
        case .onHold(let number):
            "Hold \(number) keeps it. Let two people lift the hold first, or leave it out."
        case .holdUnknown(let number):
            "There is no hold \(number) in force. `hofbuch personal status` lists them."
        case .mustBeKept(let field):
            "The policy says that \(field.rawValue) must be kept until its time is over. Leave it "
                + "out, or let the town change the file `retention`."
        case .nothingToErase:
            "None of these records has one of these fields stored. Check the receipt numbers."
        case .tooManyStreams:
            "\(EventFeed.streamsMax) clients follow the events already. End one, or read the list "
                + "from time to time."
        case .cursorInvalid:
            "The cursor was given out for another list or altered, or entries that it followed "
                + "were lost. Begin again without it."
        case .input(let field, let wanted): "\(field): wanted is \(wanted)."
        }
    }

    private static func recordTooLarge(_ closes: [Int64], _ byteCount: Int64) -> String {
        let bound = "would have \(byteCount) bytes, and a record holds \(LogEntry.bytesMax)"
        guard closes.count > 1, let first = closes.first, let last = closes.last else {
            return "The journal record of an export of close \(closes.first ?? 0) \(bound). Make "
                + "it in another format; nothing was registered."
        }
        return "The journal record of an export of the \(closes.count) closes from \(first) to "
            + "\(last) \(bound). Export fewer closes at once, first those up to "
            + "\(closes[(closes.count - 1) / 2]) for instance; nothing was registered."
    }

    private func list(_ names: [String]) -> String { names.joined(separator: ", ") }

    private static func list(_ lines: [String]) -> String {
        lines.isEmpty ? "The file cannot be read." : lines.joined(separator: "\n")
    }
}

extension SettlementShares.Refusal {
    /// What is wrong and what to do.
    fileprivate var words: String {
        switch self {
        case .unknown(let item):
            "\(item.code) cannot be booked here. `hofbuch reconcile status` lists what is open."
        case .differs(let expected, let received):
            "\(GermanFormat.euros(received)) came for \(GermanFormat.euros(expected)). Say what "
                + "the difference is: fee, chargeback or unresolved. Nothing is booked by "
                + "tolerance."
        case .noDifference: "Both sides are equal; there is no difference to name."
        case .accountUnknown(let account):
            "The account \(account) is not in finance/abgleich.yaml. Add it there with its yard."
        case .twice(let item): "\(item.code) is named twice. Name each item once."
        case .empty: "Name at least one item."
        }
    }
}
