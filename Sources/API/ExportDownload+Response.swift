package import HTTPTypes
package import Hummingbird
import NIOCore
package import Operations

extension Response {
    /// What somebody takes away of an export, piece by piece as the line takes it. Read beside the
    /// connection's event loop.
    package static func download(
        _ download: ExportDownload, type: String, headers: HTTPFields
    ) -> Response {
        var fields = headers
        fields[.contentType] = type
        let body = ResponseBody(contentLength: Int(download.byteCount)) { writer in
            for number in 0..<download.pieceCount {
                let piece = try await withTaskExecutorPreference(globalConcurrentExecutor) {
                    ByteBuffer(bytes: try download.piece(number))
                }
                try await writer.write(piece)
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: fields, body: body)
    }
}
