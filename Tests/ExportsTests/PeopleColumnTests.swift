import Exports
import FinanceSamples
import Journal
import Sales
import Testing
import Units

/// Columns that name people: only in rows of single receipts, never without the name that is asked
/// for, never shown in a message.
struct PeopleColumnTests {
    private func profile(
        _ name: String, _ changes: KeyValuePairs<String, String> = [:]
    ) throws -> (profile: ExportProfile?, problems: [String]) {
        var text = String(
            decoding: try Samples.file("finance/profil-\(name).yaml"), as: UTF8.self)
        for (old, new) in changes {
            try #require(text.contains(old), "\(old)")
            text = text.replacing(old, with: new)
        }
        let (profile, problems) = ExportProfile.decode(try Samples.tree(text))
        return (profile, problems.map { "\($0)" })
    }

    private func line(
        _ channel: PaymentChannel, _ people: [PersonalField: String]
    ) -> ExportLine {
        let day = Samples.day("2026-11-20")
        let isRefund = channel == .bankTransfer
        return ExportLine(
            yard: Samples.identifier("mitte"), closeNumber: 317, closeDay: day, number: 9,
            key: ExportLine.Key(
                date: day, kind: isRefund ? .reversal : .posting,
                debit: Samples.account(isRefund ? "446110" : "161100"),
                credit: Samples.account(isRefund ? "379910" : "432100"), costCentre: "5370",
                channel: channel),
            amount: Cents(500), name: "Entgelte", receipt: "t1-000002", people: people)
    }

    private func row(_ line: ExportLine, _ profile: ExportProfile) throws -> String {
        var writer = try CSVWriter(profile)
        var bytes: [UInt8] = []
        try writer.append(line, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let payee: [PersonalField: String] = [
        .payee: "Erika Beispiel", .iban: "DE02120300000000202051",
    ]

    @Test func `a profile says which people its files name`() throws {
        #expect(try profile("auszahlung").profile?.people == [.payee, .iban])
        #expect(try profile("sollstellung").profile?.people == [.debtor])
        #expect(try profile("allgemein").profile?.people == [])
    }

    @Test(
        arguments: [
            ([:], "Zahlungsempfänger"), ([.payee: "Erika Beispiel"], "IBAN"),
            ([.debtor: "Bau GmbH"], "Zahlungsempfänger"),
        ] as [([PersonalField: String], String)])
    func `a transfer without payee is refused with its receipt`(
        people: [PersonalField: String], field: String
    ) throws {
        let profile = try #require(try profile("auszahlung").profile)
        do {
            _ = try row(line(.bankTransfer, people), profile)
            Issue.record("an order without payee was written")
        } catch let error as ExportError {
            #expect(error.code == .nobodyNamed && error.field == field)
            #expect(error.close == "mitte-000317" && error.line == 9)
            #expect(error.value == "t1-000002" && error.remedy.contains("Zahlungsempfänger"))
        }
    }

    @Test func `a line that is about nobody has empty columns`() throws {
        let profile = try #require(try profile("auszahlung").profile)
        #expect(try row(line(.debitCard, [:]), profile).hasSuffix(#";"";"""# + "\r\n"))
    }

    @Test func `name and address of a debtor stand apart where the profile says so`() throws {
        let apart = try profile(
            "sollstellung",
            [
                "  - {titel: Schuldner, feld: schuldner}\n":
                    "  - {titel: Name, feld: schuldnername}\n"
                    + "  - {titel: Anschrift, feld: schuldneranschrift}\n",
                #";"Bau Muster GmbH, Werkstraße 2, 12345 Musterstadt""#:
                    #";"Bau Muster GmbH";"Werkstraße 2, 12345 Musterstadt""#,
            ])
        let profile = try #require(apart.profile, "\(apart.problems)")
        let row = try row(
            line(.onAccount, [.debtor: " Erika Beispiel ,\nRing 1\r\n12345 Musterstadt,"]), profile)
        #expect(row.hasSuffix(#";"Erika Beispiel";"Ring 1, 12345 Musterstadt""# + "\r\n"))
    }

    @Test(arguments: [
        ("zeilen: Belege", "zeilen: Summen"),
        ("feld: iban}", "feld: iban, codes: [{sonst: x}]}"),
    ])
    func `people stand only in rows of receipts and have no codes`(old: String, new: String) throws
    {
        let found = try profile("auszahlung", [old: new])
        #expect(found.profile == nil)
        #expect(found.problems.contains { $0.contains("P-E07") }, "\(found.problems)")
    }

    @Test func `a debtor stands in no group record`() throws {
        let found = try profile(
            "sollstellung",
            [
                "  - {titel: Sammelanordnung, feld: sammelanordnung}":
                    "  - {titel: Wer, feld: schuldner}"
            ])
        #expect(found.profile == nil && found.problems.contains { $0.contains("im Gruppensatz") })
    }

    @Test func `a message never shows a name or a number`() throws {
        let narrow = try #require(
            try profile(
                "auszahlung",
                ["feld: zahlungsempfänger}": "feld: zahlungsempfänger, breite: 14}"]
            ).profile)
        var people = Self.payee
        people[.payee] = "Erika Beispiel-Langname"
        do {
            _ = try row(line(.bankTransfer, people), narrow)
            Issue.record("a name was cut")
        } catch let error as ExportError {
            #expect(error.code == .tooLong && error.field == "Zahlungsempfänger")
            #expect(!"\(error)".contains("Erika"))
        }
    }
}
