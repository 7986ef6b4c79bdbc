/// The table of allowed imports (docs/architecture.md).
///
/// A module may import any module of a lower floor, and of its own floor only those named.
enum Floors {
    static let floors: [[String]] = [
        ["Units", "Text", "Signing", "Transparency"],
        [
            "Ledger", "Tariffs", "TariffReports", "People", "Sales", "Journal", "DayClosing",
            "Reports", "Reconciliation",
        ],
        [
            "CLibyaml", "CLibcrypto", "CLibxml2", "CAssets", "CDefaults", "CDatabase", "CPKCS11",
            "Calendars",
            "SourceFiles", "Keys",
            "Credentials", "SecondOpinion", "Storage", "Exports", "Pages", "Receipts",
            "CardTerminals",
            "TerminalStorage", "Remote", "Defaults", "TimeStamps", "Statements",
        ],
        ["Operations", "TerminalOperations"],
        ["API", "Console", "YardTerminal", "Witness"],
        ["hofbuch"],
    ]

    /// Imports within a floor; none of them leads back.
    static let sideways: [String: [String]] = [
        "Signing": ["Text"],
        "Transparency": ["Signing", "Text"],
        "TariffReports": ["Tariffs"],
        "Sales": ["Ledger", "Tariffs"],
        "Journal": ["Sales"],
        "DayClosing": ["Journal", "Ledger", "Sales", "Tariffs"],
        "Reports": ["DayClosing", "Sales", "Tariffs"],
        "Reconciliation": ["DayClosing", "Journal", "Sales"],
        "SourceFiles": ["CLibyaml"],
        "Statements": ["CLibxml2"],
        "Credentials": ["CLibcrypto", "Keys"],
        "SecondOpinion": ["CLibcrypto"],
        "TimeStamps": ["CLibcrypto"],
        "Defaults": ["CDefaults"],
        "Storage": ["CDatabase"],
        "Keys": ["CPKCS11"],
        "Pages": ["CAssets"],
        "Receipts": ["CAssets", "Pages"],
        "TerminalStorage": ["CardTerminals"],
    ]

    /// Floors whose modules are pure functions over values.
    static let pure = 0...1

    /// Modules of others that floors 0 and 1 may import: hashing and checking signatures.
    static let foreignOnPureFloors: [String: [String]] = ["Signing": ["Crypto"]]

    /// Who may import a module of others that only few should know.
    static let keepers: [String: [String]] = [
        "GRDB": ["Storage", "TerminalStorage"],
        "Crypto": ["Signing", "Keys"],
        "AsyncHTTPClient": ["Remote", "hofbuch"],
        "ArgumentParser": ["hofbuch"],
        "Mustache": ["Pages", "Receipts", "Console", "YardTerminal"],
        "Hummingbird": ["API", "Console", "YardTerminal", "Witness", "hofbuch"],
    ]

    static let modules = Set(floors.joined())

    static func floor(of module: String) -> Int? {
        floors.firstIndex { $0.contains(module) }
    }

    static func allows(_ module: String, importing other: String) -> Bool {
        guard let upper = floor(of: module), let lower = floor(of: other) else { return false }
        return lower < upper || sideways[module, default: []].contains(other)
    }
}
