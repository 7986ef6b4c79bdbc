import Text

extension JSONValue {
    /// This document as text for a table, from where it is read strictly.
    ///
    /// - Throws: ``OperationsError`` `input` for what would not be read back, such as a line break
    ///   in a free text.
    func stored() throws(OperationsError) -> String {
        let bytes = bytes
        do { _ = try StrictJSON.parse(bytes) } catch {
            throw .input(
                field: "text", wanted: "one line without control characters (\(error))")
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
