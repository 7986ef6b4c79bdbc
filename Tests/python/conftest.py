"""The program under test, started for real on a sample town that exists for these tests only."""

import dataclasses
import hashlib
import os
import pathlib
import pty
import re
import select
import shutil
import sqlite3
import subprocess
import time

import pytest
import requests
from playwright.sync_api import sync_playwright

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("HOFBUCH", ROOT / ".build" / "debug" / "hofbuch"))
START_SECONDS = 60
DEMO_SECONDS = 300


class Running:
    """A server process. It writes to a terminal, so that its lines come at once."""

    def __init__(self, *arguments: str):
        ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [PROGRAM, *arguments], stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, cwd=ROOT
        )
        os.close(theirs)
        self.output = ours
        self.address = self._printed_address()

    def _printed_address(self) -> str:
        text, deadline = "", time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            readable, _, _ = select.select([self.output], [], [], 0.2)
            if readable:
                try:
                    text += os.read(self.output, 65_536).decode("utf-8", "replace")
                except OSError:  # the other end is closed: the process ended
                    break
            if found := re.search(r"(https?://[\w.:-]+)/", text):
                return found.group(1)
            if self.process.poll() is not None and not readable:
                break
        self.stop()
        pytest.fail(f"the server did not say its address:\n{text}")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.output)


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

    def with_role(self, role: str) -> str:
        return next(name for name, roles in self.roles.items() if role in roles)

    def token(self, name: str) -> str:
        answer = requests.post(
            f"{self.address}/v1/sessions",
            json={"name": name, "password": self.passwords[name]},
            timeout=30,
        )
        assert answer.status_code == 201, answer.text
        return answer.json()["token"]

    def get(self, path: str, token: str | None = None) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return requests.get(self.address + path, headers=headers, timeout=30)

    def session(self, name: str) -> requests.Session:
        """Somebody signed in on the console's page."""
        session = requests.Session()
        session.post(
            f"{self.address}/anmelden",
            data={"name": name, "passwort": self.passwords[name]},
            headers={"Origin": self.address},
            timeout=30,
        )
        return session


@pytest.fixture(scope="session")
def folder(tmp_path_factory) -> pathlib.Path:
    """The data of a sample town after its first day."""
    if not PROGRAM.exists():
        pytest.fail(f"{PROGRAM} is missing; run swift build first")
    data = tmp_path_factory.mktemp("town") / "demo"
    done = subprocess.run(
        [PROGRAM, "demo", "--data", data, "--once"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=DEMO_SECONDS,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout + done.stderr
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


@pytest.fixture(scope="session")
def sessions(browser, town):
    """The cookies of each role after signing in on the page."""
    found = {}
    for role in ("cashier", "approver", "finance", "operator", "auditor"):
        name = town.with_role(role)
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{town.address}/anmelden")
        page.fill("[name=name]", name)
        page.fill("[name=passwort]", town.passwords[name])
        page.get_by_role("button", name="Anmelden").click()
        page.wait_for_url(re.compile(r"^(?!.*/anmelden)"))
        found[role] = context.storage_state()
        context.close()
    return found


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


FIGURES: list[tuple[str, float]] = []


@pytest.fixture(scope="session")
def figures() -> list[tuple[str, float]]:
    """Name and milliseconds; printed as a table after the tests."""
    return FIGURES


def pytest_terminal_summary(terminalreporter):
    if FIGURES:
        terminalreporter.section("milliseconds for a page, median, debug build")
        for name, milliseconds in FIGURES:
            terminalreporter.write_line(f"{milliseconds:8.1f}  {name}")
