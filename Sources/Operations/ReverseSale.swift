import Journal
import Keys
package import People
package import Sales
package import Storage
import Synchronization
package import Text
package import Units

/// What a cashier asks to take back.
package struct ReversalWish: Hashable, Sendable {
    package enum Method: String, Hashable, Sendable, CaseIterable {
        case card
        case bankTransfer = "bank-transfer"
        /// A claim or a free sale: no money moves.
        case noMoney = "no-money"
    }

    package let kind: Reversal.Kind
    package let original: SaleReference
    /// Line index to cents; nil means all that is left.
    package let amounts: [Int: Cents]?
    package let reason: String
    package let method: Method

    package init(
        kind: Reversal.Kind, original: SaleReference, amounts: [Int: Cents]?, reason: String,
        method: Method
    ) {
        self.kind = kind
        self.original = original
        self.amounts = amounts
        self.reason = reason
        self.method = method
    }
}

/// A request with what it asks for.
package struct ReversalRequest: Sendable {
    package let row: ReversalRequestRow
    package let wish: ReversalWish
    package let amount: Cents
    /// Whether the row says what is asked for. If not, the wish only names the sale, and the
    /// request can be rejected, no more.
    package let isReadable: Bool
}

extension Installation {
    /// Asks to take a sale back, in whole or in part.
    ///
    /// - Parameter payee: needed for a bank transfer and only there.
    /// - Throws: ``OperationsError`` (`forbidden`, `cardNumber`, `saleUnknown`, `notReversible`,
    ///   `sale` with `aboveRemainder` …, `payee` with `missing` or `unwanted`, `input` for a reason
    ///   of several lines).
    package func requestReversal(
        _ wish: ReversalWish, payee: Payee? = nil, at yard: Yard, by person: Person
    ) async throws -> Int64 {
        try person.allowed(.requestReversal)
        guard !wish.reason.holdsCardNumber, payee?.name.holdsCardNumber != true else {
            throw OperationsError.cardNumber
        }
        let now = clock()
        return try await writer.perform { [self] batch in
            let reading = batch.transaction.reading
            let (position, sale) = try countedSale(wish.original, of: yard, reading)
            _ = try reversal(wish, nil, of: sale, at: position, settlement: .noMoney, reading)
            try wish.check(payee)
            let id = try batch.transaction.insertReversalRequest(
                original: position, body: try wish.json.stored(), by: person.id, at: now)
            if let payee { try batch.transaction.insert(payee, ofRequest: id) }
            return id
        }
    }

    /// A second person's consent: recorded before money moves. By bank transfer or without money
    /// the reversal is done with it; by card it waits for the slip.
    ///
    /// - Throws: ``OperationsError`` as the request, and `payee` with `missing` for a transfer that
    ///   was asked for by a program that did not know payees yet.
    package func approveReversal(_ id: Int64, at yard: Yard, by person: Person) async throws {
        let now = clock()
        try await writer.perform { [self] batch in
            let reading = batch.transaction.reading
            let request = try request(id, of: yard, in: .requested, reading)
            try person.allowed(.approveReversal, otherThan: request.row.requestedBy)
            let (position, sale) = try countedSale(
                request.wish.original, of: yard, reading)
            let settlement: ReversalSettlement =
                request.wish.method == .bankTransfer ? .bankTransfer : .noMoney
            let reversal = try reversal(
                request.wish, id, of: sale, at: position, settlement: settlement, reading)
            try request.wish.check(try reading.payee(ofRequest: id))
            let approval = Approval(
                request: id, original: request.wish.original, amount: reversal.amount,
                reason: request.wish.reason, requestedBy: request.row.requestedBy,
                approvedBy: person.id)
            let consent = try append(.approve(approval), to: yard, at: now, in: batch)
            try batch.transaction.decideReversal(
                id, state: .approved, by: person.id, approval: consent.index)
            // "All that is left" means what is left now: nothing more was approved.
            try batch.transaction.replaceReversal(
                id, body: try request.wish.naming(reversal.amounts).json.stored())
            guard request.wish.method != .card else { return }
            try complete(
                request, reversal, of: position, approval: consent.index,
                by: request.row.requestedBy, yard: yard, now: now, in: batch)
        }
    }

