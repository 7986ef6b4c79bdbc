import DayClosing
import Foundation
package import Ledger
package import Sales
package import Tariffs
import Text
package import Units

/// Made-up sales, reversals and plans that the tests of postings, closes and exports share.
package enum Samples {
    /// The bytes of a file below the package's root.
    package static func file(_ path: String, from here: String = #filePath) throws -> [UInt8] {
        let root = URL(filePath: here).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return [UInt8](try Data(contentsOf: root.appending(path: path)))
    }

    package static let fee19 = VATTreatment.taxable(VATRate(basisPoints: 1_900))
    package static let fee7 = VATTreatment.taxable(VATRate(basisPoints: 700))

    package static func day(_ iso: String) -> BusinessDay {
        guard let day = BusinessDay(iso: iso) else { fatalError("no such day: \(iso)") }
        return day
    }

    package static func account(_ number: String) -> Account {
        guard let account = Account(number) else { fatalError("no account: \(number)") }
        return account
    }

    package static func time(_ iso: String) -> Timestamp {
        guard let time = Timestamp(iso: iso) else { fatalError("no such time: \(iso)") }
        return time
    }

    package static func identifier<Kind>(_ text: String) -> Identifier<Kind> {
        guard let identifier = Identifier<Kind>(text) else { fatalError("no name: \(text)") }
        return identifier
    }

    package static func reference(_ sequence: Int64, terminal: String = "t1") -> SaleReference {
        SaleReference(terminal: identifier(terminal), sequence: sequence)
    }

    package static func slip(_ scheme: CardScheme = .girocard, terminal: String = "68100001")
        -> CardSlip
    {
        let slip = CardSlip(
            cardTerminal: terminal, scheme: scheme, receiptNumber: "17", traceNumber: "42")
        guard let slip else { fatalError("no slip") }
        return slip
    }

    package static func line(
        _ gross: Int64, _ position: String = "1", _ legalForm: LegalForm = .fee,
        _ vat: VATTreatment = .outsideScope
    ) -> SaleLine {
        SaleLine(
            position: position, paragraph: "§ 3", fraction: identifier("bauschutt"),
            name: "Art \(position)", billed: 1, legalForm: legalForm, vat: vat,
            gross: Cents(gross), explanation: Explanation(german: "", english: ""))
    }

    package static func sale(
        _ lines: [SaleLine], _ settlement: Settlement? = nil, day: String = "2026-11-20",
        items: [DeliveryItem] = []
    ) throws(SaleError) -> Sale {
        let total = lines.map(\.gross).sum()
        return try Sale(
            delivery: Delivery(day: self.day(day), group: .household, items: items),
            tariff: tariff, lines: lines,
            quota: [], settlement: settlement ?? (total == .zero ? .free : .card(slip())),
            attempts: [])
    }

    /// The tariff of all sample sales.
    package static let tariff = TariffReference(
        id: "muster", title: "Muster", digest: String(repeating: "cd", count: 32))

    package static func noSale(_ cause: NoSale.Cause) -> NoSale {
        NoSale(
            cause: cause,
            delivery: Delivery(day: day("2026-11-20"), group: .household, items: []),
            reason: "Asbest nehmen wir nicht an.", attempts: [])
    }
}

/// A generator whose numbers depend only on its seed (SplitMix64).
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
