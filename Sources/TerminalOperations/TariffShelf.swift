import Signing
import SourceFiles
import Tariffs
import Text

/// Reads tariff files as the server delivers them.
enum TariffShelf {
    static func digest(of bytes: [UInt8]) -> String { Digest.sha256(bytes).hex }

    /// - Throws: ``TerminalError`` `tariff-unreadable` with the first problem.
    static func decode(_ bytes: [UInt8], digest: String) throws(TerminalError) -> Tariff {
        let decoding: TariffDecoding
        do throws(SourceProblem) {
            decoding = Tariff.decode(try SourceFile.tree(of: bytes), digest: digest)
        } catch {
            throw unreadable(error)
        }
        guard let tariff = decoding.tariff else { throw unreadable(decoding.problems.first) }
        return tariff
    }

    private static func unreadable(_ problem: SourceProblem?) -> TerminalError {
        let place = problem?.position.map { "Zeile \($0.line), Spalte \($0.column): " } ?? ""
        return TerminalError(
            .tariffUnreadable,
            "Die Preisliste ist nicht lesbar. \(place)\(problem?.message ?? "")", .entered,
            "Rufen Sie die Stelle an, die Preislisten pflegt.")
    }
}
