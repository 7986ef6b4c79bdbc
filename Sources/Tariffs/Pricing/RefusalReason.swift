import Units

extension Tariff {
    /// The refusal with its sentences: what, why, and what to do.
    func refusal(_ refusal: CalculatedRefusal, of delivery: Delivery) -> Refusal {
        let reason =
            refusal.item.map { itemReason(refusal, delivery.items[$0], of: delivery) }
            ?? wholeReason(refusal, of: delivery)
        return Refusal(code: refusal.code.rawValue, item: refusal.item, reason: reason)
    }

    private func wholeReason(_ refusal: CalculatedRefusal, of delivery: Delivery) -> Explanation {
        switch refusal.code {
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
                german: "Mehr als \(GermanText.money(limit, currency)) kann eine Zahlung nicht "
                    + "betragen. Teilen Sie die Anlieferung oder fragen Sie die Verwaltung.",
                english: "A payment cannot exceed \(EnglishText.money(limit, currency)). "
                    + "Divide the delivery or ask the administration.")
        case .holderMissing: return holderMissing(refusal)
        case .invalidAmount, .unknownFraction, .noPosition, .wrongMeasure, .notAccepted, .tooMuch,
            .noPricePublished, .requirementMissing, .belowMinimumLoad, .scaleNotPermitted,
            .weightNotMeasured, .mixedLoad, .scaleFailed:
            return Explanation(
                german: "Mehr als \(Tariff.itemCountMax) Einträge nimmt eine Anlieferung nicht "
                    + "auf. Teilen Sie sie.",
                english: "A delivery holds at most \(Tariff.itemCountMax) entries. Divide it.")
        }
    }

    private func itemReason(
        _ refusal: CalculatedRefusal, _ item: DeliveryItem, of delivery: Delivery
    ) -> Explanation {
        let name = name(of: refusal.fraction ?? item.fraction)
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
        case .wrongMeasure: return wrongMeasure(name, refusal.fraction, item, of: delivery)
        case .tooMuch: return tooMuch(name, refusal)
        case .requirementMissing: return requirementMissing(name, refusal)
        case .holderMissing: return holderMissing(refusal)
        case .belowMinimumLoad, .scaleNotPermitted, .weightNotMeasured, .scaleFailed, .mixedLoad:
            return weighingReason(name, refusal)
        case .noPricePublished:
            return withReason(
                of: refusal,
                Explanation(
                    german: "\(name.german): Ein Preis ist nicht veröffentlicht",
                    english: "\(name.english): No price is published"))
        case .amountTooLarge:
            return Explanation(
                german: "\(name.german): Der Preis ist für eine Zahlung zu hoch oder nicht genau "
                    + "zu berechnen. Teilen Sie die Menge oder fragen Sie die Verwaltung.",
                english: "\(name.english): The price is too high for a payment or cannot be worked "
                    + "out exactly. Divide the amount or ask the administration.")
        case .notAccepted, .noPosition, .outsideValidity, .emptyDelivery:
            return withReason(
                of: refusal,
                Explanation(
                    german: "\(name.german): Die Annahme ist hier nicht möglich",
                    english: "\(name.english): Not accepted here"))
        }
    }

    private func wrongMeasure(
        _ name: Explanation, _ fraction: FractionID?, _ item: DeliveryItem, of delivery: Delivery
    ) -> Explanation {
        let options = measures(
            of: fraction ?? item.fraction, in: Circumstances(of: delivery, item)
        ).map(\.name)
        return Explanation(
            german: "\(name.german): Berechnet wird nach \(GermanText.alternatives(options)). "
                + "Geben Sie die Menge so an.",
            english: "\(name.english): Charged by \(EnglishText.alternatives(options)). "
                + "Enter the amount that way.")
    }

    private func tooMuch(_ name: Explanation, _ refusal: CalculatedRefusal) -> Explanation {
        guard let limit = refusal.limit else { return withReason(of: refusal, name) }
        let container = catalogue.container(of: limit.measure)
        return withReason(
            of: refusal,
            Explanation(
                german: "\(name.german): Mehr als \(GermanText.limit(limit, container)) geht hier "
                    + "nicht",
                english: "\(name.english): No more than \(EnglishText.limit(limit, container)) is "
                    + "possible here"))
    }

    private func requirementMissing(
        _ name: Explanation, _ refusal: CalculatedRefusal
    ) -> Explanation {
        let missing = refusal.missing.compactMap { catalogue.feature($0) }
            .sorted { $0.id < $1.id }
        return withReason(
            of: refusal,
            Explanation(
                german: "\(name.german): Das geht nur mit „"
                    + "\(GermanText.all(missing.map(\.name)))“",
                english: "\(name.english): Only with “"
                    + "\(EnglishText.all(missing.map(\.englishName)))”"))
    }

    private func holderMissing(_ refusal: CalculatedRefusal) -> Explanation {
        let holder = refusal.holder ?? .household
        return Explanation(
            german: "Hier zählt eine Menge über mehrere Anlieferungen. Geben Sie an, zu wem sie "
                + "gehört: \(holder.german).",
            english: "An amount is counted over several deliveries here. Say whose it is: "
                + "\(holder.rawValue).")
    }

    private func weighingReason(_ name: Explanation, _ refusal: CalculatedRefusal) -> Explanation {
        let (german, english) =
            switch refusal.code {
            case .belowMinimumLoad:
                (
                    "So wenig darf die Waage nicht berechnen. Geben Sie die Menge nach Volumen, "
                        + "Stück oder Behälter an",
                    "Too light for the scale. Enter the amount by volume, piece or container"
                )
            case .scaleNotPermitted:
                (
                    "Diese Waage darf den Preis nicht bestimmen: nicht eingetragen, nicht für "
                        + "diese Abfallart, oder die Eichung ist abgelaufen",
                    "This scale may not decide the price: not listed, not for this kind of waste, "
                        + "or its verification has run out"
                )
            case .weightNotMeasured:
                (
                    "Ein von Hand eingegebenes Gewicht darf den Preis nicht bestimmen. Wiegen Sie",
                    "A weight typed in by hand may not decide the price. Weigh the load"
                )
            case .scaleFailed:
                (
                    "Die Waage ist ausgefallen, und für ein geschätztes Volumen gibt es "
                        + "keinen Preis",
                    "The scale is out of order, and there is no price for an estimated volume"
                )
            case .outsideValidity, .emptyDelivery, .invalidAmount, .unknownFraction, .noPosition,
                .wrongMeasure, .notAccepted, .tooMuch, .noPricePublished, .amountTooLarge,
                .requirementMissing, .holderMissing, .mixedLoad:
                (
                    "Für gemischte Ladungen gibt es keinen Preis. Trennen Sie die Abfälle",
                    "There is no price for mixed loads. Separate the kinds of waste"
                )
            }
        return withReason(
            of: refusal,
            Explanation(german: "\(name.german): \(german)", english: "\(name.english): \(english)")
        )
    }

    /// Puts the number of the position or rule, its reason and what to do behind a sentence
    /// without full stop.
    private func withReason(of refusal: CalculatedRefusal, _ what: Explanation) -> Explanation {
        let rule = refusal.rule.map { rules.acceptance[$0] }
        let position = refusal.position.map { positions[$0] }
        let number = rule?.number ?? position?.number
        let reason = rule?.reason ?? position?.reason
        return Explanation(
            german: what.german + (number.map { " (Nr. \($0))" } ?? "") + ". "
                + (reason?.german ?? "Fragen Sie bitte das Personal."),
            english: what.english + (number.map { " (no. \($0))" } ?? "") + ". "
                + (reason?.english ?? "Please ask the staff."))
    }
}
