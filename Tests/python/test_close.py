"""The close: its pages step by step, its archive file, and its way to witness and time stamp."""

import http.server
import pathlib
import re
import shutil
import subprocess
import threading
import time

import pytest
import requests

from conftest import PROGRAM, ROOT, Running, Town, copied, sign_ins
from own_town import succeed
from test_browser import LOOKS, check_page, in_every_look, opened, press, walk, watched

JARS = ("preflight", "pdfbox2", "xmpbox", "fontbox2", "commons-logging", "commons-io", "javax.activation", "jaxb-api")
DEVICE = "51234567"
COUNT = "Zählung speichern und vergleichen"
WAIT_SECONDS = 60


@pytest.fixture(scope="module")
def sheets():
    """typst, as `serve` finds it."""
    subprocess.run([ROOT / "scripts" / "sheets.sh"], check=True, cwd=ROOT)


def sheet(town: Town, number: int, form: str) -> requests.Response:
    token = town.token(town.with_role("auditor"))
    return town.get(f"/v1/yards/{town.yard}/closes/{number}/sheet.{form}", token)


def command(town: Town, folder: pathlib.Path, who: str, *arguments: str) -> subprocess.CompletedProcess:
    password = folder / f"{who}.password"
    password.write_text(town.passwords[who], "utf-8")
    verb, *rest = arguments
    return subprocess.run(
        [PROGRAM, "close", verb, "--data", folder, "--as", who, "--password-file", password, *rest],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, cwd=ROOT,
    )


# The archive file


def test_the_archive_file_is_the_same_every_time_and_everywhere(town, folder, sheets, tmp_path):
    first, second = sheet(town, 1, "pdf"), sheet(town, 1, "pdf")
    assert first.status_code == 200, first.text
    assert first.content == second.content
    assert first.content.startswith(b"%PDF-1.4")

    written = tmp_path / "abschluss.pdf"
    done = command(town, folder, town.with_role("auditor"), "show", "1", "--pdf", str(written))
    assert done.returncode == 0, done.stderr
    assert written.read_bytes() == first.content


def test_the_archive_file_passes_preflight_and_is_tagged(town, sheets, tmp_path):
    file = tmp_path / "abschluss.pdf"
    file.write_bytes(sheet(town, 1, "pdf").content)
    classes = ":".join(f"/usr/share/java/{jar}.jar" for jar in JARS)

    checked = subprocess.run(
        ["java", "-cp", classes, "org.apache.pdfbox.preflight.Validator_A1b", file],
        capture_output=True, text=True, timeout=120,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "is a valid PDF/A-1b file" in checked.stdout

    said = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True).stdout
    assert re.search(r"^Tagged: +yes$", said, re.M), said
    assert re.search(r"^Title: +Tagesabschluss Nr. 1$", said, re.M), said
    structure = subprocess.run(
        ["pdfinfo", "-struct", file], capture_output=True, text=True, check=True,
        errors="replace",
    ).stdout
    assert "H1" in structure and "Table" in structure and "TH" in structure


