import Foundation
import Glibc

/// A program that runs beside this one, its words in a file.
///
/// Not Foundation's `Process`: programs of OpenSSH close what they inherit, which that takes for
/// their end and then waits for them with the thread that looks after every other program.
struct ChildProgram {
    let pid: pid_t

    /// Starts `program` with nothing to read.
    ///
    /// - Parameter output: the file that takes what it says, made anew.
    /// - Throws: ``TransferError/failed(_:)`` with the system's words.
    init(_ program: String, _ arguments: [String], output: String) throws(TransferError) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        let words = ([program] + arguments).map { strdup($0) } + [nil]
        let surroundings = ["HOME", "PATH"].compactMap { name in
            ProcessInfo.processInfo.environment[name].map { strdup("\(name)=\($0)") }
        }
        defer { for word in words + surroundings { free(word) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, program, &actions, nil, words, surroundings + [nil])
        guard code == 0 else { throw .failed(String(cString: strerror(code))) }
        self.pid = pid
    }

    /// Waits for the end; blocks its thread.
    ///
    /// - Returns: the exit status, or 128 and the number of the signal that ended it.
    @discardableResult
    func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) == -1, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? status >> 8 & 0xFF : 128 + signal
    }
}
