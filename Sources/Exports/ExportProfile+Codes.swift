import Sales
import Text

extension CodeTable {
    /// Reads a list of `{wert, code}` and at most one `{sonst}`.
    ///
    /// - Returns: nil with problems `P-E01` to `P-E04`.
    static func read(_ node: SourceNode, _ problems: inout FileProblems) -> CodeTable? {
        guard case .sequence(let elements) = node.content else {
            problems.error(1, at: node.position, "Unter „codes“ wird eine Liste erwartet.")
            return nil
        }
        var (codes, otherwise): ([String: String], String?) = ([:], nil)
        for element in elements {
            guard var fields = FileFields(element, &problems) else { return nil }
            if let other = fields.node("sonst", required: false, &problems) {
                if otherwise != nil {
                    problems.error(4, at: element.position, "„sonst“ steht zweimal da.")
                }
                otherwise = other.scalar
            } else {
                let value = fields.node("wert", &problems).flatMap(\.scalar)
                let code = fields.node("code", &problems).flatMap(\.scalar)
                if let value, let code, codes.updateValue(code, forKey: value) != nil {
                    problems.error(
                        4, at: element.position, "Der Wert „\(value)“ steht zweimal da.")
                }
            }
            fields.finish(&problems)
        }
        return CodeTable(codes: codes, otherwise: otherwise)
    }
}

extension PaymentReference {
    /// Reads `muster`, `höfe`, `prüfziffer` and the town's own examples, and tries these.
    ///
    /// - Returns: nil with problems `P-E01` to `P-E04`, `P-E07` for yards that share a number,
    ///   `P-E08` without an example, `P-E09` for one that fails.
    static func read(_ node: SourceNode, _ problems: inout FileProblems) -> PaymentReference? {
        guard var fields = FileFields(node, &problems) else { return nil }
        let pattern = fields.value(
            "muster", wanted: "ein Muster wie 5370{hof}{abschluss:5}{zeile:4}", &problems,
            { KeyPattern($0) })
        let yards = fields.node("höfe", required: false, &problems)
            .flatMap { Self.yards($0, &problems) }
        let procedure = fields.value(
            "prüfziffer", wanted: CheckDigit.allCases.map(\.rawValue).joined(separator: ", "),
            &problems, CheckDigit.init(rawValue:))
        let examples = fields.list("prüfziffer beispiele", required: false, &problems)
        fields.finish(&problems)
        guard let pattern, let procedure else { return nil }
        if procedure != .none && examples.isEmpty {
            problems.error(
                8, at: node.position,
                "Eine Prüfziffer braucht „prüfziffer beispiele“ aus der Finanzbuchhaltung.")
        }
        for example in examples { procedure.run(example, &problems) }
        return PaymentReference(pattern: pattern, yards: yards, procedure: procedure)
    }

    /// Each yard counts its closes from 1: only its own number keeps it apart from the others.
    private static func yards(_ node: SourceNode, _ problems: inout FileProblems) -> CodeTable? {
        let yards = CodeTable.read(node, &problems)
        guard let yards else { return nil }
        if yards.otherwise != nil {
            problems.error(
                7, at: node.position,
                "„sonst“ gäbe mehreren Höfen dieselben Kassenzeichen. Nennen Sie unter „höfe“ "
                    + "jeden Hof mit einer eigenen Zahl.")
        }
        let repeated = Dictionary(grouping: yards.codes.keys) { yards.codes[$0] ?? "" }
            .filter { $0.value.count > 1 }
        for (code, names) in repeated.sorted(by: { $0.key < $1.key }) {
            problems.error(
                7, at: node.position,
                "\(names.sorted().joined(separator: " und ")) haben dieselbe Zahl „\(code)“. "
                    + "Geben Sie jedem Hof eine eigene.")
        }
        return yards
    }
}

extension CheckDigit {
    /// Runs an example with `nummer` and `ziffer`.
    fileprivate func run(_ node: SourceNode, _ problems: inout FileProblems) {
        guard var fields = FileFields(node, &problems) else { return }
        let number = fields.text("nummer", &problems)
        let wanted = fields.text("ziffer", &problems)
        fields.finish(&problems)
        guard let number, let wanted else { return }
        let found = digit(for: number)
        guard found != wanted else { return }
        problems.error(
            9, at: node.position,
            "„\(rawValue)“ ergibt für \(number) nicht \(wanted), sondern \(found ?? "nichts").")
    }
}
