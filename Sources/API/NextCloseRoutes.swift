import DayClosing
import HTTPTypes
import Hummingbird
import Operations
import People
import Sales
import Text
import Units

extension APIRoutes {
    /// The close that is being made.
    func addNextCloseRoutes(to yard: RouterGroup<APIContext>) {
        yard.get("closes/next") { request, context in
            let person = try installation.person(request, for: .readSales)
            return try await progress(of: try context.yard(installation), for: person)
        }
        yard.get("closes/next/suspicions") { request, context in
            _ = try installation.person(request, for: .readSales)
            let yard = try context.yard(installation)
            try await installation.addUp(yard)
            let found = try installation.suspicions(at: yard)
            return Response.json(
                .fields([
                    "differences": .array(
                        found.sorted { $0.key < $1.key }.map { key, suspicions in
                            .fields([
                                "tid": .string(key.cardTerminal),
                                "scheme": .string(key.scheme.rawValue),
                                "suspicions": .array(suspicions.map(\.json)),
                            ])
                        })
                ]))
        }
        yard.post("closes/next/count") { request, context in
            try await count(request, at: try context.yard(installation))
        }
        yard.post("closes/next/explain") { request, context in
            try await explain(request, at: try context.yard(installation))
        }
        yard.post("closes/next/approve") { request, context in
            let person = try installation.person(request)
            let query = request.uri.queryParameters
            let close = try await installation.approveClose(
                at: try context.yard(installation), by: person, seen: query.get("seen"),
                news: query.get("known") ?? "")
            return Response.json(close.json, status: .created)
        }
        yard.post("closes/next/reject") { request, context in
            let person = try installation.person(request)
            var reader = try ObjectReader(try await request.json())
            let reason = try reader.string("reason")
            try reader.finish()
            try await installation.rejectClose(
                reason: reason, at: try context.yard(installation), by: person,
                seen: request.uri.queryParameters.get("seen"))
            return Response(status: .noContent)
        }
        addPolicyRoutes(to: yard)
        addSheetRoutes(to: yard)
    }

    private func addPolicyRoutes(to yard: RouterGroup<APIContext>) {
        yard.get("closes/policy") { request, context in
            _ = try installation.person(request, for: .readSales)
            return try policy(of: try context.yard(installation))
        }
        yard.put("closes/policy") { request, context in
            let person = try installation.person(request)
            let yard = try context.yard(installation)
            var reader = try ObjectReader(try await request.json())
            let isBlind = reader.has("blind") ? try reader.bool("blind") : nil
            let days =
                reader.has("cutDays")
                ? try reader.integer("cutDays", in: Installation.cutDaysRange) : nil
            guard isBlind != nil || days != nil else {
                throw reader.problem("blind", wanted: "blind, cutDays, or both")
            }
            try reader.finish()
            if let isBlind { try await installation.setBlind(isBlind, at: yard, by: person) }
            if let days { try await installation.setCutDays(days, at: yard, by: person) }
            return try policy(of: yard)
        }
    }

    private func policy(of yard: Yard) throws -> Response {
        Response.json(
            .fields([
                "blind": .bool(try installation.isBlind(yard)),
                "cutDays": .integer(try installation.cutDays(of: yard)),
            ]))
    }

    private func progress(
        of yard: Yard, for person: Person, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        // A large day takes long the first time: not on a thread that others answer from.
        try await installation.addUp(yard)
        let progress = try installation.closeProgress(of: yard)
        let (points, news) = try installation.closePointsAndNews(progress)
        return Response.json(
            progress.json(
                points, news: news, try installation.cutFindings(at: yard),
                isHidden: progress.isHidden(from: person)), status: status)
    }

