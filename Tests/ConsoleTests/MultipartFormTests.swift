import Testing

@testable import Console

/// Forms with files, as browsers write them and as nobody should.
struct MultipartFormTests {
    private static let type = "multipart/form-data; boundary=----x"

    private func form(_ parts: String..., type: String = type, end: String = "------x--\r\n")
        -> MultipartForm?
    {
        MultipartForm(
            Array((parts.map { "------x\r\n\($0)\r\n" }.joined() + end).utf8), contentType: type)
    }

    private func part(_ parameters: String, _ content: String) -> String {
        "Content-Disposition: form-data; \(parameters)\r\n\r\n\(content)"
    }

    @Test func `fields and files come out as they went in`() throws {
        let read = try #require(
            form(
                part("name=\"csrf\"", "abc.nord"), part("name=\"leer\"", ""),
                "Content-Type: text/xml\r\n"
                    + part("name=\"datei\"; filename=\"auszug.xml\"", "<a>\r\n--x\r\n</a>\r\n")))

        #expect(read.values == ["csrf": "abc.nord", "leer": ""])
        #expect(
            read.files == [
                "datei": UploadedFile(
                    name: "auszug.xml", bytes: Array("<a>\r\n--x\r\n</a>\r\n".utf8))
            ])
    }

    @Test func `every byte of a file is kept`() throws {
        let content = (0..<1_024).map { UInt8(truncatingIfNeeded: $0) } + [0x0D, 0x0A, 0x2D, 0x0D]
        let head = part("name=\"datei\"; filename=\"x\"", "")
        let body = Array("------x\r\n\(head)".utf8) + content + Array("\r\n------x--".utf8)

        let form = try #require(MultipartForm(body, contentType: Self.type))

        #expect(form.files["datei"]?.bytes == content)
    }

    @Test(arguments: [
        ("filename=\"a b.xml\"", "a b.xml"), ("filename=\"C:\\tmp\\a.xml\"", "a.xml"),
        ("filename=\"../../a.xml\"", "a.xml"), ("filename=\"a;name=b.xml\"", "a;name=b.xml"),
        ("filename=\"a%22b.xml\"", "a\"b.xml"), ("filename=\"Auszüge.xml\"", "Auszüge.xml"),
        ("filename=a.xml", "a.xml"), ("FileName=\"a.xml\"", "a.xml"),
    ])
    func `a file's name is read as it was meant, without folders`(text: String, name: String) {
        #expect(form(part("name=\"datei\"; \(text)", "x"))?.files["datei"]?.name == name)
    }

    @Test func `no file chosen is no file, an empty one is one`() {
        #expect(form(part("name=\"datei\"; filename=\"\"", ""))?.files == [:])
        #expect(form(part("name=\"datei\"; filename=\"a\"", ""))?.files["datei"]?.bytes == [])
    }

    @Test(arguments: [
        "multipart/form-data", "multipart/form-data; boundary=", "text/plain; boundary=----x",
        "multipart/form-data; boundary=\"\(String(repeating: "x", count: 71))\"",
        "application/x-www-form-urlencoded", "", "multipart/form-data; boundary=----y",
    ])
    func `another type or boundary is refused`(type: String) {
        #expect(form(part("name=\"a\"", "b"), type: type) == nil)
    }

    @Test func `a quoted boundary is the same`() {
        let type = "Multipart/Form-Data; charset=utf-8; Boundary=\"----x\""
        #expect(form(part("name=\"a\"", "b"), type: type)?.values == ["a": "b"])
    }

    @Test func `a form that is cut off anywhere is refused, and read beyond nowhere`() {
        let body = Array(
            ("------x\r\n" + part("name=\"a\"", "b") + "\r\n------x\r\n"
                + part("name=\"datei\"; filename=\"c\"", "d") + "\r\n------x--").utf8)
        #expect(MultipartForm(body, contentType: Self.type) != nil)
        for length in 0..<body.count {
            #expect(
                MultipartForm(Array(body.prefix(length)), contentType: Self.type) == nil,
                "\(length)")
        }
    }

    @Test func `parts without a name or heading, and too many, are refused`() {
        #expect(form("\r\nb") == nil)
        #expect(form("Content-Type: text/plain\r\n\r\nb") == nil)
        #expect(form("Content-Disposition: attachment; name=\"a\"\r\n\r\nb") == nil)
        for (count, isRead) in [(4_000, true), (5_001, false)] {
            let many = String(
                repeating: "------x\r\n\(part("name=\"a\"", "b"))\r\n", count: count)
            let form = MultipartForm(Array("\(many)------x--".utf8), contentType: Self.type)
            #expect((form != nil) == isRead, "\(count)")
        }
        #expect(MultipartForm([], contentType: Self.type) == nil)
    }
}
