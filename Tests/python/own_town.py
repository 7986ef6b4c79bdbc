"""A town of a test's own, founded and asked by the real program's commands."""

import contextlib
import functools
import pathlib
import re
import subprocess
import tempfile
from collections.abc import Iterator

from conftest import PROGRAM, ROOT, Running, Town, copied, free_port

COMMAND_SECONDS = 120
PEOPLE = {"anna": "cashier", "bernd": "approver", "clara": "finance,operator", "doris": "auditor"}
TARIFF = ROOT / "tariffs" / "goettingen-2024.yaml"


def program(*arguments: object) -> subprocess.CompletedProcess:
    """Runs a command to its end."""
    return subprocess.run(
        [PROGRAM, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS,
        cwd=ROOT,
    )


def succeed(*arguments: object) -> str:
    """The output of a command that has to end well."""
    done = program(*arguments)
    assert done.returncode == 0, (arguments, done.stdout, done.stderr)
    return done.stdout


@functools.cache
def founded(beside: pathlib.Path, people: tuple[tuple[str, str], ...]) -> tuple[pathlib.Path, str]:
    """The folder of a town that nobody serves, and the first key of its log; made once."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="founded-", dir=beside))
    data = folder / "data"
    said = succeed(
        "init", "--data", data, "--town", "Musterstadt", "--yard", "hof-1",
        "--yard-name", "Wertstoffhof Nord", "--address", "Am Hof 1, 12345 Musterstadt",
        "--host", "musterstadt.example",
    )  # fmt: skip
    for name, roles in people:
        password = folder / f"{name.lower()}.password"
        password.write_text(f"{name.lower()}-hat-ein-passwort\n")
        succeed(
            "user", "add", "--data", data, "--id", name.lower(), "--name", name,
            "--roles", roles, "--password-file", password,
        )  # fmt: skip
    return folder, re.search(r"(musterstadt\.example/log/hof-1\+\S+)", said).group(1)


class OwnTown:
    """One yard, people by their names, a tariff in force, and a server as long as it is wanted.

    Towns with the same people begin as copies of one, so they begin with the same keys. The server
    of a town has the same address every time.
    """

    def __init__(self, folder: pathlib.Path, people: dict[str, str] = PEOPLE):
        self.folder, self.data = folder, folder / "data"
        self.server: Running | None = None
        self.port = free_port()
        template, self.first_key = founded(folder.parent, tuple(people.items()))
        copied(template, folder)
        self.passwords, self.roles = {}, {}
        for name, roles in people.items():
            password = folder / f"{name.lower()}.password"
            self.passwords[name.lower()] = password.read_text().strip()
            self.roles[name.lower()] = set(roles.split(","))

    @property
    def address(self) -> str:
        return self.server.address

    @functools.cached_property
    def town(self) -> Town:
        """The same for tests of any town that is served."""
        return Town(self.address, "hof-1", self.passwords, self.roles)

    def serve(self) -> None:
        self.server = Running("serve", "--data", str(self.data), "--port", str(self.port))

    def stop(self) -> None:
        if self.server:
            self.server.stop()
            self.server = None

    def ask(self, person: str, *arguments: object) -> subprocess.CompletedProcess:
        """Runs an office command as a person."""
        return program(
            *arguments, "--data", self.data, "--as", person,
            "--password-file", self.folder / f"{person}.password",
        )  # fmt: skip

    def told(self, person: str, *arguments: object) -> str:
        """The output of an office command that has to end well."""
        done = self.ask(person, *arguments)
        assert done.returncode == 0, (arguments, done.stdout, done.stderr)
        return done.stdout

    def refused(self, person: str, status: int, words: str, *arguments: object) -> None:
        """An office command that ends with `status`, says why on the error output, no more."""
        done = self.ask(person, *arguments)
        assert done.returncode == status, (arguments, done.stdout, done.stderr)
        assert words in done.stderr, (arguments, done.stderr)
        assert done.stdout == "", (arguments, done.stdout)

    def with_tariff(self) -> "OwnTown":
        proposed = self.told("clara", "tariff", "propose", TARIFF)
        digest = re.search(r"Digest: ([0-9a-f]{64})\n", proposed).group(1)
        self.told("bernd", "tariff", "activate", digest)
        return self

    def terminal(self, name: str) -> pathlib.Path:
        """The folder of a new terminal, enrolled by two people."""
        asked = self.told("clara", "terminal", "request", name, "--name", f"Kasse {name}")
        number = re.search(r"Request (\d+) ", asked).group(1)
        code = re.search(r"One-time code: (\S+)", asked).group(1)
        self.told("bernd", "terminal", "admit", number)
        folder = self.folder / name
        succeed("terminal", "enrol", "--folder", folder, "--server", self.address, code)
        return folder


@contextlib.contextmanager
def served(folder: pathlib.Path, people: dict[str, str] = PEOPLE) -> Iterator[OwnTown]:
    """A new town, served until it is left."""
    town = OwnTown(folder, people)
    town.serve()
    try:
        yield town
    finally:
        town.stop()


def sell(terminal: pathlib.Path, number: int) -> str:
    """One sale at a terminal, with the slip of a card terminal beside it."""
    return succeed(
        "terminal", "sell", "--folder", terminal, "--attendant", "anna", "--tid", "51234567",
        "--slip", f"girocard:{number:04}:{number:06}", "privat: 1 m³ gruenabfall",
    )  # fmt: skip
