import Statements
import Testing

/// What a bank file that is no XML is refused with (`B-E04`).
struct BrokenXMLTests {
    private static let whole = String(decoding: CamtSample.document(), as: UTF8.self)

    private func refusal(_ text: String) throws -> StatementError {
        try #require(throws: StatementError.self) {
            _ = try StatementFile.read(Array(text.utf8))
        }
    }

    @Test(arguments: [
        (String(whole.dropLast(20)), "bricht mitten in der Nachricht ab"),
        (String(whole.dropLast(27)), "bricht mitten in der Nachricht ab"),
        (String(whole.dropLast(200)), "bricht mitten in der Nachricht ab"),
        (whole + "<X/>", "Hinter dem Ende der Nachricht steht noch etwas"),
        (whole.replacing("</Stmt>", with: "</Stmd>"), "endet mit einem anderen Namen"),
        (whole.replacing("84.50", with: "&y;"), "benutzt ein Kürzel"),
        (whole.replacing("B1", with: "B\u{1}"), "Zeichen, das dort nicht stehen darf"),
        (whole.replacing("B1", with: "B < 1"), "hält die Regeln von XML nicht ein"),
    ])
    func `broken XML is told in plain words with line, column and remedy`(
        text: String, words: String
    ) throws {
        let error = try refusal(text)

        let line = try #require(error.line)
        let column = try #require(error.column)
        #expect(error.code == .brokenXML && line > 1 && column > 0 && error.value == nil)
        #expect("\(error)".hasPrefix("B-E04 (Zeile \(line), Spalte \(column)): "))
        #expect(error.remedy.contains(words))
        #expect(error.remedy.contains("Holen Sie die Datei neu ab"))
    }

    @Test func `what libxml2 says comes last and in parentheses`() throws {
        let error = try refusal(Self.whole.replacing("</Stmt>", with: "</Stmd>"))

        #expect(
            error.remedy.hasPrefix("Ein Element endet mit einem anderen Namen, als es beginnt. "))
        #expect(
            error.remedy.contains(
                " (Das Leseprogramm sagt: Opening and ending tag mismatch: Stmt line "))
        #expect(error.remedy.hasSuffix(")"))
    }
}
