"""Office commands that no other file asks: refunds, payments, people, further yards, `make clean`."""

import json
import re
import sqlite3
import subprocess

import pytest
import requests
from conftest import ROOT
from own_town import sell, served, succeed


@pytest.fixture
def office(tmp_path):
    with served(tmp_path) as town:
        yield town


def post(town, path: str, body: dict, token: str | None = None) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.post(f"{town.address}{path}", json=body, headers=headers, timeout=30)


def test_a_refund_is_rejected_by_another_person_and_listed_in_words(office):
    terminal = office.with_tariff().terminal("t1")
    sell(terminal, 1)
    assert office.told("anna", "refund", "list") == "Nobody has asked.\n"
    asked = office.told(
        "anna", "refund", "request", "t1-000001", "--reason", "doppelt", "--payee", "Erika Beispiel",
        "--iban", "DE02120300000000202051",
    )  # fmt: skip
    number = re.search(r"Request (\d+) waits", asked).group(1)
    assert office.told("bernd", "refund", "list") == (
        f"{number}  requested  refund of t1-000001, 12,00\N{NO-BREAK SPACE}€, bank-transfer, "
        "asked by anna  doppelt\n"
    )

    office.refused("clara", 77, "(role-missing)", "refund", "reject", number)
    assert office.told("bernd", "refund", "reject", number) == "Refused; nothing changed.\n"

    assert "rejected  refund" in office.told("anna", "refund", "list")
    (listed,) = json.loads(office.told("anna", "refund", "list", "--json"))["reversals"]
    assert listed["state"] == "rejected" and listed["decidedBy"] == "bernd"
    office.refused("bernd", 65, "(request-state)", "refund", "reject", number)


def test_what_a_refund_cannot_be_is_told_in_words(office):
    terminal = office.with_tariff().terminal("t1")
    sell(terminal, 1)
    request = ["refund", "request", "t1-000001", "--method", "card"]
    office.refused(
        "anna", 65, "The sale has no line 5.", *request, "--reason", "doppelt", "--line", "5:4,00"
    )
    office.refused(
        "anna", 65, "(line-unknown)", *request, "--reason", "doppelt", "--line", "5:4,00"
    )
    office.refused("anna", 65, "Say why, in a few words.", *request, "--reason", "")

    asked = office.told("anna", *request, "--reason", "doppelt")
    number = re.search(r"Request (\d+) waits", asked).group(1)
    look = ["refund", "payee", number, "--purpose", "Prüfung"]
    assert office.told("clara", *look) == "Nobody is paid by bank transfer for this request.\n"
    assert office.told("clara", *look, "--json") == '{"payee":null}\n'


def test_who_signs_in_wrong_is_named_and_a_failed_command_leaves_no_session(office):
    (office.folder / "bernd.password").write_text("etwas ganz anderes\n")
    office.refused("bernd", 77, "bernd: Name or password is wrong.", "user", "list")
    office.refused("anna", 77, "(role-missing)", "key", "approve", "7")
    office.told("clara", "user", "list")
    office.stop()
    with sqlite3.connect(office.data / "hofbuch.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM session").fetchone() == (0,)


@pytest.mark.parametrize(
    "path", ["/healthz", "/readyz", "/openapi.json", "/v1/yards", "/anmelden", "/v1/nothing", "/x"]
)
def test_whatever_is_got_may_be_asked_by_head(office, path):
    # On one line, where bytes behind the head would be taken for the next answer.
    with requests.Session() as line:
        asked = line.head(office.address + path, timeout=30)
        got = line.get(office.address + path, timeout=30)
    assert got.content
    assert (asked.status_code, asked.content) == (got.status_code, b"")
    assert asked.headers["content-type"] == got.headers["content-type"]
    assert asked.headers["content-length"] == got.headers["content-length"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/sessions", "DELETE, POST"),
        ("PUT", "/v1/yards/hof-1/envelopes", "POST"),
        ("DELETE", "/v1/yards/hof-1/terminals/t1", "GET, HEAD"),
        ("POST", "/log/hof-1/tile/0/000", "GET, HEAD"),
        ("PATCH", "/healthz", "GET, HEAD"),
    ],
)
def test_another_method_is_refused_with_those_that_are_taken(office, method, path, allowed):
    answer = requests.request(method, office.address + path, timeout=30)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
    problem = answer.json()
    assert problem["code"] == "method-not-allowed"
    assert allowed in problem["detail"]


