import Hummingbird
import Operations
import Pages
import People

extension ConsoleRoutes {
    /// One's own password.
    var passwordRoutes: [ConsoleRoute] {
        [
            .get("/passwort", .readSales) { visit -> Response in passwordForm(visit) },
            .post("/passwort", .readSales, changePassword),
        ]
    }

    private func passwordForm(_ visit: Visit, errors: [String: String] = [:]) -> Response {
        show(
            PasswordPage(errors: errors), visit, at: "/passwort",
            status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    private func changePassword(_ visit: Visit) async throws -> Response {
        let values = visit.form.values
        let (old, new) = (values["passwort"] ?? "", values["neu"] ?? "")
        guard new.utf8.elementsEqual((values["wiederholt"] ?? "").utf8) else {
            return passwordForm(visit, errors: ["wiederholt": "Das ist ein anderes Passwort."])
        }
        do {
            try await installation.changePassword(of: visit.person.id, from: old, to: new)
        } catch OperationsError.passwordWrong {
            return passwordForm(visit, errors: ["passwort": "Das ist nicht Ihr Passwort."])
        } catch OperationsError.passwordUnchanged {
            return passwordForm(
                visit, errors: ["neu": "Das ist Ihr altes Passwort. Wählen Sie ein anderes."])
        } catch OperationsError.passwordTooShort {
            return passwordForm(visit, errors: ["neu": "Nehmen Sie mindestens zehn Zeichen."])
        } catch OperationsError.tooManyAttempts(let seconds) {
            return passwordForm(
                visit,
                errors: ["passwort": "Zu viele Fehlversuche. \(GermanWords.wait(seconds))."])
        } catch OperationsError.input {
            return passwordForm(
                visit,
                errors: ["neu": "Es ist zu lang, nur Leerraum oder enthält Steuerzeichen."])
        }
        // The session has ended with the old password.
        return .redirect("/anmelden?ziel=%2Fheute&neu=ja")
    }
}
