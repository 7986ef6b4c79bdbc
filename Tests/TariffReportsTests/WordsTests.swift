import Testing
import Units

@testable import TariffReports
@testable import Tariffs

struct WordsTests {
    private let words = PriceWords(.made([.made("1", ["holz"], .flat(Cents(100)))]))

    @Test(arguments: Sample.methods.indices)
    func `every method has words`(place: Int) {
        let (method, expected) = Sample.methods[place]

        #expect(words.phrase(for: method).words.plain == expected)
    }

    @Test(arguments: [
        (Condition.always, "alle"),
        (.made([.household]), "privat"),
        (.made([.commercial], from: [.nonResident]), "gewerblich, auswärtig"),
        (.made(from: [.resident], with: ["karte"]), "einheimisch; mit „Ehrenamtskarte“"),
        (.made(with: ["offen", "dicht"]), "mit „staubdicht verpackt“ und „unbedeckte Ladung“"),
        (.made(without: ["offen"]), "ohne „unbedeckte Ladung“"),
        (
            .made(weekdays: [.monday, .tuesday, .wednesday, .saturday]),
            "Montag bis Mittwoch und Samstag"
        ),
        (.made(weekdays: [.saturday, .sunday]), "Samstag und Sonntag"),
        (
            .made(windows: [
                .range(Made.range("2023-10-16", "2023-12-16")), .from(Made.day("2026-01-01")),
            ]), "vom 16.10.2023 bis 16.12.2023 oder ab 01.01.2026"
        ),
        (
            .made(windows: [.yearly(from: Made.monthDay(11, 1), to: Made.monthDay(3, 31))]),
            "jedes Jahr vom 01.11. bis 31.03."
        ),
        (
            .made([.household], windows: [.until(Made.day("2017-12-31"))], weekdays: [.friday]),
            "privat; bis 31.12.2017, Freitag"
        ),
    ])
    func `every condition has words`(condition: Condition, expected: String) {
        #expect(words.words(for: condition) == expected)
    }

    @Test(arguments: [
        (Modifier.lineMinimum(Cents(500)), "Mindestpreis: 5,00 €"),
        (.lineMaximum(Cents(5000)), "Höchstpreis: 50,00 €"),
        (
            .limit(Made.limit(5, .piece, .day, .household)),
            "Höchstmenge: 5 Stück je Tag und Haushalt"
        ),
        (
            .free(Made.limit(1, .cubicMetre, .weeks(2), .person)),
            "Freimenge: 1 m³ je 2 Wochen und Person"
        ),
        (
            .exempt(Exemption(limit: Made.limit(5, .kilogram), includesThreshold: true)),
            "Freigrenze: bis 5 kg kostenlos, darüber wird alles berechnet"
        ),
        (
            .exempt(Exemption(limit: Made.limit(500, .pound), includesThreshold: false)),
            "Freigrenze: unter 500 lb kostenlos, ab 500 lb wird alles berechnet"
        ),
        (
            .adjustment(Adjustment(change: .factor(20_000), features: Made.ids(["offen"]))),
            "Aufschlag oder Nachlass: mit „unbedeckte Ladung“ das 2-fache des Preises"
        ),
        (
            .adjustment(Adjustment(change: .discountPercent(1000), features: Made.ids(["karte"]))),
            "Aufschlag oder Nachlass: mit „Ehrenamtskarte“ 10 % weniger"
        ),
        (
            .adjustment(Adjustment(change: .discount(Cents(200)), features: [])),
            "Aufschlag oder Nachlass: 2,00 € weniger"
        ),
        (.deposit(Cents(5000)), "Bei der Einfahrt auf der Karte reserviert: 50,00 €"),
    ])
    func `every modifier has words`(modifier: Modifier, expected: String) {
        let position = Position.made("1", ["holz"], .flat(Cents(100)), modifiers: [modifier])

        #expect(words.modifiers(of: position).map(\.phrase.plain) == [expected])
    }

    @Test func `a requirement has words`() {
        let position = Position.made("1", ["asbest"], .flat(Cents(100)), requires: ["dicht"])

        #expect(words.modifiers(of: position).map(\.phrase) == ["Nur mit: „staubdicht verpackt“"])
    }

    @Test func `legal form and tax name group and day where they differ`() {
        let vat = GroupedFact<VATTreatment>(
            household: Made.dated([("2020-01-01", .outsideScope)]),
            commercial: Made.dated([
                ("2020-01-01", .exempt),
                ("2027-01-01", .taxable(VATRate(basisPoints: 1900))),
            ]))

        #expect(
            words.vat(vat).plain == "privat nicht steuerbar, gewerblich steuerfrei, "
                + "ab 01.01.2027 19 % Umsatzsteuer enthalten")
        #expect(words.legalForm(Made.fact(.charge)) == "Entgelt")
    }
}
