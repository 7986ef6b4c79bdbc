"""Files that the console takes and gives: bank statements in, archives of exports out."""

import io
import re
import zipfile

import pytest
import requests

from test_browser import LOOKS, check_page, opened, press, walk, watched

ACCOUNT = "DE02120300000000202051"


def statement(number: int, day: str, amount: str = "4.90", account: str = ACCOUNT) -> bytes:
    """A camt.053 file with one charge of the bank."""

    def balance(code: str, value: str, side: str) -> str:
        return (
            f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='EUR'>{value}</Amt>"
            f"<CdtDbtInd>{side}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
        )

    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.08'><BkToCstmrStmt>\n"
        f"<GrpHdr><MsgId>M{number}</MsgId><CreDtTm>{day}T20:00:00+01:00</CreDtTm></GrpHdr>\n"
        f"<Stmt><Id>P{number}</Id><ElctrncSeqNb>{number}</ElctrncSeqNb>\n"
        f"<Acct><Id><IBAN>{account}</IBAN></Id><Ccy>EUR</Ccy></Acct>\n"
        f"{balance('OPBD', '0.00', 'CRDT')}{balance('CLBD', '4.90', 'DBIT')}\n"
        f"<Ntry><Amt Ccy='EUR'>{amount}</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\n"
        f"<BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt><BkTxCd/>"
        f"<NtryDtls><TxDtls><Amt Ccy='EUR'>{amount}</Amt><CdtDbtInd>DBIT</CdtDbtInd>"
        "<RmtInf><Ustrd>ENTGELT</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\n"
        "</Stmt></BkToCstmrStmt></Document>\n"
    ).encode()


def choose(page, name: str, content: bytes) -> None:
    page.set_input_files("#datei", {"name": name, "mimeType": "text/xml", "buffer": content})
    press(page, "Datei ansehen")


def desk(browser, sessions, role, look):
    """Context and page of somebody of the office, and what the browser complains about."""
    scheme, width = look
    context = opened(
        browser, color_scheme=scheme, viewport={"width": width, "height": 900}, storage_state=sessions[role]
    )
    page = context.new_page()
    return context, page, watched(page)


@pytest.mark.parametrize("number, look", list(enumerate(LOOKS)))
def test_a_bank_file_is_chosen_looked_at_and_taken_in_once(browser, town, sessions, number, look):
    context, page, complaints = desk(browser, sessions, "finance", look)
    content = statement(9_000 + number, f"2026-09-{10 + number}")

    page.goto(f"{town.address}/abgleich")
    with page.expect_navigation():
        page.get_by_role("link", name="Bankdatei einlesen").click()
    check_page(page, "the form for a bank file")
    assert page.get_by_label("Datei", exact=True).get_attribute("type") == "file"

    choose(page, "auszug.xml", content)
    page.wait_for_url(re.compile("/abgleich/einlesen/[0-9a-f]{16}$"))
    check_page(page, "a bank file before it is taken in")
    main = page.inner_text("main")
    assert "Noch ist nichts übernommen" in main and ACCOUNT in main and "auszug.xml" in main

    page.get_by_role("button", name="Einlesen und abgleichen").click()
    page.get_by_role("heading", name="Ein Auszug neu").wait_for()
    check_page(page, "a bank file that was taken in")
    page.reload()
    assert page.get_by_role("heading", name="Ein Auszug neu").is_visible()

    page.goto(f"{town.address}/abgleich/einlesen")
    choose(page, "noch-einmal.xml", content)
    page.get_by_role("heading", name="Diese Datei ist schon eingelesen").wait_for()
    check_page(page, "a bank file that is known")
    assert page.get_by_role("button", name="Einlesen und abgleichen").count() == 0
    assert complaints == []
    context.close()


BAD_FILES = [
    (b"PK\x03\x04", "vorher auspacken"),
    (b"", "B-E02"),
    (statement(1, "2026-09-01", amount="zwei"), "Zeile 7"),
    (statement(1, "2026-09-01", account="DE89370400440532013000"), "finance/abgleich.yaml"),
]


