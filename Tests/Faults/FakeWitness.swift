import Calendars
import Foundation
import Glibc
import Keys
import Storage
import Transparency
import Units

/// A witness that does what no witness should.
final class FakeWitness: @unchecked Sendable {
    enum Manner: CaseIterable, Sendable {
        /// A line of its own form whose signature is wrong.
        case wrongSignature
        /// The cosignature of an earlier checkpoint.
        case repeatsItself
        /// Hangs up.
        case down
        /// Takes longer than the server waits.
        case slow
        /// Has stored another size, whatever is sent.
        case conflict
        /// Signs with a key that nobody knows.
        case wrongKey
        case honest

        /// What the server's status has to say of it.
        var problem: String {
            switch self {
            case .wrongSignature, .repeatsItself, .wrongKey: "witness-wrong-signature"
            case .down, .slow: "witness-unreachable"
            case .conflict: "witness-refused"
            case .honest: ""
            }
        }
    }

    let port: Int
    let key: VerifierKey
    private let secret: Ed25519PrivateKey
    private let stranger: Ed25519PrivateKey
    private let listener: Int32
    private let lock = NSLock()
    private var current = Manner.honest
    private var requests = 0
    private var earlier: String?

    private static let name = "rpa.example/witness"

    init() throws {
        (secret, stranger) = (try .generate(), try .generate())
        key = try secret.verifierKey(name: Self.name, kind: .cosignature)
        (listener, port) = try Loopback.listening()
        Thread { self.acceptAll() }.start()
    }

    var manner: Manner {
        get { lock.withLock { current } }
        set { lock.withLock { current = newValue } }
    }

    /// How often a cosignature was asked for.
    var asked: Int { lock.withLock { requests } }

    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    private func acceptAll() {
        while let client = Loopback.accept(listener) {
            Thread {
                self.serve(client)
                close(client)
            }.start()
        }
        close(listener)
    }

    private func serve(_ client: Int32) {
        guard let request = Loopback.request(from: client),
            let end = Data(request).range(of: Data("\r\n\r\n".utf8))
        else { return }
        guard let wanted = WitnessRequest(body: Array(request[end.upperBound...])) else {
            return answer(client, 404, "nothing here\n")
        }
        lock.withLock { requests += 1 }
        do { try cosign(wanted.checkpoint.text, client) } catch { return }
    }

    private func cosign(_ text: String, _ client: Int32) throws {
        let seconds = SystemClock.now().milliseconds / 1_000
        let right = try secret.cosignature(of: text, timeSeconds: seconds, name: Self.name).line
        switch manner {
        case .honest:
            lock.withLock { earlier = right }
            answer(client, 200, "\(right)\n")
        case .wrongSignature:
            let wrong = NoteSignature.cosignature(of: text, timeSeconds: seconds, by: key) { _ in
                [UInt8](repeating: 0x5A, count: 64)
            }
            answer(client, 200, "\(wrong.line)\n")
        case .repeatsItself: answer(client, 200, "\(lock.withLock { earlier } ?? right)\n")
        case .down: return
        case .slow:
            sleep(3)
            answer(client, 200, "\(right)\n")
        case .conflict: answer(client, 409, "3\n")
        case .wrongKey:
            let wrong = try stranger.cosignature(of: text, timeSeconds: seconds, name: Self.name)
            answer(client, 200, "\(wrong.line)\n")
        }
    }

    private func answer(_ client: Int32, _ status: Int, _ body: String) {
        let type = status == 409 ? "text/x.tlog.size" : "text/plain"
        Loopback.send(
            Array(
                """
                HTTP/1.1 \(status) -\r\nContent-Type: \(type)\r\nConnection: close\r
                Content-Length: \(body.utf8.count)\r\n\r\n\(body)
                """.utf8), to: client)
    }
}
