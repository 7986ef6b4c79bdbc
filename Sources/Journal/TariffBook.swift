package import Units

/// A tariff file with the days on which a yard has it in force.
package struct TariffVersion: Hashable, Sendable {
    /// SHA-256 of the file, hexadecimal.
    package let digest: String
    package let id: String
    package let from: BusinessDay
    /// Inclusive; nil while open. Before `from` if the version was replaced before it began.
    package let to: BusinessDay?

    package init(digest: String, id: String, from: BusinessDay, to: BusinessDay?) {
        self.digest = digest
        self.id = id
        self.from = from
        self.to = to
    }

    package func covers(_ day: BusinessDay) -> Bool {
        from <= day && to.map { day <= $0 } ?? true
    }

    /// Whether there is any day on which it is in force.
    package var hasDays: Bool { covers(from) }
}

/// The end that a successor gives to the version before it.
package struct TariffEnding: Hashable, Sendable {
    /// Of the file that ends.
    package let digest: String
    /// Its last day.
    package let on: BusinessDay

    package init(digest: String, on: BusinessDay) {
        self.digest = digest
        self.on = on
    }
}

/// Why a version does not fit behind those in force.
package enum TariffBookError: Error, Hashable, Sendable {
    /// It reaches into the days of this version, which begins later.
    case overlaps(TariffVersion)
    /// These days would have no tariff.
    case gap(from: BusinessDay, to: BusinessDay)
    /// A record says another end of the predecessor than follows from those before it.
    case endsOther(wanted: TariffEnding?)
}

/// The tariff versions of a yard: a fold over the `tariff` records of its log.
///
/// Invariant: no day has two versions. Days without one arise only after a fixed end.
package struct TariffBook: Hashable, Sendable {
    /// In the order in which they were brought into force.
    package private(set) var versions: [TariffVersion]

    package init(_ versions: [TariffVersion] = []) {
        self.versions = versions
    }

    /// The version in force on a day.
    package func version(on day: BusinessDay) -> TariffVersion? {
        versions.first { $0.covers(day) }
    }

    /// Whether the file with this digest is in force on a day.
    package func covers(_ digest: String, on day: BusinessDay) -> Bool {
        versions.contains { $0.digest == digest && $0.covers(day) }
    }

    /// What ends when `newcomer` comes into force: the version of its first day, on the day before.
    ///
    /// - Throws: ``TariffBookError`` `overlaps`, then `gap`.
    package func succession(of newcomer: TariffVersion) throws(TariffBookError) -> TariffEnding? {
        let ending = try ending(for: newcomer)
        try requireNoGap(newcomer)
        return ending
    }

    /// Adds the version of a record.
    ///
    /// - Throws: ``TariffBookError`` `overlaps`, `endsOther`.
    package mutating func activate(_ activation: TariffActivation) throws(TariffBookError) {
        let newcomer = TariffVersion(
            digest: activation.digest, id: activation.id, from: activation.from,
            to: activation.to)
        let wanted = try ending(for: newcomer)
        guard activation.ends == wanted else { throw .endsOther(wanted: wanted) }
        versions = versions.map { $0.digest == wanted?.digest ? $0.ended(on: wanted?.on) : $0 }
        versions.append(newcomer)
    }

    private func ending(for newcomer: TariffVersion) throws(TariffBookError) -> TariffEnding? {
        if let next = next(after: newcomer.from), newcomer.covers(next.from) {
            throw .overlaps(next)
        }
        guard let predecessor = version(on: newcomer.from) else { return nil }
        guard let last = newcomer.from.adding(days: -1) else { throw .overlaps(predecessor) }
        return TariffEnding(digest: predecessor.digest, on: last)
    }

    private func requireNoGap(_ newcomer: TariffVersion) throws(TariffBookError) {
        if let last = newcomer.to {
            let wanted = next(after: newcomer.from)?.from.adding(days: -1)
            if let end = version(on: newcomer.from)?.to ?? wanted {
                try requireNone(after: last, upTo: end)
            }
        }
        guard version(on: newcomer.from) == nil else { return }
        let ends = versions.filter(\.hasDays).compactMap(\.to).filter { $0 < newcomer.from }
        guard let before = ends.max(), let eve = newcomer.from.adding(days: -1) else { return }
        try requireNone(after: before, upTo: eve)
    }

    private func requireNone(after last: BusinessDay, upTo end: BusinessDay)
        throws(TariffBookError)
    {
        guard last < end, let first = last.adding(days: 1) else { return }
        throw .gap(from: first, to: end)
    }

    private func next(after day: BusinessDay) -> TariffVersion? {
        versions.filter { $0.hasDays && day < $0.from }.min { $0.from < $1.from }
    }
}

extension TariffVersion {
    fileprivate func ended(on day: BusinessDay?) -> TariffVersion {
        TariffVersion(digest: digest, id: id, from: from, to: day)
    }
}
