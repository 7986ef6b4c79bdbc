"""The program under test, started for real on a sample town that exists for these tests only."""

import dataclasses
import hashlib
import os
import pathlib
import pty
import random
import re
import shutil
import socket
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable

import pytest
import requests
from playwright.sync_api import Browser, sync_playwright

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("HOFBUCH", ROOT / ".build" / "debug" / "hofbuch"))
START_SECONDS = 60
DEMO_SECONDS = 300
# A session ends when nobody used it for 15 minutes.
KEPT_SECONDS = 300


def free_port() -> int:
    """A port of loopback that nobody uses and that the system gives to nobody by itself.

    A server that starts again finds it as it was, whatever runs beside it.
    """
    while True:
        port = random.SystemRandom().randrange(20_000, 30_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:  # somebody has it
                continue


class Running:
    """A server process. It writes to a terminal, so that its lines come at once."""

    def __init__(self, *arguments: str):
        ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [PROGRAM, *arguments], stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, cwd=ROOT
        )
        os.close(theirs)
        self.text, self.is_over, self.news = "", False, threading.Condition()
        # All that it says is read: a server whose lines nobody takes would wait some day.
        self.reader = threading.Thread(target=self._read, args=(ours,), daemon=True)
        self.reader.start()
        self.address = self._printed_address()

    def _read(self, output: int) -> None:
        while not self.is_over:
            try:
                part = os.read(output, 65_536)
            except OSError:  # the other end is closed: the process ended
                part = b""
            with self.news:
                self.text += part.decode("utf-8", "replace")
                self.is_over = not part
                self.news.notify_all()
        os.close(output)

    def _printed_address(self) -> str:
        def found() -> re.Match | None:
            return re.search(r"(https?://[\w.:-]+)/", self.text)

        with self.news:
            self.news.wait_for(lambda: self.is_over or found(), START_SECONDS)
            address = found()
        if address:
            return address.group(1)
        self.stop()
        pytest.fail(f"the server did not say its address:\n{self.text}")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.reader.join(20)


def sign_ins(folder: pathlib.Path) -> dict[str, dict]:
    """Passwords and roles of the people of a sample town, as `Town` takes them."""
    lines = [line.split() for line in (folder / "sign-ins.txt").read_text("utf-8").splitlines()]
    return {
        "passwords": {name: password for name, password, _ in lines},
        "roles": {name: set(roles.split(",")) for name, _, roles in lines},
    }


@dataclasses.dataclass
class Town:
    """A sample town with a console that runs."""

    address: str
    yard: str
    passwords: dict[str, str]
    roles: dict[str, set[str]]
    # What sign-ins gave, and when somebody asked for it last.
    kept: dict[tuple[str, str], tuple[object, float]] = dataclasses.field(default_factory=dict)

    def with_role(self, role: str) -> str:
        return next(name for name, roles in self.roles.items() if role in roles)

    def _signed_in(self, way: str, name: str, sign_in: Callable[[], object]):
        """What a sign-in gives; signs in again where nobody asked for it in a while."""
        value, asked = self.kept.get((way, name), (None, 0.0))
        if value is None or time.monotonic() - asked > KEPT_SECONDS:
            value = sign_in()
        self.kept[way, name] = value, time.monotonic()
        return value

    def token(self, name: str) -> str:
        """The token of somebody signed in at the interface."""

        def sign_in() -> str:
            answer = requests.post(
                f"{self.address}/v1/sessions",
                json={"name": name, "password": self.passwords[name]},
                timeout=60,
            )
            assert answer.status_code == 201, answer.text
            return answer.json()["token"]

        return self._signed_in("interface", name, sign_in)

    def cookies(self, browser: Browser, name: str) -> dict:
        """What a browser keeps of somebody who signed in on the page."""

        def sign_in() -> dict:
            context = browser.new_context()
            page = context.new_page()
            page.goto(f"{self.address}/anmelden")
            page.fill("[name=name]", name)
            page.fill("[name=passwort]", self.passwords[name])
            page.get_by_role("button", name="Anmelden").click()
            page.wait_for_url(re.compile(r"^(?!.*/anmelden)"))
            state = context.storage_state()
            context.close()
            return state

        return self._signed_in("page", name, sign_in)

    def get(self, path: str, token: str | None = None) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return requests.get(self.address + path, headers=headers, timeout=60)

    def session(self, name: str) -> requests.Session:
        """Somebody signed in on the console's page."""
        session = requests.Session()
        session.post(
            f"{self.address}/anmelden",
            data={"name": name, "passwort": self.passwords[name]},
            headers={"Origin": self.address},
            timeout=60,
        )
        return session


