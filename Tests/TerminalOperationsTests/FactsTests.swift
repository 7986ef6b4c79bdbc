// swift-format-ignore-file: NeverForceUnwrap
// Sample names that are not names would be a mistake of these tests.

import Sales
import Tariffs
import TerminalOperations
import TerminalStorage
import Testing
import Text
import Units

struct FactsTests {
    private static let yard = YardID("hof-1")!

    @Test func `a draft keeps all that is known of a delivery`() throws {
        var draft = DeliveryDraft(day: BusinessDay(iso: "2026-11-23")!, group: .commercial)
        draft.facts.origin = .nonResident
        draft.facts.features = [FeatureID("unbedeckt")!]
        draft.facts.holders[.household] = try HolderEntry("4711", for: .household, at: Self.yard)
        draft.facts.holders[.person] = try HolderEntry("Erika", for: .person, at: Self.yard)
        draft.facts.isScaleBroken = true
        let weighing = Weighing(
            scale: "w1", ticket: "7", gross: Grams(900), tare: Grams(300), tareSource: .preset)!
        draft.add(
            DeliveryItem(
                fraction: FractionID("boden")!, amount: .weight(weighing.net),
                source: .weighed(weighing), features: [FeatureID("staubdicht")!],
                mixedWith: [FractionID("asbest")!, FractionID("gruengut")!],
                reclassification: Reclassification(
                    declared: FractionID("gruengut")!, reason: "Steine darin", evidence: "F 17")))
        draft.fixedQuota = [
            QuotaUse(
                key: QuotaKey(
                    rule: "1", kind: .free, holder: .household, key: HolderKey("4711")!,
                    periodStart: BusinessDay(iso: "2026-01-01")!), used: 5, taken: 7)
        ]

        let stored = try StrictJSON.parse(draft.json.bytes, depthMax: 8)
        #expect(try DeliveryDraft(json: stored) == draft)

        var empty = DeliveryDraft(day: draft.day, group: .household)
        empty.facts = draft.facts
        #expect(try DeliveryDraft(json: empty.json) == empty)
    }

    @Test func `a draft of an earlier version still loads`() throws {
        let text = """
            {"day":"2026-11-23","group":"household","delivery":{"day":"2026-11-23",\
            "group":"household","items":[{"fraction":"reifen","measure":"pieces","quantity":2,\
            "source":"counted"}]},"times":[null],"personal":{"plate":"GÖ-AB 1"}}
            """
        let draft = try DeliveryDraft(
            json: try StrictJSON.parse(Array(text.utf8), depthMax: 8))

        #expect(draft.facts == DeliveryFacts())
        #expect(draft.fixedQuota == nil)
        #expect(draft.items == [tyres])
        #expect(draft.json.text == text)
    }

    @Test(
        arguments: [
            ("4711", Holder.household, "4711"), (" 47 11 ", .parcel, "47-11"),
            ("12.345/6", .card, "12-345-6"),
            // Everything with a letter, and everything about a person, is a digest.
            ("Weg 1", .household, nil), ("K-4711", .card, nil), ("01.02.1980", .person, nil),
            (String(repeating: "7", count: 65), .household, nil),
        ] as [(String, Holder, String?)])
    func `a number stays, a name becomes a digest`(
        text: String, holder: Holder, key: String?
    ) throws {
        let entry = try HolderEntry(text, for: holder, at: Self.yard)

        if let key {
            #expect(entry.key.text == key)
        } else {
            #expect(entry.key.text.utf8.count == 32)
            #expect(entry.key.text.allSatisfy { $0.isHexDigit })
        }
    }

    @Test func `the digest is that of yard and text`() throws {
        // printf 'hof-1\nerika-mueller-weg-1' | sha256sum | cut -c1-32
        let entry = try HolderEntry("Erika Müller, Weg 1", for: .person, at: Self.yard)

        #expect(entry.key.text == "23311dd02e3ed641b15a3567a741cb89")
    }

    @Test(arguments: ["erika mueller", "ERIKA  MÜLLER", "Erika-Müller.", "Erika Mu\u{308}ller"])
    func `spelling makes no difference`(text: String) throws {
        let one = try HolderEntry("Erika Müller", for: .person, at: Self.yard)

        #expect(try HolderEntry(text, for: .person, at: Self.yard).key == one.key)
        let other = try HolderEntry(text, for: .person, at: YardID("hof-2")!)
        #expect(other.key != one.key)
    }

