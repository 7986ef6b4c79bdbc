import Calendars
import NIOHTTP1
import Sales
import Testing
import Text
import Units

extension Quarter {
    /// Prepares, counts the slips of the day, gives the reason of a difference that was planted,
    /// and lets a second person approve exactly what was looked at.
    ///
    /// - Returns: the cuts that the close holds.
    @discardableResult
    func close(
        _ yard: QuarterYard, _ day: BusinessDay, _ event: QuarterEvent? = nil
    ) async throws -> [QuarterCut] {
        let (cuts, booked) = yard.close()
        try await prepare(yard, event)
        let next = try await count(yard, day, cuts, event)
        var draft = next["draft"]
        for comparison in draft?["comparisons"]?.array ?? [] {
            try compare(comparison, cuts, booked, yard, day)
            guard Self.isOpen(comparison) else { continue }
            guard let reason = event?.differenceReason else {
                throw Unexpected("\(yard.id.text) \(day.iso) differs: \(comparison.text)")
            }
            let explained = try await office(
                "anna", .POST, yard, "closes/next/explain",
                .fields([
                    "tid": comparison["tid"], "scheme": comparison["scheme"],
                    "reason": .string(reason), "text": "Beleg liegt vor",
                ]))
            draft = explained["draft"]
        }
        let mark = try #require(draft?["mark"]?.string)
        try await office("bernd", .POST, yard, "closes/next/approve?seen=\(mark)")
        return cuts
    }

    /// Counts; with a payment of unknown outcome only by saying that it is known.
    private func count(
        _ yard: QuarterYard, _ day: BusinessDay, _ cuts: [QuarterCut], _ event: QuarterEvent?
    ) async throws -> JSONValue {
        func body(isKnown: Bool) -> JSONValue {
            .fields([
                "day": .string(day.iso), "cuts": .array(cuts.map { $0.json(of: yard.tid) }),
                "acknowledgeUnknown": isKnown ? .bool(true) : nil,
            ])
        }
        let isUnknown = if case .outcomeUnknown = event { true } else { false }
        if isUnknown {
            let refused = try await line.send(
                .POST, "/v1/yards/\(yard.id.text)/closes/next/count", token: tokens["anna"],
                body(isKnown: false).bytes)
            #expect(refused.status == 409)
            #expect(try refused.json["code"]?.string == "unknown-payments")
        }
        return try await office(
            "anna", .POST, yard, "closes/next/count", body(isKnown: isUnknown))
    }

    /// What is open before the close is named before anybody counts.
    private func prepare(_ yard: QuarterYard, _ event: QuarterEvent?) async throws {
        let next = try await office("anna", .GET, yard, "closes/next")
        let codes = Set((next["points"]?.array ?? []).compactMap { $0["code"]?.string })
        switch event {
        case .outcomeUnknown: #expect(codes.contains("unknown-payments"), "\(codes)")
        case .heldPaymentComes, .outcomeFound, .afterNoCut:
            #expect(codes.contains("carried"), "\(codes)")
        default: #expect(codes.isDisjoint(with: ["unknown-payments", "carried"]), "\(codes)")
        }
    }

    /// Both sides of a comparison are what the yard itself counted; a difference stays in clearing,
    /// and of a day without a cut it waits for the next one.
    private func compare(
        _ comparison: JSONValue, _ cuts: [QuarterCut], _ booked: [CardScheme: Int64],
        _ yard: QuarterYard, _ day: BusinessDay
    ) throws {
        let scheme = try #require(comparison["scheme"]?.string.flatMap(CardScheme.init))
        let counted = cuts.flatMap { $0.payments[scheme] ?? [] }.reduce(0, +)
        #expect(comparison["expected"]?.integer == booked[scheme, default: 0])
        // Without a cut nobody knows.
        #expect(comparison["counted"]?.integer == (cuts.isEmpty ? nil : counted))
        guard !cuts.isEmpty else {
            yard.uncut[scheme, default: 0] += booked[scheme, default: 0]
            return
        }
        let waiting = yard.uncut.removeValue(forKey: scheme) ?? 0
        truth.leave(
            "slip-difference", day, waiting + booked[scheme, default: 0] - counted,
            scheme: scheme.rawValue)
    }

    /// Something remains after what earlier closes brought.
    private static func isOpen(_ comparison: JSONValue) -> Bool {
        func value(_ name: String) -> Int64 { comparison[name]?.integer ?? 0 }
        return value("counted") - value("expected") + value("brought") != 0
            || value("countedCount") - value("expectedCount") + value("broughtCount") != 0
    }

    /// A close without sales at each yard, so that every booking of finance stands in one.
    func closeAgain() async throws {
        try await signIn()
        let calendar = try #require(LocalCalendar(zone: "Europe/Berlin"))
        for yard in yards { try await close(yard, calendar.day(of: SystemClock.now())) }
    }
}
