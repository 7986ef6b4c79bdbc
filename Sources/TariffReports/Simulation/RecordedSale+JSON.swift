package import Tariffs
package import Text
import Units

/// Why a line of a file is no recorded sale.
package enum RecordedSaleError: Error, Hashable, Sendable {
    case notJSON(StrictJSONError)
    case shape(JSONShapeError)
    case delivery(DeliveryJSONError)

    /// What is wrong, in a few words.
    package var words: String {
        switch self {
        case .notJSON(let error): "no JSON: \(error)"
        case .shape(let error): "\(error)"
        case .delivery(let error): "delivery \(error.words)"
        }
    }
}

extension RecordedSale {
    /// Reads a line of a file of recorded sales (docs/formats/tariff-reports.md).
    ///
    /// - Throws: no JSON; then `sale`, `delivery`, `lines` in this order, then unknown members.
    package init(line: [UInt8]) throws(RecordedSaleError) {
        do {
            try self.init(json: try StrictJSON.parse(line, depthMax: 8))
        } catch let error as StrictJSONError {
            throw .notJSON(error)
        } catch let error as JSONShapeError {
            throw .shape(error)
        } catch let error as DeliveryJSONError {
            throw .delivery(error)
        } catch {
            throw .shape(JSONShapeError(path: "", wanted: "a recorded sale", found: "another"))
        }
    }

    private init(json: JSONValue) throws {
        var reader = try ObjectReader(json)
        let name = try reader.string("sale")
        let delivery = try Delivery(json: try reader.value("delivery"))
        var lines: [ChargedLine]?
        if reader.has("lines") {
            var read: [ChargedLine] = []
            for var line in try reader.objects("lines") { read.append(try ChargedLine(&line)) }
            lines = read
        }
        try reader.finish()
        self.init(name: name, delivery: delivery, lines: lines)
    }
}

extension ChargedLine {
    fileprivate init(_ reader: inout ObjectReader) throws {
        position = try reader.string("position")
        gross = Cents(try reader.integer("gross", in: 0...Cents.entryLimit))
        try reader.finish()
    }
}