    @Test(arguments: ["-", "...", "–"])
    func `a text of marks alone names nobody`(text: String) {
        #expect(throws: TerminalError.of(.textInvalid)) {
            try HolderEntry(text, for: .household, at: Self.yard)
        }
    }

    @Test func `facts decide price and acceptance`() async throws {
        let yard = try await Yard(tariff: richTariff)
        defer { yard.remove() }
        let session = try yard.open()
        let number = try await session.startDelivery(.household)
        try await session.addItems(phrase: "1 m³ boden; 2 Stück asbest", to: number)
        guard case .refused(let refusals) = try await session.quote(number) else {
            Issue.record("not refused")
            return
        }
        #expect(refusals.map(\.code) == ["requirement-missing"])

        var facts = DeliveryFacts()
        facts.features = [FeatureID("unbedeckt")!]
        facts.holders[.household] = try session.holder("4711", for: .household)
        try await session.setFacts(
            facts, itemFeatures: [[], [FeatureID("staubdicht")!]], of: number)

        guard case .priced(let quote) = try await session.quote(number) else {
            Issue.record("refused")
            return
        }
        #expect(quote.lines.map(\.gross) == [Cents(6_000), Cents(800)])
        await #expect(throws: TerminalError.of(.itemUnknown)) {
            try await session.setFacts(facts, itemFeatures: [[]], of: number)
        }
        try await session.close()
    }

    @Test func `a phrase says it all, and what was said before stays`() async throws {
        let yard = try await Yard(tariff: richTariff)
        defer { yard.remove() }
        let session = try yard.open()
        let number = try await session.startDelivery(.household)

        try await session.addItems(
            phrase: "gewerblich, auswärtig, Haushalt Weg-1, unbedeckt: 1 m³ gruengut", to: number)
        try await session.addItems(phrase: "1 m³ boden gemischt mit gruengut", to: number)

        let draft = try await session.delivery(number).draft
        #expect(draft.group == .commercial)
        #expect(draft.facts.origin == .nonResident)
        #expect(draft.facts.features == [FeatureID("unbedeckt")!])
        #expect(
            draft.facts.holders[.household]?.key
                == (try session.holder("Weg 1", for: .household))?.key)
        #expect(draft.items[1].mixedWith == [FractionID("gruengut")!])
        guard case .priced(let quote) = try await session.quote(number) else {
            Issue.record("refused")
            return
        }
        #expect(quote.total == Cents(8_000))
        try await session.close()
    }

    @Test func `another classification needs its reason`() async throws {
        let yard = try await Yard(tariff: richTariff)
        defer { yard.remove() }
        let session = try yard.open()
        let number = try await session.startDelivery(.household)
        try await session.addItems(phrase: "1 m³ boden", to: number)
        let declared = FractionID("gruengut")!

        await #expect(throws: TerminalError.of(.textMissing)) {
            try await session.setFacts(
                ItemFacts(reclassification: Reclassification(declared: declared, reason: " ")),
                ofItem: 0, in: number)
        }
        try await session.setFacts(
            ItemFacts(reclassification: Reclassification(declared: declared, reason: " Steine ")),
            ofItem: 0, in: number)

        #expect(
            try await session.delivery(number).draft.items[0].reclassification
                == Reclassification(declared: declared, reason: "Steine"))
        await #expect(throws: TerminalError.of(.itemUnknown)) {
            try await session.setFacts(ItemFacts(), ofItem: 1, in: number)
        }
        try await session.close()
    }

    @Test func `a preset tare needs no second ticket`() async throws {
        let yard = try await Yard()
        defer { yard.remove() }
        let session = try yard.open()
        let number = try await session.startDelivery(.commercial)
        try await session.weighIn(
            number, fraction: FractionID("bauschutt")!, scale: "W1", ticket: "0815",
            gross: Grams(3_400_000))
        await #expect(throws: TerminalError.of(.textMissing)) {
            try await session.weighOut(number, ticket: " ", tare: Grams(2_000_000))
        }
        try await session.weighOut(
            number, ticket: " ", tare: Grams(2_000_000), tareSource: .preset)

        let item = try #require(try await session.delivery(number).draft.items.first)
        #expect(
            item.source
                == .weighed(
                    Weighing(
                        scale: "W1", ticket: "0815", gross: Grams(3_400_000),
                        tare: Grams(2_000_000), tareSource: .preset)!))
        try await session.close()
    }
}
