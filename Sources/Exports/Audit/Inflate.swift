/// Unpacks a deflated stream (RFC 1951).
struct Inflate {
    private let bytes: ArraySlice<UInt8>
    private var place: Int
    private var bits: UInt32 = 0
    private var bitCount = 0
    private var out: [UInt8] = []
    private let sizeMax: Int

    /// - Parameter sizeMax: more than this is refused, so that a small archive cannot fill memory.
    /// - Returns: nil for a stream that is none, is cut off or grows too large.
    static func unpack(_ bytes: ArraySlice<UInt8>, sizeMax: Int) -> [UInt8]? {
        var reader = Inflate(bytes, sizeMax: sizeMax)
        return reader.run() ? reader.out : nil
    }

    private init(_ bytes: ArraySlice<UInt8>, sizeMax: Int) {
        self.bytes = bytes
        place = bytes.startIndex
        self.sizeMax = sizeMax
    }

    private mutating func run() -> Bool {
        while true {
            guard let isLast = take(1), let kind = take(2) else { return false }
            let isGood =
                switch kind {
                case 0: stored()
                case 1: block(Self.fixedLengths, Self.fixedDistances)
                case 2: dynamic()
                default: false
                }
            guard isGood else { return false }
            if isLast == 1 { return true }
        }
    }

    /// The next `count` bits, the lowest first; at most 16.
    private mutating func take(_ count: Int) -> Int? {
        while bitCount < count {
            guard place < bytes.endIndex else { return nil }
            bits |= UInt32(bytes[place]) << UInt32(bitCount)
            bitCount += 8
            place += 1
        }
        let value = bits & ((1 << UInt32(count)) - 1)
        bits >>= UInt32(count)
        bitCount -= count
        return Int(value)
    }

    private mutating func stored() -> Bool {
        (bits, bitCount) = (0, 0)
        guard let length = take(16), let check = take(16), length == ~check & 0xFFFF,
            place + length <= bytes.endIndex, out.count + length <= sizeMax
        else { return false }
        out += bytes[place..<(place + length)]
        place += length
        return true
    }

    private static let lengthBases = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115,
        131, 163, 195, 227, 258,
    ]
    private static let distanceBases = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1_025,
        1_537, 2_049, 3_073, 4_097, 6_145, 8_193, 12_289, 16_385, 24_577,
    ]

    private mutating func block(_ lengths: HuffmanCode, _ distances: HuffmanCode) -> Bool {
        while true {
            guard let symbol = symbol(of: lengths) else { return false }
            if symbol == 256 { return true }
            if symbol < 256 {
                guard out.count < sizeMax else { return false }
                out.append(UInt8(symbol))
                continue
            }
            guard let length = length(of: symbol), let distance = distance(distances),
                distance <= out.count, out.count + length <= sizeMax
            else { return false }
            let start = out.count - distance
            for offset in 0..<length { out.append(out[start + offset]) }
        }
    }

    private mutating func length(of symbol: Int) -> Int? {
        let place = symbol - 257
        guard Self.lengthBases.indices.contains(place) else { return nil }
        let extra = place < 8 || place == 28 ? 0 : (place - 4) / 4
        return take(extra).map { Self.lengthBases[place] + $0 }
    }

    private mutating func distance(_ code: HuffmanCode) -> Int? {
        guard let place = symbol(of: code), Self.distanceBases.indices.contains(place) else {
            return nil
        }
        return take(place < 4 ? 0 : (place - 2) / 2).map { Self.distanceBases[place] + $0 }
    }

    private mutating func symbol(of code: HuffmanCode) -> Int? {
        var word = 0
        for length in 1...HuffmanCode.lengthMax {
            guard let bit = take(1) else { return nil }
            word = word << 1 | bit
            if let symbol = code.symbol(word, length) { return symbol }
        }
        return nil
    }

    private static let lengthOrder = [
        16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
    ]

    private mutating func dynamic() -> Bool {
        guard let literals = take(5), let distances = take(5), let codes = take(4) else {
            return false
        }
        var lengths = [Int](repeating: 0, count: 19)
        for place in 0..<(codes + 4) {
            guard let length = take(3) else { return false }
            lengths[Self.lengthOrder[place]] = length
        }
        let (literalCount, distanceCount) = (literals + 257, distances + 1)
        guard let code = HuffmanCode(lengths),
            let all = lengthsOfCodes(literalCount + distanceCount, code),
            let literalCode = HuffmanCode(Array(all[..<literalCount])),
            let distanceCode = HuffmanCode(Array(all[literalCount...]))
        else { return false }
        return block(literalCode, distanceCode)
    }

    private mutating func lengthsOfCodes(_ count: Int, _ code: HuffmanCode) -> [Int]? {
        var lengths: [Int] = []
        while lengths.count < count {
            guard let symbol = symbol(of: code) else { return nil }
            switch symbol {
            case 0...15: lengths.append(symbol)
            case 16:
                guard let last = lengths.last, let more = take(2) else { return nil }
                lengths += [Int](repeating: last, count: more + 3)
            case 17:
                guard let more = take(3) else { return nil }
                lengths += [Int](repeating: 0, count: more + 3)
            default:
                guard let more = take(7) else { return nil }
                lengths += [Int](repeating: 0, count: more + 11)
            }
        }
        return lengths.count == count ? lengths : nil
    }

    private static let fixedLengths = HuffmanCode(
        fixed: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
    private static let fixedDistances = HuffmanCode(fixed: [Int](repeating: 5, count: 30))
}

/// A canonical Huffman code by the lengths of its words.
private struct HuffmanCode {
    static let lengthMax = 15
    /// By length: the first word, and the symbols of the words from it on.
    private var first = [Int](repeating: 0, count: lengthMax + 1)
    private var symbols = [[Int]](repeating: [], count: lengthMax + 1)

    init(fixed lengths: [Int]) {
        fill(lengths)
    }

    /// Nil if there are more words of a length than fit.
    init?(_ lengths: [Int]) {
        fill(lengths)
        var left = 1
        for length in 1...Self.lengthMax {
            left = left << 1 - symbols[length].count
            guard left >= 0 else { return nil }
        }
    }

    private mutating func fill(_ lengths: [Int]) {
        for (symbol, length) in lengths.enumerated() where length > 0 {
            symbols[length].append(symbol)
        }
        var word = 0
        for length in 1...Self.lengthMax {
            first[length] = word
            word = (word + symbols[length].count) << 1
        }
    }

    func symbol(_ word: Int, _ length: Int) -> Int? {
        let place = word - first[length]
        return symbols[length].indices.contains(place) ? symbols[length][place] : nil
    }
}
