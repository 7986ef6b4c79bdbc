import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// A request to somebody else's server, such as a witness or a time stamping authority.
package struct PlainRequest: Hashable, Sendable {
    package let url: String
    /// What is posted; nil asks with GET.
    package let body: [UInt8]?
    package let contentType: String
    /// Longest wait for the whole answer.
    package let timeoutSeconds: Int64

    package init(
        _ url: String, body: [UInt8]? = nil, contentType: String = "text/plain; charset=utf-8",
        timeoutSeconds: Int64
    ) {
        self.url = url
        self.body = body
        self.contentType = contentType
        self.timeoutSeconds = timeoutSeconds
    }
}

/// What came back.
package struct PlainReply: Hashable, Sendable {
    package let status: Int
    /// Empty if the answer does not say.
    package let contentType: String
    package let body: [UInt8]

    package init(status: Int, contentType: String, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }
}

/// Sends a request and gives what came back; throws if nothing did.
package typealias PlainExchange = @Sendable (PlainRequest) async throws -> PlainReply

extension PlainRequest {
    /// A longer answer is an error.
    private static let replyBytesMax = 65_536

    /// Where somebody else's server leads to is not followed: the policy names the address.
    private static let client = HTTPClient(
        eventLoopGroupProvider: .singleton,
        configuration: .init(redirectConfiguration: .disallow))

    /// Sends the request over the network.
    ///
    /// Throws `HTTPClientError.deadlineExceeded` if the whole answer, body included, is not there
    /// within ``timeoutSeconds``; what the client library throws.
    package static let overNetwork: PlainExchange = { request in
        try await answered(within: request.timeoutSeconds) { try await request.reply() }
    }

    private func reply() async throws -> PlainReply {
        var message = HTTPClientRequest(url: url)
        if let body {
            message.method = .POST
            message.headers.add(name: "Content-Type", value: contentType)
            message.body = .bytes(ByteBuffer(bytes: body))
        }
        let deadline = NIODeadline.now() + .seconds(timeoutSeconds)
        let response = try await Self.client.execute(message, deadline: deadline)
        let bytes = try await response.body.collect(upTo: Self.replyBytesMax)
        return PlainReply(
            status: Int(response.status.code),
            contentType: response.headers.first(name: "Content-Type") ?? "",
            body: Array(bytes.readableBytesView))
    }
}
