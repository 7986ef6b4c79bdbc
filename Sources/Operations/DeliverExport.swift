import Exports
import Foundation
import Journal
import Logging
package import People
import Signing
import Storage
import Transfers
import Units

extension Installation {
    /// The names of the places that exports can be put to, as the settings say.
    package func exportTargets() throws -> [String] {
        try ExportFormats(directory: directory).handover.targets.map(\.name)
    }

    /// Puts the files of an export to a place and records that they were handed over.
    ///
    /// The record comes after the files: if the program dies between, the export is still prepared,
    /// and handing it over again puts the same names with the same bytes.
    ///
    /// - Throws: ``OperationsError`` `forbidden`, `exportUnknown`, `exportState`, `targetUnknown`,
    ///   `handoverFailed`.
    package func handOverExport(
        _ number: Int64, to name: String, at yard: Yard, by person: Person
    ) async throws {
        try person.allowed(.handOverExport)
        let settings = try ExportFormats(directory: directory).handover
        guard let target = settings.targets.first(where: { $0.name == name }) else {
            throw OperationsError.targetUnknown(name)
        }
        let standing = try exportStanding(number, of: yard)
        guard standing.state.allows(.handedOver) else {
            throw OperationsError.exportState(number, found: standing.state.rawValue)
        }
        try await noteSight(
            of: standing.export, at: yard, by: person, as: "Export \(number) übergeben: \(name)")
        let files = try standing.export.files.map { file in
            let download = try exportDownload(file.name, ofExport: number, at: yard, by: person)
            return FileSet.File(name: file.name) { try download.eachPiece($0) }
        }
        let done = FileSet.File(
            name: ExportBatch.doneFileName(number, yard: yard.id), bytes: standing.export.checksums)
        let set = FileSet(files: files, doneFile: done)
        let data = directory
        do {
            try await onThread { try target.put(set, data: data) }
        } catch let error as TransferError {
            throw OperationsError.handoverFailed(target: name, error.words)
        }
        try await note(.handedOver, of: number, means: name, at: yard, by: person)
    }

    /// An export's file for a person who takes it away; of finance that is a hand-over unless there
    /// was one.
    ///
    /// - Throws: as ``exportDownload(_:ofExport:at:by:)``.
    package func fetchExportFile(
        _ name: String, ofExport number: Int64, at yard: Yard, by person: Person
    ) async throws -> ExportDownload {
        let download = try exportDownload(name, ofExport: number, at: yard, by: person)
        try await noteSight(
            of: try exportStanding(number, of: yard).export, at: yard, by: person,
            as: "Export \(number) geladen: \(name)")
        try await noteDownload(of: number, at: yard, by: person)
        return download
    }

    /// All files of an export as one ZIP archive, in the order of the register; the same hand-over
    /// as fetching one of them. The same export always gives the same bytes.
    ///
    /// - Throws: ``OperationsError`` `forbidden`, `exportUnknown` also for one without files,
    ///   `exportTooLarge`; `DamagedRow`.
    package func fetchExportArchive(
        ofExport number: Int64, at yard: Yard, by person: Person
    ) async throws -> ExportDownload {
        try person.allowed(.fetchExport)
        let name = ExportBatch.archiveName(number, yard: yard.id)
        let export = try exportStanding(number, of: yard).export
        let listed = export.files
        guard !listed.isEmpty else { throw OperationsError.exportUnknown("\(number)/\(name)") }
        // The register knows the sizes: what does not fit is refused before it is read.
        let byteCount: Int
        do {
            byteCount = try ZipArchive.byteCount(
                of: listed.map { (name: $0.name.utf8.count, content: Int($0.byteCount)) })
        } catch {
            throw OperationsError.exportTooLarge(number, byteCount: Int64(error.byteCount))
        }
        var (layout, pieces) = (ZipLayout(), [ExportDownload.Piece]())
        for file in listed {
            var checksum = ZipChecksum()
            let download = try checkedDownload(
                file.name, ofExport: number, at: yard, by: person
            ) { checksum.add($0) }
            let size = Int(download.byteCount)
            pieces.append(.bytes(layout.header(of: file.name, byteCount: size, checksum)))
            pieces += download.pieces
        }
        pieces.append(.bytes(layout.directory))
        try await noteSight(
            of: export, at: yard, by: person, as: "Export \(number) geladen: \(name)")
        try await noteDownload(of: number, at: yard, by: person)
        return ExportDownload(
            name: name, byteCount: Int64(byteCount), pieces: pieces, database: database)
    }

    /// Of finance, the first download is the hand-over.
    private func noteDownload(of number: Int64, at yard: Yard, by person: Person) async throws {
        let isPrepared = try exportStanding(number, of: yard).state == .prepared
        // While the guard lets nothing be written, files can still be read.
        if isPrepared, !person.roles.isDisjoint(with: Act.handOverExport.roles),
            standing.now.stop == nil
        {
            try await note(.handedOver, of: number, means: "download", at: yard, by: person)
        }
    }
}

extension ExportBatch {
    /// What the archive of an export's files is called.
    static func archiveName(_ number: Int64, yard: YardID) -> String {
        "\(yard.text)-export-\(padded(number, 6)).zip"
    }

    /// What the list of an export's files is called that is put last.
    static func doneFileName(_ number: Int64, yard: YardID) -> String {
        "\(yard.text)-export-\(padded(number, 6))\(doneFileEnding)"
    }

    /// How the names of these lists end, which are no files of an export.
    package static let doneFileEnding = ".fertig"
}

extension ExportBatch {
    /// Hash and name of each file on a line, as the program sha256sum reads them.
    var checksums: [UInt8] {
        files.flatMap { Array("\($0.digest.hex)  \($0.name)\n".utf8) }
    }
}

extension DataDirectory {
    /// Copies of files while they are sent to a server.
    fileprivate var handover: String { path + "/handover" }
}

extension Installation {
    /// A process that was killed while it sent files has left copies of them, which name people.
    func removeHandoverLeftovers() {
        do { try SFTPDrop.removeLeftovers(in: directory.handover) } catch {
            logger.error(
                "files of a hand-over that was cut off cannot be removed",
                metadata: ["folder": "\(directory.handover)", "error": "\(error)"])
        }
    }
}

extension HandoverTarget {
    fileprivate func put(_ set: FileSet, data: DataDirectory) throws(TransferError) {
        switch place {
        case .folder(let path): try FolderDrop.put(set, into: path)
        case .server(let server):
            try SFTPDrop(
                user: server.user, host: server.host, port: server.port, folder: server.folder,
                hostKey: server.hostKey, keyFile: "\(data.path)/\(server.keyFile)",
                workFolder: data.handover
            ).put(set)
        }
    }
}

extension TransferError {
    fileprivate var words: String {
        switch self {
        case .folderMissing(let path): "there is no folder \(path); create it or correct the path"
        case .fileName(let name): "\(name) is no plain name of a file"
        case .keyMissing(let path): "the key \(path) cannot be read; put it there, mode 600"
        case .programMissing(let name): "\(name) is not installed; install openssh-client"
        case .hostKeyDiffers(let host):
            "\(host) shows another key than the one in finance/uebergabe.yaml; nothing was sent. "
                + "Ask its operator before you change the key"
        case .notLetIn(let user, let host):
            "\(host) does not let \(user) in with our key; ask its operator to add it"
        case .failed(let words): words
        }
    }
}
