import Foundation
import Sales
import Text
import Units

/// The memory of a simulated card terminal: a file of lines, each a JSON object, only appended to
/// and synced before the terminal answers.
struct CardJournal {
    enum Kind: Hashable {
        case payment
        /// Names the receipt number of the payment.
        case reversal(of: String)
    }

    /// Money that moved.
    struct Booking: Hashable {
        let kind: Kind
        let amount: Cents
        let scheme: CardScheme
        /// From 1, wraps after 9999 as on paper.
        let receipt: Int
        let trace: Int
    }

    enum Result: Hashable {
        case booked(Booking)
        case failed(FailedAttempt.Outcome)
        case dayEnd
    }

    struct Line: Hashable {
        let result: Result
        let reference: String

        static func booked(_ booking: Booking, reference: String) -> Line {
            Line(result: .booked(booking), reference: reference)
        }
        static func failed(_ outcome: FailedAttempt.Outcome, reference: String) -> Line {
            Line(result: .failed(outcome), reference: reference)
        }
        static let dayEnd = Line(result: .dayEnd, reference: "")
    }

    private let path: String
    private var lines: [Line] = []

    init(path: String) throws {
        self.path = path
        guard FileManager.default.fileExists(atPath: path) else { return }
        let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        for (index, line) in text.split(separator: "\n").enumerated() {
            do {
                lines.append(try Line(json: StrictJSON.parse(Array(line.utf8))))
            } catch {
                throw CardTerminalError.journal(path: path, line: index + 1)
            }
        }
    }

    /// Adds a line; it is on the disk when this returns.
    mutating func append(_ line: Line) throws {
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CardTerminalError.file(path: path, errno: errno) }
        defer { close(descriptor) }
        let bytes = line.json.bytes + [0x0A]
        guard write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
            throw CardTerminalError.file(path: path, errno: errno)
        }
        lines.append(line)
    }

    private var bookings: [Booking] {
        lines.compactMap { if case .booked(let booking) = $0.result { booking } else { nil } }
    }

    private var sinceDayEnd: [Booking] {
        lines.suffix(from: (lines.lastIndex { $0.result == .dayEnd } ?? -1) + 1)
            .compactMap { if case .booked(let booking) = $0.result { booking } else { nil } }
    }

    var nextReceipt: Int { (bookings.last?.receipt ?? 0) % 9_999 + 1 }
    var nextTrace: Int { (bookings.last?.trace ?? 0) % 999_999 + 1 }
    var paymentCount: Int { bookings.count { $0.kind == .payment } }

    func last(reference: String) -> Line? { lines.last { $0.reference == reference } }

    /// Whether a payment of this day with this receipt number is there and not reversed yet.
    func canReverse(receiptNumber: String, amount: Cents) -> Bool {
        sinceDayEnd.contains {
            $0.kind == .payment && padded($0.receipt, 4) == receiptNumber && $0.amount == amount
        } && !sinceDayEnd.contains { $0.kind == .reversal(of: receiptNumber) }
    }

    /// By scheme, in the order of its cases; schemes without a booking are left out.
    var totals: [SchemeTotal] {
        CardScheme.allCases.compactMap { scheme in
            let matching = sinceDayEnd.filter { $0.scheme == scheme }
            guard !matching.isEmpty else { return nil }
            let amount = matching.map { $0.kind == .payment ? $0.amount : -$0.amount }.sum()
            return SchemeTotal(scheme: scheme, count: matching.count, amount: amount)
        }
    }
}

extension CardJournal.Line {
    fileprivate var json: JSONValue {
        switch result {
        case .dayEnd: return .fields(["kind": "day-end"])
        case .failed(let outcome):
            return .fields(["kind": .string(outcome.rawValue), "reference": .string(reference)])
        case .booked(let booking):
            var kind = "payment"
            var original: JSONValue?
            if case .reversal(let receipt) = booking.kind {
                (kind, original) = ("reversal", .string(receipt))
            }
            return .fields([
                "kind": .string(kind), "reference": .string(reference), "of": original,
                "amount": .integer(booking.amount.value),
                "scheme": .string(booking.scheme.rawValue),
                "receipt": .integer(Int64(booking.receipt)),
                "trace": .integer(Int64(booking.trace)),
            ])
        }
    }

    fileprivate init(json: JSONValue) throws {
        var reader = try ObjectReader(json)
        let kind = try reader.string("kind")
        if kind == "day-end" {
            self = .dayEnd
        } else if let outcome = FailedAttempt.Outcome(rawValue: kind) {
            self = .failed(outcome, reference: try reader.string("reference"))
        } else {
            let original = try reader.optionalString("of")
            let booking = CardJournal.Booking(
                kind: original.map { .reversal(of: $0) } ?? .payment,
                amount: try reader.cents("amount"), scheme: try reader.choice("scheme"),
                receipt: Int(try reader.integer("receipt", in: 1...9_999)),
                trace: Int(try reader.integer("trace", in: 1...999_999)))
            self = .booked(booking, reference: try reader.string("reference"))
        }
        try reader.finish()
    }
}
