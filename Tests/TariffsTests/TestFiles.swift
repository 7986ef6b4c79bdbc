import SourceFiles
import Testing
import Text
import Units

@testable import Tariffs

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The tariff files of the repository.
enum TariffFiles {
    static let names = ["goettingen-2024", "haltern-2017", "remscheid-2020", "wadersloh-2022"]

    /// Every file's name, sorted; empty, and then reported by a test, where the folder is missing.
    static let all: [String] = {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder.path())
                .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
        } catch {
            return []
        }
    }()

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "tariffs")

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appending(path: "\(name).yaml")))
    }

    static func tariff(_ name: String) throws -> Tariff { try decoded(try bytes(name)).get() }
}

/// A tariff file that did not load.
struct TariffRefused: Error { let problems: [SourceProblem] }

func decoded(_ bytes: [UInt8]) throws -> Result<Tariff, TariffRefused> {
    let decoding = Tariff.decode(
        try SourceFile.tree(of: bytes), digest: String(repeating: "0", count: 64))
    return decoding.tariff.map { .success($0) }
        ?? .failure(TariffRefused(problems: decoding.problems))
}

/// A small file in which tests change single lines.
struct SmallFile {
    var head = """
        tarif: probe
        art: Satzung
        titel: Probe
        ort: Probestadt
        hof: Probehof
        rechtsgrundlage: Satzung
        quelle: eigene Probe
        gültig ab: 01.01.2024
        gültig bis: 31.12.2025
        währung: EUR
        """
    var basis = "brutto"
    var rounding = "kaufmännisch je Zeile"
    var legalForm = "rechtsform: Gebühr"
    var vat = "umsatzsteuer: nicht steuerbar"
    var extra = ""
    var fractions = """
        abfallarten:
          - kennung: laub
            name: Laub
          - kennung: schutt
            name: Schutt
            englisch: rubble
        behälter:
          - kennung: sack
            name: Sack
            mehrzahl: Säcke
            englisch: sack
            englische mehrzahl: sacks
        fahrzeuge:
          - kennung: kombi
            name: Kombi
        """
    var rest = "abfallarten: schutt, wer: alle, preis: kostenlos"
    /// The price block of position 1, indented by four spaces, for `laub`.
    var price = "preis: 4,00 € je Stück"
    var more = ""
    var examples = "beispiele: []"

    var text: String {
        """
        \(head)
        preisbasis: \(basis)
        rundung: \(rounding)
        \(legalForm)
        \(vat)
        \(extra)
        \(fractions)
        positionen:
          - {nr: 9, fundstelle: § 9, \(rest)}
          - nr: 1
            fundstelle: § 1
            abfallarten: laub
            wer: alle
            \(price.split(separator: "\n").joined(separator: "\n    "))
        \(more)
        \(examples)
        """
    }

    var bytes: [UInt8] { Array(text.utf8) }

    func tariff() throws -> Tariff { try decoded(bytes).get() }

    func problems() throws -> [SourceProblem] {
        Tariff.decode(try SourceFile.tree(of: bytes), digest: "").problems
    }

    /// The line and column at which `words` stand.
    func place(of words: String) -> SourcePosition? {
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            guard let range = line.firstRange(of: words) else { continue }
            return SourcePosition(
                line: number + 1, column: line[..<range.lowerBound].unicodeScalars.count + 1)
        }
        return nil
    }
}

extension SmallFile {
    /// The small file with goods, features and scales.
    static var rich: SmallFile {
        var file = SmallFile()
        file.fractions += """

            waren:
              - {kennung: big-bag, name: Big-Bag, englisch: big bag}
            merkmale:
              - {kennung: unbedeckt, name: unbedeckte Ladung, frage: Ist die Ladung bedeckt?}
              - {kennung: sperrmuellkarte, name: Sperrmüllkarte, berechtigung: ja}
              - {kennung: staubdicht, name: staubdicht verpackt, gilt für: Abfallart}
              - {kennung: nass, name: nass, gilt für: Abfallart, englisch: wet}
            """
        file.extra = """
            waagen:
              - {kennung: w1, name: Fahrzeugwaage, eichwert: 10 kg, mindestlast: 200 kg,
                 klasse: III, geeicht bis: 31.12.2028, abfallarten: schutt}
              - {kennung: w2, name: Plattformwaage, eichwert: "0,5 kg", mindestlast: 10 kg,
                 klasse: IIII}
            """
        file.more =
            "  - {nr: 8, fundstelle: § 8, waren: big-bag, wer: alle, "
            + "preis: \"15,00 € je Stück\"}"
        return file
    }

    /// Position 1 of the file.
    func position() throws -> Position {
        try tariff().positions.first { $0.number == "1" } ?? { throw TariffRefused(problems: []) }()
    }

    /// The file with further keys of the head.
    func with(_ head: String) -> SmallFile {
        var file = self
        file.extra += "\n" + head
        return file
    }
}

extension Tariff {
    /// Prices a delivery in words on a day in German form.
    func price(_ phrase: String, on day: String = "01.06.2024") throws -> PricingDecision {
        let day = try ValuePhrase.day(day)
        return price(try DeliveryPhrase.parse(phrase, day: day, group: .household, tariff: self))
    }

    func quote(_ phrase: String, on day: String = "01.06.2024") throws -> Quote {
        guard case .priced(let quote) = try price(phrase, on: day) else {
            throw TariffRefused(problems: [])
        }
        return quote
    }

    func cents(_ phrase: String, on day: String = "01.06.2024") throws -> Int64 {
        try quote(phrase, on: day).total.value
    }

    func refusals(_ phrase: String, on day: String = "01.06.2024") throws -> [Refusal] {
        guard case .refused(let refusals) = try price(phrase, on: day) else { return [] }
        return refusals
    }
}
