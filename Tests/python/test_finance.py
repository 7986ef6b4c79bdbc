"""The pages of close, export and reconciliation in every state: empty, refused, forbidden, waiting.

Filled pages in every look are in test_browser.py and test_close.py.
"""

import contextlib
import re
import time

import pytest
import requests
from playwright.sync_api import Page

from conftest import Running, Town, copied, sign_ins
from own_town import served
from test_browser import check_page, check_policy, opened, press, set_look, walk, watched

WIDTHS = (1280, 375)
DEVICE = "51234567"
PEOPLE = {
    "Anna": "cashier", "Bernd": "approver", "Clara": "finance", "David": "auditor",
    "Erna": "operator",
}
WAIT_SECONDS = 60


@contextlib.contextmanager
def new_town(folder):
    """A town on its first morning: people, no tariff, no terminal, no sale."""
    with served(folder, PEOPLE) as office:
        yield office.town


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    with new_town(tmp_path_factory.mktemp("empty")) as town:
        yield town


class Desks:
    """The people of a town by role, each signed in and with one page of the browser."""

    def __init__(self, browser, town: Town):
        self.browser, self.town = browser, town
        # By role: the sign-in that a page began with, the page, and the complaints about it.
        self.pages: dict[str, tuple[dict, Page, list[str]]] = {}

    def _page(self, role: str) -> tuple[Page, list[str]]:
        state = self.town.cookies(self.browser, self.town.with_role(role))
        if role in self.pages and self.pages[role][0] is not state:
            self._leave(role)
        if role not in self.pages:
            page = opened(self.browser, storage_state=state).new_page()
            self.pages[role] = state, page, watched(page)
        return self.pages[role][1:]

    def _leave(self, role: str) -> None:
        self.pages.pop(role)[1].context.close()

    def close(self) -> None:
        for role in list(self.pages):
            self._leave(role)

    @contextlib.contextmanager
    def page(self, role: str, path: str, width: int = 1280, status: int = 200):
        """A page that is clean, and that no script complains about until it is left."""
        page, complaints = self._page(role)
        where = f"{path} {width} px as {role}"
        try:
            set_look(page, width)
            complaints.clear()
            response = page.goto(self.town.address + path)
            assert response.status == status, f"{where}: {response.status}"
            check_policy(response, where)
            check_page(page, where)
            yield page
            assert complaints == [], where
        except BaseException:
            # Whatever was under way there, the next test begins with another page.
            self._leave(role)
            raise


@pytest.fixture(scope="module")
def beginners(browser, empty):
    with contextlib.closing(Desks(browser, empty)) as desks:
        yield desks


@pytest.fixture(scope="module")
def desks(browser, town):
    with contextlib.closing(Desks(browser, town)) as desks:
        yield desks


# Empty: what there is nothing of, and what to do next

# Path, role, words of the page, and the address it leads on to; None where there is nothing to do.
EMPTY = [
    ("/abschluss", "cashier", "Offene Punkte ansehen und klären", "/abschluss/vorbereiten"),
    ("/abschluss", "approver", "Summen der Kartengeräte", "/abschluss/zwischenbericht"),
    ("/abschluss/vorbereiten", "cashier", "Weiter zum Zählen", "/abschluss"),
    ("/abschluss/zaehlen", "cashier", "Sie können ohne Zahlen abschließen", "/abschluss"),
    ("/abschluss/zwischenbericht", "auditor", "Umsatz", None),
    ("/abschluesse", "finance", "Noch kein Abschluss", "/abschluss"),
    ("/exporte", "finance", "Noch kein Export", "/abschluesse"),
    ("/abgleich", "finance", "Noch nichts abzugleichen", "/abgleich/einlesen"),
    ("/abgleich", "auditor", "Einlesen kann sie eine Person mit der Rolle", "/abschluss"),
    ("/abgleich/einlesen", "finance", "übernommen wird sie erst danach", "/abgleich"),
    ("/erstattungen", "approver", "Keine Anträge", "/verkaeufe"),
    ("/zahlungen", "cashier", "Nichts zu klären", None),
    ("/auswertung", "finance", "Nichts verzeichnet", None),
    ("/auswertung?nach=abweichungen", "finance", "Nichts verzeichnet", None),
    ("/auswertung?nach=month&vergleich=ja", "auditor", "Nichts verzeichnet", None),
]


