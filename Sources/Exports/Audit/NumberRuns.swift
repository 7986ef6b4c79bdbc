/// Numbers as runs that follow on each other: `17 19-25`.
struct NumberRuns: Hashable {
    /// Ascending, with something between them.
    let runs: [ClosedRange<Int64>]

    /// - Parameter numbers: ascending.
    init(_ numbers: [Int64]) {
        var runs: [ClosedRange<Int64>] = []
        for number in numbers {
            if let last = runs.last, last.upperBound == number - 1 {
                runs[runs.count - 1] = last.lowerBound...number
            } else {
                runs.append(number...number)
            }
        }
        self.runs = runs
    }

    /// Reads ``text``, which may come from anybody; nil for anything else.
    init?(_ text: String) {
        var runs: [ClosedRange<Int64>] = []
        let parts = text.isEmpty ? [] : text.split(separator: " ", omittingEmptySubsequences: false)
        for part in parts {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
                .map { Int64($0) ?? 0 }
            guard (1...2).contains(ends.count), let first = ends.first, let last = ends.last,
                first > (runs.last?.upperBound ?? 0), first <= last
            else { return nil }
            runs.append(first...last)
        }
        self.runs = runs
    }

    var text: String {
        runs.map { run in
            run.count == 1 ? "\(run.lowerBound)" : "\(run.lowerBound)-\(run.upperBound)"
        }.joined(separator: " ")
    }

    /// How many numbers there are; all are above 0, so that differences stay in range, and their
    /// sum does because runs do not overlap.
    var count: Int64 { runs.map { $0.upperBound - $0.lowerBound + 1 }.reduce(0, +) }

    func contains(_ number: Int64) -> Bool { runs.contains { $0.contains(number) } }
}
