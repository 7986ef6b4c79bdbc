import Testing
import Units

@testable import Tariffs

/// Deliveries in words: every form of an item and of what stands before the colon.
struct ItemPhraseTests {
    static func delivery(_ phrase: String) throws -> Delivery {
        let day = try ValuePhrase.day("01.06.2024")
        return try DeliveryPhrase.parse(
            phrase, day: day, group: .household, tariff: try SmallFile.rich.tariff())
    }

    static func weighed(_ scale: String, _ grams: Int64) -> AmountSource? {
        Weighing(scale: scale, ticket: "Beispiel", gross: Grams(grams), tare: Grams(0))
            .map { .weighed($0) }
    }

    struct Case: CustomTestStringConvertible {
        let phrase: String
        let amount: Amount
        let source: AmountSource?
        var testDescription: String { phrase }

        init(_ phrase: String, _ amount: Amount, _ source: AmountSource?) {
            self.phrase = phrase
            self.amount = amount
            self.source = source
        }
    }

    static let cases = [
        Case("700 l laub", .volume(Millilitres(700_000)), .estimated),
        Case("3 m² laub", .area(SquareCentimetres(30_000)), .estimated),
        Case("1 Anlieferung laub", .delivery, .counted),
        Case("150 kg laub", .weight(Grams(150_000)), weighed("w2", 150_000)),
        Case("150 kg schutt", .weight(Grams(150_000)), weighed("w1", 150_000)),
        Case("0,15 t gewogen w9 schutt", .weight(Grams(150_000)), weighed("w9", 150_000)),
        Case(
            "150 kg von Hand laub", .weight(Grams(150_000)), .manual(reason: "Angabe ohne Wägung")),
        Case("45 Minuten laub", .duration(Minutes(45)), .counted),
        Case("2 Stunden laub", .duration(Minutes(120)), .counted),
        Case(
            "12 m² und 9 Tage laub", .areaTime(SquareCentimetres(120_000), Minutes(12_960)),
            .estimated),
        Case("480 lb laub", .pounds(DeciPounds(4_800)), .counted),
        Case("1,5 yd³ laub", .cubicInches(CentiCubicInches(6_998_400)), .estimated),
        Case("82 gal laub", .cubicInches(CentiCubicInches(1_894_200)), .estimated),
        Case("Kombi: laub", vehicle(100), .estimated),
        Case("Kombi, halb beladen: laub", vehicle(50), .estimated),
        Case("Kombi, zu 51 % beladen: laub", vehicle(51), .estimated),
        Case("2 Säcke laub", sacks(2, 100), .counted),
        Case("2 Säcke laub, halb voll", sacks(2, 50), .counted),
        Case("1 Sack laub, zu 1 % voll", sacks(1, 1), .counted),
    ]

    static func vehicle(_ fill: Int64) -> Amount {
        VehicleClassID("kombi").map { .vehicle(class: $0, fillPercent: fill) } ?? .delivery
    }

    static func sacks(_ count: Int64, _ fill: Int64) -> Amount {
        ContainerID("sack").map { .containers(count: count, kind: $0, fillPercent: fill) }
            ?? .delivery
    }

    @Test(arguments: cases)
    func `an item is read with its amount and source`(_ expected: Case) throws {
        let item = try #require(try Self.delivery(expected.phrase).items.first)

        #expect(item.amount == expected.amount)
        #expect(item.source == expected.source)
        #expect(item.features.isEmpty)
        #expect(item.mixedWith.isEmpty)
    }

    @Test(arguments: [
        ("1 t laub mit staubdicht", ["staubdicht"], []),
        ("1 t laub mit staubdicht verpackt", ["staubdicht"], []),
        ("1 t laub mit staubdicht, nass", ["nass", "staubdicht"], []),
        ("1 t laub mit nass und staubdicht verpackt", ["nass", "staubdicht"], []),
        ("1 t laub gemischt mit schutt", [], ["schutt"]),
        ("1 t laub gemischt mit schutt, big-bag", [], ["schutt", "big-bag"]),
        ("1 t laub gemischt mit schutt und big-bag mit nass", ["nass"], ["schutt", "big-bag"]),
        ("1 Sack laub mit nass, halb voll", ["nass"], []),
        ("1 Sack laub, halb voll, mit nass", ["nass"], []),
        (
            "1 Sack laub gemischt mit schutt mit nass, staubdicht, halb voll",
            ["nass", "staubdicht"],
            ["schutt"]
        ),
        ("Kombi, halb beladen: laub gemischt mit schutt mit nass", ["nass"], ["schutt"]),
    ])
    func `an item has features and mixtures`(
        _ phrase: String, _ features: [String], _ mixture: [String]
    ) throws {
        let item = try #require(try Self.delivery(phrase).items.first)

        #expect(item.fraction.text == "laub")
        #expect(item.features.map(\.text).sorted() == features)
        #expect(item.mixedWith.map(\.text) == mixture)
        #expect(item.amount.fillPercent == (phrase.contains("halb") ? 50 : 100))
    }

