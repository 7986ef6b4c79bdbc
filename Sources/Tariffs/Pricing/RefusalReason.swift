import Units

extension Tariff {
    /// The refusal with its sentences: what, why, and what to do.
    func refusal(_ refusal: CalculatedRefusal, of delivery: Delivery) -> Refusal {
        let reason =
            refusal.item.map { itemReason(refusal, delivery.items[$0], of: delivery) }
            ?? wholeReason(refusal.code, of: delivery)
        return Refusal(code: refusal.code.rawValue, item: refusal.item, reason: reason)
    }

    private func wholeReason(_ code: RefusalCode, of delivery: Delivery) -> Explanation {
        switch code {
        case .outsideValidity:
            let day = GermanFormat.day(delivery.day)
            return Explanation(
                german: "Diese Preisliste gilt am \(day) nicht. Nehmen Sie die Fassung des Tages.",
                english:
                    "This price list is not in force on \(delivery.day.iso). "
                    + "Use the version of that day."
            )
        case .emptyDelivery:
            return Explanation(
                german: "Es ist keine Abfallart eingegeben. Geben Sie mindestens eine ein.",
                english: "No kind of waste was entered. Enter at least one.")
        case .amountTooLarge:
            let limit = Cents(Cents.entryLimit)
            return Explanation(
                german: "Mehr als \(GermanFormat.euros(limit)) kann eine Zahlung nicht betragen. "
                    + "Teilen Sie die Anlieferung oder fragen Sie die Verwaltung.",
                english: "A payment cannot exceed \(EnglishText.euros(limit)). "
                    + "Divide the delivery or ask the administration.")
        case .invalidAmount, .unknownFraction, .noPosition, .wrongMeasure, .notAccepted, .tooMuch,
            .noPricePublished:
            return Explanation(
                german: "Mehr als \(Tariff.itemCountMax) Einträge nimmt eine Anlieferung nicht "
                    + "auf. Teilen Sie sie.",
                english: "A delivery holds at most \(Tariff.itemCountMax) entries. Divide it.")
        }
    }

    private func itemReason(
        _ refusal: CalculatedRefusal, _ item: DeliveryItem, of delivery: Delivery
    ) -> Explanation {
        let name = name(of: item.fraction)
        switch refusal.code {
        case .invalidAmount:
            return Explanation(
                german: "\(name.german): Die Menge ist nicht möglich. Geben Sie sie neu ein.",
                english: "\(name.english): The amount is not possible. Enter it again.")
        case .unknownFraction:
            return Explanation(
                german: "Die Abfallart \(name.german) steht nicht in dieser Preisliste. "
                    + "Wählen Sie eine andere oder fragen Sie das Personal.",
                english: "\(name.english) is not on this price list. "
                    + "Choose another kind of waste or ask the staff.")
        case .wrongMeasure:
            return wrongMeasure(name, item, of: delivery)
        case .tooMuch:
            return tooMuch(name, refusal)
        case .noPricePublished:
            return withReason(
                of: refusal,
                Explanation(
                    german: "\(name.german): Ein Preis ist nicht veröffentlicht",
                    english: "\(name.english): No price is published"))
        case .notAccepted, .noPosition, .outsideValidity, .emptyDelivery, .amountTooLarge:
            return withReason(
                of: refusal,
                Explanation(
                    german: "\(name.german): Die Annahme ist hier nicht möglich",
                    english: "\(name.english): Not accepted here"))
        }
    }

    private func wrongMeasure(
        _ name: Explanation, _ item: DeliveryItem, of delivery: Delivery
    ) -> Explanation {
        let options = measures(of: item.fraction, for: delivery).map(\.name)
        return Explanation(
            german: "\(name.german): Berechnet wird nach \(GermanText.alternatives(options)). "
                + "Geben Sie die Menge so an.",
            english: "\(name.english): Charged by \(EnglishText.alternatives(options)). "
                + "Enter the amount that way.")
    }

    private func tooMuch(_ name: Explanation, _ refusal: CalculatedRefusal) -> Explanation {
        guard let limit = refusal.limit else { return withReason(of: refusal, name) }
        let (german, english) = words(for: limit)
        return withReason(
            of: refusal,
            Explanation(
                german: "\(name.german): Mehr als \(german) je Anlieferung geht hier nicht",
                english: "\(name.english): No more than \(english) per delivery is possible here"))
    }

    private func words(for limit: Limit) -> (german: String, english: String) {
        if let unit = limit.unit {
            return (GermanText.quantity(limit.most, unit), EnglishText.quantity(limit.most, unit))
        }
        let amount = catalogue.containers.first { .containers($0.id) == limit.measure }
        let isOne = limit.most == 1
        return (
            "\(limit.most)\u{A0}\((isOne ? amount?.name : amount?.plural) ?? "")",
            "\(limit.most)\u{A0}\((isOne ? amount?.englishName : amount?.englishPlural) ?? "")"
        )
    }

    /// Puts the position's number, its reason and what to do behind a sentence without full stop.
    private func withReason(of refusal: CalculatedRefusal, _ what: Explanation) -> Explanation {
        let position = refusal.position.map { positions[$0] }
        let reason = position?.reason
        return Explanation(
            german: what.german + (position.map { " (Nr. \($0.number))" } ?? "") + ". "
                + (reason?.german ?? "Fragen Sie bitte das Personal."),
            english: what.english + (position.map { " (no. \($0.number))" } ?? "") + ". "
                + (reason?.english ?? "Please ask the staff."))
    }
}
