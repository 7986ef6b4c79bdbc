import Foundation
import Pages
import Receipts
import Sales
import Tariffs
import Testing
import Units

struct ReceiptContentTests {
    private let templates = ReceiptTemplates.embedded

    private func slip(_ name: String) throws -> String {
        let fixture = try #require(try ReceiptFixtures.all().first { $0.name == name })
        return templates.slip(fixture.receipt)
    }

    @Test(arguments: ["fee-copy", "free", "on-account", "unknown", "weighed"])
    func `a fee receipt shows no tax and no tax number`(name: String) throws {
        let text = try slip(name)

        #expect(!text.contains("%"))
        #expect(!text.contains("Steuer-Nr"))
        #expect(text.contains("ohne Umsatzsteuer"))
        #expect(!text.contains("Rechnung Nr"))
    }

    @Test func `a mixed receipt taxes only the charge`() throws {
        let text = try slip("mixed")

        #expect(text.contains("19 % auf 10,00 € netto"))
        #expect(text.contains("1,90 €"))
        #expect(text.contains("34,40 €"))
    }

    @Test func `an exempt line says so and shows no rate`() throws {
        let line = ReceiptFixtures.line(
            "9", "Schulführung", 500, "Eine Führung kostet 5,00 €.", form: .charge, vat: .exempt)
        let sale = try ReceiptFixtures.sale([line], .card(ReceiptFixtures.slip))
        let text = templates.slip(ReceiptFixtures.receipt(.sale(sale)))

        #expect(text.contains("steuerfrei"))
        #expect(!text.contains("%"))
    }

    /// The receipt of how the payment of `sale` turned out.
    private func resolved(_ sale: Sale, _ finding: PaymentResolution.Finding) -> String {
        let resolution = PaymentResolution(
            original: ReceiptFixtures.reference, finding: finding, evidence: .repeatReceipt,
            note: "Belegkopie geprüft")
        return templates.html(
            ReceiptFixtures.receipt(.resolution(resolution, of: sale), number: "t1-000043"))
    }

    @Test func `a payment that was made is receipted once it is known`() throws {
        let sale = try ReceiptFixtures.sale(
            [ReceiptFixtures.rubble], .unknown(cardTerminal: "60012345"))

        let charged = resolved(sale, .charged(ReceiptFixtures.slip))
        #expect(charged.contains("<h2>Gebührenquittung</h2>"))
        #expect(charged.contains("t1-000043") && charged.contains("Zu Beleg t1-000042"))
        #expect(charged.contains("Bezahlt mit girocard") && charged.contains("22,50"))
        #expect(!charged.contains("UNGEKLÄRT") && !charged.contains("keine Quittung"))
        let claim = resolved(sale, .notChargedClaim)
        #expect(claim.contains("Gebührenforderung") && claim.contains("Offener Betrag"))
    }

    @Test func `a payment that was none and is not owed shows no tax`() throws {
        let sale = try ReceiptFixtures.sale(
            [ReceiptFixtures.tyres], .unknown(cardTerminal: nil))

        #expect(resolved(sale, .charged(ReceiptFixtures.slip)).contains("10,00"))
        let void = resolved(sale, .notChargedVoid)
        #expect(void.contains("Klärungsbeleg") && void.contains("es ist nichts mehr zu zahlen"))
        #expect(!void.contains("10,00") && !void.contains("Steuer-Nr"))
    }

    @Test(arguments: [(Settlement.free, "kostenfrei"), (.onAccount, "die Forderung entfällt")])
    func `a void without money says why there is none`(
        settlement: Settlement, words: String
    ) throws {
        let line = settlement == .free ? ReceiptFixtures.garden : ReceiptFixtures.rubble
        let sale = try ReceiptFixtures.sale([line], settlement)
        let void = try Reversal.make(
            .void, of: sale, reference: ReceiptFixtures.reference, earlier: [], amounts: nil,
            reason: "vertippt", settlement: .noMoney)

        let text = templates.html(ReceiptFixtures.receipt(.reversal(void, of: sale)))

        let paid = text.components(separatedBy: "Keine Auszahlung").last ?? ""
        #expect(paid.contains(words))
        #expect(paid.contains("Forderung entfällt") == (settlement == .onAccount))
    }

