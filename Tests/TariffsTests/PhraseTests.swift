import Testing
import Units

@testable import Tariffs

/// The small languages: numbers, dates, windows and deliveries.
struct PhraseTests {
    @Test(arguments: [
        ("0,25 m³", 250_000, MeasureUnit.cubicMetre), ("1.350 l", 1_350_000, .litre),
        ("1 Stück", 1, .piece), ("0,84 t", 840_000, .tonne), ("12 kg", 12_000, .kilogram),
        ("3 m²", 30_000, .squareMetre), ("2 m3", 2_000_000, .cubicMetre),
        ("1.000 m³", 1_000_000_000, .cubicMetre), ("0,001 l", 1, .litre),
        ("5\u{A0}l", 5_000, .litre), ("3 Liter", 3_000, .litre), ("15 Minuten", 15, .minute),
        ("1 Minute", 1, .minute), ("1,5 Stunden", 90, .hour), ("1 Stunde", 60, .hour),
        ("9 Tage", 12_960, .day), ("1 Tag", 1_440, .day), ("2 Wochen", 20_160, .week),
        ("1 Woche", 10_080, .week), ("500 lb", 5_000, .pound), ("0,1 lb", 1, .pound),
        ("0,26 ton", 5_200, .shortTon), ("1,5 yd³", 6_998_400, .cubicYard),
        ("10 yd3", 46_656_000, .cubicYard), ("82 gal", 1_894_200, .gallon),
        ("2 Tonnen", 2_000_000, .tonne),
    ])
    func `a quantity is read exactly`(_ text: String, _ value: Int64, _ unit: MeasureUnit) throws {
        #expect(try ValuePhrase.quantity(text) == Quantity(value, in: unit))
    }

    @Test(arguments: [
        "", "l", "5", "5 x", "0 l", "-1 l", "1,5 Stück", "0,0001 l", "1.001 m³", "1,000,0 l", "1,",
        "1. l", "12.34 l", "0.500 l", "1.2345 l", "5 l l", "5 lo", "99999999999999999999 l", "٣ l",
        "0,01 lb", "1 tons", "215 yd³", "0,5 Minuten", "1.000.000.001 Minuten",
    ])
    func `anything else is no quantity`(_ text: String) {
        #expect(throws: PhraseProblem.self) { try ValuePhrase.quantity(text) }
    }

    @Test(arguments: [
        ("0,01 €", 1), ("1.234,50 €", 123_450), ("10.000,00 €", 1_000_000), ("0,00 €", 0),
    ])
    func `an amount is read exactly`(_ text: String, _ cents: Int64) throws {
        #expect(try ValuePhrase.cents(text, in: .euro) == Cents(cents))
    }

    @Test(arguments: [
        "1 €", "1,0 €", "1,001 €", "1,00", "1,00 $", "€ 1,00", "-1,00 €", "10.000,01 €",
    ])
    func `anything else is no amount`(_ text: String) {
        #expect(throws: PhraseProblem.self) { try ValuePhrase.cents(text, in: .euro) }
    }

