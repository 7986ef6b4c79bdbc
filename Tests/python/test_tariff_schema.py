"""docs/formats/tariff.schema.json against the tariff files, and against broken ones."""

import copy
import json
import pathlib

import pytest
import yaml
from jsonschema import Draft7Validator, Draft202012Validator

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "docs" / "formats" / "tariff.schema.json").read_text("utf-8"))
# Many editors know draft 7 only; they have to come to the same answers.
DRAFTS = [Draft202012Validator, Draft7Validator]
VALIDATORS = [draft(SCHEMA) for draft in DRAFTS]
FILES = sorted((ROOT / "tariffs").glob("*.yaml"))
MODELINE = "# yaml-language-server: $schema=../docs/formats/tariff.schema.json"


def with_text_keys(node):
    """The tree with every key as a text, as JSON has them."""
    if isinstance(node, dict):
        return {str(key): with_text_keys(value) for key, value in node.items()}
    if isinstance(node, list):
        return [with_text_keys(part) for part in node]
    return node


def errors(tree) -> list[str]:
    """What is wrong, on which all drafts have to agree."""
    found = [
        [
            f"{'/'.join(str(part) for part in error.absolute_path)}: {error.message[:200]}"
            for error in validator.iter_errors(tree)
        ]
        for validator in VALIDATORS
    ]
    assert all(sorted(own) == sorted(found[0]) for own in found), found
    return found[0]


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


def test_there_are_files():
    assert len(FILES) > 40


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_tariff_file_fits_the_schema(file):
    text = file.read_text("utf-8")

    # The program takes every value as a text, editors see numbers too.
    assert errors(with_text_keys(yaml.load(text, yaml.CBaseLoader))) == []
    assert errors(with_text_keys(yaml.load(text, yaml.CSafeLoader))) == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_tariff_file_tells_editors_its_schema(file):
    assert file.read_text("utf-8").splitlines()[0] == MODELINE
    assert (file.parent / MODELINE.partition("=")[2]).resolve().is_file()


GOOD = yaml.load(
    """
tarif: probe
art: Preisliste
titel: Probe
ort: Probestadt
hof: Probehof
rechtsgrundlage: Preisliste
quelle: eigene Probe
gültig ab: 01.01.2024
währung: EUR
preisbasis: brutto
rundung: kaufmännisch je Zeile
abfallarten:
  - {kennung: laub, name: Laub, avv: 20 02 01}
positionen:
  - {nr: 1, fundstelle: "§ 1", abfallarten: laub, wer: alle, preis: "4,00 € je Stück"}
beispiele:
  - {nr: 1, datum: 01.06.2024, wer: privat, anlieferung: 1 Stück laub, summe: "4,00 €"}
""",
    yaml.BaseLoader,
)


def changed(path: str, value):
    """The good file with one value changed, added, or taken away (None)."""
    tree = copy.deepcopy(GOOD)
    *parents, last = [int(part) if part.isdigit() else part for part in path.split("/")]
    node = tree
    for part in parents:
        node = node[part]
    if value is None:
        del node[last]
    else:
        node[last] = value
    return tree


def test_the_good_file_fits():
    assert errors(GOOD) == []