    private func count(_ request: Request, at yard: Yard) async throws -> Response {
        let person = try installation.person(request)
        var reader = try ObjectReader(try await request.json())
        let day = try reader.day("day")
        let cuts =
            reader.has("cuts")
            ? try reader.list("cuts", BatchCut.init(json:path:))
            : BatchCut.unnumbered(try reader.tallies("totals"))
        let isAcknowledged =
            reader.has("acknowledgeUnknown") ? try reader.bool("acknowledgeUnknown") : false
        try reader.finish()
        try await installation.countClose(
            cuts: cuts, day: day, at: yard, by: person,
            unknown: isAcknowledged ? .carriedOver : .refused)
        return try await progress(of: yard, for: person, status: .created)
    }

    private func explain(_ request: Request, at yard: Yard) async throws -> Response {
        let person = try installation.person(request)
        var reader = try ObjectReader(try await request.json())
        let key = try reader.cardKey()
        let reason: DifferenceReason = try reader.choice("reason")
        let text = try reader.string("text")
        try reader.finish()
        try await installation.explainDifference(
            key, reason: reason, text: text, at: yard, by: person)
        return try await progress(of: yard, for: person)
    }
}

extension ObjectReader {
    fileprivate mutating func cardKey() throws(JSONShapeError) -> CardKey {
        let terminal = try string("tid")
        guard CardSlip.isCode(terminal) else {
            throw problem("tid", wanted: "1 to 16 digits or capital letters")
        }
        return CardKey(cardTerminal: terminal, scheme: try choice("scheme"))
    }

    /// Totals without cuts: one for each card terminal and scheme.
    fileprivate mutating func tallies(_ name: String) throws -> [CardKey: Tally] {
        var tallies: [CardKey: Tally] = [:]
        for var total in try objects(name) {
            let key = try total.cardKey()
            guard tallies[key] == nil else {
                throw Problem(
                    422, "input-invalid", "A total stands twice",
                    "\(key.cardTerminal), \(key.scheme.rawValue): give each total once.")
            }
            let limit = BatchCut.amountMax
            tallies[key] = Tally(
                count: try total.integer("count", in: 0...BatchCut.countMax),
                amount: Cents(try total.integer("amount", in: -limit...limit)))
            try total.finish()
        }
        return tallies
    }
}

extension CloseProgress {
    /// - Parameters:
    ///   - news: what turned up after the count.
    ///   - isHidden: whether the reader has to count before seeing any total.
    fileprivate func json(
        _ points: [ClosePoint], news: [ClosePoint], _ findings: [CutFinding], isHidden: Bool
    ) -> JSONValue {
        .fields([
            "number": .integer(number), "blind": .bool(isBlind),
            "totals": isHidden ? .null : totals.json, "draft": draft?.json(findings) ?? .null,
            "sentBack": .array(sentBack.map(\.json)), "points": .array(points.map(\.json)),
            "news": news.isEmpty
                ? nil
                : .fields([
                    "mark": .string(news.mark), "points": .array(news.map(\.json)),
                ]),
        ])
    }
}

extension CloseProgress.Draft {
    fileprivate func json(_ findings: [CutFinding]) -> JSONValue {
        .fields([
            "day": .string(day.iso), "upto": .integer(upto),
            "countedBy": .string(countedBy.text), "countedAt": .string(countedAt.iso),
            "recounts": .integer(recounts),
            "carriedOver": carriedOver.isEmpty ? nil : .array(carriedOver.map(\.json)),
            "mark": .string(mark),
            "cuts": .array(cuts.map(\.json)),
            "cutFindings": findings.isEmpty ? nil : .array(findings.map(\.json)),
            "comparisons": .array(comparisons.map(\.json)),
        ])
    }
}

extension ClosePoint {
    fileprivate var json: JSONValue {
        .fields([
            "code": .string(code), "text": .string(words),
            "acknowledge": .bool(mustBeAcknowledged),
        ])
    }
}

extension Suspicion {
    fileprivate var json: JSONValue {
        .fields([
            "kind": .string(kind.rawValue), "reason": .string(reason.rawValue),
            "sales": .array(sales.map(\.json)),
        ])
    }
}