@pytest.mark.parametrize("content, words", BAD_FILES)
def test_a_file_that_does_not_fit_is_told_at_its_field(browser, town, sessions, content, words):
    for look in LOOKS:
        context, page, complaints = desk(browser, sessions, "finance", look)
        page.goto(f"{town.address}/abgleich/einlesen")
        choose(page, "auszug.xml", content)
        check_page(page, f"a bank file refused: {words}")
        summary = page.locator(".error-summary")
        assert summary.locator("a").get_attribute("href") == "#datei"
        assert words in summary.inner_text()
        assert page.evaluate("document.activeElement.className").find("error-summary") >= 0
        assert page.locator("#datei").get_attribute("aria-invalid") == "true"
        assert page.title().startswith("Fehler: ")
        assert complaints == []
        context.close()


def test_no_file_chosen_is_told_and_the_keyboard_reaches_everything(browser, town, sessions):
    context, page, _ = desk(browser, sessions, "finance", LOOKS[0])
    page.goto(f"{town.address}/abgleich/einlesen")
    walk(page, "/abgleich/einlesen")
    page.focus("#datei")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Wählen Sie eine Datei." in page.locator(".error-summary").inner_text()
    context.close()


@pytest.mark.parametrize("role", ["cashier", "approver", "auditor"])
def test_who_may_not_take_in_a_bank_file_is_told_so(browser, town, sessions, role):
    context, page, _ = desk(browser, sessions, role, LOOKS[0])
    answer = page.goto(f"{town.address}/abgleich/einlesen")
    assert answer.status == 403
    check_page(page, f"the form for a bank file, forbidden to {role}")
    assert "Finanzbuchhaltung" in page.inner_text("main")
    context.close()


def test_a_file_of_twenty_megabytes_arrives_and_a_larger_one_is_refused(town, sessions):
    cookies = {one["name"]: one["value"] for one in sessions["finance"]["cookies"]}
    path = f"{town.address}/abgleich/einlesen"
    form = requests.get(path, cookies=cookies, timeout=30).text
    token = re.search(r'name="csrf" value="([^"]+)"', form).group(1)

    def send(size: int) -> requests.Response:
        return requests.post(
            path,
            data={"csrf": token, "art": ""},
            files={"datei": ("gross.xml", b"x" * size)},
            cookies=cookies,
            allow_redirects=False,
            timeout=120,
        )

    arrived, refused = send(20_000_000), send(21_000_000)
    assert arrived.status_code == 422 and "B-E02" in arrived.text
    assert refused.status_code == 413 and "höchstens 20 MB" in refused.text


# Archives


@pytest.fixture(scope="module")
def export(town) -> dict:
    """An export of several files."""
    found = town.get(f"/v1/yards/{town.yard}/exports", town.token(town.with_role("auditor"))).json()
    return next(one for one in found["exports"] if len(one["files"]) > 1)


def test_the_archive_holds_every_file_of_an_export(town, export):
    token = town.token(town.with_role("auditor"))
    base = f"/v1/yards/{town.yard}/exports/{export['number']}"
    first, second = (town.get(f"{base}/files.zip", token) for _ in range(2))

    assert first.status_code == 200, first.text
    assert first.headers["Content-Type"] == "application/zip"
    assert first.content == second.content
    with zipfile.ZipFile(io.BytesIO(first.content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [file["name"] for file in export["files"]]
        for one in archive.infolist():
            assert one.date_time == (1980, 1, 1, 0, 0, 0)
            assert archive.read(one) == town.get(f"{base}/{one.filename}", token).content


def test_the_archive_is_fetched_from_the_page(browser, town, sessions, export):
    context, page, complaints = desk(browser, sessions, "auditor", LOOKS[0])
    page.goto(f"{town.address}/exporte/{export['number']}")
    check_page(page, "an export of several files")
    with page.expect_download() as download:
        page.get_by_role("link", name=f"X-{export['number']}, alles als ZIP").click()
    name = f"{town.yard}-export-{export['number']:06}.zip"
    assert download.value.suggested_filename == name
    with zipfile.ZipFile(download.value.path()) as archive:
        assert len(archive.namelist()) == len(export["files"])
    assert complaints == []
    context.close()


def test_who_may_not_fetch_files_gets_no_archive(town, export):
    cashier = town.token(town.with_role("cashier"))
    base = f"/v1/yards/{town.yard}/exports"
    assert town.get(f"{base}/{export['number']}/files.zip", cashier).status_code == 403
    assert town.get(f"{base}/{export['number']}/files.zip").status_code == 401
    assert town.get(f"{base}/9999/files.zip", town.token(town.with_role("auditor"))).status_code == 404