    /// Refuses a request, or takes an approval back that no slip was recorded for; the row goes on
    /// naming the approval.
    ///
    /// - Parameter shown: the state that the person saw; nil takes either of the two.
    /// - Throws: ``OperationsError`` (`requestUnknown`, `requestState`, `forbidden`).
    package func rejectReversal(
        _ id: Int64, whenIn shown: ReversalRequestRow.State? = nil, at yard: Yard,
        by person: Person
    ) async throws {
        let hadPayee = try await writer.perform { [self] batch in
            let reading = batch.transaction.reading
            let isApproved = try reading.reversalRequest(id)?.state == .approved
            let row = try requestRow(
                id, of: yard, in: shown ?? (isApproved ? .approved : .requested), reading)
            try person.allowed(.approveReversal, otherThan: row.requestedBy)
            try batch.transaction.decideReversal(
                id, state: .rejected, by: person.id, approval: row.approval)
            return try batch.transaction.deletePayee(ofRequest: id)
        }
        guard hadPayee else { return }
        await overwriteNowOrLater()
    }

    /// Records an approved reversal by card with the slip of the card terminal.
    ///
    /// - Throws: ``OperationsError`` as the request, and `requestState`, `slipUsed`.
    package func completeReversal(_ id: Int64, slip: CardSlip, at yard: Yard, by person: Person)
        async throws
    {
        try person.allowed(.completeReversal)
        let now = clock()
        let found = try await search(for: slip, at: yard, now: now)
        try await writer.perform { [self] batch in
            let reading = batch.transaction.reading
            let request = try request(id, of: yard, in: .approved, reading)
            let (position, sale) = try countedSale(
                request.wish.original, of: yard, reading)
            let reversal = try reversal(
                request.wish, id, of: sale, at: position, settlement: .card(slip), reading)
            // The request of an older program may not name what was approved.
            guard reversal.amount <= request.amount else {
                throw OperationsError.sale(
                    .aboveRemainder(wanted: reversal.amount, left: request.amount))
            }
            try requireFresh(
                after: found, for: request.wish.original, sale, at: position, now: now, reading)
            try complete(
                request, reversal, of: position, approval: request.row.approval ?? 0,
                by: person.id, yard: yard, now: now, in: batch)
        }
    }

    /// All requests of a yard, newest first, those that cannot be read among them.
    package func reversalRequests(of yard: Yard) throws -> [ReversalRequest] {
        try database.read { reading in
            try reading.reversalRequests(yard: yard.number).map { try listed($0, reading) }
        }
    }

    private func listed(_ row: ReversalRequestRow, _ reading: Reading) throws -> ReversalRequest {
        do { return try decoded(row, reading) } catch is StrictJSONError, is JSONShapeError {
            guard case .terminal(let record) = try record(at: row.original, reading).fact else {
                throw DamagedRow(table: "reversal_request", position: row.id)
            }
            return ReversalRequest(
                row: row,
                wish: ReversalWish(
                    kind: .refund, original: record.head.reference, amounts: [:], reason: "",
                    method: .noMoney),
                amount: .zero, isReadable: false)
        }
    }

    private func complete(
        _ request: ReversalRequest, _ reversal: Reversal, of original: LogPosition,
        approval: Int64, by person: PersonID, yard: Yard, now: Timestamp, in batch: Batch
    ) throws {
        let payee = try batch.transaction.reading.payee(ofRequest: request.row.id)
        let position = try append(
            .reversal(reversal, approval: approval, completedBy: person), to: yard, at: now,
            personal: payee?.disclosures ?? [], in: batch)
        try batch.transaction.deletePayee(ofRequest: request.row.id)
        try batch.transaction.insertReference(
            reversal.kind == .void ? .void : .refund, of: original, at: position)
        try noteStanding(of: original, in: batch)
        try batch.transaction.completeReversal(request.row.id, at: position.index)
    }

    /// The reversal that a wish comes to, checked against what is left of the sale. What other
    /// requests than `id` were approved for, but not yet recorded with, is spoken for.
    private func reversal(
        _ wish: ReversalWish, _ id: Int64?, of sale: Sale, at position: LogPosition,
        settlement: ReversalSettlement, _ reading: Reading
    ) throws -> Reversal {
        let (done, resolution) = try consequences(of: position, reading)
        try wish.checkMethod(for: sale, resolution: resolution)
        var earlier = done
        for row in try reading.approvedReversals(of: position) where row.id != id {
            let promised = try decoded(row, reading).wish
            earlier.append(try promised.reversal(of: sale, after: earlier, settlement: .noMoney))
        }
        return try wish.reversal(of: sale, after: earlier, settlement: settlement)
    }

    private func request(
        _ id: Int64, of yard: Yard, in state: ReversalRequestRow.State, _ reading: Reading
    ) throws -> ReversalRequest {
        try decoded(try requestRow(id, of: yard, in: state, reading), reading)
    }

