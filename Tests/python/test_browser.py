"""Every page in a real browser: accessible, keyboard-usable, under a strict policy."""

import pathlib
import re
import statistics
import time
from collections.abc import Callable, Iterator

import axe_playwright_python
import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Page

AXE = pathlib.Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text("utf-8")
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in (360, 1280)]

# Each console page with a role that sees all of it.
PAGES = [
    ("/", "cashier"),
    ("/heute", "cashier"),
    ("/heute", "operator"),
    ("/verkaeufe", "cashier"),
    ("a sale", "cashier"),
    ("/kennzeichen", "cashier"),
    ("/erstattungen", "cashier"),
    ("a refund's form", "cashier"),
    ("a debtor's form", "finance"),
    ("/zahlungen", "cashier"),
    ("/abschluss", "cashier"),
    ("/abschluesse", "approver"),
    ("a close", "approver"),
    ("/exporte", "finance"),
    ("an export", "finance"),
    ("an export", "cashier"),
    ("/abgleich", "finance"),
    ("an open item", "finance"),
    ("a settlement", "finance"),
    ("/auswertung", "finance"),
    ("/auswertung?nach=month&vergleich=ja&von=2025-01-01&bis=2027-12-31", "finance"),
    ("/tarife", "operator"),
    ("/terminals", "operator"),
    ("/pruefung", "auditor"),
]


