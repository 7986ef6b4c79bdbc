import Foundation
import Logging
import Operations
import People
import Storage
import Synchronization
import Units

/// A clock that stands until the simulation moves it.
final class VirtualClock: Sendable {
    private let time: Mutex<Timestamp>

    init(_ start: Timestamp) { time = Mutex(start) }

    var now: Timestamp { time.withLock { $0 } }

    func move(milliseconds: Int64) {
        time.withLock { $0 = $0.adding(milliseconds: milliseconds) }
    }
}

/// How far somebody's clock is from the true one.
final class Skew: Sendable {
    private let value = Mutex<Int64>(0)

    var milliseconds: Int64 {
        get { value.withLock { $0 } }
        set { value.withLock { $0 = newValue } }
    }
}

/// The server's own code in this process, that loses its power at named points.
///
/// A crash copies the files as they are at that point; the rest of what was under way goes on in
/// the old files, which nobody looks at again, and its answers are lost.
final class SimulatedServer: @unchecked Sendable {
    private let clock: VirtualClock
    private let folder: String
    private let breakage: Breakage?
    private let lock = NSCondition()
    private var armed: (point: FaultPoint, left: Int)?
    /// Whether the writer has begun work and does not wait for more yet.
    private var isBusy = false
    private var crashedAt: FaultPoint?
    private var life = 0
    private(set) var installation: Installation
    private(set) var crashes = 0

    /// - Parameters:
    ///   - data: the data directory that it begins with, copied.
    ///   - breakage: how it is wrong on purpose.
    ///   - prepare: changes the copy before it is opened.
    init(
        data: String, in folder: String, clock: VirtualClock, breakage: Breakage?,
        prepare: (_ data: String) throws -> Void
    ) throws {
        (self.clock, self.folder, self.breakage) = (clock, folder, breakage)
        try FileManager.default.copyItem(atPath: data, toPath: "\(folder)/life-0")
        try prepare("\(folder)/life-0")
        let box = PointObserver()
        installation = try Self.open("\(folder)/life-0", clock, box, breakage)
        box.observe { [unowned self] in self.reach($0) }
    }

    var data: String { "\(folder)/life-\(life)" }

    var yard: Yard {
        get throws {
            guard let yard = installation.yards.first else { throw Unforeseen("no yard") }
            return yard
        }
    }

    /// The next operation crashes when it reaches `point` for the `count`-th time, if it does.
    func arm(_ point: FaultPoint, count: Int) { lock.withLock { armed = (point, count) } }

    /// No crash any more.
    func disarm() { lock.withLock { armed = nil } }

    /// Runs an operation; nil if its answer was lost in a crash. What it throws is thrown.
    func perform<Value: Sendable>(
        _ body: @escaping @Sendable (Installation) async throws -> Value
    ) async throws -> Value? {
        let installation = installation
        let result: Result<Value, any Error>
        do { result = .success(try await body(installation)) } catch { result = .failure(error) }
        // The writer reaches the points behind an answer when the answer is out.
        waitForWriter()
        guard lock.withLock({ crashedAt }) != nil else { return try result.get() }
        try restart(fromCrash: true)
        return nil
    }

    /// Opens the files as the crash left them, or after an orderly end.
    func restart(fromCrash: Bool = false) throws {
        let old = data
        try installation.close()
        if fromCrash {
            life += 1
            crashes += 1
            try FileManager.default.removeItem(atPath: old)
        }
        lock.withLock { (armed, crashedAt, isBusy) = (nil, nil, false) }
        let box = PointObserver()
        installation = try Self.open(data, clock, box, breakage)
        box.observe { [unowned self] in self.reach($0) }
    }

    func close() throws { try installation.close() }

    private static func open(
        _ path: String, _ clock: VirtualClock, _ box: PointObserver, _ breakage: Breakage?
    ) throws -> Installation {
        #if DEBUG
        let breakages = Set([breakage].compactMap(\.self))
        let faults = ProvokedFaults(breakages: breakages, observe: { box.reach($0) })
        #else
        let faults = ProvokedFaults.none
        #endif
        return try Installation(
            directory: DataDirectory(path), clock: { clock.now }, headPace: .atOnce,
            logger: Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() }, faults: faults)
    }

    /// What was heard from the writer has been dealt with to its end.
    private func waitForWriter() {
        lock.withLock { while isBusy { lock.wait() } }
    }

    /// Runs on the writer's thread: nothing is written while the files are copied.
    private func reach(_ point: FaultPoint) {
        lock.withLock {
            if point == .beforeInsert { isBusy = true }
            if point == .idle { isBusy = false }
            lock.broadcast()
        }
        let isTime = lock.withLock {
            guard let (wanted, left) = armed, wanted == point, crashedAt == nil else {
                return false
            }
            armed = (wanted, left - 1)
            guard left == 1 else { return false }
            crashedAt = point
            return true
        }
        guard isTime else { return }
        do { try copyFiles(to: "\(folder)/life-\(life + 1)") } catch {
            preconditionFailure("the files of a crash cannot be copied: \(error)")
        }
    }

    private func copyFiles(to path: String) throws {
        let files = FileManager.default
        try files.createDirectory(atPath: path, withIntermediateDirectories: true)
        for name in try files.contentsOfDirectory(atPath: data)
        where !["lock", "hofbuch.sqlite3-shm"].contains(name) {
            try files.copyItem(atPath: "\(data)/\(name)", toPath: "\(path)/\(name)")
        }
    }
}

/// Passes points on once somebody listens.
private final class PointObserver: @unchecked Sendable {
    private let lock = NSLock()
    private var listener: ((FaultPoint) -> Void)?

    func observe(_ listener: @escaping (FaultPoint) -> Void) {
        lock.withLock { self.listener = listener }
    }

    func reach(_ point: FaultPoint) { lock.withLock { listener }?(point) }
}

/// Waits for an asynchronous piece of work from a thread of our own.
func blocking<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value
{
    let done = DispatchSemaphore(value: 0)
    let result = Mutex<Result<Value, any Error>?>(nil)
    Task.detached {
        do {
            let value = try await body()
            result.withLock { $0 = .success(value) }
        } catch { result.withLock { $0 = .failure(error) } }
        done.signal()
    }
    done.wait()
    guard let found = result.withLock({ $0 }) else { throw Unforeseen("no result") }
    return try found.get()
}
