import Journal
import Operations
import Storage
import Testing
import Units

/// What happens in the logs, for those who follow.
struct EventTests {
    @Test func `every entry comes once, with receipt and amount and nothing personal`()
        async throws
    {
        try await withYard { yard in
            let reference = try await yard.sell("privat: 1 m³ gruenabfall")
            var (cursor, seen): (String?, [LogEvent]) = (nil, [])
            while true {
                let page = try yard.installation.events(after: cursor, limit: 2)
                seen += page.events
                cursor = page.next
                if !page.hasMore { break }
            }
            #expect(seen.map(\.kind) == [.genesis, .tariff, .enrol, .sale])
            #expect(seen.map(\.index) == [0, 1, 2, 3])
            let sale = try #require(seen.last)
            #expect(sale.receipt == reference && sale.state == "card" && sale.total != .zero)

            #expect(try yard.installation.events(after: cursor).events.isEmpty)
            try await yard.sell("privat: 1 m³ gruenabfall")
            #expect(try yard.installation.events(after: cursor).events.map(\.index) == [4])
            let again = try yard.installation.events(after: seen[1].cursor)
            #expect(again.events.map(\.index) == [2, 3, 4])
            #expect(try yard.installation.newestCursor() == again.next)
        }
    }

    @Test func `a cursor that was altered, or of another list, is refused`() async throws {
        try await withYard { yard in
            for _ in 0..<2 { try await yard.sell("privat: 1 m³ gruenabfall") }
            let cursor = try yard.installation.newestCursor()
            let other = try await yard.installation.sales(of: yard.yard, limit: 1).next
            for text in [
                "", "AAAA", "17", String(cursor.dropLast(4)), cursor + "AAAA", other ?? "",
            ] {
                #expect(throws: OperationsError.cursorInvalid, "\(text)") {
                    _ = try yard.installation.events(after: text)
                }
            }
        }
    }

    @Test func `who follows is woken by a sale, and leaves when forgotten`() async throws {
        try await withYard { yard in
            let feed = yard.installation.feed
            var listeners: [EventFeed.Listener] = []
            for _ in 0..<EventFeed.streamsMax { listeners.append(try feed.listen()) }
            #expect(throws: OperationsError.tooManyStreams) { _ = try feed.listen() }
            listeners.removeLast()
            let listener = try feed.listen()

            try await yard.sell("privat: 1 m³ gruenabfall")

            var rings = listener.rings.makeAsyncIterator()
            #expect(await rings.next() != nil)
            feed.close()
            while await rings.next() != nil {}
            #expect(throws: OperationsError.stopping) { _ = try feed.listen() }
        }
    }

    @Test func `those who wait for events hold up no checkpoint`() async throws {
        try await withYard { yard in
            let listener = try yard.installation.feed.listen()
            var cursor = try yard.installation.newestCursor()
            var rings = listener.rings.makeAsyncIterator()
            var count = 0
            for _ in 0..<50 {
                try await yard.sell("privat: 1 m³ gruenabfall")
                _ = await rings.next()
                let page = try yard.installation.events(after: cursor)
                cursor = page.next
                count += page.events.count
                #expect(yard.installation.standing.now.wal.heldUp == nil)
            }
            count += try yard.installation.events(after: cursor).events.count
            #expect(count == 50)
        }
    }
}
