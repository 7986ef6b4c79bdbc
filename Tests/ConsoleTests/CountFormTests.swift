import DayClosing
import Sales
import Testing
import Units

@testable import Console
@testable import Operations

/// The form of the count: room for more cuts and card terminals, and what is typed into it.
struct CountFormTests {
    private static let path = "/abschluss/zaehlen"
    private static let device = "51234567"
    private static let count = "anzahl-51234567-girocard"
    private static let amount = "betrag-51234567-girocard"

    @Test func `more room keeps what is typed and saves nothing`() async throws {
        try await counting { yard, cashier in
            let fields = [
                Self.count: "3", Self.amount: "zwölf", "schnitt-51234567": "17",
                "anpassen": "ja", "schnitte": "2", "geraet": "51234598, 51234599",
            ]
            let form = try await cashier.post(Self.path, fields)
            #expect(form.status == 200 && !form.text.contains("role=\"alert\""))
            for kept in ["value=\"3\"", "value=\"zwölf\"", "value=\"17\""] {
                #expect(form.text.contains(kept), "\(kept)")
            }
            for device in [Self.device, "51234598", "51234599"] {
                #expect(form.text.contains("Kartengerät \(device), 2. Kassenschnitt"))
            }
            #expect(try yard.installation.closeProgress(of: yard.yard).draft == nil)
        }
    }

    @Test func `less room than is typed into is not given`() async throws {
        try await counting { yard, cashier in
            let typed = [
                Self.count: "1", Self.amount: "1,00", "schnitt-51234567": "7",
                "\(Self.count)-3": "1", "\(Self.amount)-3": "2,00", "schnitt-51234567-3": "9",
            ]
            let less = try await cashier.post(
                Self.path, typed.merging(["anpassen": "ja", "schnitte": "1"]) { $1 })
            #expect(less.text.contains("Kartengerät 51234567, 3. Kassenschnitt"))

            let saved = try await cashier.post(Self.path, typed.merging(["schnitte": "1"]) { $1 })
            #expect(saved.location == "/abschluss/vergleichen")
            let draft = try #require(try yard.installation.closeProgress(of: yard.yard).draft)
            #expect(draft.cuts.map(\.number) == ["7", "9"])
        }
    }

    @Test func `a card terminal named while saving is asked for its cut`() async throws {
        try await counting { yard, cashier in
            let fields = [Self.count: "1", Self.amount: "1,00", "geraet": "51234599"]
            let asked = try await cashier.post(Self.path, fields)
            #expect(asked.status == 422 && asked.text.contains("Gerät 51234599 steht jetzt unten."))
            #expect(asked.text.contains("href=\"#geraet\""))
            let none = try await cashier.post(
                Self.path, fields.merging(["geraet": "51234599 ab-1"]) { $1 })
            #expect(none.status == 422 && none.text.contains("„ab-1“ ist keine Terminal-ID."))
            #expect(try yard.installation.closeProgress(of: yard.yard).draft == nil)

            let left = fields.merging(["schnitt-51234599": ""]) { $1 }
            #expect(try await cashier.post(Self.path, left).location == "/abschluss/vergleichen")
        }
    }

    @Test func `figures of a card terminal that is listed no longer are kept`() async throws {
        try await counting { yard, cashier in
            let saved = try await cashier.post(
                Self.path,
                [
                    Self.count: "1", Self.amount: "1,00", "anzahl-51234599-visa": "2",
                    "betrag-51234599-visa": "5,00",
                ])
            #expect(saved.location == "/abschluss/vergleichen")
            let draft = try #require(try yard.installation.closeProgress(of: yard.yard).draft)
            #expect(draft.cuts.map(\.cardTerminal) == [Self.device, "51234599"])
        }
    }

    @Test func `figures for another close are not saved with this one unasked`() async throws {
        try await counting { yard, cashier in
            let form = try await cashier.get(Self.path).text
            #expect(form.contains("name=\"abschluss\" value=\"1\""))
            let fields = [Self.count: "1", Self.amount: "1,00", "abschluss": "7"]
            let other = try await cashier.post(Self.path, fields)
            #expect(other.status == 422 && other.text.contains("href=\"#tag\""))
            #expect(other.text.contains("Das Formular war für Abschluss Nr. 7"))
            #expect(other.text.contains("value=\"1,00\""))
            #expect(other.text.contains("name=\"abschluss\" value=\"1\""))
            #expect(try yard.installation.closeProgress(of: yard.yard).draft == nil)

            let same = fields.merging(["abschluss": "1"]) { $1 }
            #expect(try await cashier.post(Self.path, same).location == "/abschluss/vergleichen")
        }
    }

