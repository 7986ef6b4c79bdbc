import HTTPTypes
import Hummingbird
import NIOCore
import Operations

extension Response {
    /// What somebody takes away of an export, piece by piece as the line takes it.
    static func download(
        _ download: ExportDownload, type: String, headers: HTTPFields
    ) -> Response {
        var fields = headers
        fields[.contentType] = type
        let body = ResponseBody(contentLength: Int(download.byteCount)) { writer in
            for try await piece in download.stream {
                try await writer.write(ByteBuffer(bytes: piece))
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: fields, body: body)
    }
}
