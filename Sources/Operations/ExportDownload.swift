import Exports
package import People
import Signing
import Storage
import Units

/// Bytes of an export for somebody who takes them away: a file, or all files as one archive. They
/// need not be in memory; each piece comes from a short read of its own.
package struct ExportDownload: Sendable {
    enum Piece: Sendable {
        case bytes([UInt8])
        case part(Int64, of: KeptFile)
    }

    package let name: String
    package let byteCount: Int64
    let pieces: [Piece]
    let database: ServerDatabase

    package func eachPiece(_ body: ([UInt8]) throws -> Void) throws {
        for piece in pieces { try body(try bytes(of: piece)) }
    }

    /// Its pieces as they are awaited; they are read beside the caller's event loop.
    package var stream: Stream { Stream(download: self) }

    package struct Stream: AsyncSequence {
        fileprivate let download: ExportDownload

        package struct AsyncIterator: AsyncIteratorProtocol {
            fileprivate let download: ExportDownload
            fileprivate var left: ArraySlice<Piece>

            package mutating func next() async throws -> [UInt8]? {
                guard let piece = left.popFirst() else { return nil }
                let download = download
                return try await withTaskExecutorPreference(globalConcurrentExecutor) {
                    () async throws -> [UInt8] in
                    try download.bytes(of: piece)
                }
            }
        }

        package func makeAsyncIterator() -> AsyncIterator {
            AsyncIterator(download: download, left: download.pieces[...])
        }
    }

    /// At most 256 kB, but for names of files in an archive.
    fileprivate func bytes(of piece: Piece) throws -> [UInt8] {
        switch piece {
        case .bytes(let bytes): bytes
        case .part(let number, let file): try database.read { try $0.exportPart(number, of: file) }
        }
    }
}

extension KeptFile {
    var pieces: [ExportDownload.Piece] { (0..<partCount).map { .part($0, of: self) } }
}

extension Reading {
    /// Gives the bytes of a file part by part.
    func eachPart(of file: KeptFile, _ body: ([UInt8]) throws -> Void) throws {
        for number in 0..<file.partCount { try body(try exportPart(number, of: file)) }
    }
}

extension Installation {
    /// The bytes of an export's file, which were just compared with the registered hash. Parts of a
    /// registered file change no more.
    ///
    /// - Throws: ``OperationsError`` `forbidden` (of an export that names people also for whom may
    ///   not see them), `exportUnknown`; `DamagedRow`.
    package func exportDownload(
        _ name: String, ofExport number: Int64, at yard: Yard, by person: Person
    ) throws -> ExportDownload {
        try checkedDownload(name, ofExport: number, at: yard, by: person) { _ in }
    }

    /// - Parameter look: sees each part.
    func checkedDownload(
        _ name: String, ofExport number: Int64, at yard: Yard, by person: Person,
        _ look: ([UInt8]) -> Void
    ) throws -> ExportDownload {
        try person.allowed(.fetchExport)
        let (file, kept) = try database.read { reading in
            guard
                let row = try reading.export(number, yard: yard.number),
                case let batch = try export(row, reading),
                let file = batch.files.first(where: { $0.name == name })
            else { throw OperationsError.exportUnknown("\(number)/\(name)") }
            try batch.requireSight(by: person)
            guard let kept = try reading.exportFile(yard: yard.number, number: number, name: name)
            else { throw OperationsError.exportUnknown("\(number)/\(name)") }
            return (file, kept)
        }
        let download = ExportDownload(
            name: name, byteCount: kept.byteCount, pieces: kept.pieces, database: database)
        var hash = Digest.Stream()
        try download.eachPiece { bytes in
            hash.append(bytes)
            look(bytes)
        }
        guard hash.finish() == file.digest else {
            throw DamagedRow(table: "export_part", position: kept.file)
        }
        return download
    }

    /// The bytes of an export's file, checked against the registered hash.
    ///
    /// - Throws: as ``exportDownload(_:ofExport:at:by:)``.
    package func exportFile(
        _ name: String, ofExport number: Int64, at yard: Yard, by person: Person
    ) throws -> [UInt8] {
        var bytes: [UInt8] = []
        _ = try checkedDownload(name, ofExport: number, at: yard, by: person) { bytes += $0 }
        return bytes
    }
}
