import Foundation
import Reconciliation
import Statements
import Testing
import Units

/// Every sample of others behaves as the note beside it says.
@Suite(.enabled(if: SharedFolder.has("camt"), SharedFolder.note))
struct SampleFileTests {
    private func read(_ file: String) throws -> [BankStatement] {
        try StatementFile.read(try SharedFolder.bytes(file))
    }

    private func code(_ file: String) throws -> StatementError.Code? {
        let bytes = try SharedFolder.bytes(file)
        do throws(StatementError) {
            _ = try StatementFile.read(bytes)
            return nil
        } catch { return error.code }
    }

    @Test func `the Bundesbank sample without a namespace is refused, the repaired one is read`()
        throws
    {
        let stem = "camt/bundesbank_camt.053.001.08_alle-umsaetze_"

        #expect(try code(stem + "INVALID-namespace.xml") == .namespace)
        let statements = try read(stem + "namespace-repaired.xml")
        #expect(statements.count == 1)
        #expect(statements.first?.account == "DE00IBANdesDotationskontos")
        #expect(statements.first?.entries.isEmpty == false)
    }

    @Test(arguments: ["rtgs-dca", "sub-account"])
    func `valid Bundesbank statements are read`(name: String) throws {
        let statement = try #require(
            try read("camt/bundesbank_camt.053.001.08_\(name).xml").first)

        #expect(statement.kind == .statement)
        #expect(statement.opening != nil && statement.closing != nil)
    }

    @Test func `the entries of the sub-account are complete`() throws {
        let statement = try #require(
            try read("camt/bundesbank_camt.053.001.08_sub-account.xml").first)

        #expect(statement.entries.count == 11)
        #expect(statement.entries[0].amount == Cents(-1_061_760))
        #expect(statement.entries[0].bookedOn?.iso == "2022-07-08")
        #expect(
            statement.entries[0].details.first?.facts.references.contains("SIA0800001000100")
                == true)
    }

    @Test func `a notification is no statement`() throws {
        let found = try #require(try read("camt/bundesbank_camt.054.001.08_booking.xml").first)

        #expect(found.kind == .notification)
        #expect(found.entries.map(\.amount) == [Cents(-8_750_575)])
        #expect(found.findings.isEmpty)
    }

    @Test func `version 2 is read, and its made-up balances are named`() throws {
        let all = try #require(
            try read("camt/genkgo_camt.053.001.02_all-balance-types.xml").first)
        let minimal = try #require(try read("camt/genkgo_camt.053.001.02_minimal.xml").first)

        #expect(all.opening?.amount == Cents(101))
        #expect(all.entries.map(\.amount) == [Cents(885)])
        #expect(all.entries[0].facts == TransactionFacts())
        #expect(all.entries[0].details[0].facts.text == "Transaction Description")
        #expect(all.findings.map(\.code) == [.balanceDiffers])
        #expect(minimal.findings.map(\.code).contains(.currencyDiffers))
    }

    @Test(arguments: ["dk", "INVALID-balance", "INVALID-missing-date"])
    func `preliminary entries (camt.052) are never taken for a statement`(name: String) throws {
        #expect(try code("camt/hbci4java_camt.052.001.08_\(name).xml") == .wrongMessage)
    }

    @Test(arguments: ["001", "002"])
    func `small MT940 statements add up`(name: String) throws {
        let statement = try #require(try read("mt940/hbci4java_\(name).sta").first)

        #expect(statement.entries.map(\.amount) == [Cents(200), Cents(100)])
        #expect(statement.entries[1].facts.text == "Test 2 GUTSCHRIFT UEBERWEISUNG")
        #expect(statement.entries[1].facts.party == "Max Mustermann")
        #expect(statement.entries[1].kind.gvc == "152")
        #expect(statement.findings.isEmpty)
    }

    @Test func `MT940 with 30 February is refused with the day, without a crash`() throws {
        let error = #expect(throws: StatementError.self) {
            try self.read("mt940/wolph_february_30.sta")
        }

        #expect(error?.code == .date)
        #expect(error?.value == "160230")
    }

    @Test func `MT940 with codes in field 86 is read; its missing end is named`() throws {
        let statement = try #require(try read("mt940/wolph_gv_codes.sta").first)

        #expect(statement.entries.map(\.amount) == [Cents(-23_315), Cents(-2_430)])
        #expect(statement.entries[0].kind.gvc == "835")
        #expect(statement.findings.map(\.code) == [.balanceMissing])
    }

    @Test func `a piece of MT940 without head and with broken lines is refused`() throws {
        let error = #expect(throws: StatementError.self) {
            try self.read("mt940/wolph_sparkassen.sta")
        }

        // The third line is a colon, the tag behind it was cut off to the fourth.
        #expect(error?.code == .brokenMT940)
        #expect(error?.line == 3)
        #expect(error?.value == ":")
    }

    @Test func `the published layouts can be written as profiles`() throws {
        let layouts = String(
            decoding: try SharedFolder.bytes("settlement/layouts.tsv"), as: UTF8.self)
        let rows = layouts.split(separator: "\n").dropFirst().map {
            $0.split(separator: "\t", omittingEmptySubsequences: false)
        }

        #expect(rows.count == 3)
        let stripe = try #require(rows.first { $0[0].hasPrefix("Stripe") })
        let profile = try AcquirerSample.profile(AcquirerSample.stripe)
        let heading = stripe[4].split(separator: "|").joined(separator: ",")
        #expect(try profile.read(Array((heading + "\n").utf8)) == [])
        let adyen = try #require(rows.first { $0[0].hasPrefix("Adyen") })
        let second = try AcquirerSample.profile(AcquirerSample.adyen)
        let wide = adyen[4].split(separator: "|").joined(separator: ",")
        #expect(try second.read(Array((wide + "\n").utf8)) == [])
    }
}
