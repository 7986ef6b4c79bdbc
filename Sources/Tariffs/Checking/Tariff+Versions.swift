package import Text
import Units

extension Tariff {
    /// What speaks against this tariff as the successor of another: days with two versions or
    /// none, prices that change much, words that change without numbers or the reverse, and quotas
    /// that count something else under their old number.
    ///
    /// Positions are compared by number where they share a fraction. Errors come first, then
    /// warnings in file order.
    ///
    /// - Parameter changePercentMax: how far a price may move without a warning, 0 to 100.
    package func lint(
        against previous: Tariff, changePercentMax: Int64 = 25
    ) -> [SourceProblem] {
        let pairs = positions.compactMap { position in
            previous.counterpart(of: position).map { (old: $0, new: position) }
        }
        let changes = pairs.flatMap { old, new in
            priceChanges(from: old, of: previous, to: new, changePercentMax)
                + wordingProblems(from: old, to: new)
        }
        return (succession(to: previous) + changes + quotaProblems(after: previous)).inReadingOrder
    }

    private func counterpart(of position: Position) -> Position? {
        positions.first {
            $0.number == position.number
                && !Set($0.fractions).isDisjoint(with: position.fractions)
        }
    }

    /// Each day belongs to exactly one version. One without an end ends where its named successor
    /// begins.
    private func succession(to previous: Tariff) -> [SourceProblem] {
        let start = GermanFormat.day(validity.from)
        func problem(_ message: String) -> [SourceProblem] {
            [TariffProblem.versionsDisagree.at(nil, message)]
        }
        guard previous.validity.from < validity.from else {
            return problem(
                "Dieser Tarif gilt ab \(start), „\(previous.reference.id)“ aber erst ab "
                    + "\(GermanFormat.day(previous.validity.from)). Ein Tarif muss nach dem "
                    + "beginnen, den er ersetzt.")
        }
        guard let end = previous.validity.to else {
            guard heading.replaces != previous.reference.id else { return [] }
            return problem(
                "„\(previous.reference.id)“ gilt ohne Ende, also auch noch am \(start). Schreiben "
                    + "Sie „ersetzt: \(previous.reference.id)“, oder geben Sie dort „gültig bis“ "
                    + "an.")
        }
        let last = GermanFormat.day(end)
        if end >= validity.from {
            return problem(
                "„\(previous.reference.id)“ gilt bis \(last), dieser Tarif schon ab \(start): An "
                    + "diesen Tagen gälten beide. Ändern Sie einen der beiden Tage.")
        }
        guard end.adding(days: 1) == validity.from else {
            return problem(
                "„\(previous.reference.id)“ gilt bis \(last), dieser Tarif erst ab \(start): "
                    + "Dazwischen gilt keiner. Ändern Sie einen der beiden Tage.")
        }
        return []
    }

    private func priceChanges(
        from old: Position, of previous: Tariff, to new: Position, _ percentMax: Int64
    ) -> [SourceProblem] {
        let before = previous.pricePoints(of: old)
        let changed = pricePoints(of: new).compactMap { point in
            before.first { $0.subject == point.subject }.map { (old: $0, new: point) }
        }
        let far = changed.filter { $0.new.differs(from: $0.old, percentMax: percentMax) }
        guard let first = far.first else { return [] }
        let more = far.count > 1 ? " und \(far.count - 1) weitere" : ""
        return [
            new.problem(
                .priceChangedMuch,
                "Bei Nr. \(new.number) ändert sich der Preis um mehr als \(percentMax) % gegenüber "
                    + "„\(previous.reference.id)“: \(first.old.words) → \(first.new.words)\(more). "
                    + "Prüfen Sie, ob das so beschlossen ist.")
        ]
    }

    private func wordingProblems(from old: Position, to new: Position) -> [SourceProblem] {
        guard let before = old.wording.map({ SpokenName($0) }),
            let after = new.wording.map({ SpokenName($0) })
        else { return [] }
        let changesPrice = old.method != new.method || old.modifiers != new.modifiers
        let changesRule =
            changesPrice || old.condition != new.condition || old.requires != new.requires
            || Set(old.fractions) != Set(new.fractions)
        if before != after, !changesRule {
            return [
                new.problem(
                    .onlyWordsChanged,
                    "Bei Nr. \(new.number) hat sich der Wortlaut geändert, aber weder Preis noch "
                        + "Bedingung. Prüfen Sie, ob eine Zahl nachzutragen ist.")
            ]
        }
        guard before == after, changesPrice else { return [] }
        return [
            new.problem(
                .onlyPriceChanged,
                "Bei Nr. \(new.number) hat sich der Preis geändert, aber nicht der Wortlaut. "
                    + "Prüfen Sie die Zahl, oder tragen Sie den neuen Wortlaut nach.")
        ]
    }
}
