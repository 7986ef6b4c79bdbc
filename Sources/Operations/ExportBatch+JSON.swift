import Exports
import Journal
import Sales
import Signing
package import Text
import Units

// The body of an export record (docs/formats/close.md).

extension ExportBatch {
    package var json: JSONValue {
        .fields([
            "number": .integer(number), "profile": .string(profile),
            "closes": .array(closes.map { .integer($0) }),
            "files": .array(files.map(\.json)),
            "sums": sums.map { .array($0.map(\.json)) },
            "corrects": corrects.isEmpty ? nil : .array(corrects.map { .integer($0) }),
            "people": people.isEmpty ? nil : .array(people.map { .string($0.rawValue) }),
            "by": .string(by.text), "at": .string(at.iso),
        ])
    }

    package init(json: JSONValue) throws(JSONShapeError) {
        var reader = try ObjectReader(json, path: "export")
        number = try reader.integer("number", in: 1...StrictJSON.numberMax)
        profile = try reader.string("profile")
        closes = try reader.array("closes").compactMap(\.integer)
        var files: [File] = []
        for var file in try reader.objects("files") {
            files.append(try File(from: &file))
            try file.finish()
        }
        self.files = files
        if reader.has("sums") {
            var sums: [ContentSum] = []
            for var sum in try reader.objects("sums") {
                sums.append(try ContentSum(from: &sum))
                try sum.finish()
            }
            self.sums = sums
        } else {
            sums = nil
        }
        corrects = try reader.optionalArray("corrects")?.compactMap(\.integer) ?? []
        people =
            reader.has("people")
            ? try reader.strings("people").map { text throws(JSONShapeError) in
                guard let field = PersonalField(rawValue: text) else {
                    throw reader.problem("people", wanted: "names of personal fields")
                }
                return field
            } : []
        by = try reader.identifier("by")
        at = try reader.timestamp("at")
        try reader.finish()
    }
}

extension ExportBatch.File {
    fileprivate var json: JSONValue {
        .fields([
            "name": .string(name), "sha256": .string(digest.hex), "bytes": .integer(byteCount),
            "rows": rows.map { .integer($0) },
        ])
    }

    fileprivate init(from file: inout ObjectReader) throws(JSONShapeError) {
        self.init(
            name: try file.string("name"),
            digest: try file.parsed("sha256", as: "64 hexadecimal digits") { Digest(hex: $0) },
            byteCount: try file.integer("bytes", in: 0...StrictJSON.numberMax),
            rows: file.has("rows") ? try file.integer("rows") : nil)
    }
}

extension ContentSum {
    fileprivate var json: JSONValue {
        .fields([
            "year": .integer(Int64(year)), "channel": .string(channel.words),
            "line": .string(budgetLine), "count": .integer(count),
            "amount": .integer(amount.value),
        ])
    }

    fileprivate init(from sum: inout ObjectReader) throws(JSONShapeError) {
        self.init(
            year: Int(try sum.integer("year", in: 1...9_999)),
            channel: try sum.parsed("channel", as: "a way of payment") { words in
                PaymentChannel.allCases.first { $0.words.utf8.elementsEqual(words.utf8) }
            }, budgetLine: try sum.string("line"), count: try sum.integer("count"),
            amount: Cents(try sum.integer("amount")))
    }
}
