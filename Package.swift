// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

func module(_ name: String, _ modules: [String] = [], _ products: [Target.Dependency] = [])
    -> Target
{
    .target(
        name: name, dependencies: modules.map { .byName(name: $0) } + products,
        swiftSettings: strict)
}

func tests(
    _ name: String, _ modules: [String], _ products: [Target.Dependency] = [],
    exclude: [String] = []
) -> Target {
    .testTarget(
        name: name, dependencies: modules.map { .byName(name: $0) } + products,
        exclude: exclude, swiftSettings: strict)
}

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let httpClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTLS: Target.Dependency = .product(name: "HummingbirdTLS", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(
    name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTesting: Target.Dependency = .product(
    name: "HummingbirdTesting", package: "hummingbird")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let lifecycle: Target.Dependency = .product(
    name: "ServiceLifecycle", package: "swift-service-lifecycle")
let arguments: Target.Dependency = .product(
    name: "ArgumentParser", package: "swift-argument-parser")

let foundations: [Target] = [
    module("Units"),
    module("Text"),
    module("Signing", ["Text"], [crypto]),
    module("Transparency", ["Signing", "Text"]),
]

let domain: [Target] = [
    module("Ledger", ["Units"]),
    module("Tariffs", ["Text", "Units"]),
    module("TariffReports", ["Tariffs", "Text", "Units"]),
    module("People", ["Units"]),
    module("Sales", ["Ledger", "Tariffs", "Text", "Units"]),
    module("Journal", ["Sales", "Signing", "Text", "Transparency", "Units"]),
    module("Reports", ["DayClosing", "Sales", "Tariffs", "Text", "Units"]),
    module("DayClosing", ["Journal", "Ledger", "Sales", "Tariffs", "Text", "Units"]),
    module(
        "Reconciliation",
        ["DayClosing", "Journal", "Sales", "Signing", "Text", "Units"]),
]

let outside: [Target] = [
    .systemLibrary(name: "CLibyaml", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(
        name: "CLibxml2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .target(name: "CAssets", exclude: ["files", "templates", "generate.sh"]),
    .target(name: "CDefaults"),
    .target(name: "CDatabase", linkerSettings: [.linkedLibrary("sqlite3")]),
    .target(name: "CPKCS11", linkerSettings: [.linkedLibrary("dl")]),
    module("Calendars", ["Units"]),
    module("Defaults", ["CDefaults"]),
    module("SourceFiles", ["CLibyaml", "Text"]),
    module("Keys", ["CPKCS11", "Signing", "Text", "Transparency"], [crypto]),
    module("Credentials", ["CLibcrypto", "Keys", "Text"]),
    module("SecondOpinion", ["CLibcrypto"]),
    module(
        "Storage", ["CDatabase", "Journal", "People", "Sales", "Signing", "Tariffs", "Units"],
        [grdb]),
    module("TimeStamps", ["CLibcrypto"]),
    module(
        "Exports",
        ["DayClosing", "Journal", "Ledger", "Sales", "Signing", "Tariffs", "Text", "Units"]),
    module("Statements", ["CLibxml2", "Reconciliation", "Sales", "Text", "Units"]),
    module("Transfers", ["Keys"]),
    module("Pages", ["CAssets", "Text", "Units"], [mustache]),
    module("Receipts", ["Pages", "Sales", "Tariffs", "Units"]),
    module("CloseSheets", ["DayClosing", "Ledger", "Receipts", "Sales", "Tariffs", "Units"]),
    module("CardTerminals", ["Sales", "Text", "Units"]),
    module(
        "TerminalStorage",
        ["CardTerminals", "Journal", "Sales", "Signing", "Tariffs", "Text", "Units"], [grdb]),
    module("Remote", ["Journal", "Sales", "Signing", "Tariffs", "Text", "Units"], [httpClient]),
]

let useCases: [Target] = [
    module(
        "Operations",
        [
            "Calendars", "CloseSheets", "Credentials", "DayClosing", "Exports", "Journal", "Keys",
            "Ledger", "People", "Reconciliation", "Remote", "Reports", "Sales", "Signing",
            "SourceFiles", "Statements", "Storage", "Tariffs", "Text", "TimeStamps", "Transfers",
            "Transparency", "Units",
        ], [logging]),
    module(
        "TerminalOperations",
        [
            "Calendars", "CardTerminals", "Journal", "Keys", "Remote", "Sales", "Signing",
            "SourceFiles", "Tariffs", "TerminalStorage", "Text", "Transparency", "Units",
        ]),
]

let entrances: [Target] = [
    module(
        "API",
        [
            "CloseSheets", "DayClosing", "Exports", "Journal", "Operations", "People",
            "Reconciliation", "Reports", "Sales", "Signing", "SourceFiles", "Storage", "Tariffs",
            "Text", "Transparency", "Units",
        ], [hummingbird]),
    module(
        "Console",
        [
            "Calendars", "CloseSheets", "DayClosing", "Exports", "Journal", "Ledger", "Operations",
            "Pages", "People", "Receipts", "Reconciliation", "Reports", "Sales", "Signing",
            "Storage",
            "Tariffs", "Text", "Transparency", "Units",
        ], [hummingbird, mustache]),
    module(
        "YardTerminal",
        [
            "CardTerminals", "Journal", "Pages", "Receipts", "Remote", "Sales", "Tariffs",
            "TerminalOperations",
            "TerminalStorage", "Text", "Units",
        ], [hummingbird, logging, mustache]),
    module(
        "Witness", ["Keys", "Operations", "Signing", "Storage", "Text", "Transparency"],
        [hummingbird, hummingbirdCore, logging]),
]

let pureTests: [Target] = [
    tests("TextTests", ["Text"], exclude: ["parsers"]),
    tests("UnitsTests", ["Units"]),
    tests("SigningTests", ["Signing", "Text"]),
    tests("TransparencyTests", ["Signing", "Text", "Transparency"], [crypto]),
    tests("LedgerTests", ["Ledger", "Units"]),
    tests("TariffsTests", ["SourceFiles", "Tariffs", "Text", "Units"]),
    tests("TariffReportsTests", ["SourceFiles", "TariffReports", "Tariffs", "Text", "Units"]),
    tests(
        "SalesTests",
        ["DayClosing", "FinanceSamples", "Ledger", "Sales", "Tariffs", "Text", "Units"]),
    tests(
        "JournalTests",
        ["Journal", "Keys", "Sales", "Signing", "Tariffs", "Text", "Transparency", "Units"]),
    tests(
        "DayClosingTests",
        [
            "DayClosing", "FinanceSamples", "Journal", "Ledger", "Sales", "Tariffs", "Text",
            "Units",
        ]),
    tests("ReportsTests", ["DayClosing", "Reports", "Sales", "Tariffs", "Text", "Units"]),
    tests(
        "ReconciliationTests",
        [
            "DayClosing", "FinanceSamples", "Journal", "Reconciliation", "Sales", "SourceFiles",
            "Text", "Units",
        ]),
    tests("TidyTests", []),
    .target(
        name: "FinanceSamples",
        dependencies: [
            "DayClosing", "Journal", "Ledger", "Sales", "SourceFiles", "Tariffs", "Text", "Units",
        ],
        path: "Tests/FinanceSamples", swiftSettings: strict),
]

let outsideTests: [Target] = [
    tests("SourceFilesTests", ["SourceFiles", "Text"]),
    tests("KeysTests", ["Keys", "Signing", "Text", "Transparency"]),
    tests("CredentialsTests", ["Credentials"]),
    tests("TimeStampsTests", ["Signing", "StampAuthority", "TimeStamps"]),
    .target(
        name: "StampAuthority", path: "Tests/StampAuthority", exclude: ["tsa.cnf"],
        swiftSettings: strict),
    tests("SecondOpinionTests", ["Keys", "SecondOpinion", "Signing"]),
    tests(
        "StorageTests",
        ["FinanceSamples", "Journal", "Sales", "Signing", "Storage", "Units"], [grdb]),
    tests(
        "ExportsTests",
        [
            "DayClosing", "Exports", "FinanceSamples", "Journal", "Ledger", "Sales", "Tariffs",
            "Text", "Units",
        ],
        exclude: ["Golden"]),
    tests(
        "StatementsTests",
        ["Reconciliation", "Sales", "SourceFiles", "Statements", "Text", "Units"]
    ),
    tests("TransfersTests", ["Transfers"]),
    tests("PagesTests", ["Pages", "Units"]),
    tests(
        "ReceiptsTests", ["Pages", "Receipts", "Sales", "Tariffs", "Units"], exclude: ["golden"]),
    tests(
        "CloseSheetsTests",
        ["CloseSheets", "DayClosing", "FinanceSamples", "Journal", "Ledger", "Sales", "Units"]),
    tests("CardTerminalsTests", ["CardTerminals", "Sales", "Units"]),
    tests(
        "TerminalOperationsTests",
        [
            "Calendars", "CardTerminals", "Journal", "Keys", "Remote", "Sales", "Signing",
            "Tariffs", "TerminalOperations", "TerminalStorage", "Text", "Transparency", "Units",
        ], [grdb]),
]

let serverTests: [Target] = [
    .target(
        name: "Tampering", dependencies: [grdb], path: "Tests/Tampering", swiftSettings: strict),
    tests(
        "OperationsTests",
        [
            "Calendars", "CloseSheets", "DayClosing", "Defaults", "Exports", "FinanceSamples",
            "Journal", "Keys", "Ledger", "Operations", "People", "Reconciliation", "Remote",
            "Reports", "Sales", "Signing", "StampAuthority", "Statements", "Storage", "Tampering",
            "Tariffs", "Text", "Transparency", "Units",
        ], [grdb, logging]),
    tests(
        "ConsoleTests",
        [
            "API", "CloseSheets", "Console", "DayClosing", "Defaults", "FinanceSamples",
            "Journal", "Keys", "Operations", "Pages",
            "People", "Receipts", "Reconciliation", "Reports", "Sales", "Signing", "Storage",
            "Tariffs", "Text", "Units",
            "YardTerminal",
        ], [hummingbird, hummingbirdTesting, logging]),
    tests(
        "YardTerminalTests",
        [
            "CardTerminals", "Journal", "Keys", "Pages", "Remote", "Sales", "Tariffs",
            "TerminalOperations", "Text", "Units", "YardTerminal",
        ], [hummingbird, hummingbirdTesting, logging]),
    tests(
        "WitnessTests", ["Keys", "Operations", "Signing", "Transparency", "Witness"]),
    tests(
        "EndToEndTests",
        [
            "Calendars", "Defaults", "FinanceSamples", "Journal", "Keys", "Operations",
            "People", "Reconciliation", "Sales", "Signing", "SourceFiles", "Storage", "Tariffs",
            "Text", "Transparency", "Units", "Witness", "hofbuch",
        ], [grdb, httpClient, hummingbird, logging]),
]

/// The fault tests (docs/faults.md): a program that drives the real one, and its short form.
let faultTests: [Target] = [
    .executableTarget(
        name: "faults",
        dependencies: [
            "Calendars", "CardTerminals", "DayClosing", "Journal", "Keys", "Operations", "People",
            "Remote", "Sales", "Signing", "Storage", "Tampering", "Tariffs", "TerminalOperations",
            "TerminalStorage", "Text", "Transparency", "Units", "Witness", grdb, logging,
        ], path: "Tests/Faults", swiftSettings: strict),
    tests("FaultTests", ["faults"]),
]

let package = Package(
    name: "hofbuch",
    products: [.executable(name: "hofbuch", targets: ["hofbuch"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: foundations + domain + outside + useCases + entrances + [
        .executableTarget(
            name: "hofbuch",
            dependencies: [
                "API", "Calendars", "CardTerminals", "CloseSheets", "Console", "DayClosing",
                "Defaults", "Exports", "Journal", "Keys", "Ledger", "Operations", "Pages", "People",
                "Reconciliation", "Remote", "Reports", "Sales", "SecondOpinion", "Signing",
                "SourceFiles", "Statements", "Storage",
                "TariffReports", "Tariffs", "TerminalOperations", "TerminalStorage", "Text",
                "Transparency", "Units", "Witness", "YardTerminal", arguments, httpClient,
                hummingbird,
                hummingbirdCore,
                hummingbirdTLS, lifecycle, logging,
            ],
            swiftSettings: strict)
    ] + pureTests + outsideTests + serverTests + faultTests
)
