import Testing
import Text
import Units

@testable import TariffReports
@testable import Tariffs

struct PriceListTests {
    @Test func `the list of a day reads like a notice board`() {
        let text = PriceList(of: Town.tariff, on: Made.day("2026-05-04")).text()

        #expect(text.plain == Self.board)
        #expect(text.plain.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test(arguments: [40, 60, 80, 100])
    func `no line is wider than asked`(width: Int) {
        let lines = PriceList(of: Town.tariff).text(width: width).split(separator: "\n")

        #expect(lines.allSatisfy { $0.count <= width })
    }

    @Test(arguments: [Int.min, -1, 0, 39, 40])
    func `a width that is too small counts as the smallest`(width: Int) {
        let list = PriceList(of: Town.tariff)

        #expect(list.text(width: width) == list.text(width: 40))
    }

    @Test(arguments: [1_000, 1_001, Int.max])
    func `a width that is too large counts as the largest`(width: Int) {
        let list = PriceList(of: Town.tariff)

        #expect(list.text(width: width) == list.text(width: 1_000))
    }

    @Test func `every fraction that has a price is named with it`() {
        let list = PriceList(of: Town.tariff)

        for position in Town.tariff.positions {
            for fraction in position.fractions {
                let section = list.sections.first { $0.fraction.id == fraction }
                let entry = section?.entries.first { $0.number == position.number }
                #expect(entry?.price == PriceWords(Town.tariff).price(of: position))
                #expect(list.text(width: 400).contains(entry?.price.steps.last?.phrase ?? "?"))
            }
        }
        #expect(list.sections.map(\.fraction.name).allSatisfy { list.html.contains(">\($0)<") })
    }

    @Test func `on a day in the season the exception alone is shown`() {
        let list = PriceList(of: Town.tariff, on: Made.day("2026-01-31"))

        let wood = list.sections.first { $0.fraction.name == "Altholz" }

        #expect(wood?.entries.map(\.number) == ["6.1"])
    }

    @Test func `without a day the general rule is what holds otherwise`() {
        let wood = PriceList(of: Town.tariff).sections.first { $0.fraction.name == "Altholz" }

        #expect(wood?.entries.map(\.number) == ["6", "6.1"])
        #expect(wood?.entries.map(\.scope) == ["sonst", "jedes Jahr vom 01.01. bis 31.01."])
    }

    @Test func `an exception for another measure leaves the general rule`() {
        let tariff = Tariff.made([
            .made("1", ["holz"], .unpublished),
            .made("2", ["holz"], .container(500, "sack"), exceptionTo: ["1"]),
        ])

        let entries = PriceList(of: tariff, on: Made.day("2026-01-01")).sections.first?.entries

        #expect(entries?.map(\.scope) == ["sonst", "alle"])
    }

    @Test func `net prices say which tax comes on top`() {
        let vat = Made.fact(VATTreatment.taxable(VATRate(basisPoints: 1900)))
        let tariff = Tariff.made([.made("1", ["holz"], .flat(Cents(100)), vat: vat)], basis: .net)

        let entry = PriceList(of: tariff).sections.first?.entries.first

        #expect(entry?.details.map(\.phrase.plain) == ["Steuer: zuzüglich 19 % Umsatzsteuer"])
    }

    private func rules(_ rules: DeliveryRules, _ basis: PriceBasis) -> [String] {
        let positions = [Position.made("1", ["holz"], .flat(Cents(100)))]
        return PriceList(of: .made(positions, rules: rules, basis: basis)).rules.dropFirst()
            .map(\.words.plain)
    }

    @Test func `rules of net prices say which tax comes on top and what it is in`() {
        #expect(
            rules(
                .made(vat: .standard, minimumVAT: .standard, maximum: Cents(5000)), .net)
                == [
                    "2,00 € je Anlieferung. Zuzüglich 19 % Umsatzsteuer.",
                    "Eine Anlieferung, die etwas kostet, kostet mindestens 2,50 €. "
                        + "Zuzüglich 19 % Umsatzsteuer.",
                    "Eine Anlieferung kostet höchstens 50,00 €, Umsatzsteuer eingeschlossen.",
                ])
        #expect(
            rules(.made(charge: .percent(1000), vat: .standard), .net) == [
                "10 % auf den Preis mit Umsatzsteuer. 19 % Umsatzsteuer enthalten.",
                "Eine Anlieferung, die etwas kostet, kostet mindestens 2,50 €, "
                    + "Umsatzsteuer eingeschlossen.",
            ])
    }

    @Test func `rules of gross prices name the tax in them`() {
        #expect(
            rules(.made(vat: .standard, maximum: Cents(5000)), .gross) == [
                "2,00 € je Anlieferung. 19 % Umsatzsteuer enthalten.",
                "Eine Anlieferung, die etwas kostet, kostet mindestens 2,50 €.",
                "Eine Anlieferung kostet höchstens 50,00 €.",
            ])
    }

    private static let taxes: [(String?, [String])] = [
        (nil, ["Steuer: steuerfrei, ab 01.01.2027 zuzüglich 19 % Umsatzsteuer"]),
        ("2026-12-31", []), ("2027-01-01", ["Steuer: zuzüglich 19 % Umsatzsteuer"]),
    ]

    @Test(arguments: taxes)
    func `without a day every tax of the validity is shown, none of other years`(
        day: String?, expected: [String]
    ) {
        let vat = GroupedFact<VATTreatment>(
            household: Made.dated([("2020-01-01", .outsideScope)]),
            commercial: Made.dated([
                ("2020-01-01", .outsideScope), ("2024-01-01", .exempt),
                ("2027-01-01", .standard), ("2030-01-01", .outsideScope),
            ]))
        let tariff = Tariff.made(
            [.made("1", ["holz"], .flat(Cents(100)), .made([.commercial]), vat: vat)],
            validity: Made.range("2025-01-01", "2029-12-31"), basis: .net)

        let list = PriceList(of: tariff, on: day.map { Made.day($0) })

        let details = list.sections.first?.entries.first?.details ?? []
        #expect(details.map(\.phrase.plain) == expected)
    }

    @Test func `the page is complete and well formed, and hides no script`() {
        let html = PriceList(of: Town.tariff).html

        #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"de\">"))
        #expect(!html.contains("<script") && !html.contains("http"))
        #expect(html.contains("@media print") && html.contains("prefers-color-scheme: dark"))
        #expect(html.contains("scope=\"col\"") && html.contains("scope=\"row\""))
        #expect(Page.isBalanced(html))
    }

    @Test func `every value in the page is escaped`() {
        let evil = "<b>&\"'</b>"
        let fractions = [
            Made.fraction("holz", evil, also: [evil], belongs: [evil], excluded: [evil])
        ]
        let rule = AcceptanceRule(
            number: evil, paragraph: evil, condition: .made([.household]), fractions: nil,
            demand: .refused, reason: Explanation(german: evil, english: evil), place: Made.place)
        let rules = DeliveryRules(
            acceptance: [rule], oncePerVisit: [], mixture: nil, scaleFailure: nil, surcharges: [],
            minimum: nil, maximum: nil, deposit: nil)
        let tariff = Tariff.made(
            [.made("1", ["holz"], .refused, reason: evil, note: evil)], title: evil,
            fractions: fractions, rules: rules, note: evil)

        let html = PriceList(of: tariff).html

        #expect(!html.contains("<b>"))
        #expect(html.contains("&lt;b&gt;&amp;&quot;&#39;&lt;/b&gt;"))
        #expect(Page.isBalanced(html))
    }

    @Test func `the data name sections, prices and rules`() {
        let json = PriceList(of: Town.tariff, on: Made.day("2026-05-04")).json

        let rubble = json["sections"]?.array?.first
        let price = rubble?["entries"]?.array?.first?["price"]
        #expect(json["report"]?.string == "pricelist")
        #expect(json["day"]?.string == "2026-05-04")
        #expect(rubble?["fraction"]?.string == "bauschutt")
        #expect(price?["steps"]?.array?.first?["tenThousandths"]?.integer == 110_000)
        #expect(price?["words"]?.string?.plain == "11,00 € je angefangene 500 l")
        #expect(json["rules"]?.array?.count == 8)
    }
}

/// Looks at a page as a browser's parser would.
enum Page {
    /// Whether every element that is opened is closed in turn; `meta` needs no end.
    static func isBalanced(_ html: String) -> Bool {
        var open: [Substring] = []
        for part in html.split(separator: "<").dropFirst() {
            guard let end = part.firstIndex(of: ">") else { return false }
            let tag = part[..<end]
            let name = tag.prefix { $0 != " " }
            if name == "!DOCTYPE" || name == "meta" { continue }
            if name.first != "/" {
                open.append(name)
            } else if open.popLast() != name.dropFirst() {
                return false
            }
        }
        return open.isEmpty
    }
}
