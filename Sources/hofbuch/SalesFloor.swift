/// The parts of a sale apart from HTTP, each measured alone: CPU microseconds a sale.
struct SalesFloor {
    private var check: [Double] = []
    private var rows: [Double] = []
    private var proof: [Double] = []

    /// Measures each part once more.
    mutating func measure(_ bench: BenchYard, count: Int) throws {
        let bodies = try bench.envelopes(count)
        check.append(try bench.checkCost(bodies))
        rows.append(try bench.rowCost(bodies))
        proof.append(try bench.proofCost(bodies))
    }

    var sum: Double { check.median + rows.median + proof.median }

    var words: String {
        "check and price \(BenchFigure.text(check.median)), rows \(BenchFigure.text(rows.median)), "
            + "proof and share of the checkpoint \(BenchFigure.text(proof.median))"
    }
}
