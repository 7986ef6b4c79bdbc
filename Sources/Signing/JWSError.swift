package import Text

/// Why bytes are not an envelope of ``CompactJWS``, in the order of its checks.
package enum JWSError: Error, Hashable, Sendable {
    /// Not three parts with a point between each two.
    case partCount(found: Int)
    /// A part is not base64url without padding.
    case notBase64URL(Part)
    /// The signature has another length than 64 bytes.
    case signatureLength(found: Int)
    /// The header is not strict JSON.
    case headerNotJSON(StrictJSONError)
    /// The header lacks a member, has one too many or one of a wrong type.
    case headerShape(JSONShapeError)
    /// The header names another algorithm than ES256.
    case algorithm
    /// The key's name is not 1 to 128 of `A-Z`, `a-z`, `0-9`, `_` and `-`.
    case keyName
    /// The type is not 1 to 64 visible ASCII characters.
    case type

    /// A part of the envelope.
    package enum Part: String, Hashable, Sendable { case header, payload, signature }

    /// The stable name of the kind of error.
    package var code: String {
        switch self {
        case .partCount: "part-count"
        case .notBase64URL: "not-base64url"
        case .signatureLength: "signature-length"
        case .headerNotJSON: "header-not-json"
        case .headerShape: "header-shape"
        case .algorithm: "algorithm"
        case .keyName: "key-name"
        case .type: "type"
        }
    }
}
