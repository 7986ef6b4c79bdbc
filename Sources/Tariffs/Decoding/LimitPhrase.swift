import Units

extension Limit {
    /// `1 m³`, `2 Säcke`, `5 Stück je Tag und Haushalt`, `1 Anlieferung je Jahr und Karte`.
    ///
    /// - Throws: `T-E14` for no quantity, `T-E22` for a period or holder that does not fit.
    init(_ text: String, _ catalogue: Catalogue) throws(PhraseProblem) {
        var scanner = PhraseScanner(text)
        let words = scanner.rest.split(separator: " ")
        let scope: QuotaScope
        if let place = words.lastIndex(of: "je") {
            scope = try QuotaScope(phrase: words[(place + 1)...].joined(separator: " "))
            scanner = PhraseScanner(words[..<place].joined(separator: " "))
        } else {
            scope = .visit
        }
        let amount = String(scanner.rest)
        let count = scanner.takeNumber()?.scaled(by: 1).flatMap {
            (1...Amount.numberMax).contains($0) ? $0 : nil
        }
        if let count, let container = catalogue.container(called: scanner.rest) {
            self.init(
                measure: .containers(container.id), most: count, unit: nil, scope: scope)
        } else if let count, scanner.take(anyOf: ["Anlieferungen", "Anlieferung"]) != nil,
            scanner.isAtEnd
        {
            guard scope != .visit else {
                throw PhraseProblem(
                    .quotaScope,
                    "„\(text)“ zählt Anlieferungen und braucht einen Zeitraum. Schreiben Sie zum "
                        + "Beispiel „1 Anlieferung je Jahr und Haushalt“.")
            }
            self.init(measure: .delivery, most: count, unit: nil, scope: scope)
        } else {
            let quantity = try ValuePhrase.quantity(amount)
            self.init(
                measure: quantity.measure, most: quantity.value, unit: quantity.unit,
                scope: scope)
        }
    }
}

extension QuotaScope {
    /// What stands behind "je": `Anlieferung`, `Tag und Haushalt`, `4 Wochen und Person`.
    fileprivate init(phrase text: String) throws(PhraseProblem) {
        var scanner = PhraseScanner(text)
        let period = QuotaPeriod(&scanner)
        let holder = scanner.take("und") ? Holder(&scanner) : nil
        guard let period, scanner.isAtEnd, (period == .visit) == (holder == nil) else {
            throw PhraseProblem(
                .quotaScope,
                "„je \(text)“: nach „je“ steht „Anlieferung“, oder ein Zeitraum (Tag, Woche, "
                    + "4 Wochen, Halbjahr, Jahr) und wessen Kontingent es ist (Haushalt, Person, "
                    + "Grundstück, Karte): „je Tag und Haushalt“.")
        }
        self.init(period: period, holder: holder)
    }
}

extension QuotaPeriod {
    /// The longest period in weeks: ten years.
    private static let weeksMax: Int64 = 520

    fileprivate init?(_ scanner: inout PhraseScanner) {
        if let count = scanner.takeNumber() {
            guard let weeks = count.scaled(by: 1), (1...Self.weeksMax).contains(weeks),
                scanner.take(anyOf: ["Wochen", "Woche"]) != nil
            else { return nil }
            self = .weeks(Int(weeks))
            return
        }
        let periods: KeyValuePairs<String, QuotaPeriod> = [
            "Anlieferung": .visit, "Tag": .day, "Woche": .weeks(1), "Halbjahr": .halfYear,
            "Jahr": .year,
        ]
        guard let period = periods.first(where: { scanner.take($0.key) }) else { return nil }
        self = period.value
    }
}

extension Holder {
    /// The word for it in tariff files.
    package var german: String {
        switch self {
        case .household: "Haushalt"
        case .person: "Person"
        case .parcel: "Grundstück"
        case .card: "Karte"
        }
    }

    init?(_ scanner: inout PhraseScanner) {
        guard let holder = Self.allCases.first(where: { scanner.take($0.german) }) else {
            return nil
        }
        self = holder
    }
}

extension Exemption {
    /// `bis 5 kg`, `unter 500 lb` or `bis 1 Sack`.
    init(_ text: String, _ catalogue: Catalogue) throws(PhraseProblem) {
        var scanner = PhraseScanner(text)
        guard let word = scanner.take(anyOf: ["bis", "unter"]) else {
            throw PhraseProblem(
                .amountNotUnderstood,
                "„\(text)“ ist keine Freigrenze. Schreiben Sie „bis 5 kg“ oder „unter 5 kg“.")
        }
        let limit = try Limit(String(scanner.rest), catalogue)
        guard limit.scope == .visit, limit.measure != .delivery else {
            throw PhraseProblem(
                .quotaScope,
                "„\(text)“: eine Freigrenze gilt je Anlieferung. Für einen Zeitraum schreiben Sie "
                    + "„freimenge“ oder „höchstmenge“.")
        }
        self.init(limit: limit, includesThreshold: word == "bis")
    }
}

extension Adjustment {
    /// `2-fach bei unbedeckt`; always without `bei`.
    init(factor text: String, _ catalogue: Catalogue) throws(PhraseProblem) {
        var scanner = PhraseScanner(text)
        guard let factor = scanner.takeFactor() else {
            throw PhraseProblem(
                .amountNotUnderstood,
                "„\(text)“ ist kein Faktor. Schreiben Sie „2-fach bei unbedeckt“, mit höchstens "
                    + "vier Stellen hinter dem Komma.")
        }
        self.init(
            change: .factor(factor), features: try Self.features(&scanner, of: text, catalogue))
    }

    /// `10 % bei ehrenamtskarte` or `2,00 € bei ehrenamtskarte`.
    init(
        discount text: String, in currency: Currency, _ catalogue: Catalogue
    ) throws(PhraseProblem) {
        var scanner = PhraseScanner(text)
        if let percent = scanner.takePercent() {
            guard percent <= 10_000 else {
                throw PhraseProblem(
                    .amountNotUnderstood,
                    "„\(text)“: ein Nachlass ist höchstens 100 %. Ändern Sie ihn.")
            }
            self.init(
                change: .discountPercent(percent),
                features: try Self.features(&scanner, of: text, catalogue))
            return
        }
        let words = scanner.rest.split(separator: " ")
        let amount = words.prefix { $0 != "bei" }
        let discount = try ValuePhrase.cents(amount.joined(separator: " "), in: currency)
        scanner = PhraseScanner(words.dropFirst(amount.count).joined(separator: " "))
        self.init(
            change: .discount(discount),
            features: try Self.features(&scanner, of: text, catalogue))
    }

    private static func features(
        _ scanner: inout PhraseScanner, of text: String, _ catalogue: Catalogue
    ) throws(PhraseProblem) -> Set<FeatureID> {
        if scanner.isAtEnd { return [] }
        guard scanner.take("bei"),
            let features = NameList.read(scanner.rest, { catalogue.feature(called: $0) })
        else {
            throw PhraseProblem(
                .nameNotKnown,
                "„\(text)“: hinter „bei“ stehen Merkmale aus der Liste „merkmale“. Tragen Sie das "
                    + "Merkmal dort ein.")
        }
        return Set(features.map(\.id))
    }
}
