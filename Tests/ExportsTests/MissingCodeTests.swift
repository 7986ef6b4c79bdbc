import DayClosing
import FinanceSamples
import Ledger
import Sales
import Testing
import Units

@testable import Exports

/// `X-E14` and `X-E15`: values without a code and numbers that are none.
struct MissingCodeTests {
    private func line(yard: String = "mitte") -> ExportLine {
        let day = Samples.day("2026-11-20")
        return ExportLine(
            yard: Samples.identifier(yard), closeNumber: 317, closeDay: day, number: 2,
            key: ExportLine.Key(
                date: day, kind: .posting, debit: Samples.account("181900"),
                credit: Samples.account("432100"), costCentre: "5370", channel: .debitCard),
            amount: Cents(500), name: "Gebühren", receipt: "")
    }

    private func reference(
        _ yards: CodeTable?, _ procedure: CheckDigit = .doubledOdd
    ) throws -> PaymentReference {
        PaymentReference(
            pattern: try #require(KeyPattern("53{hof}{abschluss:4}{zeile:3}")), yards: yards,
            procedure: procedure)
    }

    /// The profile that comes with the program, changed in one place.
    private func profile(_ old: String, _ new: String) throws -> ExportProfile {
        let text = String(decoding: try Samples.file("finance/profil-epaybl.yaml"), as: UTF8.self)
        try #require(text.contains(old), "\(old)")
        let (profile, problems) = ExportProfile.decode(
            try Samples.tree(text.replacing(old, with: new)))
        return try #require(profile, "\(problems)")
    }

    @Test func `a Kassenzeichen of digits has its check digit behind it`() throws {
        let yards = CodeTable(codes: ["mitte": "01"], otherwise: nil)
        #expect(try reference(yards).text(of: line()) == "530103170029")
    }

    @Test func `a yard without a number has no Kassenzeichen`() throws {
        let yards = CodeTable(codes: ["sued": "02"], otherwise: nil)

        let error = try #require(throws: ExportError.self) {
            try reference(yards).text(of: line())
        }

        #expect(error.code == .codeMissing)
        #expect(error.code.rawValue == "X-E14")
        #expect((error.close, error.line) == ("mitte-000317", 2))
        #expect((error.field, error.value) == ("Kassenzeichen", "mitte"))
        #expect(error.remedy.contains("Hof"))
    }

    @Test(arguments: [nil, CodeTable(codes: [:], otherwise: "M1")])
    func `a Kassenzeichen with letters has no check digit`(yards: CodeTable?) throws {
        let error = try #require(throws: ExportError.self) {
            try reference(yards).text(of: line())
        }

        #expect(error.code == .notDigits)
        #expect(error.code.rawValue == "X-E15")
        #expect((error.close, error.line) == ("mitte-000317", 2))
        #expect(error.field == "Kassenzeichen")
        #expect(error.value == (yards == nil ? "53mitte0317002" : "53M10317002"))
        #expect(error.remedy.contains("Ziffern"))
    }

    @Test func `letters are allowed where no check digit is wanted`() throws {
        #expect(try reference(nil, .none).text(of: line()) == "53mitte0317002")
    }

    @Test func `a value that the code table of its column lacks is refused with its place`()
        throws
    {
        let profile = try profile(
            "feld: gegenkonto, breite: 10",
            "feld: gegenkonto, breite: 10, codes: [{wert: '432100', code: '432100'}, "
                + "{wert: '446100', code: '446100'}]")
        var writer = try CSVWriter(profile)
        var out: [UInt8] = []
        try writer.append(line(), to: &out)
        #expect(String(decoding: out, as: UTF8.self).hasPrefix("B;432100;5370;5.00;"))

        let other = ExportLine(
            yard: line().yard, closeNumber: 318, closeDay: line().closeDay, number: 9,
            key: ExportLine.Key(
                date: line().key.date, kind: .posting, debit: Samples.account("181900"),
                credit: Samples.account("446110"), costCentre: nil, channel: .debitCard),
            amount: Cents(500), name: "Entgelte", receipt: "")
        let error = try #require(throws: ExportError.self) { try writer.append(other, to: &out) }
        #expect(error.code == .codeMissing)
        #expect((error.close, error.line) == ("mitte-000318", 9))
        #expect((error.field, error.value) == ("haushaltsstelle", "446110"))
        #expect(error.remedy.contains("codes"))
    }

    @Test func `what a code table lacks is found when plan and profile are configured`() throws {
        let profile = try profile(
            "feld: gegenkonto, breite: 10",
            "feld: gegenkonto, breite: 10, codes: [{wert: '432100', code: '432100'}, "
                + "{wert: '446100', code: '446100'}]")

        let errors = profile.errors(
            with: try Samples.plan(), yards: [Samples.identifier("mitte")])

        #expect(errors.contains { $0.code == .codeMissing && $0.value == "446110" })
        #expect(!errors.contains { $0.value == "432100" })
    }
}
