import Tariffs
import Testing
import Units

@testable import YardTerminal

struct AmountEntryTests {
    @Test(arguments: [
        ("stueck", MeasureUnit.piece), ("m3", .cubicMetre), ("l", .litre), ("kg", .kilogram),
        ("t", .tonne), ("m2", .squareMetre), ("lb", .pound), ("ton", .shortTon),
        ("yd3", .cubicYard), ("gal", .gallon), ("min", .minute), ("std", .hour), ("tag", .day),
        ("woche", .week),
    ])
    func `every unit can be typed`(code: String, unit: MeasureUnit) throws {
        let entry = try #require(EntryUnit.all.first { $0.code == code })

        #expect(entry.unit == unit)
        #expect(GermanNumber.parse("3", scale: unit.size) == 3 * unit.size)
    }

    @Test func `no unit is forgotten and none is there twice`() {
        #expect(Set(EntryUnit.all.map(\.unit)) == Set(MeasureUnit.allCases))
        #expect(Set(EntryUnit.all.map(\.code)).count == EntryUnit.all.count)
    }
}
