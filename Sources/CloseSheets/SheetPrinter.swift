import Foundation

/// Makes archive files: PDF/A-1b, tagged, the same bytes every time (design decision 14).
///
/// A short Python program calls the package typst, pinned by `scripts/sheets.sh`. It reads the
/// document from its input and writes the file to its output; no file, font or network of the
/// machine takes part.
package struct SheetPrinter: Hashable, Sendable {
    /// The interpreter of the environment that has typst.
    package let python: String
    /// Seconds that one file may take.
    package let timeoutSeconds: Int

    /// - Parameter python: nil looks where `scripts/sheets.sh` puts it: in `.sheets` below the
    ///   working directory, else beside the program.
    package init(python: String? = nil, timeoutSeconds: Int = 30) {
        self.python = python ?? Self.found
        self.timeoutSeconds = timeoutSeconds
    }

    private static let place = ".sheets/bin/python"

    private static var found: String {
        let files = FileManager.default
        guard !files.isExecutableFile(atPath: place), let folder = programFolder else {
            return place
        }
        let beside = folder + "/" + place
        return files.isExecutableFile(atPath: beside) ? beside : place
    }

    /// Where the running program lies, whatever name it was called by; nil where the system does
    /// not say.
    package static var programFolder: String? {
        do {
            let program = try FileManager.default.destinationOfSymbolicLink(
                atPath: "/proc/self/exe")
            return URL(fileURLWithPath: program).deletingLastPathComponent().path
        } catch {
            return nil
        }
    }

    /// Whether the interpreter is there.
    package var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: python) }

    private static let program = """
        import sys
        source = sys.stdin.buffer.read()
        import typst
        sys.stdout.buffer.write(
            typst.compile(source, pdf_standards="a-1b", ignore_system_fonts=True))
        """

    /// The archive file of a typst document.
    ///
    /// Blocks; at most ``timeoutSeconds``.
    /// - Throws: ``SheetPrinterError``.
    package func pdf(_ document: String) throws(SheetPrinterError) -> [UInt8] {
        guard isInstalled else { throw .missing(path: python) }
        let process = Process()
        let (input, output, problems) = (Pipe(), Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = ["-I", "-c", Self.program]
        process.standardInput = input
        process.standardOutput = output
        process.standardError = problems
        do { try process.run() } catch { throw .failed("\(error)") }
        let deadline = DispatchWorkItem { process.terminate() }
        DispatchQueue.global().asyncAfter(
            deadline: .now() + .seconds(timeoutSeconds), execute: deadline)
        defer { deadline.cancel() }
        // The program reads everything before it writes anything, so this order cannot lock up.
        do {
            try input.fileHandleForWriting.write(contentsOf: Data(document.utf8))
            try input.fileHandleForWriting.close()
            let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
            let words = try problems.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            guard process.terminationStatus == 0, bytes.starts(with: Array("%PDF".utf8)) else {
                throw SheetPrinterError.failed(Self.lastLine(words))
            }
            return Array(bytes)
        } catch let error as SheetPrinterError {
            throw error
        } catch {
            throw .failed("\(error)")
        }
    }

    private static func lastLine(_ bytes: Data) -> String {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        return String(lines.last ?? "it ended without a word").prefix(300).description
    }
}

/// Why there is no archive file.
package enum SheetPrinterError: Error, Hashable, Sendable {
    case missing(path: String)
    case failed(String)
}
