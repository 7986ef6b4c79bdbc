import ArgumentParser
import AsyncHTTPClient
import Foundation
import Glibc
import Keys
import NIOCore
import NIOPosix
import Operations
import Storage
import Tariffs
import TerminalOperations
import Witness

/// Exit codes after sysexits.h.
enum Exit {
    static let usage = ExitCode(64)
    static let badData = ExitCode(65)
    static let noInput = ExitCode(66)
    static let unavailable = ExitCode(69)
    static let bug = ExitCode(70)
    static let inputOutput = ExitCode(74)
    static let tryAgain = ExitCode(75)
    static let notPermitted = ExitCode(77)
    static let configuration = ExitCode(78)
    static let misfit = ExitCode(11)
}

/// Writes messages to standard error; standard output is for data.
enum Message {
    static func error(_ text: String) {
        FileHandle.standardError.write(Data("hofbuch: \(text)\n".utf8))
    }

    static func note(_ text: String) {
        FileHandle.standardError.write(Data("\(text)\n".utf8))
    }
}

/// A failure of a command in words, with its exit code.
struct Failure: Error {
    let text: String
    let code: ExitCode

    init(_ text: String, _ code: ExitCode) {
        self.text = text
        self.code = code
    }
}

/// Runs the body of a command; says what went wrong in one sentence and ends with its exit code.
func reporting<Value>(_ body: () async throws -> Value) async throws -> Value {
    do {
        return try await body()
    } catch let code as ExitCode {
        throw code
    } catch let failure as Failure {
        Message.error(failure.text)
        throw failure.code
    } catch let error as OperationsError {
        Message.error("\(error.remedy) (\(error.code))")
        throw error.exitCode
    } catch let error as StorageError {
        Message.error(error.words)
        throw error.exitCode
    } catch let error as TerminalError {
        Message.error("\(error)")
        throw error.code.exitCode
    } catch let error as WitnessError {
        Message.error("\(error) (\(error.code))")
        throw Exit.configuration
    } catch let error as DeliveryPhraseError {
        Message.error("\(error.message) (\(error.code))")
        throw Exit.badData
    } catch let error as FileError {
        Message.error("\(error)")
        throw Exit.inputOutput
    } catch  where error.isStorageFailure {
        Message.error(
            "The database cannot be read or written: \(error). Look at the disk and its file "
                + "system; `hofbuch doctor` and `hofbuch verify` say more, and a backup can be "
                + "restored.")
        throw Exit.inputOutput
    } catch {
        throw foreign(error)
    }
}

/// Says what went wrong below our own modules; gives what the command ends with.
private func foreign(_ error: any Error) -> any Error {
    switch error {
    case is ValidationError, is CleanExit:
        // The argument parser prints these.
        return error
    case let error as HTTPClientError:
        Message.error(
            "The server does not answer as it should: \(error). Look whether it still runs, and at "
                + "its log.")
        return Exit.unavailable
    case let error as NIOConnectionError:
        Message.error("Nothing answers at \(error.host):\(error.port).")
        return Exit.unavailable
    case is IOError, is SocketAddressError, is SocketAddressError.UnknownHost:
        Message.error("The network cannot be used so: \(error)")
        return Exit.unavailable
    case let error as CocoaError:
        Message.error("A file cannot be read or written: \(error.inWords)")
        return Exit.inputOutput
    default:
        Message.error(
            "This was not foreseen: \(error). Nothing more was done; tell the people who make "
                + "Hofbuch.")
        return Exit.bug
    }
}

extension CocoaError {
    /// The system's sentence, and the file that it is about.
    fileprivate var inWords: String {
        localizedDescription + (filePath.map { " (\($0))" } ?? "")
    }
}

extension TerminalError.Code {
    /// As docs/errors/terminal.md says.
    fileprivate var exitCode: ExitCode {
        switch self {
        case .notEnrolled, .attendantUnknown, .deliveryUnknown, .itemUnknown, .recordUnknown:
            Exit.noInput
        case .inUse, .serverUnreachable, .tariffMissing, .enquiryWithoutAnswer, .paymentUnknown,
            .reversalUnknown:
            Exit.unavailable
        case .cardTerminalBusy: Exit.tryAgain
        case .enrolmentRefused, .keyRefused, .blocked: Exit.notPermitted
        case .internalFault: Exit.bug
        case .alreadyEnrolled, .attendantMissing, .tariffUnreadable, .wrongState, .nothingEntered,
            .itemNeeded, .amountInvalid, .textInvalid, .textMissing, .weighingOpen,
            .weighingMissing, .weighingInvalid, .refusedByTariff, .priceChanged, .nothingToPay,
            .somethingToPay, .amountTooLarge, .tooLarge, .slipUsed, .notASale, .alreadyVoided,
            .tooLateForVoid, .reversalFailed, .notUnknown:
            Exit.badData
        }
    }
}

extension OperationsError {
    fileprivate var exitCode: ExitCode {
        if case .yardWanted = self { return Exit.usage }
        return switch status {
        case 401, 403: Exit.notPermitted
        case 404: Exit.noInput
        case 409, 422: Exit.badData
        case 429: Exit.tryAgain
        default: Exit.unavailable
        }
    }
}

extension StorageError {
    fileprivate var exitCode: ExitCode {
        switch self {
        case .full, .unreachable: Exit.inputOutput
        case .busy, .readTooLong: Exit.tryAgain
        case .notAHofbuchDatabase, .newerVersion, .olderVersion, .setting, .readOnly:
            Exit.configuration
        }
    }

    var words: String {
        switch self {
        case .notAHofbuchDatabase(let path):
            "\(path) is not a Hofbuch database. Choose another --data folder."
        case .newerVersion(let path, let found, let known):
            "\(path) was written by a newer Hofbuch (schema \(found), this program knows "
                + "\(known)). Install the newer program; nothing was changed."
        case .olderVersion(let path, let found, let known):
            "\(path) was written by an older Hofbuch (schema \(found), this program reads "
                + "\(known)) and is only read here. Open it once with this program, or a restored "
                + "copy of it, or use the older program."
        case .setting(let name, let wanted, let found):
            "The database setting \(name) is \(found) instead of \(wanted), and it did not take; "
                + "sales could be lost. It was not opened. Use a local file system and the SQLite "
                + "of the distribution; `hofbuch doctor` shows every setting."
        case .busy(let path):
            "Another program holds the write lock of \(path). Close it and try again."
        case .readOnly(let path): "\(path) was opened for reading only."
        case .full(let path): "No space is left for \(path). Free some and try again."
        case .readTooLong: "The read took too long and was ended. Ask for less at once."
        case .unreachable(let path, let message):
            "\(path) cannot be opened: \(message). Check owner and mode of the file and of its "
                + "folder. From a write-protected medium copy it with its -wal to another folder."
        }
    }
}