    @Test(arguments: Currency.allCases)
    func `an amount carries the sign of its currency and no other`(_ currency: Currency) throws {
        #expect(try ValuePhrase.cents("1,50 \(currency.sign)", in: currency) == Cents(150))
        for other in Currency.allCases where other != currency {
            let error = #expect(throws: PhraseProblem.self) {
                try ValuePhrase.cents("1,50 \(other.sign)", in: currency)
            }
            #expect(error?.problem == .currencyDiffers)
            #expect(error?.message.contains(currency.sign) == true)
        }
    }

    @Test(arguments: [
        ("Montag", [1]), ("Sonntag", [7]), ("Montag bis Freitag", [1, 2, 3, 4, 5]),
        ("Samstag bis Montag", [6, 7, 1]), ("Mittwoch bis Mittwoch", [3]),
        ("Sonntag bis Samstag", [7, 1, 2, 3, 4, 5, 6]),
    ])
    func `weekdays run from the first to the last`(_ text: String, _ days: [Int]) throws {
        #expect(try ValuePhrase.weekdays(text).map(\.rawValue) == days)
    }

    @Test(arguments: ["", "montag", "Mo", "Montag Freitag", "Montag bis", "Montag bis Freitag bis"])
    func `anything else is no weekday`(_ text: String) {
        #expect(throws: PhraseProblem.self) { try ValuePhrase.weekdays(text) }
    }

    @Test(arguments: [
        "1.1.2024", "2024-01-01", "29.02.2023", "00.01.2024", "01.13.2024", "01.01.24", "",
    ])
    func `anything but a German date is no date`(_ text: String) {
        #expect(throws: PhraseProblem.self) { try ValuePhrase.day(text) }
    }

    @Test(arguments: [
        ("16.10.2023 bis 16.12.2023", "15.10.2023", false),
        ("16.10.2023 bis 16.12.2023", "16.10.2023", true),
        ("16.10.2023 bis 16.12.2023", "16.12.2023", true),
        ("16.10.2023 bis 16.12.2023", "17.12.2023", false),
        ("ab 01.01.2022", "31.12.2021", false), ("ab 01.01.2022", "01.01.2022", true),
        ("bis 31.12.2017", "31.12.2017", true), ("bis 31.12.2017", "01.01.2018", false),
        ("jedes Jahr 01.01. bis 31.01.", "31.01.2031", true),
        ("jedes Jahr 01.01. bis 31.01.", "01.02.2031", false),
        ("jedes Jahr 01.11. bis 31.03.", "31.12.2024", true),
        ("jedes Jahr 01.11. bis 31.03.", "31.03.2025", true),
        ("jedes Jahr 01.11. bis 31.03.", "01.04.2025", false),
        ("jedes Jahr 01.11. bis 31.03.", "31.10.2025", false),
        ("jedes Jahr 29.02. bis 29.02.", "29.02.2024", true),
        ("jedes Jahr 29.02. bis 29.02.", "01.03.2023", false),
        ("01.01.2024 bis 01.01.2024", "01.01.2024", true),
    ])
    func `a window includes both its days`(_ window: String, _ day: String, _ holds: Bool) throws {
        #expect(try ValuePhrase.window(window).contains(ValuePhrase.day(day)) == holds)
    }

    @Test(arguments: [
        "", "ab", "jedes Jahr", "jedes Jahr 30.02. bis 01.03.",
        "jedes Jahr 01.01.2024 bis 31.01.2024", "01.01.2024 - 02.01.2024",
        "01.02.2024 bis 01.01.2024",
    ])
    func `anything else is no window`(_ text: String) {
        #expect(throws: PhraseProblem.self) { try ValuePhrase.window(text) }
    }

    private func items(_ phrase: String) throws -> [DeliveryItem] {
        let tariff = try TariffFiles.tariff("remscheid-2020")
        let day = try ValuePhrase.day("01.06.2021")
        return try DeliveryPhrase.parse(phrase, day: day, group: .household, tariff: tariff).items
    }

    @Test func `a phrase reads fractions, containers and vehicles by any of their names`() throws {
        let boden = try #require(
            Weighing(
                scale: "beispiel", ticket: "Beispiel", gross: Grams(1_500_000), tare: Grams(0)))

        let items = try items(
            "2 Eimer 10 l ERDE; 1 eimer-20l Rigips, zu 30 % voll; 1,5 t Boden; "
                + "2 Säcke 120 l mineralwolle; Anhänger bis 750 kg, halb beladen: Hausmüll; "
                + "pkw-kofferraum: bau- und haushaltsabfall; 1 Anlieferung sperrmuell")

        #expect(
            items.map(\.fraction.text)
                == [
                    "erde", "gips", "erde", "daemmstoffe", "haushaltsabfall", "haushaltsabfall",
                    "sperrmuell",
                ])
        #expect(items[0].amount.number == 2)
        #expect(items[1].amount.fillPercent == 30)
        #expect(items[2].amount == .weight(Grams(1_500_000)))
        #expect(items[4].amount.fillPercent == 50)
        #expect(items[5].amount.fillPercent == 100)
        #expect(items[6].amount == .delivery)
        #expect(items.map(\.source)[2] == .weighed(boden))
    }

    @Test(arguments: [
        ("", DeliveryPhraseError.Kind.empty, ""), (" ; ", .empty, ";"),
        ("laub", .itemNotUnderstood, "laub"), ("1 t gold", .fractionUnknown, "gold"),
        ("1 t", .fractionUnknown, ""), ("0 t erde", .amountOutOfRange, "0 t erde"),
        ("0,5 Eimer 10 l erde", .amountOutOfRange, "0,5 Eimer 10 l erde"),
        ("1.001 t erde", .amountOutOfRange, "1.001 t erde"),
        ("-5 l erde", .amountOutOfRange, "-5 l erde"),
        ("\u{2212}5 l erde", .amountOutOfRange, "\u{2212}5 l erde"),
        (
            "99999999999999999999 l erde", .amountOutOfRange, "99999999999999999999 l erde"
        ),
        ("- erde", .itemNotUnderstood, "- erde"),
        ("3 Fass erde", .measureUnknown, "3 Fass erde"),
        ("Rad: erde", .vehicleUnknown, "Rad"),
        ("1 Eimer 10 l erde, zu 0 % voll", .fillNotUnderstood, "1 Eimer 10 l erde, zu 0 % voll"),
        (
            "1 Eimer 10 l erde, zu 101 % voll", .fillNotUnderstood,
            "1 Eimer 10 l erde, zu 101 % voll"
        ),
        ("1 Eimer 10 l erde, fast voll", .fillNotUnderstood, "1 Eimer 10 l erde, fast voll"),
        (
            "Anhänger bis 750 kg, zu 51 % voll: erde", .fillNotUnderstood,
            "Anhänger bis 750 kg, zu 51 % voll: erde"
        ),
    ])
    func `a phrase that is not understood names the words`(
        _ phrase: String, _ kind: DeliveryPhraseError.Kind, _ words: String
    ) throws {
        let error = #expect(throws: DeliveryPhraseError.self) { try items(phrase) }

        #expect(error?.kind == kind)
        #expect(error?.phrase == words)
        #expect(error?.message.isEmpty == false)
    }

    @Test func `the group may stand in front, and must stand somewhere`() throws {
        let tariff = try TariffFiles.tariff("wadersloh-2022")
        let day = try ValuePhrase.day("04.01.2022")

        let named = try DeliveryPhrase.parse("Gewerblich: 1 l glas", day: day, tariff: tariff)
        let overruled = try DeliveryPhrase.parse(
            "privat: 1 l glas", day: day, group: .commercial, tariff: tariff)
        let error = #expect(throws: DeliveryPhraseError.self) {
            try DeliveryPhrase.parse("1 l glas", day: day, tariff: tariff)
        }

        #expect(named.group == .commercial)
        #expect(overruled.group == .household)
        #expect(error?.kind == .groupMissing)
    }
}