@pytest.mark.parametrize(
    "path, value",
    [
        ("farbe", "rot"),
        ("quelle", None),
        ("titel", ""),
        ("tarif", "Probe 1"),
        ("art", "Verordnung"),
        ("währung", "€"),
        ("gültig ab", "1.1.2024"),
        ("gültig ab", "2024-01-01"),
        ("gültig bis", "31.13.2024"),
        ("rundung", "kaufmännisch"),
        ("rundung", "kaufmännisch je Zeile auf 0,25 €"),
        ("rechtsform", "Steuer"),
        ("umsatzsteuer", "19 %"),
        ("umsatzsteuer", [{"ab": "01.01.2027"}]),
        ("rechtsform", [{"gilt": "Gebühr", "bis": "01.01.2027"}]),
        ("abfallarten", []),
        ("positionen", []),
        ("abfallarten/0/avv", "200201"),
        ("abfallarten/0/kennung", "Laub"),
        ("abfallarten/0/maß", "l"),
        ("abfallarten/0/kg je m³", "viele"),
        ("behälter", [{"kennung": "sack", "name": "Sack"}]),
        ("behälter", [{"kennung": "sack", "name": "Sack", "mehrzahl": "Säcke", "inhalt": "voll"}]),
        ("merkmale", [{"kennung": "nass", "name": "nass", "gilt für": "Hof"}]),
        ("waagen", [{"kennung": "w1", "name": "Waage", "eichwert": "10 kg"}]),
        (
            "waagen",
            [
                {
                    "kennung": "w1",
                    "name": "Waage",
                    "eichwert": "1 m³",
                    "mindestlast": "2 kg",
                    "klasse": "III",
                }
            ],
        ),
        ("handeingabe", "ja"),
        ("gemischte ladung", {"fundstelle": "Zeile 1", "regel": "billigste Abfallart"}),
        ("mindestbetrag", {"betrag": "5,00 €"}),
        ("zuschläge", [{"name": "Z", "fundstelle": "Zeile 1"}]),
        (
            "zuschläge",
            [{"name": "Z", "fundstelle": "Zeile 1", "betrag": "1,00 €", "faktor": "2-fach"}],
        ),
        ("annahmeregeln", [{"nr": "A1", "fundstelle": "Zeile 1"}]),
        (
            "annahmeregeln",
            [{"nr": 1, "fundstelle": "Z", "grund": "G", "verlangt": "x", "höchstmenge": "1 m³"}],
        ),
        ("positionen/0/wer", None),
        ("positionen/0/wer", "Vereine"),
        ("positionen/0/fundstelle", None),
        ("positionen/0/abfallarten", None),
        ("positionen/0/waren", "big-bag"),
        ("positionen/0/preis", "4 € je Stück"),
        ("positionen/0/preis", "4,00 je Stück"),
        ("positionen/0/preis", "4,00 € je m³"),
        ("positionen/0/preis", "4,00 € je 100 l"),
        ("positionen/0/preis", "gratis"),
        ("positionen/0/preis", "abgelehnt"),
        ("positionen/0/preis", {}),
        ("positionen/0/preis", {"bis 1 m³": "5,00 €", "darüber": "9,00 €"}),
        ("positionen/0/preis", {"1 m³": "5,00 €", "darüber": "abgelehnt"}),
        ("positionen/0/preis", {"bis 1 m³": "5,00 € je m³, anteilig", "darüber": "abgelehnt"}),
        ("positionen/0/preis", {"berechnung": "je Stufe", "bis 1 m³": "kostenlos"}),
        (
            "positionen/0/preis",
            {"berechnung": "alles", "bis 1 m³": "kostenlos", "darüber": "abgelehnt"},
        ),
        (
            "positionen/0/preis",
            {"unter 200 kg": "5,00 € je t, anteilig", "ab 200 kg": "9,00 € je t, anteilig"},
        ),
        (
            "positionen/0/preis",
            {"unter 1 m³": "5,00 € pauschal", "ab 1 m³": "9,00 € je t, anteilig"},
        ),
        ("positionen/0/preis", {"Kombi": {"halb": "5,00 €"}}),
        ("positionen/0/freimenge", "1 m³ je Tag"),
        ("positionen/0/freimenge", "viel"),
        ("positionen/0/freigrenze", "5 kg"),
        ("positionen/0/höchstmenge", "5 Stück je Monat und Haushalt"),
        ("positionen/0/faktor", "doppelt"),
        ("positionen/0/nachlass", "zehn Prozent"),
        ("positionen/0/mindestens", "5 €"),
        ("positionen/0/zeitraum", "01.11. bis 31.03."),
        ("positionen/0/wochentage", "Mo-Fr"),
        ("beispiele/0/summe", None),
        ("beispiele/0/abgelehnt", "zu viel"),
        ("beispiele/0/wer", "alle"),
        ("beispiele/0/zeilen", [{"1": "4,00 €", "2": "5,00 €"}]),
        ("beispiele/0/vorher", [{"01.06.2024": "x", "02.06.2024": "y"}]),
        ("beispiele/0/waage", "kaputt"),
    ],
    ids=str,
)
def test_a_broken_file_does_not_fit(path, value):
    assert errors(changed(path, value)) != []


def test_a_statute_names_a_paragraph():
    statute = changed("art", "Satzung")
    assert errors(statute) == []

    statute["positionen"][0]["fundstelle"] = "Preisliste, Zeile 1"

    assert errors(statute) != []


@pytest.mark.parametrize(
    "path, value",
    [
        ("positionen/0/preis", price)
        for price in [
            "kostenlos",
            "6,00 € pauschal",
            "11,00 € je angefangene 500 l",
            "0,0130 € je lb, anteilig",
            "5,40 € je Sack, halb volle zur Hälfte",
            "10,00 € je angefangene 5 m² und angefangene Woche",
            "1,5-fach von Nr. 5.1",
            "Nr. 5.1 abzüglich 0,50 €",
            {"bis 0,1 m³": "kostenlos", "darüber": "38,00 € je weitere angefangene 1 m³"},
            {
                "berechnung": "je Stufe",
                "bis 1 m³": "kostenlos",
                "darüber": "1,00 € je angefangene 1 m³",
            },
            {"unter 200 kg": "nach Volumen", "ab 200 kg": "nicht veröffentlicht"},
            {
                "Pkw, Kofferraum": "6,00 €",
                "Anhänger": {"bis 50 %": "15,00 €", "bis 100 %": "30,00 €"},
            },
        ]
    ]
    + [
        ("positionen/0/abfallarten", ["laub"]),
        ("positionen/0/höchstmenge", "1.000 l je 4 Wochen und Grundstück"),
        ("positionen/0/freimenge", "2 Säcke"),
        ("positionen/0/faktor", ["2-fach bei unbedeckt", "1,5-fach"]),
        ("positionen/0/wochentage", "Freitag bis Montag"),
        ("beispiele/0/anlieferung", [{"Kombi": "sperrmüll"}, "1 Stück laub"]),
        ("beispiele/0/vorher", [{"01.06.2024": ["1 Stück laub", {"Kombi": "laub"}]}]),
        ("umsatzsteuer", [{"wer": "gewerblich", "ab": "01.01.2027", "gilt": "19 % enthalten"}]),
    ],
    ids=str,
)
def test_what_the_program_reads_fits(path, value):
    assert errors(changed(path, value)) == []
