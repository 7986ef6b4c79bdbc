import Journal
import Remote
import Sales
package import Tariffs
package import TerminalStorage
import Text
package import Units

extension YardTerminalSession {
    /// Chooses who serves from now on.
    ///
    /// - Throws: ``TerminalError`` `attendant-unknown`.
    package func chooseAttendant(_ id: PersonID) throws {
        try store.write { access in
            guard try attendants(in: access).contains(where: { $0.id == id }) else {
                throw TerminalError(
                    .attendantUnknown, "„\(id.text)“ bedient auf diesem Hof nicht.", .unchanged,
                    "Wählen Sie einen Namen aus der Liste.")
            }
            try access.set(.attendant, to: id.text)
        }
    }

    /// Starts a delivery on the local date of now.
    ///
    /// - Throws: ``TerminalError`` `attendant-missing`, `blocked`, `tariff-missing`,
    ///   `tariff-unreadable`.
    package func startDelivery(_ group: CustomerGroup) throws -> DeliveryNumber {
        try store.write { access in
            _ = try attendant(in: access)
            try requireActive(in: access, saved: .unchanged)
            _ = try tariff(on: world.today, in: access)
            return try access.addDelivery(
                DeliveryDraft(day: world.today, group: group).json, at: world.now())
        }
    }

    /// The delivery as it stands.
    package func delivery(_ number: DeliveryNumber) throws -> DeliveryView {
        try store.read { access in
            let (stored, draft) = try delivery(number, in: Set(DeliveryState.allCases), access)
            return DeliveryView(
                stored: stored, draft: draft, attempts: try access.attempts(of: number))
        }
    }

    /// Deliveries that have not ended, ascending.
    package func openDeliveries() throws -> [DeliveryView] {
        try store.read { access in
            try access.deliveries(in: [.open, .parked, .paying, .unknown]).map { stored in
                DeliveryView(
                    stored: stored, draft: try DeliveryDraft(json: stored.draft),
                    attempts: try access.attempts(of: stored.number))
            }
        }
    }

    /// The tariff in force today; nil if none is here.
    package func tariffToday() throws -> Tariff? {
        do {
            return try store.read { try tariff(on: world.today, in: $0) }
        } catch let error as TerminalError where error.code == .tariffMissing {
            return nil
        }
    }

    /// The tariff that prices a delivery.
    ///
    /// - Throws: ``TerminalError`` `delivery-unknown`, `tariff-missing`, `tariff-unreadable`.
    package func tariff(of number: DeliveryNumber) throws -> Tariff {
        try store.read { access in
            let (stored, draft) = try delivery(number, in: Set(DeliveryState.allCases), access)
            guard let digest = stored.tariff else { return try tariff(on: draft.day, in: access) }
            return try tariff(digest: digest, in: access)
        }
    }

    /// Adds an item to an open delivery.
    ///
    /// - Throws: ``TerminalError`` `delivery-unknown`, `wrong-state`, `amount-invalid`,
    ///   `text-missing`, `text-invalid`, `too-large`.
    package func addItem(_ item: DeliveryItem, to number: DeliveryNumber) throws {
        guard item.amount.isValid else {
            throw TerminalError(
                .amountInvalid, "Diese Menge kann nicht stimmen.", .entered,
                "Geben Sie eine Menge größer als null ein.")
        }
        let checked = try item.checked()
        try change(number) { $0.add(checked) }
    }

    /// Adds the items of a phrase such as `700 l grünabfall; 2 Stück reifen`, and what it says of
    /// the delivery as a whole: `privat, auswärtig, Haushalt 4711: …`.
    ///
    /// - Throws: ``Tariffs/DeliveryPhraseError`` besides what ``addItem(_:to:)`` throws.
    package func addItems(phrase: String, to number: DeliveryNumber) throws {
        let (draft, tariff) = try store.read { access -> (DeliveryDraft, Tariff) in
            let draft = try delivery(number, in: [.open], access).draft
            return (draft, try self.tariff(on: draft.day, in: access))
        }
        let parsed = try DeliveryPhrase.parse(
            phrase, day: draft.day, group: draft.group, tariff: tariff)
        try change(number) { try add(parsed, to: &$0) }
    }

    /// Removes the item at `index`, counted from 0.
    ///
    /// - Throws: ``TerminalError`` `item-unknown` besides the usual.
    package func removeItem(at index: Int, from number: DeliveryNumber) throws {
        try change(number) { draft in
            guard draft.items.indices.contains(index) else { throw TerminalError.itemGone }
            draft.remove(at: index)
        }
    }

    package func setGroup(_ group: CustomerGroup, of number: DeliveryNumber) throws {
        try change(number) { $0.group = group }
    }

    /// Sets the plate; an empty text removes it.
    package func setPlate(_ plate: String, of number: DeliveryNumber) throws {
        try set(.plate, to: plate, named: "das Kennzeichen", of: number)
    }

    /// Sets the name of the customer; an empty text removes it.
    package func setCustomer(_ customer: String, of number: DeliveryNumber) throws {
        try set(.customer, to: customer, named: "der Name", of: number)
    }

    /// Sets the note; an empty text removes it.
    package func setNote(_ note: String, of number: DeliveryNumber) throws {
        try set(.note, to: note, named: "die Bemerkung", of: number)
    }

    /// Puts an open delivery aside.
    package func park(_ number: DeliveryNumber) throws {
        try store.write { access in
            _ = try delivery(number, in: [.open], access)
            try access.move(number, to: .parked, at: world.now())
        }
    }

    /// Takes a parked delivery up again.
    package func resume(_ number: DeliveryNumber) throws {
        try store.write { access in
            _ = try delivery(number, in: [.parked], access)
            try access.move(number, to: .open, at: world.now())
        }
    }

    private func set(
        _ field: PersonalField, to text: String, named name: String, of number: DeliveryNumber
    ) throws {
        let isEmpty = text.allSatisfy(\.isWhitespace)
        let checked = isEmpty ? nil : try FreeText.checked(text, field: name)
        try change(number) { $0.personal[field] = checked }
    }

    /// Changes the draft of an open delivery; it must still fit into a record of its end.
    func change(
        _ number: DeliveryNumber, _ body: (inout DeliveryDraft) throws -> Void
    ) throws {
        try store.write { access in
            var draft = try delivery(number, in: [.open], access).draft
            try body(&draft)
            guard !draft.items.isEmpty else {
                guard try access.attempts(of: number).isEmpty else { throw TerminalError.lastItem }
                return try access.update(number, draft: draft.json, at: world.now())
            }
            guard draft.items.count <= Tariff.itemCountMax else { throw TerminalError.tooLarge }
            let ending = NoSale(
                cause: .refused, delivery: draft.delivery, reason: ShortText.longest,
                attempts: [])
            try signer.check(.noSale(ending), personal: Set(draft.personal.keys))
            try access.update(number, draft: draft.json, at: world.now())
        }
    }
}

extension TerminalError {
    /// A record of the failed payment needs something that was brought.
    fileprivate static let lastItem = TerminalError(
        .itemNeeded, "Nach einem Zahlungsversuch muss eine Position stehen bleiben.", .entered,
        "Erfassen Sie zuerst die richtige Position oder beenden Sie die Anlieferung.")
}
