import Pages
import Units

/// `GET /heute`: what waits for somebody, and whether the log is witnessed.
struct StartPage: Page {
    static let template = "console-start"
    let title = "Heute"
    let day: String
    let tasks: [Panel]
    let isDone: Bool
    let states: [Panel]

    /// - Parameters:
    ///   - tasks: most urgent first.
    ///   - states: what is so without anybody having to do something.
    init(day: BusinessDay, tasks: [Panel], states: [Panel]) {
        self.day = GermanFormat.day(day)
        self.tasks = tasks
        isDone = tasks.isEmpty
        self.states = states
    }
}