@pytest.mark.parametrize("path, role, words, leads", EMPTY)
def test_a_page_without_content_says_so_and_what_comes_next(beginners, path, role, words, leads):
    for width in WIDTHS:
        with beginners.page(role, path, width) as page:
            main = page.locator("main")
            assert words in main.inner_text(), main.inner_text()
            if leads:
                assert main.locator(f"a[href='{leads}']").count() > 0
            assert page.locator(".chart").count() == 0
            if width == WIDTHS[0]:
                walk(page, path)


# Forbidden: which role it takes, and whom to ask

FORBIDDEN = [
    ("/abschluss/vorbereiten", "finance", "Kasse"),
    ("/abschluss/zaehlen", "approver", "Kasse"),
    ("/abschluss/erklaeren", "auditor", "Kasse"),
    ("/exporte/1/dateien.zip", "cashier", "Finanzbuchhaltung"),
    ("/abgleich", "cashier", "Finanzbuchhaltung"),
    ("/abgleich/einlesen", "auditor", "Finanzbuchhaltung"),
    ("/abgleich/posten/b-0000000000", "approver", "Finanzbuchhaltung"),
]
# Forms that somebody sends who may not.
FORBIDDEN_FORMS = [
    ("/abschluss/vorbereiten", "approver"), ("/abschluss/zaehlen", "finance"),
    ("/abschluss/erklaeren", "approver"), ("/abschluss/freigeben", "cashier"),
    ("/abschluss/zurueckgeben", "cashier"), ("/abschluss/zwischenbericht", "cashier"),
    ("/exporte", "auditor"), ("/exporte/1/quittieren", "approver"),
    ("/exporte/1/zurueckweisen", "approver"), ("/exporte/1/uebergeben", "auditor"),
    ("/abgleich/regeln", "auditor"), ("/abgleich/einlesen", "approver"),
    ("/abgleich/posten/b-0000000000", "auditor"),
]


def check_forbidden(page: Page, where: str) -> str:
    check_page(page, where)
    text = page.locator("main").inner_text()
    for words in ("Wer das darf", "Rollen vergibt die Betriebsleitung: Erna",
                  "Es wurde nichts gespeichert"):
        assert words in text, f"{where}: {text}"
    assert "Zurzeit darf das: " in text, f"{where}: {text}"
    return text


@pytest.mark.parametrize("path, role, needed", FORBIDDEN)
def test_a_forbidden_page_names_the_role_and_whom_to_ask(beginners, path, role, needed):
    for width in WIDTHS:
        with beginners.page(role, path, width, status=403) as page:
            assert needed in check_forbidden(page, f"{path} {width} px")
            if width == WIDTHS[0]:
                walk(page, path)


@pytest.mark.parametrize("path, role", FORBIDDEN_FORMS)
def test_a_forbidden_form_does_nothing_and_names_whom_to_ask(beginners, path, role):
    with beginners.page(role, "/abschluss", 375) as page:
        page.evaluate(
            """action => {
              const form = document.querySelector("form[method=post]");
              form.action = action; form.requestSubmit();
            }""",
            path,
        )
        page.wait_for_url(re.compile(re.escape(path) + "$"))
        check_forbidden(page, f"POST {path} as {role}")


# Refused: the place, the remedy, and what was typed


def check_refused(page: Page, field: str, words: str, where: str) -> None:
    """The summary has the focus and leads to the field, which says the same and is marked."""
    check_page(page, where)
    summary = page.locator(".error-summary")
    link = summary.locator(f"a[href='#{field}']")
    assert link.count() == 1, f"{where}: {page.locator('main').inner_text()}"
    assert words in link.inner_text(), where
    assert page.title().startswith("Fehler: "), where
    assert page.evaluate("document.activeElement.hasAttribute('data-focus')"), where
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.error-summary') !== null"), where
    link.press("Enter")
    if page.locator(f"[id='{field}']").evaluate("one => one.matches('input, select, textarea')"):
        assert page.locator(f"[id='{field}']").get_attribute("aria-invalid") == "true", where


