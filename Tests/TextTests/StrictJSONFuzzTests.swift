import Foundation
import Testing
import Text

/// What Foundation makes of a document, members in the order of their names.
private struct Foreign: Decodable {
    let value: JSONValue

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        if let names = try? decoder.container(keyedBy: Name.self) {
            value = .object(
                try names.allKeys.map {
                    .init($0.stringValue, try names.decode(Foreign.self, forKey: $0).value)
                })
        } else if var list = try? decoder.unkeyedContainer() {
            var elements: [JSONValue] = []
            while !list.isAtEnd { elements.append(try list.decode(Foreign.self).value) }
            value = .array(elements)
        } else {
            let single = try decoder.singleValueContainer()
            if single.decodeNil() {
                value = .null
            } else if let truth = try? single.decode(Bool.self) {
                value = .bool(truth)
            } else if let number = try? single.decode(Int64.self) {
                value = .integer(number)
            } else {
                value = .string(try single.decode(String.self))
            }
        }
    }
}

extension JSONValue {
    fileprivate var sorted: JSONValue {
        switch self {
        case .object(let members):
            .object(
                members.map { Member($0.name, $0.value.sorted) }.sorted {
                    $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
                })
        case .array(let elements): .array(elements.map(\.sorted))
        default: self
        }
    }
}

@Suite struct StrictJSONFuzzTests {
    private static let seeds = [
        #"{"v":1,"lines":[{"what":"grün","grams":1250,"cents":-4875,"l":[true,false,null]}]}"#,
        #"{"a":"\u00fc\ud83d\ude00\"\\\/","b":[0,-1,9007199254740991],"c":{},"d":[],"":""}"#,
        "[1,[2,[3,[\"x\"]]], \"\u{20AC}\", {\"k\" : null}\n]",
    ].map { Array($0.utf8) }

    private static let pieces: [[UInt8]] =
        [
            "\"", "\\", "{", "}", "[", "]", ",", ":", "0", "-", "1.5", "e1", "\\u0000", "\\ud800",
            "\\u0301", "u\u{308}", "\u{202E}", " ", "\n", "null", "true", "\"a\":1,",
        ].map { Array($0.utf8) } + [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0x00]]

    private static func mutated(_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            let end = min(bytes.count, place + Int.random(in: 0...4, using: &random))
            switch Int.random(in: 0..<5, using: &random) {
            case 0 where place < bytes.count:
                bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes.removeSubrange(place..<end)
            case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
            case 3: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
            default:
                let piece = pieces[Int.random(in: 0..<pieces.count, using: &random)]
                bytes.insert(contentsOf: piece, at: place)
            }
        }
        return bytes
    }

    @Test func `what is accepted after random changes means the same to Foundation and comes back`()
        throws
    {
        let seed = UInt64.random(in: 0 ... .max)
        print("StrictJSON fuzz seed \(seed)")
        var random = SplitMix(seed: seed)
        var acceptedCount = 0
        for _ in 0..<20_000 {
            let original = Self.seeds[Int.random(in: 0..<Self.seeds.count, using: &random)]
            let bytes = Self.mutated(original, &random)
            let value: JSONValue
            do {
                value = try StrictJSON.parse(bytes)
            } catch {
                #expect((0...bytes.count).contains(error.offset), "seed \(seed)")
                continue
            }
            acceptedCount += 1
            #expect(try StrictJSON.parse(value.bytes) == value, "seed \(seed)")
            guard acceptedCount % 4 == 0 else { continue }
            let foreign = try JSONDecoder().decode(Foreign.self, from: Data(bytes)).value
            #expect(
                foreign.sorted == value.sorted,
                "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
        }
        #expect(acceptedCount > 500)
    }

    @Test(arguments: seeds) func `no document's beginning is a document`(bytes: [UInt8]) {
        for count in 0..<bytes.count {
            #expect(throws: StrictJSONError.self) { try StrictJSON.parse(Array(bytes[..<count])) }
        }
    }

    @Test func `random bytes never crash the parser`() {
        let seed = UInt64.random(in: 0 ... .max)
        print("StrictJSON random bytes seed \(seed)")
        var random = SplitMix(seed: seed)
        for count in 0..<3000 {
            let bytes = (0..<(count % 60)).map { _ in UInt8.random(in: 0...255, using: &random) }
            _ = try? StrictJSON.parse(bytes)
            _ = try? StrictJSON.parse([0x22] + bytes + [0x22])
        }
    }
}
