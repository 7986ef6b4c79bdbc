import HTTPTypes
import Hummingbird
import Logging
import Operations
import People
import Sales
import Units

/// A request before anybody is known.
struct Arrival: Sendable {
    let request: Request
    private let parameters: [String: String]
    /// Number of the request, on error pages and in the log.
    let id: String
    let logger: Logger
    /// The address at the other end of the line; nil where that is no network.
    var peer: String?
    /// Empty but for a POST.
    var form = FormValues()
    /// By field; empty but for a form that carries files.
    var files: [String: UploadedFile] = [:]

    init(request: Request, parameters: Parameters, id: String, logger: Logger) {
        self.request = request
        self.parameters = Dictionary(
            parameters.map { (String($0.key), $0.value.pathDecoded) }, uniquingKeysWith: { $1 })
        self.id = id
        self.logger = logger
    }

    var path: String { request.uri.path }

    /// A parameter of the query; empty if there is none.
    func query(_ name: String) -> String {
        FormValues(request.uri.query ?? "")[name]
    }

    /// A part of the path as it was before it was escaped; empty if the route has none of the name.
    func parameter(_ name: String) -> String { parameters[name] ?? "" }

    /// - Throws: ``ConsoleProblem/notFound``.
    func number(_ name: String) throws -> Int64 {
        guard let number = Int64(parameter(name)), number >= 0 else {
            throw ConsoleProblem.notFound
        }
        return number
    }

    /// The record that the path names.
    ///
    /// - Throws: ``ConsoleProblem/notFound``.
    func reference() throws -> SaleReference {
        guard let terminal = TerminalID(parameter("terminal")) else {
            throw ConsoleProblem.notFound
        }
        return SaleReference(terminal: terminal, sequence: try number("sequence"))
    }
}

/// A request of a person who is signed in, about one yard.
struct Visit: Sendable {
    let arrival: Arrival
    let person: Person
    /// The session's token against forged requests.
    let csrf: String
    let yard: Yard

    var form: FormValues { arrival.form }

    /// The token in every form: it names the yard too, so that a form acts on the yard it was
    /// shown for, whatever another window has chosen since.
    var formToken: String { "\(csrf).\(yard.id.text)" }

    /// Whether the person has a role that may do `act`.
    func may(_ act: Act) -> Bool { person.may(act) }
}