def watched(page: Page) -> list[str]:
    """What the browser complains about: script errors, and what the policy forbids."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: complaints.append(message.text)
        if message.type == "error" and "status of 4" not in message.text
        else None,
    )
    return complaints


@pytest.fixture(scope="session")
def places(town):
    """Paths of the pages about one thing."""
    token = town.token(town.with_role("auditor"))
    sales = town.get(f"/v1/yards/{town.yard}/sales?state=card", token).json()["sales"]
    closes = town.get(f"/v1/yards/{town.yard}/closes", token).json()["closes"]
    sale = sales[0]
    claim = town.get(f"/v1/yards/{town.yard}/sales?state=on-account", token).json()["sales"][0]
    clara = town.token(town.with_role("finance"))
    board = town.get("/v1/reconciliation", clara).json()
    # Cuts are named by close and card terminal; the settlement below takes the last of them.
    *others, cut = sorted((one["item"] for one in board["open"]), key=lambda item: ":" in item)
    settled = requests.post(
        f"{town.address}/v1/reconciliation/settlements",
        headers={"Authorization": f"Bearer {clara}"},
        json={
            "decision": "match",
            "expected": [cut],
            "difference": "unresolved",
            "reason": "wird nachgereicht",
        },
        timeout=30,
    )
    assert settled.status_code == 201, settled.text
    return {
        "an open item": f"/abgleich/posten/{others[0]}",
        "a settlement": f"/abgleich/zuordnung/{settled.json()['id']}",
        "a sale": f"/verkaeufe/{sale['terminal']}/{sale['seq']}",
        "a refund's form": f"/verkaeufe/{sale['terminal']}/{sale['seq']}/erstattung",
        "a debtor's form": f"/verkaeufe/{claim['terminal']}/{claim['seq']}/schuldner",
        "a close": f"/abschluesse/{closes[0]['number']}",
        "an export": "/exporte/1",
        "/verkaeufe": f"/verkaeufe?tag={closes[0]['day']}",
    }


FACTS = """() => {
  const all = document.documentElement;
  return {
    headings: document.querySelectorAll('h1').length, title: document.title, lang: all.lang,
    overflow: all.scrollWidth - all.clientWidth, hasAxe: 'axe' in window,
  };
}"""
# Only what violates a rule comes back: of what passes, axe would describe every element.
VIOLATIONS = """async tags => {
  const found = await axe.run(
    document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']});
  return found.violations.flatMap(
    ({id, nodes}) => nodes.map(({html}) => `${id}: ${html.slice(0, 160)}`));
}"""


def opened(browser: Browser, **options) -> BrowserContext:
    """A context whose pages have axe from their beginning: bringing it in later takes longer."""
    context = browser.new_context(**options)
    context.add_init_script(AXE)
    return context


def set_look(page: Page, width: int, scheme: str = "light") -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})


def check_page(page: Page, where: str):
    """What holds for every page in every look."""
    facts = page.evaluate(FACTS)
    assert facts["headings"] == 1, where
    assert facts["title"].strip(), where
    assert facts["lang"] == "de", where
    assert facts["overflow"] <= 0, f"{where}: {facts['overflow']} px wider than the window"

    if not facts["hasAxe"]:
        page.evaluate(AXE)
    violations = page.evaluate(VIOLATIONS, AXE_TAGS)
    assert violations == [], f"{where}\n" + "\n".join(violations)


def check_policy(response, where: str):
    policy = response.headers.get("content-security-policy", "")
    assert "default-src 'none'" in policy, where
    assert "unsafe" not in policy and "*" not in policy, where
    assert "frame-ancestors 'none'" in policy and "form-action 'self'" in policy, where
    assert response.headers.get("x-content-type-options") == "nosniff", where


def in_every_look(browser, address, path, state=None, status=200) -> Iterator[Page]:
    """The page, loaded in each look in turn, where it has to be clean."""
    context = opened(browser, storage_state=state)
    page = context.new_page()
    complaints = watched(page)
    for scheme, width in LOOKS:
        set_look(page, width, scheme)
        response = page.goto(address + path)
        where = f"{path} {scheme} {width} px"
        assert response.status == status, f"{where}: {response.status}"
        check_policy(response, where)
        check_page(page, where)
        assert complaints == [], where
        yield page
    context.close()


def press(page: Page, button: str) -> None:
    """Presses the button of a form, and waits for the page that answers."""
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).click()


@pytest.mark.parametrize("path, role", PAGES)
def test_a_console_page_is_accessible_in_every_look(browser, town, sessions, places, path, role):
    real = places.get(path, path)
    for page in in_every_look(browser, town.address, real, sessions[role]):
        assert "/anmelden" not in page.url


def test_filters_that_make_no_sense_are_told_accessibly(browser, town, sessions):
    path = "/verkaeufe?betrag=viel&letzte4=12"
    for page in in_every_look(browser, town.address, path, sessions["cashier"], status=422):
        assert page.locator(".error-summary li").count() == 2


def test_a_plate_is_searched_for_a_purpose(browser, town, sessions):
    for page in in_every_look(browser, town.address, "/kennzeichen", sessions["cashier"]):
        page.fill("[name=kennzeichen]", "ZZ-ZZ 9999")
        press(page, "Belege suchen")
        check_page(page, "a search without a purpose")
        assert page.locator(".error-summary a").get_attribute("href") == "#zweck"
        page.fill("[name=zweck]", "Reklamation")
        press(page, "Belege suchen")
        check_page(page, "a search that found nothing")
        assert page.get_by_role("heading", name="Nichts gefunden").is_visible()


def test_text_without_a_break_makes_no_page_wider(browser, town, sessions):
    """A reason of 200 letters in the list of refunds, and a card terminal's name of 300."""
    name = town.with_role("cashier")
    sales = town.get(f"/v1/yards/{town.yard}/sales?state=card", town.token(name)).json()["sales"]
    with town.session(name) as session:
        form = session.get(f"{town.address}/verkaeufe", timeout=30).text
        token = re.search(r'name="csrf" value="([^"]+)"', form).group(1)
        for sale in sales:  # the first line of some costs nothing
            asked = session.post(
                f"{town.address}/verkaeufe/{sale['terminal']}/{sale['seq']}/erstattung",
                data={
                    "csrf": token, "art": "refund", "betrag-0": "0,01", "weg": "card",
                    "grund": "x" * 200, "bestaetigt": "ja",
                },
                headers={"Origin": town.address}, timeout=30, allow_redirects=False,
            )
            if asked.status_code == 303:
                break
    assert asked.status_code == 303, asked.text

    for page in in_every_look(browser, town.address, "/erstattungen", sessions["cashier"]):
        assert "x" * 200 in page.inner_text("table")
    path = "/abschluss/zaehlen?geraet=" + "a" * 300
    for page in in_every_look(browser, town.address, path, sessions["cashier"], status=422):
        assert page.locator(".error-summary a").get_attribute("href") == "#geraet"


@pytest.mark.parametrize("path, status", [("/anmelden", 200), ("/gibt-es-nicht", 404), ("/verkaeufe/t1", 404)])
def test_a_stranger_s_page_is_accessible_in_every_look(browser, town, path, status):
    for page in in_every_look(browser, town.address, path, status=status):
        assert page.url == town.address + path


def test_a_stranger_is_led_to_the_sign_in_and_then_back(browser, town):
    context = browser.new_context()
    page = context.new_page()
    name = town.with_role("cashier")

    page.goto(f"{town.address}/abschluesse")
    assert "/anmelden" in page.url
    page.fill("[name=name]", name)
    page.fill("[name=passwort]", town.passwords[name])
    page.get_by_role("button", name="Anmelden").click()

    page.wait_for_url(f"{town.address}/abschluesse")
    context.close()


def test_the_end_of_a_session_is_told_before_it_comes_and_put_off(browser, town, sessions):
    context = opened(browser, storage_state=sessions["cashier"])
    page = context.new_page()
    complaints = watched(page)
    page.clock.install()
    page.goto(town.address + "/kennzeichen")
    bar = page.locator("[data-session]")
    assert bar.is_hidden()

    page.clock.run_for(12 * 60_000 + 1_000)
    assert "endet Ihre Sitzung um" in bar.inner_text()
    check_page(page, "the end of a session is near")
    with page.expect_response("**/sitzung") as answered:
        bar.get_by_role("button", name="Angemeldet bleiben").click()
    assert answered.value.status == 204
    bar.wait_for(state="hidden")

    # Typing puts it off as well, at most once a minute.
    page.clock.run_for(61_000)
    with page.expect_response("**/sitzung"):
        page.fill("[name=zweck]", "Reklamation")
    bar.wait_for(state="hidden")
    page.clock.run_for(14 * 60_000 + 1_000)
    assert "Ihre Sitzung endete um" in bar.inner_text()
    assert bar.get_by_role("button").count() == 0
    assert complaints == []
    context.close()


def test_a_wrong_password_is_told_without_saying_which_of_the_two_is_wrong(browser, town):
    context = browser.new_context()
    page = context.new_page()

    page.goto(f"{town.address}/anmelden")
    page.fill("[name=name]", "niemand")
    page.fill("[name=passwort]", "falsch-falsch")
    press(page, "Anmelden")

    assert page.locator("[role=alert]").count() == 1
    check_page(page, "/anmelden after a failure")
    context.close()


# Numbers the controls that the tabulator key has to reach; one for each group of radio buttons.
CONTROLS = """() => {
  const names = new Set(); let number = 0;
  for (const one of document.querySelectorAll(
      'a[href], button, input:not([type=hidden]), select, textarea, summary')) {
    if (one.disabled || !one.checkVisibility({visibilityProperty: true})) continue;
    if (one.type === 'radio') {
      if (names.has(one.name)) { one.dataset.walk = one.name; continue; }
      names.add(one.name); one.dataset.walk = one.name;
    } else { one.dataset.walk = String(number++); }
  }
  return [...new Set([...document.querySelectorAll('[data-walk]')].map(one => one.dataset.walk))];
}"""
# Notes after each press of the tabulator key what has the focus then.
FOCUSED = """() => {
  window.walked = [];
  addEventListener('keyup', () => {
    const one = document.activeElement;
    if (!one || one === document.body) return;
    const style = getComputedStyle(one);
    const shows = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0)
      || style.boxShadow !== 'none';
    walked.push({walk: one.dataset.walk ?? null, shows, html: one.outerHTML.slice(0, 120)});
  }, true);
}"""


def walk(page: Page, where: str):
    """Tabs through the page: every control is reached, each shows that it has the focus."""
    wanted = set(page.evaluate(CONTROLS))
    reached, shown = {}, set()
    # A field for a date has several stops; one of them has to show the focus.
    steps = len(wanted) + 3 * page.locator("input[type=date]").count() + 4
    page.evaluate(FOCUSED)
    for _ in range(steps):
        page.keyboard.press("Tab")
    walked = page.evaluate("window.walked")
    assert walked and "skip-link" in walked[0]["html"], f"{where}: {walked[:1]}"
    for focused in walked:
        reached[focused["walk"]] = focused["html"]
        if focused["shows"]:
            shown.add(focused["walk"])
    assert wanted <= reached.keys(), f"{where}: never reached {sorted(wanted - reached.keys())}"
    hidden = [html for walk, html in reached.items() if walk not in shown]
    assert hidden == [], f"{where}: focus does not show on\n" + "\n".join(hidden)


@pytest.mark.parametrize("path, role", PAGES)
def test_the_keyboard_reaches_every_control(browser, town, sessions, places, path, role):
    context = browser.new_context(storage_state=sessions[role])
    page = context.new_page()
    page.goto(town.address + places.get(path, path))

    walk(page, path)
    context.close()


def test_the_keyboard_alone_signs_in(browser, town):
    context = browser.new_context()
    page = context.new_page()
    name = town.with_role("cashier")
    page.goto(f"{town.address}/anmelden")

    page.focus("[name=name]")
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(town.passwords[name])
    page.keyboard.press("Enter")

    page.wait_for_url(re.compile(r"^(?!.*/anmelden)"))
    context.close()


@pytest.mark.parametrize("path, role", PAGES)
def test_how_long_a_console_page_takes(town, sessions, places, figures, path, role):
    cookies = {one["name"]: one["value"] for one in sessions[role]["cookies"]}
    address = town.address + places.get(path, path)
    with requests.Session() as session:
        session.cookies.update(cookies)
        median = median_milliseconds(lambda: session.get(address, timeout=60))

    figures(f"console {path}", median)


def median_milliseconds(ask: Callable[[], requests.Response]) -> float:
    """The median of eleven answers. A figure to read: beside other tests it says nothing sure."""
    times = []
    for _ in range(11):
        began = time.perf_counter()
        assert ask().status_code == 200
        times.append((time.perf_counter() - began) * 1_000)
    return statistics.median(times)


@pytest.mark.parametrize("path", ["/", "/heute", "/nirgends"])
def test_the_attendant_s_pages_may_be_asked_by_head(attendant_page, path):
    with requests.Session() as line:
        asked = line.head(attendant_page + path, timeout=30)
        got = line.get(attendant_page + path, timeout=30)
    assert got.content
    assert (asked.status_code, asked.content) == (got.status_code, b"")


def test_the_attendant_s_pages_are_accessible_in_every_look(browser, town, attendant_page, figures):
    for look in LOOKS:
        scheme, width = look
        context = opened(
            browser, color_scheme=scheme, viewport={"width": width, "height": 900}
        )
        page = context.new_page()
        complaints = watched(page)

        response = page.goto(attendant_page + "/")
        check_policy(response, "attendant's page")
        check_page(page, f"choosing the attendant, {scheme} {width} px")
        choose_person(page)
        check_page(page, f"start, {scheme} {width} px")

        page.goto(attendant_page + "/heute")
        check_page(page, f"today, {scheme} {width} px")

        page.goto(attendant_page + "/")
        with page.expect_navigation():
            page.locator("button[name=abfall]").first.click()
        check_page(page, f"a delivery, {scheme} {width} px")
        assert complaints == []
        context.close()

    median = median_milliseconds(lambda: requests.get(attendant_page + "/", timeout=60))
    figures("attendant /", median)


def choose_person(page: Page) -> None:
    """Chooses an attendant where nobody is chosen yet."""
    if page.locator("button[name=person]").count():
        with page.expect_navigation():
            page.locator("button[name=person]").first.click()


def sign_in(page: Page, address: str):
    page.goto(address + "/")
    choose_person(page)


def enter_soil(page: Page, address: str) -> str:
    """The address of a new delivery of two cubic metres of soil."""
    page.goto(address + "/")
    page.get_by_role("button", name="Boden").click()
    page.get_by_label("Menge").fill("2")
    page.get_by_role("button", name="Menge übernehmen").click()
    page.wait_for_url(re.compile(r"/anlieferung/\d+$"))
    return page.url


def test_the_pages_that_ask_are_accessible_in_every_look(browser, asking_page):
    for scheme, width in LOOKS:
        look = f"{scheme} {width} px"
        context = opened(
            browser, color_scheme=scheme, viewport={"width": width, "height": 900}
        )
        page = context.new_page()
        complaints = watched(page)
        sign_in(page, asking_page)
        delivery = enter_soil(page, asking_page)
        check_page(page, f"a delivery that lacks an answer, {look}")

        check_policy(page.goto(delivery + "/angaben"), "angaben")
        check_page(page, f"angaben, {look}")
        page.get_by_label("Haushalt").fill("--")
        press(page, "Angaben übernehmen")
        assert page.title().startswith("Fehler: ")
        assert page.evaluate("document.activeElement.hasAttribute('data-focus')")
        check_page(page, f"angaben with an error, {look}")

        page.get_by_label("Haushalt").fill("4711")
        page.get_by_label("unbedeckte Ladung").check()
        page.get_by_role("button", name="Angaben übernehmen").click()
        page.wait_for_url(delivery)
        check_page(page, f"a delivery with its answers, {look}")

        page.goto(delivery + "/position/0")
        page.get_by_text("Gemischt oder anders angemeldet").click()
        check_page(page, f"an item, {look}")
        page.goto(delivery + "/position?abfall=asbest")
        page.get_by_text("Gemischt oder anders angemeldet").click()
        check_page(page, f"an amount with features, {look}")
        page.goto(delivery + "/position?abfall=lagerung")
        check_page(page, f"an area for a time, {look}")
        page.goto(delivery + "/einwiegen?abfall=asbest")
        check_page(page, f"weighing in, {look}")
        page.goto(delivery + "/auswiegen")
        check_page(page, f"weighing out, {look}")
        assert complaints == []
        context.close()


def test_the_questions_are_answered_by_keyboard(browser, asking_page):
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, asking_page)
    delivery = enter_soil(page, asking_page)
    page.goto(delivery + "/angaben")
    walk(page, "angaben")

    page.goto(delivery + "/angaben")
    page.focus("[id='merkmal.unbedeckt']")
    page.keyboard.press("Space")
    page.focus("[name='inhaber.household']")
    page.keyboard.type("4711")
    page.keyboard.press("Enter")

    page.wait_for_url(delivery)
    assert page.get_by_text("60,00").count()
    context.close()


def test_the_keyboard_reaches_every_tile(browser, attendant_page):
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, attendant_page)

    walk(page, "attendant's page")
    context.close()