@pytest.fixture(scope="session")
def day_one(tmp_path_factory) -> pathlib.Path:
    """The data of a sample town after its first day. Nobody serves it: see `copied`."""
    if not PROGRAM.exists():
        pytest.fail(f"{PROGRAM} is missing; run swift build first")
    data = tmp_path_factory.mktemp("day-one") / "demo"
    done = subprocess.run(
        [PROGRAM, "demo", "--data", data, "--once", "--port", str(free_port())],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=DEMO_SECONDS,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    yield data
    shutil.rmtree(data, ignore_errors=True)


def copied(data: pathlib.Path, to: pathlib.Path) -> pathlib.Path:
    """A town of its own with the data of one that nobody serves."""
    return shutil.copytree(data, to, ignore=shutil.ignore_patterns("lock"), dirs_exist_ok=True)


@pytest.fixture(scope="session")
def folder(day_one, tmp_path_factory) -> pathlib.Path:
    """The data of the sample town that is served for all tests."""
    data = copied(day_one, tmp_path_factory.mktemp("town") / "demo")
    yield data
    shutil.rmtree(data, ignore_errors=True)


@pytest.fixture(scope="session")
def town(folder) -> Town:
    server = Running("serve", "--data", str(folder), "--port", "0")
    try:
        town = Town(address=server.address, yard="", **sign_ins(folder))
        yards = town.get("/v1/yards", town.token(town.with_role("auditor"))).json()["yards"]
        town.yard = yards[0]["id"]
        yield town
    finally:
        server.stop()


@pytest.fixture(scope="session")
def browser():
    """One for all tests: a second one in the same process does not start."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program, "chromium is missing; run make install-test-deps"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


class Sessions:
    """The cookies of each role after signing in on the page."""

    def __init__(self, browser: Browser, town: Town):
        self.browser, self.town = browser, town

    def __getitem__(self, role: str) -> dict:
        return self.town.cookies(self.browser, self.town.with_role(role))


@pytest.fixture(scope="session")
def sessions(browser, town) -> Sessions:
    return Sessions(browser, town)


@pytest.fixture(scope="session")
def attendant_page(folder, town) -> str:
    """The address of a yard terminal's page, with a simulated card terminal beside it."""
    terminal = folder / "terminals" / "t1"
    server = Running("terminal", "run", "--folder", str(terminal), "--card", "simulated", "--port", "0")
    try:
        yield server.address
    finally:
        server.stop()


@pytest.fixture(scope="session")
def asking_page(folder, town, tmp_path_factory) -> str:
    """The page of a yard terminal whose tariff asks for everything that a tariff can ask for.

    A copy of a terminal's folder, so it must never meet its server: the address is that of nobody.
    """
    terminal = tmp_path_factory.mktemp("asking") / "t2"
    shutil.copytree(folder / "terminals" / "t2", terminal)
    tariff = pathlib.Path(__file__).with_name("tariff.yaml").read_bytes()
    digest = hashlib.sha256(tariff).hexdigest()
    with sqlite3.connect(terminal / "terminal.db") as store:
        store.execute("UPDATE setting SET value = 'http://127.0.0.1:9' WHERE name = 'server'")
        store.execute("INSERT INTO tariff(digest, bytes) VALUES (?, ?)", (digest, tariff))
        store.execute("UPDATE tariff_day SET digest = ?", (digest,))
    store.close()
    server = Running("terminal", "run", "--folder", str(terminal), "--card", "simulated", "--port", "0")
    try:
        yield server.address
    finally:
        server.stop()


FIGURE = "milliseconds"


@pytest.fixture
def figures(record_property) -> Callable[[str, float], None]:
    """Takes a name and milliseconds; printed as a table after the tests."""
    return lambda name, milliseconds: record_property(FIGURE, (name, milliseconds))


def pytest_terminal_summary(terminalreporter):
    # Reports come from wherever a test ran, so that also those of other processes are told.
    figures = [
        value
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        for name, value in report.user_properties
        if name == FIGURE
    ]
    if figures:
        terminalreporter.section("milliseconds for a page, median, debug build")
        for name, milliseconds in figures:
            terminalreporter.write_line(f"{milliseconds:8.1f}  {name}")