def test_text_and_archive_file_say_the_same(town, folder, sheets, tmp_path):
    file = tmp_path / "abschluss.pdf"
    file.write_bytes(sheet(town, 1, "pdf").content)
    printed = subprocess.run(
        ["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True
    ).stdout
    text = sheet(town, 1, "txt").text

    for words in ("Tagesabschluss Nr. 1", "Haushaltsjahr", "Gesamtumsatz nachher",
                  "Sachlich und rechnerisch richtig", "Prüfsumme des Abschlusses", "Sachkonten"):
        assert words in text, words
        assert words in printed, words
    shown = command(town, folder, town.with_role("auditor"), "show", "1")
    assert shown.stdout == text


def test_without_typst_the_text_is_there_and_the_remedy_is_said(day_one, town, tmp_path):
    """A second town: the first one is being served."""
    other = copied(day_one, tmp_path / "town")
    server = Running(
        "serve", "--data", str(other), "--port", "0", "--sheet-python", str(tmp_path / "nirgends")
    )
    try:
        there = Town(server.address, town.yard, **sign_ins(other))
        refused = sheet(there, 1, "pdf")
        assert refused.status_code == 503
        assert refused.json()["code"] == "sheet-program-missing"
        assert "scripts/sheets.sh" in refused.json()["detail"]
        assert sheet(there, 1, "txt").status_code == 200
    finally:
        server.stop()


# The pages, step by step


class Office:
    """Somebody of the office in the browser, in every look."""

    def __init__(self, browser, town: Town, role: str):
        self.browser, self.town = browser, town
        self.name = town.with_role(role)

    @property
    def state(self) -> dict:
        """The cookies after signing in."""
        return self.town.cookies(self.browser, self.name)

    def page(self, width: int = 1280, scheme: str = "light"):
        context = opened(
            self.browser, color_scheme=scheme, viewport={"width": width, "height": 900}, storage_state=self.state
        )
        return context, context.new_page()

    def look(self, path: str, status: int = 200) -> None:
        """The page is clean in every look, and the keyboard reaches all of it."""
        pages = in_every_look(self.browser, self.town.address, path, self.state, status)
        for look, page in zip(LOOKS, pages, strict=True):
            if look == ("light", 1280):
                walk(page, f"{path} as {self.name}")


@pytest.fixture(scope="module")
def cashier(browser, town):
    return Office(browser, town, "cashier")


@pytest.fixture(scope="module")
def approver(browser, town):
    return Office(browser, town, "approver")


def test_each_step_of_the_close_is_clean_and_works_by_keyboard(town, cashier, approver):
    path = town.address + "/abschluss"
    for step in ("", "/vorbereiten", "/zaehlen", "/zaehlen?schnitte=2&geraet=" + DEVICE):
        cashier.look("/abschluss" + step)

    # A wrong amount, then two cuts that the books know nothing of.
    context, page = cashier.page()
    page.goto(f"{path}/zaehlen?schnitte=2&geraet={DEVICE}")
    page.fill(f"#anzahl-{DEVICE}-girocard", "1")
    page.fill(f"#betrag-{DEVICE}-girocard", "zwölf")
    press(page, COUNT)
    assert page.locator("[role=alert]").count() == 1
    check_page(page, "a count that is refused")
    page.fill(f"#betrag-{DEVICE}-girocard", "12,00")
    page.fill(f"#schnitt-{DEVICE}", "0017")
    page.fill(f"#anzahl-{DEVICE}-girocard-2", "2")
    page.fill(f"#betrag-{DEVICE}-girocard-2", "20,00")
    page.fill(f"#schnitt-{DEVICE}-2", "0018")
    press(page, COUNT)
    page.wait_for_url(re.compile("/abschluss/vergleichen$"))
    assert "0017" in page.inner_text("main") and "0018" in page.inner_text("main")

    for step in ("/vergleichen", "/erklaeren"):
        cashier.look("/abschluss" + step)
    page.goto(f"{path}/erklaeren")
    press(page, "Erklärungen speichern")
    assert page.locator("[role=alert]").count() == 1
    check_page(page, "explanations that are refused")
    page.select_option(f"#grund-{DEVICE}-girocard", "test-transaction")
    page.fill(f"#text-{DEVICE}-girocard", "Probezahlungen nach dem Papierwechsel")
    press(page, "Erklärungen speichern")
    page.wait_for_url(re.compile("/abschluss$"))
    cashier.look("/abschluss/freigeben")
    context.close()

    # The second person sends it back with a reason; the cashier reads it.
    approver.look("/abschluss/freigeben")
    context, page = approver.page()
    page.goto(f"{path}/freigeben")
    page.get_by_text("Zur Überarbeitung zurückgeben").click()
    press(page, "Abschluss zurückgeben")
    assert page.locator("[role=alert]").count() == 1
    check_page(page, "sending back without a reason")
    page.fill("#grund", "Gerät 51234568 fehlt.")
    press(page, "Abschluss zurückgeben")
    page.wait_for_url(re.compile("/abschluss$"))
    context.close()
    cashier.look("/abschluss")
    context, page = cashier.page()
    page.goto(path)
    assert "Gerät 51234568 fehlt." in page.inner_text("main")
    context.close()


def test_a_file_of_batch_cuts_is_chosen_refused_with_its_line_and_counted(town, cashier):
    path = f"{town.address}/abschluss/zaehlen?geraet={DEVICE}"
    header = "geraet;schnitt;zeit;marke;anzahl;summe"
    line = f"{DEVICE};0021;2025-11-20 18:05;girocard;"

    def choose(page, *lines: str) -> None:
        if not page.locator("#schnittdatei").is_visible():
            page.get_by_text("Kassenschnitte aus einer Datei").click()
        content = "\r\n".join(lines).encode()
        page.set_input_files(
            "#schnittdatei", {"name": "schnitte.csv", "mimeType": "text/csv", "buffer": content}
        )
        press(page, COUNT)

    for scheme, width in LOOKS:
        context, page = cashier.page(width, scheme)
        complaints = watched(page)
        page.goto(path)
        page.fill(f"#anzahl-{DEVICE}-visa", "2")
        page.fill(f"#betrag-{DEVICE}-visa", "20,00")
        choose(page, header, line + "drei;1,00")
        check_page(page, f"a file of cuts that is refused, {scheme} {width} px")
        summary = page.locator(".error-summary")
        assert summary.locator("a").get_attribute("href") == "#schnittdatei"
        assert "schnitte.csv, Zeile 2, erwartet: die Anzahl" in summary.inner_text()
        assert page.locator("#schnittdatei").is_visible()
        assert page.input_value(f"#betrag-{DEVICE}-visa") == "20,00"
        assert complaints == []
        context.close()

    context, page = cashier.page()
    page.goto(path)
    choose(page, header, line + "3;1,00")
    page.wait_for_url(re.compile("/abschluss/vergleichen$"))
    assert "0021" in page.inner_text("main")
    context.close()

    # Sent back, so that the day is as uncounted as it was.
    sent = requests.post(
        f"{town.address}/v1/yards/{town.yard}/closes/next/reject",
        json={"reason": "Nur zur Probe gezählt."},
        headers={"Authorization": f"Bearer {town.token(town.with_role('approver'))}"},
        timeout=30,
    )
    assert sent.status_code == 204, sent.text


def test_who_may_not_count_is_told_so(cashier, approver, browser, town):
    approver.look("/abschluss/zaehlen", 403)
    Office(browser, town, "auditor").look("/abschluss/vorbereiten", 403)


def test_closes_sheet_and_interim_report_are_clean(approver, browser, town):
    for path in ("/abschluesse", "/abschluesse/1", "/abschluss/zwischenbericht"):
        approver.look(path)
    auditor = Office(browser, town, "auditor")
    context, page = auditor.page()
    page.goto(town.address + "/abschluss/zwischenbericht")
    press(page, "Zwischenprüfung festhalten")
    assert page.locator("[role=alert]").count() == 1
    check_page(page, "a snapshot without a reason")
    page.fill("#anlass", "Unvermutete Prüfung")
    press(page, "Zwischenprüfung festhalten")
    page.wait_for_url(re.compile("/abschluss/zwischenpruefungen/1$"))
    assert "Unvermutete Prüfung" in page.inner_text("main")
    context.close()
    auditor.look("/abschluss/zwischenpruefungen/1")
    auditor.look("/abschluss/zwischenpruefungen/9", 404)


def test_the_archive_file_is_fetched_from_the_page(approver, town, sheets):
    context, page = approver.page()
    page.goto(town.address + "/abschluesse/1")
    with page.expect_download() as download:
        page.get_by_role("link", name="Archivdatei (PDF/A)").click()
    assert download.value.suggested_filename == "abschluss-1.pdf"
    assert pathlib.Path(download.value.path()).read_bytes() == sheet(town, 1, "pdf").content
    context.close()


def test_who_counts_blind_sees_no_totals(town, folder):
    cashier, auditor = town.with_role("cashier"), town.with_role("auditor")
    path = f"/v1/yards/{town.yard}/closes/next"
    assert town.get(path, town.token(cashier)).json()["totals"] is None
    assert town.get(path, town.token(auditor)).json()["totals"] is not None
    refused = command(town, folder, cashier, "preview")
    assert refused.returncode == 77 and "count-first" in refused.stderr, refused.stderr
    assert "Zwischenbericht" in command(town, folder, auditor, "preview").stdout


# Witness and time stamp

TSA = (ROOT / "Tests" / "StampAuthority" / "tsa.cnf").read_text("utf-8")


class Authority:
    """A time stamping authority (RFC 3161) of the openssl program; closed until it is opened."""

    def __init__(self, folder: pathlib.Path):
        self.folder, self.is_open = folder, threading.Event()
        folder.mkdir()
        (folder / "tsa.cnf").write_text(TSA)
        (folder / "serial").write_text("01\n")
        curve = ("ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        self.openssl("req", "-x509", "-newkey", *curve, "-keyout", "ca.key", "-out", "ca.pem",
                     "-days", "30", "-subj", "/CN=Test CA", "-addext", "basicConstraints=critical,CA:TRUE")
        self.openssl("req", "-newkey", *curve, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Test TSA")
        self.openssl("x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                     "-out", "tsa.pem", "-days", "30", "-extfile", "tsa.cnf", "-extensions", "tsa_cert")
        authority = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                query = self.rfile.read(int(self.headers["Content-Length"]))
                if not authority.is_open.is_set():
                    self.send_error(503)
                    return
                (authority.folder / "query").write_bytes(query)
                authority.openssl("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "reply")
                reply = (authority.folder / "reply").read_bytes()
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            def log_message(self, *_):
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def openssl(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def words_of(town: Town, folder: pathlib.Path) -> tuple[str, str, str]:
    """What interface, command and page say of close 1."""
    auditor = town.with_role("auditor")
    token = town.token(auditor)
    seal = town.get(f"/v1/yards/{town.yard}/closes/1", token).json()["seal"]
    listed = command(town, folder, auditor, "list").stdout.splitlines()[0]
    with town.session(auditor) as session:
        page = session.get(f"{town.address}/abschluesse", timeout=30).text
    badges = re.findall(r"Noch nicht bezeugt|Mit Zeitstempel|Bezeugt", page)
    return seal["state"], listed, badges[0] if badges else page


def until(town: Town, state: str) -> dict:
    token = town.token(town.with_role("auditor"))
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        seal = town.get(f"/v1/yards/{town.yard}/closes/1", token).json()["seal"]
        if seal["state"] == state:
            return seal
        time.sleep(0.2)
    pytest.fail(f"close 1 is {seal}, wanted is {state}")


def test_a_close_is_witnessed_and_stamped_end_to_end(day_one, tmp_path):
    folder = copied(day_one, tmp_path / "town")
    people = sign_ins(folder)
    authority = Authority(tmp_path / "tsa")
    witness = tmp_path / "rpa"
    server = Running("serve", "--data", str(folder), "--port", "0")
    running = [server]
    try:
        town = Town(server.address, "hof-1", **people)
        assert words_of(town, folder) == ("approved", *words_of(town, folder)[1:2], "Noch nicht bezeugt")
        assert "not yet witnessed" in words_of(town, folder)[1]
        key = re.search(r"log (\S+)", town.get("/log/hof-1/policy").text).group(1)
        server.stop()
        running.remove(server)

        # The audit office runs a witness; the town names it, and an authority that is away.
        said = succeed("witness", "init", "--folder", witness, "--name", "rpa.example/witness")
        witness_key = re.search(r"rpa\.example/witness\+\S+", said).group(0)
        succeed("witness", "follow", "--folder", witness, key)
        office = Running("witness", "serve", "--folder", str(witness), "--port", "0")
        running.append(office)
        place = folder / "witness"
        place.mkdir(exist_ok=True)
        (place / "policy").write_text(f"witness rpa {witness_key} {office.address}\nquorum rpa\n")
        (place / "settings").write_text(f"interval 1\ntimeout 5\ntime-stamp {authority.address}\n")
        shutil.copy(authority.folder / "ca.pem", place / "tsa.pem")
        server = Running("serve", "--data", str(folder), "--port", "0")
        running.append(server)
        town = Town(server.address, "hof-1", **people)

        seal = until(town, "witnessed")
        assert [one["name"] for one in seal["witnesses"]] == ["rpa"] and seal["stampedAt"] is None
        state, listed, badge = words_of(town, folder)
        assert (state, badge) == ("witnessed", "Bezeugt") and listed.endswith("witnessed")

        authority.is_open.set()
        assert until(town, "time-stamped")["stampedAt"]
        state, listed, badge = words_of(town, folder)
        assert (state, badge) == ("time-stamped", "Mit Zeitstempel") and listed.endswith("time-stamped")
    finally:
        for one in running:
            one.stop()
        authority.stop()

    # Somebody else's program finds the stamp good over what the log exported.
    succeed("log", "export", "--data", folder, "--into", tmp_path / "log")
    close = tmp_path / "log" / "closes" / "1"
    checked = subprocess.run(
        ["openssl", "ts", "-verify", "-data", close / "stamped-checkpoint", "-in", close / "stamp.tsr",
         "-CAfile", authority.folder / "ca.pem", "-untrusted", authority.folder / "tsa.pem"],
        capture_output=True, text=True,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "Everything fits." in succeed("verify", "--data", folder)
