import Text

/// What the program says about bank and closes, in the words of ``QuarterTruth``.
struct QuarterBoard {
    let json: JSONValue

    var open: [JSONValue] { list("open") }
    var openLines: [JSONValue] { open.filter { code($0).hasPrefix("b-") } }
    var claims: [JSONValue] { list("claims") }
    var settlements: [JSONValue] { list("settlements") }

    private func list(_ name: String) -> [JSONValue] { json[name]?.array ?? [] }
    private func code(_ item: JSONValue) -> String { item["item"]?.string ?? "" }

    func distance(_ item: JSONValue, _ amount: Int64) -> UInt64 {
        ((item["amount"]?.integer ?? 0) - amount).magnitude
    }

    /// Everything out of the ordinary, sorted.
    ///
    /// - Parameter closes: of each yard by its name.
    func signs(_ closes: [String: [JSONValue]], cardTerminals: [String: String]) -> [String] {
        let booked = settlements.compactMap { settlement -> String? in
            let rule = settlement["rule"]?.string ?? ""
            let cuts = (settlement["expected"]?.array ?? []).compactMap(\.string).sorted()
            // One cut of several of a close is called by its number too.
            let isOneOfSeveral = rule == "single" && cuts.allSatisfy { $0.count(of: ":") == 2 }
            guard isOneOfSeveral || !["single", "acquirer-payout"].contains(rule) else {
                return nil
            }
            return (["booked", rule] + cuts).joined(separator: " ")
        }
        let slips = list("slips").map { slip in
            "slip \(slip["close"]?.string ?? ""):\(slip["tid"]?.string ?? "") "
                + "\(slip["verdict"]?.string ?? "")"
        }
        let findings = list("findings").map { finding in
            let statement = finding["statement"]?.string?.split(separator: " ").first ?? ""
            return "finding \(finding["code"]?.string ?? "") \(statement)"
        }
        let marks = closes.flatMap { yard, closes in
            closes.flatMap { Self.signs($0, yard, cardTerminals[yard] ?? "") }
        }
        return (open.map(sign) + booked + slips + findings + marks).sorted()
    }

    private func sign(_ item: JSONValue) -> String {
        let reason = item["reason"]?.string ?? ""
        let code = code(item)
        if code.hasPrefix("p-") { return "open payout \(item["amount"]?.integer ?? 0) \(reason)" }
        let reference = item["text"]?.string?.firstMatch(of: /Q[0-9]{6}/).map { String($0.output) }
        return "open \(reference ?? code) \(reason)"
    }

    /// What a close itself says.
    private static func signs(_ close: JSONValue, _ yard: String, _ tid: String) -> [String] {
        let digits = String(close["number"]?.integer ?? 0)
        let code = "\(yard)-\(String(repeating: "0", count: 6 - digits.count))\(digits):\(tid)"
        var signs: [String] = []
        let cuts = close["cuts"]?.array?.count ?? 0
        if cuts > 1 { signs.append("cuts \(code) \(cuts)") }
        if close["totals"]?["counts"]?["refund"] != nil { signs.append("refund \(code)") }
        if close["totals"]?["unknown"]?.array?.isEmpty == false { signs.append("unknown \(code)") }
        return signs
    }

    /// The causes of each scheme's clearing, sorted.
    var clearing: [QuarterClearing] {
        list("clearing").flatMap { proof in
            (proof["items"]?.array ?? []).map { item in
                QuarterClearing(
                    scheme: proof["scheme"]?.string ?? "", cause: item["cause"]?.string ?? "",
                    day: item["day"]?.string ?? "", cents: item["amount"]?.integer ?? 0)
            }
        }.sorted()
    }

    /// Balance of each scheme's clearing, and what of it has no cause.
    var clearingBalances: [String: (balance: Int64, unexplained: Int64)] {
        Dictionary(
            uniqueKeysWithValues: list("clearing").map { proof in
                (
                    proof["scheme"]?.string ?? "",
                    (proof["balance"]?.integer ?? 0, proof["unexplained"]?.integer ?? -1)
                )
            })
    }
}

extension String {
    fileprivate func count(of character: Character) -> Int { count { $0 == character } }
}
