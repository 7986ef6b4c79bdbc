"""docs/openapi.json against the specification, the routes in the source, and real answers."""

import hashlib
import json
import pathlib
import re

import pytest
import requests
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "openapi.json").read_text("utf-8")
DOCUMENT = json.loads(TEXT)
METHODS = ("get", "post", "put", "patch", "delete")
PREFIXES = {"group": "/", "yard": "/v1/yards/{yard}/", "log": "/log/{yard}/"}
ROUTE = re.compile(r'\b(\w+)\.(get|post|put|patch|delete)\(\s*"([^"]*)"')


def operations():
    for path, item in DOCUMENT["paths"].items():
        for method in METHODS:
            if method in item:
                yield method, path, item[method]


def routes_of_source() -> set[tuple[str, str]]:
    found = {("get", "/openapi.json"), ("get", "/schemas/tariff.json")}  # served beside the routes, where the file is compiled in
    for file in sorted((ROOT / "Sources" / "API").glob("*.swift")):
        for receiver, method, path in ROUTE.findall(file.read_text("utf-8")):
            if receiver in PREFIXES:
                found.add((method, PREFIXES[receiver] + path.replace("**", "{path}")))
    return found


def closed(schema):
    """The schema, refusing members that it does not name."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    result = {name: closed(part) for name, part in schema.items()}
    if isinstance(schema.get("properties"), dict):
        result.setdefault("additionalProperties", False)
    return result


COMPONENTS = closed({"schemas": DOCUMENT["components"]["schemas"]})


def errors(schema, value) -> list[str]:
    whole = {**closed(schema), "components": COMPONENTS}
    return [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for error in Draft202012Validator(whole).iter_errors(value)
    ]


def json_schema(operation, status: int):
    answer = operation["responses"][str(status)]
    return answer["content"]["application/json"]["schema"]


def test_the_document_is_valid():
    validate(DOCUMENT)


def test_every_route_is_described_and_every_description_is_a_route():
    routes = routes_of_source()
    described = {(method, path) for method, path, _ in operations()}

    assert len(routes) > 30, "the sources declare routes in another way now"
    assert routes - described == set()
    assert described - routes == set()


def test_every_operation_has_its_own_name_and_says_who_may_use_it():
    names = [operation["operationId"] for _, _, operation in operations()]

    assert len(names) == len(set(names))
    assert all("security" in operation for _, _, operation in operations())


def test_every_example_fits_its_schema():
    for method, path, operation in operations():
        parts = [operation.get("requestBody", {}), *operation["responses"].values()]
        for content in (part.get("content", {}).get("application/json") for part in parts):
            if content and "example" in content:
                assert errors(content["schema"], content["example"]) == [], f"{method} {path}"


def test_the_served_document_is_this_one(town):
    assert town.get("/openapi.json").text == TEXT
    schema = (ROOT / "docs" / "formats" / "tariff.schema.json").read_text("utf-8")
    assert town.get("/schemas/tariff.json").text == schema


@pytest.fixture(scope="module")
def tokens(town):
    return {role: town.token(town.with_role(role)) for role in ("auditor", "finance", "cashier")}


ANSWERS = [
    "/healthz",
    "/readyz",
    "/v1/yards",
    "/v1/people",
    "/v1/people/changes",
    "/v1/yards/{yard}/terminals",
    "/v1/yards/{yard}/tariffs",
    "/v1/yards/{yard}/sales",
    "/v1/yards/{yard}/payments/unknown",
    "/v1/yards/{yard}/reversals",
    "/v1/yards/{yard}/closes",
    "/v1/yards/{yard}/closes/next",
    "/v1/yards/{yard}/exports",
    "/v1/yards/{yard}/exports/completeness",
    "/v1/reconciliation",
    "/v1/reconciliation/statements",
]


@pytest.mark.parametrize("path", ANSWERS)
def test_a_real_answer_is_as_described(town, tokens, path):
    answer = town.get(path.replace("{yard}", town.yard), tokens["auditor"])

    assert answer.status_code == 200, answer.text
    assert errors(json_schema(DOCUMENT["paths"][path]["get"], 200), answer.json()) == []


def test_a_real_close_is_as_described(town, tokens):
    answer = town.get(f"/v1/yards/{town.yard}/closes/1", tokens["auditor"])

    assert answer.status_code == 200, answer.text
    assert errors({"$ref": "#/components/schemas/Close"}, answer.json()) == []


def test_every_real_sale_is_as_described(town, tokens):
    found = town.get(f"/v1/yards/{town.yard}/sales", tokens["auditor"]).json()["sales"]

    assert len(found) > 20
    for sale in found:
        path = f"/v1/yards/{town.yard}/sales/{sale['terminal']}/{sale['seq']}"
        answer = town.get(path, tokens["auditor"])
        assert answer.status_code == 200, answer.text
        assert errors({"$ref": "#/components/schemas/SaleDetail"}, answer.json()) == [], path
        if sale["kind"] != "sale":
            continue
        again = town.get(f"{path}/repricing", tokens["auditor"])
        assert again.status_code == 200, again.text
        assert errors({"$ref": "#/components/schemas/Repricing"}, again.json()) == [], path
        assert again.json()["agrees"] is True and again.json()["difference"] == 0


def test_a_real_verification_is_as_described_and_finds_no_misfit(town, tokens):
    answer = requests.post(
        f"{town.address}/v1/verifications",
        headers={"Authorization": f"Bearer {tokens['auditor']}"},
        timeout=60,
    )

    assert answer.status_code == 200, answer.text
    assert errors({"$ref": "#/components/schemas/Verification"}, answer.json()) == []
    assert answer.json()["ok"] is True


def test_a_real_quote_is_as_described(town, tokens):
    headers = {"Authorization": f"Bearer {tokens['cashier']}"}
    item = {"measure": "volume", "quantity": 1_000_000, "source": "estimated"}
    day = town.get(f"/v1/yards/{town.yard}/closes/1", tokens["auditor"]).json()["day"]
    schema = json_schema(DOCUMENT["paths"]["/v1/yards/{yard}/quotes"]["post"], 200)

    def quote(fraction):
        delivery = {"day": day, "group": "household", "items": [{"fraction": fraction, **item}]}
        return requests.post(
            f"{town.address}/v1/yards/{town.yard}/quotes", json=delivery, headers=headers, timeout=30
        )

    priced, refused = quote("gruenabfall"), quote("mondgestein")

    assert "total" in priced.json(), priced.text
    assert errors(schema, priced.json()) == []
    assert "refused" in refused.json(), refused.text
    assert errors(schema, refused.json()) == []


def test_the_tariff_book_is_as_described_for_people_and_terminals(town, folder, tokens):
    terminal = (folder / "terminals" / "t1" / "token").read_text("utf-8").strip()
    path = "/v1/yards/{yard}/tariffs/book"
    real = path.replace("{yard}", town.yard)

    for token in (terminal, tokens["cashier"]):
        answer = town.get(f"{real}?from=2026-01-01", token)
        assert answer.status_code == 200, answer.text
        assert errors(json_schema(DOCUMENT["paths"][path]["get"], 200), answer.json()) == []
        (version,) = answer.json()["versions"]
        file = town.get(f"/v1/yards/{town.yard}/tariffs/{version['digest']}", token)
        assert file.status_code == 200
        assert hashlib.sha256(file.content).hexdigest() == version["digest"]
    assert town.get(f"{real}?from=1999-01-01").status_code == 401
    check_problem(town.get(real, terminal), 422)
    check_problem(town.get(f"/v1/yards/{town.yard}/tariffs/{'0' * 64}", terminal), 404)


def test_a_tariff_in_force_is_neither_approved_nor_withdrawn_again(town):
    token = town.token(town.with_role("approver"))
    tariffs = town.get(f"/v1/yards/{town.yard}/tariffs", token).json()["tariffs"]

    for act in ("approve", "withdraw"):
        answer = requests.post(
            f"{town.address}/v1/yards/{town.yard}/tariffs/{tariffs[0]['digest']}/{act}",
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        )
        check_problem(answer, 409)
        assert answer.json()["code"] == "tariff-state"


def test_what_a_terminal_learns_of_itself_is_as_described(town, folder):
    token = (folder / "terminals" / "t1" / "token").read_text("utf-8").strip()
    path = "/v1/yards/{yard}/terminals/{terminal}"
    real = path.replace("{yard}", town.yard).replace("{terminal}", "t1")

    answer = town.get(real, token)

    assert answer.status_code == 200, answer.text
    assert errors(json_schema(DOCUMENT["paths"][path]["get"], 200), answer.json()) == []


BAD_BODIES = [
    ("cashier", "/quotes", {"day": "gestern", "group": "household", "items": []}),
    ("cashier", "/closes/next/count", {"day": "2026-11-31", "totals": []}),
    ("cashier", "/closes/next/count", {"day": "2026-11-22", "totals": [{"tid": "a b"}]}),
    ("cashier", "/closes/next/count", {"day": "2026-11-22", "totals": [], "acknowledgeUnknown": 1}),
    ("finance", "/exports", {"profile": "hledger", "closes": ["eins"]}),
    ("finance", "/exports", {"profile": "hledger", "closes": [1, 1]}),
    ("finance", "/exports/1/hand-over", {"ziel": "kasse"}),
    ("finance", "/exports/1/acknowledge", {"reference": 4711}),
    ("finance", "/exports/1/reject", {}),
    ("cashier", "/reversals", {"kind": "refund"}),
    ("finance", "/reversals/1/payee", {"purpose": ""}),
    ("cashier", "/payments/resolve", {"original": {"terminal": "t1", "seq": 0}}),
]


@pytest.mark.parametrize("role, path, body", BAD_BODIES)
def test_a_body_that_does_not_fit_is_refused_by_its_place(town, tokens, role, path, body):
    answer = requests.post(
        f"{town.address}/v1/yards/{town.yard}{path}",
        json=body,
        headers={"Authorization": f"Bearer {tokens[role]}"},
        timeout=30,
    )

    check_problem(answer, 422)


def test_a_role_that_does_not_exist_is_refused(town):
    person = {"id": "emil", "name": "Emil", "roles": ["boss"], "password": "zehn-zeichen-oder-mehr"}
    answer = requests.post(
        f"{town.address}/v1/people",
        json=person,
        headers={"Authorization": f"Bearer {town.token(town.with_role('operator'))}"},
        timeout=30,
    )

    check_problem(answer, 422)


def test_a_tariff_file_that_is_too_large_is_refused(town):
    answer = requests.post(
        f"{town.address}/v1/yards/{town.yard}/tariffs",
        data=b"x" * 2_000_000,
        headers={"Authorization": f"Bearer {town.token(town.with_role('operator'))}"},
        timeout=30,
    )

    check_problem(answer, 413)


@pytest.mark.parametrize(
    "path, role",
    [
        ("/v1/yards/{yard}/closes", "auditor"),
        ("/v1/people/changes", "auditor"),
        ("/v1/yards/{yard}/personal/accesses", "auditor"),
    ],
)
def test_a_parameter_that_a_list_does_not_know_is_refused(town, path, role):
    headers = {"Authorization": f"Bearer {town.token(town.with_role(role))}"}
    address = town.address + path.format(yard=town.yard)

    assert requests.get(address, headers=headers, timeout=30).status_code == 200
    answer = requests.get(address, params={"after": "x"}, headers=headers, timeout=30)

    check_problem(answer, 422)
    assert "after is none of" in answer.json()["detail"]


def test_an_address_of_the_interface_that_does_not_exist_is_answered_with_problem_details(town):
    check_problem(town.get("/v1/nirgends"), 404)


@pytest.mark.parametrize("body, status", [('{"name":"anna"', 422), ('{"name":1,"password":"x"}', 422)])
def test_a_bad_body_is_answered_with_problem_details(town, body, status):
    answer = requests.post(f"{town.address}/v1/sessions", data=body, timeout=30)

    check_problem(answer, status)


@pytest.mark.parametrize(
    "path, status",
    [
        ("/v1/yards", 401),
        ("/v1/yards/{yard}/closes", 401),
        ("/v1/yards/{yard}/log/entries/0", 401),
    ],
)
def test_a_stranger_is_answered_with_problem_details(town, path, status):
    check_problem(town.get(path.replace("{yard}", town.yard)), status)


@pytest.mark.parametrize(
    "path, status",
    [
        ("/v1/yards/nirgends/closes", 404),
        ("/v1/yards/{yard}/closes/999", 404),
        ("/v1/yards/{yard}/closes/zwei", 422),
        ("/v1/yards/{yard}/sales/t1/999999", 404),
        ("/v1/yards/{yard}/sales?day=gestern", 422),
        ("/v1/yards/{yard}/sales?state=quatsch", 422),
        ("/v1/yards/{yard}/sales?limit=abc", 422),
        ("/v1/yards/{yard}/closes?cursor=AAAA", 422),
        ("/v1/yards/{yard}/log/proof/999999", 404),
    ],
)
def test_what_is_not_there_is_answered_with_problem_details(town, tokens, path, status):
    check_problem(town.get(path.replace("{yard}", town.yard), tokens["auditor"]), status)


def test_a_missing_role_is_answered_with_problem_details(town, tokens):
    answer = requests.post(
        f"{town.address}/v1/yards/{town.yard}/closes/next/approve",
        headers={"Authorization": f"Bearer {tokens['auditor']}"},
        timeout=30,
    )

    check_problem(answer, 403)


def check_problem(answer: requests.Response, status: int):
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert errors({"$ref": "#/components/schemas/Problem"}, answer.json()) == []
    assert answer.json()["status"] == status