@pytest.mark.parametrize("width", WIDTHS)
def test_days_that_make_no_period_are_told_at_their_field(desks, width):
    for query, field, words in (
        ("von=2026-11-30&bis=2026-11-01", "bis", "Der letzte Tag liegt vor dem ersten"),
        ("von=2026-02-30", "von", "Diesen Tag gibt es nicht"),
        ("bis=gestern", "bis", "Diesen Tag gibt es nicht"),
    ):
        with desks.page("finance", f"/auswertung?{query}", width, status=422) as page:
            check_refused(page, field, words, f"{query} {width} px")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_bank_file_is_refused_with_its_place(desks, width):
    with desks.page("finance", "/abgleich/einlesen", width) as page:
        press(page, "Datei ansehen")
        check_refused(page, "datei", "Wählen Sie eine Datei", f"no file, {width} px")
    for name, content in (
        ("kaputt.xml", b"<?xml version='1.0'?><Document><BkToCstmrStmt>"),
        ("leer.sta", b""),
        ("fremd.pdf", b"%PDF-1.4 nothing of a bank"),
        ("tag.sta", b":20:1\r\n:25:10000000/1\r\n:28C:1/1\r\n:60F:C260230EUR0,00\r\n"
                    b":62F:C260230EUR0,00\r\n"),
    ):
        with desks.page("finance", "/abgleich/einlesen", width) as page:
            page.set_input_files(
                "#datei", {"name": name, "mimeType": "text/plain", "buffer": content}
            )
            press(page, "Datei ansehen")
            assert page.locator(".error-summary").count() == 1, name
            check_refused(page, "datei", "", f"{name}, {width} px")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_manual_match_is_refused_and_keeps_what_was_typed(desks, town, width):
    board = town.get("/v1/reconciliation", town.token(town.with_role("finance"))).json()
    item = board["open"][0]["item"]
    with desks.page("finance", "/abgleich", width) as page:
        row = page.locator("tr", has_text=f"Kennung {item}").first
        path = row.get_by_role("link").get_attribute("href")
    with desks.page("finance", path, width) as page:
        page.fill("#beleg", "t1/42")
        page.fill("#grund", "steht so auf dem Auszug")
        press(page, "Zuordnung buchen")
        check_page(page, f"{path} {width} px")
        assert page.title().startswith("Fehler: ")
        assert page.locator(".error-summary a").count() == 1
        assert page.input_value("#beleg") == "t1/42"
        assert page.input_value("#grund") == "steht so auf dem Auszug"
    with desks.page("finance", "/abgleich/posten/b-0000000000", width, status=404) as page:
        text = page.locator("main").inner_text()
        assert "b-0000000000 ist schon zugeordnet, oder es gibt ihn nicht." in text
        assert "Sehen Sie im Abgleich nach" in text


@pytest.mark.parametrize("width", WIDTHS)
def test_a_rejection_without_its_reason_is_refused(desks, town, width):
    number = made_export(town)
    with desks.page("finance", f"/exporte/{number}", width) as page:
        page.get_by_text("Export zurückweisen").first.click()
        press(page, "Export zurückweisen")
        check_refused(page, "grund", "was fehlt", f"rejecting, {width} px")
        page.fill("#grund", "ü" * 201)
        press(page, "Export zurückweisen")
        check_refused(page, "grund", "Höchstens 200 Zeichen", f"rejecting at length, {width} px")
        assert page.input_value("#grund") == "ü" * 201


def made_export(town: Town) -> int:
    """The number of an export that finance may still reject."""
    token = town.token(town.with_role("finance"))
    exports = town.get(f"/v1/yards/{town.yard}/exports", token).json()["exports"]
    open_ones = [one["number"] for one in exports if one["state"] in ("prepared", "handed-over")]
    if open_ones:
        return open_ones[0]
    made = requests.post(
        f"{town.address}/v1/yards/{town.yard}/exports",
        headers={"Authorization": f"Bearer {token}"}, json={"profile": "json", "closes": [1]},
        timeout=30,
    )
    assert made.status_code == 201, made.text
    return made.json()["number"]


@pytest.mark.parametrize(
    "path, role, words",
    [
        ("/abschluesse/99", "finance", "Nr. 99 ist nicht verzeichnet"),
        ("/abschluesse/99/blatt.pdf", "finance", "Nr. 99 ist nicht verzeichnet"),
        ("/abschluss/zwischenpruefungen/9", "auditor", "Nr. 9 ist nicht verzeichnet"),
        ("/exporte/99", "finance", "X-99 ist nicht verzeichnet"),
        ("/erstattungen/99", "approver", "E-99 ist an diesem Hof nicht verzeichnet"),
        ("/abgleich/einlesen/0123456789abcdef", "finance", "wird nach einer halben Stunde vergessen"),
        ("/abgleich/zuordnung/hof-1/1", "finance", "hof-1/1 ist nicht verzeichnet"),
    ],
)
def test_what_is_not_there_is_named_with_what_to_do(desks, path, role, words):
    for width in WIDTHS:
        status = 410 if "einlesen/" in path else 404
        with desks.page(role, path, width, status=status) as page:
            text = page.locator("main").inner_text()
            assert words in text, text
            assert "Was Sie tun können" in text and "Fehlercode" in text


