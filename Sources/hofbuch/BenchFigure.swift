import Foundation
import Glibc

/// One measured figure beside the floor under it and what the design wants of it (design 6).
struct BenchFigure: Encodable {
    /// Stable, such as `sales-64`.
    let name: String
    let what: String
    let value: Double
    let unit: String
    /// The same unit, measured in the same run; nil where the aim is a plain number.
    var floor: Double?
    var floorWhat: String?
    /// Figure by floor, or the other way round where ``aim`` is about a time; nil without a floor.
    var ratio: Double?
    var aim: String?

    /// One line for people.
    var line: String {
        var line = "\(what): \(Self.text(value)) \(unit)"
        if let floor, let floorWhat { line += "; \(floorWhat): \(Self.text(floor)) \(unit)" }
        if let ratio { line += "; ratio \(String(format: "%.2f", ratio))" }
        if let aim { line += " (aim: \(aim))" }
        return line
    }

    /// Three significant digits or more.
    static func text(_ value: Double) -> String {
        switch abs(value) {
        case 100...: String(format: "%.0f", value)
        case 10..<100: String(format: "%.1f", value)
        default: String(format: "%.2f", value)
        }
    }
}

/// Where the figures of a bench go: as lines while it runs, or as JSON at its end.
final class BenchReport {
    private let isJSON: Bool
    private(set) var figures: [BenchFigure] = []

    init(isJSON: Bool) {
        self.isJSON = isJSON
    }

    func add(_ figure: BenchFigure) {
        figures.append(figure)
        if !isJSON { print(figure.line) }
    }

    /// Something to know about the run, such as a part that was skipped.
    func note(_ text: String) { Message.note(text) }

    func finish() throws {
        guard isJSON else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        print(String(decoding: try encoder.encode(figures), as: UTF8.self))
    }
}

/// How much a bench does.
struct BenchSize {
    let rounds: Int
    /// Sales of one round.
    let sales: Int
    /// Sales of the journal that is verified and opened.
    let stored: Int
}

/// What this process has used and uses.
enum Usage {
    /// CPU microseconds of all threads over `body`.
    static func cpuMicroseconds(_ body: () throws -> Void) rethrows -> Double {
        let before = cpuMicroseconds
        try body()
        return cpuMicroseconds - before
    }

    /// CPU microseconds of all threads so far.
    static var cpuMicroseconds: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6
            + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
    }

    /// Megabytes of memory that are resident now.
    static var residentMegabytes: Double {
        get throws {
            let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
            let pages = text.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0
            return pages * Double(sysconf(Int32(_SC_PAGESIZE))) / 1e6
        }
    }

    /// Lets ``peakMegabytes`` begin anew.
    static func forgetPeak() throws {
        try Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
    }

    /// The most that was resident since ``forgetPeak()``.
    static var peakMegabytes: Double {
        get throws {
            let text = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
            let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
            let kilobytes = line?.split(separator: " ").dropFirst().first.flatMap { Double($0) }
            return (kilobytes ?? 0) * 1_024 / 1e6
        }
    }

    /// Seconds that `body` takes.
    static func seconds(_ body: () throws -> Void) rethrows -> Double {
        let began = Nanoseconds.now
        try body()
        return Double(Nanoseconds.now - began) / 1e9
    }
}

/// The monotonic clock as a number.
enum Nanoseconds {
    static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

extension [Double] {
    /// The middle one; of an even number the upper of the two; 0 for none.
    var median: Double { quantile(0.5) }

    /// The value that this share of them does not exceed.
    func quantile(_ share: Double) -> Double {
        isEmpty ? 0 : sorted()[Swift.min(count - 1, Int(share * Double(count)))]
    }
}
