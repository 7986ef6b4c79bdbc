import Sales
import Testing

struct IBANTests {
    /// One of each country that is asked most, from the registry's own examples.
    @Test(arguments: [
        "DE89370400440532013000", "AT611904300234573201", "CH9300762011623852957",
        "NL91ABNA0417164300", "BE68539007547034", "FR1420041010050500013M02606",
        "LU280019400644750000", "PL61109010140000071219812874", "CZ6508000000192000145399",
        "DK5000400440116243", "GB29NWBK60161331926819", "NO9386011117947",
        "MT84MALT011000012345MTLCAST001S", "QA58DOHB00001234567890ABCDEFG",
    ])
    func `a right number stays as it is`(text: String) throws {
        #expect(try IBAN(text).text == text)
    }

    @Test(arguments: [
        "DE02 1203 0000 0000 2020 51", "de02120300000000202051", " De02\u{A0}1203 00000000202051 ",
        "DE02\u{202F}1203\u{202F}0000\u{202F}0000\u{202F}2020\u{202F}51",
    ])
    func `spaces and small letters are as good as none`(text: String) throws {
        let iban = try IBAN(text)
        #expect(iban.text == "DE02120300000000202051")
        #expect(iban.grouped == "DE02 1203 0000 0000 2020 51")
        #expect(iban.masked == "**** **** **** **** **20 51")
    }

    @Test(
        arguments: [
            ("", IBAN.Problem.empty), ("  \u{A0}", .empty),
            ("DE02-1203", .character(place: 5)), ("DE02 12Ü3", .character(place: 8)),
            ("DE02\n1203", .character(place: 5)), ("D", .beginning), ("12021203", .beginning),
            ("DEX2120300000000202051", .beginning), ("DE0", .beginning),
            ("DE0212030000000020205", .length(found: 21, wanted: 22...22)),
            ("DE021203000000002020511", .length(found: 23, wanted: 22...22)),
            ("AT61190430023457320", .length(found: 19, wanted: 20...20)),
            ("CH93007620116238529", .length(found: 19, wanted: 21...21)),
            ("QA58DOHB000012", .length(found: 14, wanted: 15...34)),
            ("QA58" + String(repeating: "1", count: 31), .length(found: 35, wanted: 15...34)),
            // Two digits swapped, one wrong, and check digits that only leave the same remainder.
            ("DE02120300000000202501", .checkDigits), ("DE02120300000000202052", .checkDigits),
            ("DE99000000000000000030", .checkDigits), ("NL91ABNB0417164300", .checkDigits),
        ] as [(String, IBAN.Problem)])
    func `a wrong number says what is wrong`(text: String, problem: IBAN.Problem) {
        #expect(throws: problem) { _ = try IBAN(text) }
    }

    @Test func `check digits 02 are right where 99 only leave the same remainder`() throws {
        #expect(try IBAN("DE02000000000000000030").text == "DE02000000000000000030")
    }

    @Test func `every change of one character and every swap of neighbours is found`() throws {
        let right = Array("DE89370400440532013000")
        for place in right.indices.dropFirst(2) {
            for digit in "0123456789" where digit != right[place] {
                var wrong = right
                wrong[place] = digit
                #expect(throws: IBAN.Problem.checkDigits) { _ = try IBAN(String(wrong)) }
            }
            guard place + 1 < right.count, right[place] != right[place + 1] else { continue }
            var wrong = right
            wrong.swapAt(place, place + 1)
            #expect(throws: IBAN.Problem.checkDigits) { _ = try IBAN(String(wrong)) }
        }
    }

    @Test(arguments: [
        ("", ""), ("DE0212", "**** **"), ("DE021203", "**** ****"), ("DE0212030", "**** *203 0"),
        ("wer weiß was das ist", "**** **** **** sist"),
    ])
    func `of what is no IBAN at most four characters are shown`(text: String, masked: String) {
        #expect(IBAN.masked(text) == masked)
    }
}

struct PayeeTests {
    private let iban = "DE02 1203 0000 0000 2020 51"

    @Test func `a name is one line with single spaces`() throws {
        let payee = try Payee(name: "  Erika \u{A0} Müller-Beispiel ", iban: iban)
        #expect(payee.name == "Erika Müller-Beispiel")
        #expect(payee.iban.text == "DE02120300000000202051")
    }

    @Test func `a name has at most seventy characters`() throws {
        let longest = String(repeating: "ü", count: 70)
        #expect(try Payee(name: longest, iban: iban).name == longest)
        #expect(throws: PayeeProblem.nameTooLong(found: 71)) {
            _ = try Payee(name: longest + "x", iban: iban)
        }
    }

    @Test(
        arguments: [
            ("", "DE02120300000000202051", PayeeProblem.missing), ("Erika", "", .missing),
            ("Erika", "  ", .missing), ("  ", "DE0", .missing),
            ("Erika\nBeispiel", "DE02120300000000202051", .nameCharacter),
            ("Erika\tBeispiel", "DE02120300000000202051", .nameCharacter),
            ("Erika\u{202E}", "DE02120300000000202051", .nameCharacter),
            (
                "Erika", "DE02120300000000202052",
                .iban(.checkDigits, masked: "**** **** **** **** **20 52")
            ),
        ] as [(String, String, PayeeProblem)])
    func `nobody can be paid without a name and a right number`(
        name: String, iban: String, problem: PayeeProblem
    ) {
        #expect(throws: problem) { _ = try Payee(name: name, iban: iban) }
    }
}