    @Test func `names may themselves hold words of the grammar`() throws {
        var file = SmallFile.rich
        file.fractions = file.fractions.replacing(
            "name: Laub", with: "name: Reifen mit Felge, gemischt mit Laub und Erde"
        )
        .replacing("name: Sack\n", with: "name: Tonne 120 l\n")
        let day = try ValuePhrase.day("01.06.2024")

        let delivery = try DeliveryPhrase.parse(
            "privat: 2 t Reifen mit Felge, gemischt mit Laub und Erde mit nass; "
                + "1 Tonne 120 l schutt gemischt mit Reifen mit Felge, gemischt mit Laub und Erde",
            day: day, tariff: try file.tariff())

        #expect(delivery.items.map(\.fraction.text) == ["laub", "schutt"])
        #expect(delivery.items[0].features.map(\.text) == ["nass"])
        #expect(delivery.items[1].amount == Self.sacks(1, 100))
        #expect(delivery.items[1].mixedWith.map(\.text) == ["laub"])
    }

    @Test func `everything before the colon holds for the delivery`() throws {
        let delivery = try Self.delivery(
            "gewerblich, auswärtig, Haushalt A, Karte Süd 17, Waage ausgefallen, "
                + "mit unbedeckt, Sperrmüllkarte: Kombi: laub")

        #expect(delivery.group == .commercial)
        #expect(delivery.origin == .nonResident)
        #expect(delivery.holders.mapValues(\.text) == [.household: "a", .card: "sued-17"])
        #expect(delivery.isScaleBroken)
        #expect(delivery.features.map(\.text).sorted() == ["sperrmuellkarte", "unbedeckt"])
        #expect(delivery.items.map(\.amount) == [Self.vehicle(100)])
    }

    @Test func `nothing before the colon means the usual`() throws {
        let delivery = try Self.delivery("Kombi: laub")

        #expect(delivery.group == .household)
        #expect(delivery.origin == .resident)
        #expect(delivery.holders.isEmpty && delivery.features.isEmpty)
        #expect(!delivery.isScaleBroken)
    }

    @Test func `the origin may stand alone where the group is known`() throws {
        let delivery = try Self.delivery("Auswaertig: 1 l laub")

        #expect(delivery.group == .household)
        #expect(delivery.origin == .nonResident)
    }

    @Test(arguments: [
        ("privat, gewerblich: 1 l laub", DeliveryPhraseError.Kind.headNotUnderstood, "gewerblich"),
        ("privat, Haushalt: 1 l laub", .headNotUnderstood, "Haushalt"),
        ("privat, Haushalt A, Haushalt B: 1 l laub", .headNotUnderstood, "Haushalt B"),
        ("privat, Haushalt A/B: 1 l laub", .headNotUnderstood, "Haushalt A/B"),
        ("privat, fremd: 1 l laub", .headNotUnderstood, "fremd"),
        ("privat, nass: 1 l laub", .featureElsewhere, "nass"),
        ("1 l laub mit unbedeckt", .featureElsewhere, "unbedeckt"),
        ("1 l laub mit blau", .featureUnknown, "blau"),
        ("1 l laub mit", .featureUnknown, ""),
        ("1 l gold mit nass", .fractionUnknown, "gold mit nass"),
        ("1 l laub gemischt mit gold", .fractionUnknown, "laub gemischt mit gold"),
        ("1 l laub gemischt mit laub", .mixtureNotUnderstood, "laub"),
        ("1 l laub gemischt mit schutt, schutt", .mixtureNotUnderstood, "schutt, schutt"),
        ("2 Anlieferungen laub", .measureUnknown, "2 Anlieferungen laub"),
        ("2 Anlieferung laub", .amountOutOfRange, "2 Anlieferung laub"),
        ("5 m² und 2 l laub", .measureUnknown, "5 m² und 2 l laub"),
        ("5 m² und 0 Tage laub", .amountOutOfRange, "5 m² und 0 Tage laub"),
        ("0 kg laub", .amountOutOfRange, "0 kg laub"),
        ("5 l von Hand laub", .fractionUnknown, "von Hand laub"),
        ("1 Sack laub, ganz voll", .fillNotUnderstood, "1 Sack laub, ganz voll"),
        ("Kombi, voll: laub", .fillNotUnderstood, "Kombi, voll: laub"),
        ("Rad, halb beladen: laub", .vehicleUnknown, "Rad"),
    ])
    func `a phrase that is not understood names the words`(
        _ phrase: String, _ kind: DeliveryPhraseError.Kind, _ words: String
    ) throws {
        let error = #expect(throws: DeliveryPhraseError.self) { try Self.delivery(phrase) }

        #expect(error?.kind == kind)
        #expect(error?.phrase == words)
        #expect(error?.message.contains("„\(words)“") == true)
    }

    @Test func `every kind of misunderstanding has its own stable code`() {
        let codes = DeliveryPhraseError.Kind.allCases.map(\.rawValue)

        #expect(Set(codes).count == codes.count)
        #expect(codes.count == 12)
    }

    @Test func `endless phrases are refused in time`() throws {
        let words = String(repeating: "laub mit gemischt mit nass und schutt, ", count: 5_000)
        for phrase in ["1 t \(words)", "1 Sack \(words)", "Kombi, \(words): laub"] {
            #expect(throws: DeliveryPhraseError.self) { try Self.delivery(phrase) }
        }
    }
}