def test_a_new_terminal_is_listed_and_may_be_refused(office):
    office.told("clara", "terminal", "request", "t9", "--name", "Kasse Ausfahrt")
    asked = office.told("bernd", "terminal", "list")
    assert "request 1  t9  Kasse Ausfahrt  asked by clara  waits for another person" in asked
    office.refused("clara", 77, "(role-missing)", "terminal", "reject", "1")
    assert office.told("bernd", "terminal", "reject", "1") == "Refused; nothing changed.\n"
    office.refused("bernd", 65, "(request-state)", "terminal", "admit", "1")
    office.refused("bernd", 66, "(request-unknown)", "terminal", "reject", "2")
    assert json.loads(office.told("doris", "terminal", "list", "--json"))["enrolments"] == []


def test_what_is_about_all_yards_takes_none(office):
    for command in (["user", "list"], ["reconcile", "status"], ["yard", "list"]):
        office.refused("clara", 64, "leave --yard out", *command, "--yard", "hof-1")


def test_events_are_those_of_all_yards(office):
    new = (
        "--data", office.data, "--yard", "hof-2", "--yard-name", "Wertstoffhof Süd",
        "--address", "Am Hof 2, 12345 Musterstadt", "--host", "musterstadt.example",
    )  # fmt: skip
    office.stop()
    succeed("yard", "add", *new)
    office.serve()
    lines = office.told("doris", "events", "list").splitlines()
    assert {json.loads(line)["yard"] for line in lines} == {"hof-1", "hof-2"}
    office.refused("doris", 64, "leave --yard out", "events", "list", "--yard", "hof-1")
    # A key of the server is no yard's either.
    office.refused("clara", 66, "(key-not-known)", "key", "retire", "quatsch")


def test_unknown_payments_are_listed_in_words_and_as_json(office):
    assert office.told("anna", "payment", "list") == "No payment is unknown.\n"
    assert json.loads(office.told("anna", "payment", "list", "--json")) == {"payments": []}


def test_a_further_yard_has_its_own_closes_and_stands_in_common_reports(office):
    terminal = office.with_tariff().terminal("t1")
    sell(terminal, 1)
    new = (
        "--data", office.data, "--yard", "hof-2", "--yard-name", "Wertstoffhof Süd",
        "--address", "Am Hof 2, 12345 Musterstadt", "--host", "musterstadt.example",
    )  # fmt: skip
    office.stop()

    added = succeed("yard", "add", *new)

    assert "Added the yard hof-2 with its log musterstadt.example/log/hof-2." in added
    key = re.search(r"Log key to give to auditors: (\S+)", added).group(1)
    office.serve()
    yards = json.loads(office.told("clara", "yard", "list", "--json"))["yards"]
    assert [(yard["id"], yard["logKey"] == key) for yard in yards] == [("hof-1", False), ("hof-2", True)]
    assert office.told("anna", "close", "list", "--yard", "hof-2") == ""
    report = office.told("clara", "report", "sales", "--all-yards")
    assert "12,00" in report
    office.stop()
    succeed("verify", "--data", office.data)


def test_who_changed_a_person_is_told_by_the_interface_as_described(office):
    town = office.town
    person = {"id": "emil", "name": "Emil Esche", "roles": ["cashier"], "password": "emil-hat-eines"}

    assert post(town, "/v1/people", person, town.token("clara")).status_code == 201
    del person["password"]
    person["roles"] = ["cashier", "approver"]
    assert post(town, "/v1/people", person, town.token("clara")).status_code == 201
    changes = town.get("/v1/people/changes", town.token("doris")).json()["changes"]

    assert [change["by"] for change in changes[:2]] == ["clara", "clara"]
    assert changes[0]["before"]["roles"] == ["cashier"]
    assert changes[0]["after"]["roles"] == ["approver", "cashier"]
    assert [change["password"] for change in changes[:2]] == [False, True]
    assert changes[1]["before"] is None
    assert town.get("/v1/people/changes", town.token("anna")).status_code == 403
    signed_in = post(town, "/v1/sessions", {"name": "emil", "password": "emil-hat-eines"})
    assert signed_in.status_code == 201


def test_clean_removes_a_sample_town_and_no_other_data(tmp_path):
    real, sample = tmp_path / "real", tmp_path / "sample"
    for folder in (real, sample):
        folder.mkdir()
        (folder / "hofbuch.sqlite3").write_text("x")
    (sample / "sign-ins.txt").write_text("x")

    for folder in (real, sample):
        # In a folder of its own, so that no build is removed.
        subprocess.run(
            ["make", "-f", ROOT / "Makefile", "-C", tmp_path, "clean", f"DATA={folder}"],
            check=True, capture_output=True, timeout=60,
        )  # fmt: skip

    assert (real / "hofbuch.sqlite3").exists()
    assert not sample.exists()
