import CLibcrypto
import Foundation

/// Time stamps of RFC 3161 by the system's libcrypto: the query over some bytes with SHA-256, and
/// the check of what an authority answered.
package enum TimeStamp {
    /// What goes over HTTP (RFC 3161 section 3.4).
    package static let queryType = "application/timestamp-query"
    package static let replyType = "application/timestamp-reply"

    /// The query in DER: SHA-256 of `data`, a nonce, and the wish for the authority's certificate.
    ///
    /// - Parameters:
    ///   - digest: SHA-256 of what is stamped, 32 bytes.
    ///   - nonce: 8 random bytes; the reply has to repeat them.
    /// - Throws: ``TimeStampError/library(_:)``.
    package static func query(digest: [UInt8], nonce: [UInt8]) throws(TimeStampError) -> [UInt8] {
        let request = TS_REQ_new()
        defer { TS_REQ_free(request) }
        let imprint = TS_MSG_IMPRINT_new()
        defer { TS_MSG_IMPRINT_free(imprint) }
        let algorithm = X509_ALGOR_new()
        defer { X509_ALGOR_free(algorithm) }
        let number = ASN1_INTEGER_new()
        defer { ASN1_INTEGER_free(number) }
        var bytes = digest
        let value = nonce.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard
            X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nil) == 1,
            TS_MSG_IMPRINT_set_algo(imprint, algorithm) == 1,
            TS_MSG_IMPRINT_set_msg(imprint, &bytes, Int32(bytes.count)) == 1,
            ASN1_INTEGER_set_uint64(number, value) == 1,
            TS_REQ_set_version(request, 1) == 1, TS_REQ_set_msg_imprint(request, imprint) == 1,
            TS_REQ_set_nonce(request, number) == 1, TS_REQ_set_cert_req(request, 1) == 1
        else { throw .last }
        var output: UnsafeMutablePointer<UInt8>?
        let length = i2d_TS_REQ(request, &output)
        guard length > 0, let output else { throw .last }
        defer { hofbuch_openssl_free(output) }
        return Array(UnsafeBufferPointer(start: output, count: Int(length)))
    }

    /// Checks a reply in DER and gives the time that it vouches for, seconds since 1970.
    ///
    /// The reply has to grant the query, repeat its digest and nonce, and be signed by a
    /// certificate for time stamping that leads to one of `trusted`, all valid at `time`.
    ///
    /// - Parameters:
    ///   - digest: SHA-256 of what was stamped.
    ///   - trusted: certificates in PEM.
    ///   - time: seconds since 1970 at which the certificates have to be valid: now for a fresh
    ///     reply, the stamp's own time for one that was kept.
    /// - Throws: ``TimeStampError``: digest (the query is of other bytes); certificates; form;
    ///   refused; invalid.
    package static func check(
        reply: [UInt8], query: [UInt8], digest: [UInt8], trusted: String, at time: Int64
    ) throws(TimeStampError) -> Int64 {
        let request = try request(query, digest: digest)
        defer { TS_REQ_free(request) }
        let store = try store(trusted, at: time)
        guard let response = decoded(reply, d2i_TS_RESP) else {
            X509_STORE_free(store)
            throw .form
        }
        defer { TS_RESP_free(response) }
        let status = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(response)))
        guard status == 0 || status == 1 else {
            X509_STORE_free(store)
            throw .refused(status: Int(status))
        }
        guard let context = TS_REQ_to_TS_VERIFY_CTX(request, nil) else {
            X509_STORE_free(store)
            throw .last
        }
        // The context owns the store from here on.
        defer { TS_VERIFY_CTX_free(context) }
        TS_VERIFY_CTX_set_store(context, store)
        _ = TS_VERIFY_CTX_add_flags(context, Int32(TS_VFY_SIGNATURE))
        ERR_clear_error()
        guard TS_RESP_verify_response(context, response) == 1 else { throw .invalid(reason()) }
        guard let seconds = stampedTime(of: response) else { throw .form }
        return seconds
    }

    /// The time that a reply says, without any check; nil if it holds none.
    package static func statedTime(ofReply reply: [UInt8]) -> Int64? {
        guard let response = decoded(reply, d2i_TS_RESP) else { return nil }
        defer { TS_RESP_free(response) }
        return stampedTime(of: response)
    }

    /// Whether a text in PEM holds a certificate that can be read.
    package static func hasCertificate(_ text: String) -> Bool {
        do {
            let found = try store(text, at: 0)
            X509_STORE_free(found)
            return true
        } catch {
            return false
        }
    }

    private static func request(_ query: [UInt8], digest: [UInt8]) throws(TimeStampError)
        -> OpaquePointer
    {
        guard let request = decoded(query, d2i_TS_REQ) else { throw .form }
        let message = TS_MSG_IMPRINT_get_msg(TS_REQ_get_msg_imprint(request))
        let bytes = UnsafeBufferPointer(
            start: ASN1_STRING_get0_data(message), count: Int(ASN1_STRING_length(message)))
        guard bytes.elementsEqual(digest) else {
            TS_REQ_free(request)
            throw .digest
        }
        return request
    }

    /// A store of the certificates in `text` that judges them as of `time`.
    private static func store(_ text: String, at time: Int64) throws(TimeStampError)
        -> OpaquePointer
    {
        let bytes = Array(text.utf8)
        let file = BIO_new_mem_buf(bytes, Int32(bytes.count))
        defer { BIO_free(file) }
        guard let store = X509_STORE_new() else { throw .last }
        var count = 0
        while let certificate = PEM_read_bio_X509(file, nil, nil, nil) {
            X509_STORE_add_cert(store, certificate)
            X509_free(certificate)
            count += 1
        }
        // The reader ends with an error where no further certificate stands.
        ERR_clear_error()
        guard count > 0 else {
            X509_STORE_free(store)
            throw .certificates
        }
        X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), time_t(time))
        return store
    }

    private static func stampedTime(of response: OpaquePointer) -> Int64? {
        guard let token = TS_RESP_get_tst_info(response) else { return nil }
        var parts = tm()
        guard ASN1_TIME_to_tm(TS_TST_INFO_get_time(token), &parts) == 1 else { return nil }
        return Int64(timegm(&parts))
    }

    /// What `decode` reads from DER; nil unless it is all of the bytes.
    private static func decoded(
        _ bytes: [UInt8],
        _ decode: (
            UnsafeMutablePointer<OpaquePointer?>?, UnsafeMutablePointer<UnsafePointer<UInt8>?>?, Int
        ) -> OpaquePointer?
    ) -> OpaquePointer? {
        bytes.withUnsafeBufferPointer { buffer in
            var place = buffer.baseAddress
            guard let value = decode(nil, &place, buffer.count) else { return nil }
            return value
        }
    }

    private static func reason() -> String {
        let reason: UnsafePointer<CChar>? = ERR_reason_error_string(ERR_peek_last_error())
        ERR_clear_error()
        return reason.map { String(cString: $0) } ?? "unknown"
    }
}

/// Why there is no time stamp.
package enum TimeStampError: Error, Hashable, Sendable {
    /// The query is of other bytes than those to be checked.
    case digest
    /// No certificate to trust was given.
    case certificates
    /// Not in the form of RFC 3161.
    case form
    /// The authority did not grant the query (PKIStatus).
    case refused(status: Int)
    /// The reply does not fit the query, or its signature does not lead to a trusted certificate.
    case invalid(String)
    /// The library could not do it.
    case library(String)

    /// Stable; each is explained in docs/errors/witness.md.
    package var code: String {
        switch self {
        case .digest: "time-stamp-digest"
        case .certificates: "time-stamp-certificates"
        case .form: "time-stamp-form"
        case .refused: "time-stamp-refused"
        case .invalid: "time-stamp-invalid"
        case .library: "time-stamp-library"
        }
    }

    /// What the library reported last.
    static var last: TimeStampError {
        let reason: UnsafePointer<CChar>? = ERR_reason_error_string(ERR_get_error())
        return .library(reason.map { String(cString: $0) } ?? "unknown")
    }
}