    @Test(arguments: [(25_000 as Int64, false), (25_001, true)])
    func `above 250 euros with tax the receipt names the way to an invoice`(
        cents: Int64, isNamed: Bool
    ) throws {
        let line = ReceiptFixtures.line(
            "9", "Container", cents, "Ein Container.", form: .charge,
            vat: .taxable(VATRate(basisPoints: 1_900)))
        let sale = try ReceiptFixtures.sale([line], .card(ReceiptFixtures.slip))
        let text = templates.html(ReceiptFixtures.receipt(.sale(sale)))

        #expect(text.contains("stellt die Verwaltung aus") == isNamed)
    }

    @Test func `the public receipt shows neither card data nor the debtor nor a reason`() throws {
        for (_, receipt) in try ReceiptFixtures.all() {
            let text = templates.html(receipt, for: .anyone)
            for secret in ["1234<", "****", "60012345", "004711", "Erika", "mitgenommen"] {
                #expect(!text.contains(secret))
            }
        }
    }

    @Test func `values cannot start a line or a tag of their own`() throws {
        let line = ReceiptFixtures.line(
            "1", "Holz\n^*** BEZAHLT ***\tX", 100, "<script>alert(1)</script>")
        let sale = try ReceiptFixtures.sale([line], .card(ReceiptFixtures.slip))
        let receipt = ReceiptFixtures.receipt(.sale(sale))

        let lines = templates.slip(receipt).split(separator: "\n")
        #expect(!lines.contains { $0.drop { $0 == " " }.hasPrefix("*** BEZAHLT") })
        #expect(!templates.html(receipt).contains("<script>"))
    }

    @Test(arguments: [
        (Weighing.TareSource.weighed, "Tara: 300 kg\n"), (.stored, "Tara: 300 kg (gespeichert)\n"),
        (.preset, "Tara: 300 kg PT\n"),
    ])
    func `a tare that was not weighed is marked`(
        source: Weighing.TareSource, line: String
    ) throws {
        let weighing = try #require(
            Weighing(
                scale: "W-1", ticket: "7", gross: Grams(900_000), tare: Grams(300_000),
                tareSource: source))
        let sale = try ReceiptFixtures.sale(
            [ReceiptFixtures.timber], .card(ReceiptFixtures.slip), source: .weighed(weighing))

        #expect(templates.slip(ReceiptFixtures.receipt(.sale(sale))).contains(line))
    }

    @Test func `goods alone are a payment with tax, and no fee`() throws {
        let line = ReceiptFixtures.line(
            "12", "Big Bag", 1_190, "1 Stück Big Bag zu 11,90 €.", form: .charge,
            vat: .taxable(VATRate(basisPoints: 1_900)))
        let sale = try ReceiptFixtures.sale([line], .card(ReceiptFixtures.slip))
        let text = templates.slip(ReceiptFixtures.receipt(.sale(sale)))

        #expect(text.contains("Zahlungsbeleg"))
        #expect(text.contains("19 % auf 10,00 € netto"))
        #expect(!text.contains("Gebühr"))
    }

    @Test func `a town's own template takes the place of the embedded one`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("Quittung {{number}}\nBetrag\t{{total}}\n".utf8)
            .write(to: folder.appending(path: "beleg.txt.mustache"))

        let own = try ReceiptTemplates(folder: folder.path)
        let fixture = try #require(try ReceiptFixtures.all().first)

        #expect(
            own.slip(fixture.receipt)
                == "Quittung t1-000042\nBetrag" + String(repeating: " ", count: 29) + "34,40 €\n")
        #expect(own.html(fixture.receipt) == templates.html(fixture.receipt))
    }

    @Test func `a town's malformed template is refused`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("{{#lines}}".utf8).write(to: folder.appending(path: "beleg.html.mustache"))

        #expect(throws: TemplateError.self) { try ReceiptTemplates(folder: folder.path) }
    }

    @Test func `the check code is the path, the digest and sixteen characters in groups`() {
        let code = CheckCode(
            origin: "https://a.example", reference: ReceiptFixtures.reference,
            digest: ReceiptFixtures.digest)

        #expect(code.url == "https://a.example/b/t1/42#" + ReceiptFixtures.digest)
        #expect(code.short == "n4bQ gYhM fWWa L-qg")
    }
}