    @Test func `what is wrong with number and time names the cut, in the order of the page`()
        async throws
    {
        try await counting { _, cashier in
            let refused = try await cashier.post(
                Self.path,
                [
                    "schnitte": "2", "\(Self.count)-2": "x", "\(Self.amount)-2": "1,00",
                    "schnitt-51234567-2": "a b", "zeit-51234567-2": "gestern abend",
                ])
            #expect(refused.status == 422)
            let links = refused.text.matches(of: #/<li><a href="#([^"]+)">([^<]+)</#)
            #expect(
                links.map { String($0.1) } == [
                    "\(Self.count)-2", "schnitt-51234567-2", "zeit-51234567-2",
                ])
            for link in links { #expect(link.2.contains("Gerät 51234567, 2. Schnitt")) }
            #expect(refused.text.contains("wie 20.11.2026 18:05."))
            #expect(refused.text.contains("value=\"gestern abend\""))
        }
    }

    @Test func `a time is typed and read the way people write it`() async throws {
        try await counting { yard, cashier in
            _ = try await cashier.post(
                Self.path,
                [
                    Self.count: "1", Self.amount: "1,00", "schnitt-51234567": "7",
                    "zeit-51234567": "18.11.2026, 18:05 Uhr",
                ])
            let draft = try #require(try yard.installation.closeProgress(of: yard.yard).draft)
            #expect(draft.cuts.map(\.printedAt) == ["2026-11-18 18:05"])
            let compared = try await cashier.get("/abschluss/vergleichen").text
            #expect(compared.contains("18.11.2026, 18:05 Uhr, 1 Zahlung"))
        }
    }

    @Test(arguments: ["31.12.1999 23:59", "20.11.2026 00:00", "20.11.2030 18:05"])
    func `a time that no slip can show is told at its field`(time: String) async throws {
        try await counting { yard, cashier in
            let fields = [Self.count: "1", Self.amount: "1,00"]
            let typed = try await cashier.post(
                Self.path, fields.merging(["zeit-51234567": time]) { $1 })
            #expect(typed.status == 422 && typed.text.contains("href=\"#zeit-51234567\""))
            #expect(typed.text.contains("Prüfen Sie Tag und Jahr auf dem Bon."))
            let kept = try #require(SlipTime.parse(time))
            let file = "\(BatchCutFile.header)\n51234568;9;\(kept);visa;2;4,00"
            let pasted = try await cashier.post(
                Self.path, fields.merging(["datei": file]) { $1 })
            #expect(pasted.status == 422 && pasted.text.contains("href=\"#datei\""))
            #expect(try yard.installation.closeProgress(of: yard.yard).draft == nil)

            // The clocks of card terminals differ.
            let tomorrow = fields.merging(["zeit-51234567": "19.11.2026 00:10"]) { $1 }
            let saved = try await cashier.post(Self.path, tomorrow)
            #expect(saved.location == "/abschluss/vergleichen")
        }
    }

    @Test func `the day that is offered is none that a count refuses`() async throws {
        let yard = try await ConsoleYard()
        let progress = CloseProgress(
            yard: yard.yard, number: 143, previous: ConsoleFixtures.close, totals: CloseTotals(),
            draft: nil, newestDay: BusinessDay(iso: "2026-11-10"), oldestDay: nil, sentBack: [],
            isBlind: false)

        let day = try ConsoleRoutes(yard.installation).suggestedDay(progress)

        #expect(day.iso == "2026-11-18")
    }

    @Test(arguments: [
        ("2026-11-20 18:05", "2026-11-20 18:05"), ("2026-11-20T18:05", "2026-11-20 18:05"),
        ("20.11.2026 18:05", "2026-11-20 18:05"), ("1.9.26, 8:05:59 Uhr", "2026-09-01 08:05"),
    ])
    func `a time on a slip is kept in one form`(typed: String, kept: String) {
        #expect(SlipTime.parse(typed) == kept)
    }

    @Test(arguments: [
        "", "18:05", "20.11.2026", "30.02.2026 18:05", "20.11.2026 24:00", "20.11.2026 18:60",
        "20.11.2026 18:05:60", "20.11.202 18:05", "20.11.2026 18.05", "20.11.2026 1805",
        "20.11.2026 18:05 19:05", "x.11.2026 18:05", "20.11.2026 18:-5", "01.01.0001 00:00",
    ])
    func `what is no time on a slip is none`(typed: String) {
        #expect(SlipTime.parse(typed) == nil)
    }

    @Test func `a difference says which side has more`() {
        #expect(Cents(1_800).atCardTerminal == "18,00\u{A0}€ mehr am Kartengerät")
        #expect(Cents(-500).atCardTerminal == "5,00\u{A0}€ weniger am Kartengerät")
        #expect(Cents.zero.atCardTerminal == "0,00\u{A0}€")
    }
}
