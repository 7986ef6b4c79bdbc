import Testing
import Text

private func parsed(_ text: String) throws -> JSONValue {
    try StrictJSON.parse(Array(text.utf8))
}

private func shapeError(_ body: () throws -> Void) -> JSONShapeError? {
    do {
        try body()
        return nil
    } catch {
        return error as? JSONShapeError
    }
}

@Suite struct ObjectReaderTests {
    @Test func `an object is read member by member in any order`() throws {
        let document = try parsed(
            #"{"s":"x","n":5,"b":true,"a":[1],"o":{"k":"v"},"l":[{"i":1},{"i":2}],"t":["p","q"]}"#)
        var reader = try ObjectReader(document)

        #expect(try reader.strings("t") == ["p", "q"])
        #expect(try reader.bool("b"))
        #expect(try reader.integer("n", in: 5...5) == 5)
        #expect(try reader.string("s") == "x")
        #expect(try reader.array("a") == [1])
        var inner = try reader.object("o")
        #expect(try inner.string("k") == "v")
        try inner.finish()
        var numbers: [Int64] = []
        for var line in try reader.objects("l") {
            numbers.append(try line.integer("i"))
            try line.finish()
        }
        #expect(numbers == [1, 2])
        try reader.finish()
    }

    @Test func `optional members may be missing but not null or of another kind`() throws {
        var reader = try ObjectReader(try parsed(#"{"n":null,"s":1,"x":"y"}"#))

        #expect(try reader.optionalString("none") == nil)
        #expect(try reader.optionalInteger("none") == nil)
        #expect(try reader.optionalBool("none") == nil)
        #expect(try reader.optionalArray("none") == nil)
        #expect(try reader.optionalObject("none") == nil)
        #expect(try reader.optionalParsed("none", as: "number", Int.init) == nil)
        #expect(reader.optionalValue("none") == nil)
        #expect(
            shapeError { _ = try reader.optionalString("n") }
                == JSONShapeError(path: "n", wanted: "string", found: "null"))
        #expect(
            shapeError { _ = try reader.optionalString("s") }
                == JSONShapeError(path: "s", wanted: "string", found: "number"))
        #expect(
            shapeError { _ = try reader.optionalParsed("x", as: "decimal number", Int.init) }
                == JSONShapeError(path: "x", wanted: "decimal number", found: "other text"))
    }

    @Test func `errors name the place in the document`() throws {
        let document = try parsed(#"{"o":{"l":[{},{"n":10}]},"t":["a",1]}"#)
        var reader = try ObjectReader(document)
        var inner = try reader.object("o")
        var lines = try inner.objects("l")

        #expect(lines[1].path == "o.l[1]")
        #expect(
            shapeError { _ = try lines[1].integer("n", in: 0...9) }
                == JSONShapeError(path: "o.l[1].n", wanted: "number from 0 to 9", found: "10"))
        #expect(
            shapeError { _ = try lines[0].string("n") }
                == JSONShapeError(path: "o.l[0].n", wanted: "string", found: "nothing"))
        #expect(
            shapeError { _ = try reader.strings("t") }
                == JSONShapeError(path: "t[1]", wanted: "string", found: "number"))
        #expect(
            shapeError { _ = try reader.objects("t") }
                == JSONShapeError(path: "t[0]", wanted: "object", found: "string"))
        #expect(
            shapeError { _ = try ObjectReader(.null, path: "payload") }?.description
                == "payload: wanted object, found null")
    }

    @Test func `a member nobody asked for is an error`() throws {
        var reader = try ObjectReader(try parsed(#"{"a":1,"approved":true}"#))
        _ = try reader.integer("a")

        #expect(reader.has("approved"))
        #expect(
            shapeError { try reader.finish() }
                == JSONShapeError(
                    path: "approved", wanted: "no further member", found: "unknown member"))
        _ = try reader.bool("approved")
        try reader.finish()
    }

    @Test func `an unknown name that is personal or long is not repeated`() throws {
        let reader = try ObjectReader(.object([.init("Erika Mustermann", 1)]), path: "x")

        #expect(shapeError { try reader.finish() }?.path == "x")
    }

    @Test(arguments: [63, 64, 65]) func `at most 64 members are read`(count: Int) throws {
        let document = JSONValue.object((0..<count).map { .init("n\($0)", 0) })
        guard count <= 64 else {
            #expect(shapeError { _ = try ObjectReader(document) }?.wanted == "at most 64 members")
            return
        }
        var reader = try ObjectReader(document)
        for index in (0..<count).reversed() {
            #expect(shapeError { try reader.finish() } != nil)
            _ = try reader.integer("n\(index)")
        }
        try reader.finish()
    }

    @Test func `the same member may be asked for twice`() throws {
        var reader = try ObjectReader(try parsed(#"{"a":1,"b":2}"#))
        _ = try reader.integer("a")
        _ = try reader.integer("a")

        #expect(shapeError { try reader.finish() }?.path == "b")
    }
}
