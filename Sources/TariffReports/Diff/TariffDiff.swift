package import Tariffs

/// What differs between two versions of a tariff, in citizens' words.
///
/// Ids, digests, line numbers and worked examples are no part of what is charged and are left out.
package struct TariffDiff: Hashable, Sendable {
    package let old: ReportHeading
    package let new: ReportHeading
    /// The tariff as a whole, prices, rules of the delivery, then the catalogue; without empty
    /// ones.
    package let sections: [Section]

    /// Things of one kind that were compared.
    package struct Section: Hashable, Sendable {
        package let kind: Kind
        /// Changed and added in the order of the new file, then dropped in that of the old one.
        package let changes: [SubjectChange]
        /// How many of them are the same in both.
        package let unchanged: Int
    }

    /// What is compared.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case head, prices, rules, scales, fractions, containers, vehicles, features
    }

    /// Whether nothing differs.
    package var isEmpty: Bool { sections.allSatisfy(\.changes.isEmpty) }

    package init(from old: Tariff, to new: Tariff) {
        self.old = ReportHeading(of: old)
        self.new = ReportHeading(of: new)
        // The old version is told with the new names, so that a new name is one change and not
        // one at every position.
        let (before, after) = (PriceWords(old, named: new), PriceWords(new))
        let all = Kind.allCases.map { kind in
            Section(kind, before.subjects(of: kind), after.subjects(of: kind)) {
                kind == .prices
                    ? PositionPairs(old.positions, new.positions).pairs : $0.pairedByKey(with: $1)
            }
        }
        sections = all.filter { !$0.changes.isEmpty || $0.unchanged > 0 }
    }
}

/// Something that a tariff says, with all its properties.
struct Subject: Hashable {
    /// By what it is found in the other version.
    let key: String
    /// Its name in sentences.
    let title: String
    let facts: [LabelledFact]
    /// Properties of several values, compared value by value.
    let lists: [LabelledList]
    /// Its price, compared step by step.
    let price: PricePhrase?

    init(
        _ key: String, _ title: String, _ facts: [LabelledFact?], lists: [LabelledList] = [],
        price: PricePhrase? = nil
    ) {
        self.key = key
        self.title = title
        self.facts = facts.compactMap(\.self)
        self.lists = lists
        self.price = price
    }
}

/// The values of a property, such as other names or assumptions.
struct LabelledList: Hashable {
    let label: String
    let values: [String]
}

/// A thing that differs between two versions.
package struct SubjectChange: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case changed, added, dropped
    }

    package let kind: Kind
    /// Such as `Bauschutt, privat (Nr. 1.1)`.
    package let subject: String
    /// What differs; empty where it is new or was dropped.
    package let facts: [FactChange]
    /// What it says or said in full, where it is new or was dropped.
    package let statements: [String]
}

extension TariffDiff.Section {
    fileprivate init(
        _ kind: TariffDiff.Kind, _ old: [Subject], _ new: [Subject],
        pairing: ([Subject], [Subject]) -> [Pair]
    ) {
        var (changes, unchanged) = ([SubjectChange](), 0)
        for pair in pairing(old, new) {
            switch (pair.old.map { old[$0] }, pair.new.map { new[$0] }) {
            case (let before?, let after?):
                let facts = FactChange.between(before, after)
                if facts.isEmpty {
                    unchanged += 1
                } else {
                    changes.append(
                        SubjectChange(
                            kind: .changed, subject: after.title, facts: facts, statements: []))
                }
            case (nil, let after?): changes.append(SubjectChange(.added, after))
            case (let before?, nil): changes.append(SubjectChange(.dropped, before))
            case (nil, nil): break
            }
        }
        self.init(kind: kind, changes: changes, unchanged: unchanged)
    }
}

extension SubjectChange {
    fileprivate init(_ kind: Kind, _ subject: Subject) {
        self.init(
            kind: kind, subject: subject.title, facts: [], statements: subject.statements)
    }
}

/// Places of the same thing in the old and the new version; nil where it is missing.
struct Pair: Hashable {
    let old: Int?
    let new: Int?
}

extension [Subject] {
    /// Pairs by key, in the new order, then what the old version alone has.
    fileprivate func pairedByKey(with new: [Subject]) -> [Pair] {
        let known = Set(new.map(\.key))
        let matched = new.indices.map { place in
            Pair(old: firstIndex { $0.key == new[place].key }, new: place)
        }
        return matched
            + indices.filter { !known.contains(self[$0].key) }
            .map { Pair(old: $0, new: nil) }
    }
}