    private func requestRow(
        _ id: Int64, of yard: Yard, in state: ReversalRequestRow.State, _ reading: Reading
    ) throws -> ReversalRequestRow {
        guard let row = try reading.reversalRequest(id), row.original.yard == yard.number else {
            throw OperationsError.requestUnknown(id)
        }
        guard row.state == state else {
            throw OperationsError.requestState(
                id, found: row.state.rawValue, wanted: state.rawValue)
        }
        return row
    }

    private func decoded(_ row: ReversalRequestRow, _ reading: Reading) throws -> ReversalRequest {
        var reader = try ObjectReader(try StrictJSON.parse(Array(row.body.utf8)))
        let wish = try ReversalWish(from: &reader)
        try reader.finish()
        return ReversalRequest(
            row: row, wish: wish, amount: try amount(of: wish, row, reading), isReadable: true)
    }

    /// What the lines named come to; where none are named, what was approved, and before that all
    /// that is left now.
    private func amount(
        of wish: ReversalWish, _ row: ReversalRequestRow, _ reading: Reading
    ) throws -> Cents {
        if let amounts = wish.amounts { return amounts.values.sum() }
        if let index = row.approval,
            case .server(let record) = try record(
                at: LogPosition(yard: row.original.yard, index: index), reading
            ).fact,
            case .approve(let approval) = record.fact
        {
            return approval.amount
        }
        guard case .terminal(let sold) = try record(at: row.original, reading).fact,
            case .sale(let sale) = sold.fact
        else { return .zero }
        let done = try consequences(of: row.original, reading).reversals
        let promised = try reading.approvedReversals(of: row.original)
            .filter { $0.id != row.id }.map { try decoded($0, reading).amount }
        let left = Reversal.remainder(of: sale, after: done).sum() - promised.sum()
        return max(left, .zero)
    }
}

extension ReversalWish {
    /// - Throws: ``OperationsError/sale(_:)``.
    fileprivate func reversal(
        of sale: Sale, after earlier: [Reversal], settlement: ReversalSettlement
    ) throws -> Reversal {
        do {
            return try Reversal.make(
                kind, of: sale, reference: original, earlier: earlier, amounts: amounts,
                reason: reason, settlement: settlement)
        } catch {
            throw OperationsError.sale(error)
        }
    }

    /// The same with these amounts.
    fileprivate func naming(_ amounts: [Int: Cents]) -> ReversalWish {
        ReversalWish(
            kind: kind, original: original, amounts: amounts, reason: reason, method: method)
    }

    /// Money goes back the way it came, or by bank transfer; what was never paid moves no money.
    fileprivate func checkMethod(for sale: Sale, resolution: PaymentResolution?) throws {
        let wasPaid: Bool
        switch (sale.settlement, resolution?.finding) {
        case (.card, _), (.unknown, .charged): wasPaid = true
        case (.free, _), (.onAccount, _), (.unknown, .notChargedClaim): wasPaid = false
        case (.unknown, .notChargedVoid):
            throw OperationsError.notReversible("payment was found void")
        case (.unknown, nil):
            throw OperationsError.notReversible("payment is still unknown")
        }
        guard wasPaid == (method != .noMoney) else {
            throw OperationsError.notReversible(
                wasPaid ? "it was paid by card" : "no money was paid")
        }
    }

    var json: JSONValue {
        let lines = amounts?.sorted { $0.key < $1.key }.map { index, cents in
            JSONValue.fields(["line": .integer(Int64(index)), "gross": .integer(cents.value)])
        }
        return .fields([
            "kind": .string(kind.rawValue), "original": original.json,
            "amounts": lines.map { .array($0) }, "reason": .string(reason),
            "method": .string(method.rawValue),
        ])
    }

    /// Reads the members of a wish; there may be others.
    package init(from reader: inout ObjectReader) throws(JSONShapeError) {
        kind = try reader.choice("kind")
        original = try SaleReference(json: try reader.value("original"), path: "original")
        var amounts: [Int: Cents]?
        if reader.has("amounts") {
            var found: [Int: Cents] = [:]
            for var line in try reader.objects("amounts") {
                let index = Int(try line.integer("line", in: 0...999))
                found[index] = Cents(try line.integer("gross", in: 1...Cents.entryLimit))
                try line.finish()
            }
            amounts = found
        }
        self.amounts = amounts
        reason = try reader.string("reason")
        method = try reader.choice("method")
    }
}