def test_a_list_of_closes_from_nowhere_is_refused(desks):
    for width in WIDTHS:
        with desks.page("finance", "/abschluesse?ab=quatsch", width, status=422) as page:
            assert "Was Sie tun können" in page.locator("main").inner_text()


# Waiting: what takes long says so, also to screen readers

# Form of the page, role, the button, and the words while the answer is under way.
WAITING = [
    ("/abschluss/zaehlen?geraet=" + DEVICE, "cashier", "Zählung speichern und vergleichen",
     "Die Zählung wird übertragen und gespeichert."),
    ("/abgleich/einlesen", "finance", "Datei ansehen", "Die Datei wird übertragen und gelesen."),
    ("/exporte", "finance", "Export erstellen", "Die Dateien werden geschrieben."),
    ("/abschluss/vorbereiten", "cashier", "Weiter zum Zählen", "Das wird verarbeitet."),
    ("/auswertung", "finance", "Auswertung zeigen", "Die Seite wird geladen."),
]


def hold(page: Page) -> None:
    """From here on nothing is asked for: the page stays as it is while its answer is awaited."""
    # Behind the page's own listeners. A request that is held would hold up the browser's driver.
    page.evaluate(
        """() => {
          addEventListener("submit", (event) => event.preventDefault());
          addEventListener("click", (event) => {
            if (event.target.closest("a[href]")) event.preventDefault();
          });
        }"""
    )


def spoken(page: Page, words: str) -> None:
    """A status region says `words` when the time of patience is over, once."""
    note = page.locator("[role=status]", has_text=words)
    note.first.wait_for(state="visible")
    assert note.count() == 1


@pytest.mark.parametrize("path, role, button, words", WAITING)
def test_a_form_says_that_it_is_under_way(desks, path, role, button, words):
    for width in WIDTHS:
        with desks.page(role, path, width) as page:
            hold(page)
            page.get_by_role("button", name=button, exact=True).click(no_wait_after=True)
            spoken(page, words)
            check_page(page, f"{path} {width} px, under way")


@pytest.mark.parametrize(
    "path, role, link, words",
    [
        ("/abschluesse", "finance", "Abschluss", "Die Seite wird geladen."),
        ("/abschluss", "cashier", "Vorbereiten", "Die Seite wird geladen."),
        ("/abschluesse/1", "finance", "Archivdatei (PDF/A)", "Die Datei wird geholt."),
        ("/pruefung", "auditor", "Prüfpunkt", "Die Datei wird geholt."),
        ("/auswertung?von=2025-01-01&bis=2027-12-31", "auditor",
         "Diese Tabelle als CSV-Datei laden", "Die Datei wird geholt."),
    ],
)
def test_a_page_or_file_that_takes_long_says_so(desks, path, role, link, words):
    for width in WIDTHS:
        with desks.page(role, path, width) as page:
            hold(page)
            if width < 1280 and link == "Abschluss":
                page.get_by_role("button", name="Menü").click()
            page.get_by_role("link", name=link, exact=True).click(no_wait_after=True)
            spoken(page, words)
            check_page(page, f"{path} {width} px, loading")


def test_a_quick_page_says_nothing_and_a_jump_within_it_neither(desks):
    with desks.page("cashier", "/abschluss") as page:
        page.locator(".skip-link").focus()
        page.keyboard.press("Enter")
        page.wait_for_timeout(600)  # what must not happen has no event to wait for
        assert page.locator("[data-working]").inner_text() == ""


# The close, with the keyboard alone


