import AsyncHTTPClient
import CardTerminals
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import TerminalOperations
import Testing
import Units

@testable import YardTerminal

struct YardTerminalServerTests {
    @Test func `it serves on loopback and lets go of the folder when it ends`() async throws {
        let folder = NSTemporaryDirectory() + "hofbuch-" + UUID().uuidString
        defer { do { try FileManager.default.removeItem(atPath: folder) } catch {} }
        try await TerminalEnrolment.enrol(
            server: "http://127.0.0.1", code: "c", folder: folder, server: AwayServer())
        let now = Timestamp(iso: "2026-11-23T09:00:00.000Z")!
        let world = TerminalWorld(
            now: { now }, localDay: { $0.dayUTC }, localTime: { $0.iso },
            random: { Array(repeating: 7, count: $0) }, version: "test")
        let card = StandAloneCardTerminal()
        let session = try YardTerminalSession.open(
            folder: folder, cardTerminal: card, world: world, server: AwayServer())
        let (ports, started) = AsyncStream<Int>.makeStream()
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = YardTerminalServer(session: session, port: 0, logger: logger)
        let running = Task { try await server.run { started.yield($0) } }
        var port = 0
        for await given in ports {
            port = given
            break
        }

        let answer = try await HTTPClient.shared.execute(
            HTTPClientRequest(url: "http://127.0.0.1:\(port)/anmelden"), deadline: .distantFuture)
        #expect(answer.status.code == 200)
        running.cancel()
        do { try await running.value } catch {}

        let again = try YardTerminalSession.open(
            folder: folder, cardTerminal: card, world: world, server: AwayServer())
        try await again.close()
    }
}
