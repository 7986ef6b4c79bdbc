import CardTerminals
import HTTPTypes
import Hummingbird
import Pages
import Receipts
import Sales
import TerminalOperations
import TerminalStorage
import Units

/// Voids and the settling of unknown payments.
extension TerminalPages {
    /// The slip is asked for only after the void was begun: that it was, and why, is then stored
    /// before the attendant touches the card terminal.
    func showVoid(
        _ sequence: Int64, values: [String: String] = [:], errors: [String: String] = [:]
    ) async throws -> Response {
        let entry = try await session.receipt(sequence).entry
        let open = try await session.openReversal(of: sequence)
        var values = values
        if let open {
            values = values.withNumber(of: open.device)
            values["grund"] = open.reason
        }
        return try await show(
            VoidPage(
                sequence: sequence, number: entry.receiptNumber, amount: entry.stored.total,
                needsSlip: open != nil, values: values, errors: errors),
            status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    func void(_ sequence: Int64, _ values: FormValues) async throws -> Response {
        do {
            guard let open = try await session.openReversal(of: sequence) else {
                let reason = values["grund"].onOneLine
                let reversal = Task { try await session.beginVoid(sequence, reason: reason) }
                return followVoid(sequence, try await reversal.value)
            }
            if values["ergebnis"].isEmpty, open.device.kind == .simulated {
                return followVoid(sequence, try await session.enquireVoid(sequence))
            }
            switch SlipForm.outcome(values) {
            case .success(let outcome):
                return followVoid(
                    sequence, try await session.recordVoidOutcome(sequence, outcome))
            case .failure(let errors):
                return try await showVoid(
                    sequence, values: values.values, errors: errors.byField)
            }
        } catch let error as TerminalError where error.isAboutText {
            return try await showVoid(
                sequence, values: values.values, errors: ["grund": error.what])
        }
    }

    private func followVoid(_ sequence: Int64, _ progress: PaymentProgress) -> Response {
        guard case .sold(let void) = progress else {
            return lead(to: "/beleg/\(sequence)/storno")
        }
        sendSoon()
        return lead(to: "/beleg/\(void)")
    }

    func showResolve(
        _ sequence: Int64, values: [String: String] = [:], errors: [String: String] = [:]
    ) async throws -> Response {
        let entry = try await session.receipt(sequence).entry
        return try await show(
            ResolvePage(
                sequence: sequence, number: entry.receiptNumber, amount: entry.stored.total,
                values: values, errors: errors),
            status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    func resolve(_ sequence: Int64, _ values: FormValues) async throws -> Response {
        var errors: [String: String] = [:]
        let evidence = PaymentResolution.Evidence(rawValue: values["beweis"])
        if evidence == nil { errors["beweis"] = "Wählen Sie, woher Sie es wissen." }
        let finding: PaymentResolution.Finding?
        switch values["befund"] {
        case "charged":
            finding = SlipFields.slip(values.values).map { .charged($0) }
            if finding == nil { errors.merge(SlipForm.errors(values)) { old, _ in old } }
        case "not-charged-claim":
            finding = .notChargedClaim
            if values["schuldner"].allSatisfy(\.isWhitespace) {
                errors["schuldner"] = "Es fehlen Name und Anschrift."
            }
        case "not-charged-void": finding = .notChargedVoid
        default:
            finding = nil
            errors["befund"] = "Wählen Sie, was geschehen ist."
        }
        if values["vermerk"].allSatisfy(\.isWhitespace) {
            errors["vermerk"] = "Schreiben Sie kurz, was Sie festgestellt haben."
        }
        guard errors.isEmpty, let finding, let evidence else {
            return try await showResolve(sequence, values: values.values, errors: errors)
        }
        let resolution = try await session.resolve(
            sequence, finding, evidence: evidence, note: values["vermerk"].onOneLine,
            debtor: values["schuldner"].onOneLine)
        sendSoon()
        return lead(to: "/beleg/\(resolution)")
    }
}

extension String {
    /// Line ends become commas, since a record holds one line.
    var onOneLine: String { split(whereSeparator: \.isNewline).joined(separator: ", ") }
}