def tab_to(page: Page, wanted: str) -> None:
    """Tabs until the element that the selector names has the focus."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    pytest.fail(f"{page.url}: the tabulator key never reaches {wanted}")


def enter(page: Page, wanted: str, to: str) -> None:
    """Tabs to a link or button, presses Enter, and waits for the address."""
    tab_to(page, wanted)
    with page.expect_navigation(url=re.compile(to)):
        page.keyboard.press("Enter")
    check_page(page, page.url)


def send(page: Page, wanted: str) -> None:
    """Tabs to a button and presses Enter; its form comes back at the same address."""
    tab_to(page, wanted)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    check_page(page, page.url)


def type_into(page: Page, wanted: str, text: str) -> None:
    tab_to(page, wanted)
    page.keyboard.type(text)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_close_is_made_with_the_keyboard_alone(browser, tmp_path, width):
    with new_town(tmp_path) as town, contextlib.closing(Desks(browser, town)) as desks:
        with desks.page("cashier", "/abschluss", width) as page:
            enter(page, "a[href='/abschluss/vorbereiten']", "/vorbereiten$")
            enter(page, "main form[action='/abschluss/vorbereiten'] button", "/zaehlen$")
            type_into(page, "#geraet", DEVICE)
            send(page, "main button[name=anpassen]")
            type_into(page, f"#anzahl-{DEVICE}-girocard", "1")
            type_into(page, f"#betrag-{DEVICE}-girocard", "zwölf")
            send(page, "main form[method=post] button")
            check_refused(
                page, f"betrag-{DEVICE}-girocard", "Geben Sie einen Betrag ein", "a count")
            page.keyboard.press("Control+a")
            page.keyboard.type("12,00")
            enter(page, "main form[method=post] button", "/vergleichen$")
            enter(page, "a[href='/abschluss/erklaeren']", "/erklaeren$")
            tab_to(page, f"#grund-{DEVICE}-girocard")
            page.keyboard.type("Test")
            type_into(page, f"#text-{DEVICE}-girocard", "Probezahlung nach dem Papierwechsel")
            enter(page, "main form[method=post] button", "/abschluss$")
            assert "Erledigt" in page.locator("main").inner_text()

        with desks.page("approver", "/abschluss", width) as page:
            enter(page, "a[href='/abschluss/freigeben']", "/freigeben$")
            tab_to(page, "#geprueft")
            page.keyboard.press("Space")
            enter(page, "main form[action='/abschluss/freigeben'] button", "/abschluesse/1$")
            assert "Probezahlung" in page.locator("main").inner_text()


# What turns up after the count


def test_what_turns_up_after_the_count_is_named_until_it_is_known(browser, day_one, tmp_path):
    """A refund is approved while the close waits; nobody carried it out."""
    folder = copied(day_one, tmp_path / "town")
    server = Running("serve", "--data", str(folder), "--port", "0")
    town = Town(server.address, "hof-1", **sign_ins(folder))
    desks = Desks(browser, town)
    try:
        with desks.page("cashier", "/abschluss/zaehlen") as page:
            press(page, "Zählung speichern und vergleichen")
            assert "Seit der Zählung" not in page.locator("main").inner_text()
        approve_refund(town)

        for step in ("", "/vergleichen", "/erklaeren", "/freigeben"):
            for width in WIDTHS:
                with desks.page("cashier", f"/abschluss{step}", width) as page:
                    text = page.locator("main").inner_text()
                    assert "Seit der Zählung" in text, f"{step}: {text}"
                    assert "Erstattungen auf Karte ohne Beleg: 1" in text, f"{step}: {text}"
                    assert page.locator("main a[href='/abschluss/vorbereiten']").count() > 0
        with desks.page("approver", "/abschluss/freigeben", 375) as page:
            page.check("#geprueft")
            with page.expect_navigation():
                page.locator("main form[action='/abschluss/freigeben'] button").click()
            check_refused(page, "neu", "Bestätigen Sie, dass Sie es wissen", "an approval")
            page.check("#geprueft")
            page.check("#neu")
            page.locator("main form[action='/abschluss/freigeben'] button").click()
            page.wait_for_url(re.compile(r"/abschluesse/\d+$"))
    finally:
        desks.close()
        server.stop()


def approve_refund(town: Town) -> None:
    """Asks for a refund by card of a cent of a sale that has one, and approves it."""
    cashier, approver = town.with_role("cashier"), town.with_role("approver")
    base = f"/v1/yards/{town.yard}"
    sales = town.get(f"{base}/sales?state=card", town.token(cashier)).json()["sales"]

    def post(who: str, path: str, **fields: str) -> requests.Response:
        with town.session(who) as session:
            form = session.get(f"{town.address}/verkaeufe", timeout=30).text
            token = re.search(r'name="csrf" value="([^"]+)"', form).group(1)
            answer = session.post(
                town.address + path, data={"csrf": token, **fields},
                headers={"Origin": town.address}, timeout=30, allow_redirects=False)
        return answer

    for sale in sales:  # the first line of some costs nothing
        asked = post(
            cashier, f"/verkaeufe/{sale['terminal']}/{sale['seq']}/erstattung", art="refund",
            **{"betrag-0": "0,01"}, weg="card", grund="Falsche Menge", bestaetigt="ja")
        if asked.status_code == 303:
            break
    assert asked.status_code == 303, asked.text
    approved = post(approver, f"{asked.headers['location']}/genehmigen")
    assert approved.status_code == 303, approved.text
    deadline = time.monotonic() + WAIT_SECONDS
    token = town.token(cashier)
    while time.monotonic() < deadline:
        points = town.get(f"{base}/closes/next", token).json()
        if points.get("news"):
            return
        time.sleep(0.1)
    pytest.fail(f"nothing turned up: {points['points']}")
