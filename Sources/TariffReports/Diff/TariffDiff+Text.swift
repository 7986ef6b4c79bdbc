import Tariffs

extension TariffDiff {
    /// The comparison as plain text.
    ///
    /// - Parameter width: columns of a line, usually 80 or 100.
    package func text(width: Int = 80) -> String {
        let layout = TextLayout(width: width)
        let title = "Vergleich: \(new.yard), \(new.town)"
        var lines = [title, String(repeating: "=", count: title.count)]
        lines += layout.paragraph("bisher: \(old.tariff.title), \(old.validity)")
        lines += layout.paragraph("neu: \(new.tariff.title), \(new.validity)")
        if isEmpty { lines += ["", "Kein Unterschied."] }
        for section in sections where !section.changes.isEmpty {
            lines += ["", section.kind.german.uppercased()]
            lines += section.changes.flatMap { $0.lines(layout) }
        }
        let same = sections.filter { $0.unchanged > 0 && $0.kind != .head }
            .map { "\($0.kind.german):\u{A0}\($0.unchanged)" }
        guard !same.isEmpty else { return lines.text }
        return (lines + [""] + layout.paragraph("Unverändert sind \(same.joined(separator: ", "))"))
            .text
    }
}

extension TariffDiff.Kind {
    /// The heading of a section.
    var german: String {
        switch self {
        case .head: "Allgemeines"
        case .prices: "Preise"
        case .rules: "Regeln"
        case .scales: "Waagen"
        case .fractions: "Abfallarten und Waren"
        case .containers: "Behälter"
        case .vehicles: "Fahrzeuge"
        case .features: "Merkmale"
        }
    }
}

extension SubjectChange {
    /// What happened in full sentences without a full stop, one for each property.
    package var sentences: [String] {
        switch kind {
        case .changed:
            facts.map { subject.isEmpty ? $0.words : "\(subject): \($0.words)" }
        case .added, .dropped:
            ["\(kind.german) \(subject): \(statements.joined(separator: " / "))"]
        }
    }

    fileprivate func lines(_ layout: TextLayout) -> [String] {
        guard facts.count > 1 else {
            return sentences.flatMap {
                TextLayout.wrapped($0, width: layout.width, hanging: 2)
            }
        }
        let indent = subject.isEmpty ? 0 : 2
        let head = subject.isEmpty ? [] : layout.paragraph("\(subject):")
        return head
            + facts.flatMap { fact in
                TextLayout.wrapped(fact.words, width: layout.width - indent, hanging: 2)
                    .map { TextLayout.spaces(indent) + $0 }
            }
    }
}

extension SubjectChange.Kind {
    fileprivate var german: String {
        switch self {
        case .changed: "Geändert:"
        case .added: "Neu:"
        case .dropped: "Entfällt:"
        }
    }
}
