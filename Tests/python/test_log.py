"""`hofbuch log checkpoint`, `proof` and `consistency`, checked with other programs: OpenSSL for
the log's signature, Python's hashes for the tree, the Go checksum database's packages for both.
And a log whose key changes under the eyes of a witness."""

import base64
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import time

import pytest
import requests
from conftest import ROOT, Running, free_port
from own_town import OwnTown, program, sell, served, succeed

WAIT_SECONDS = 60
# The DER of an Ed25519 public key before its 32 bytes (RFC 8410 section 4).
ED25519_PREFIX = bytes.fromhex("302a300506032b6570032100")


def signed_by(key: str, note: str, folder: pathlib.Path) -> bool:
    """Whether OpenSSL finds the signature of a verifier key right under a signed note."""
    name, number, public = key.split("+", 2)
    text, _, lines = note.rpartition("\n\n")
    for line in lines.splitlines():
        dash, signer, signature = line.split(" ")
        raw = base64.b64decode(signature, validate=True)
        if (dash, signer, raw[:4].hex()) != ("\u2014", name, number):
            continue
        algorithm, raw_key = (key := base64.b64decode(public, validate=True))[0], key[1:]
        assert algorithm == 1 and len(raw_key) == 32
        (folder / "key.der").write_bytes(ED25519_PREFIX + raw_key)
        (folder / "signed").write_bytes(text.encode() + b"\n")
        (folder / "signature").write_bytes(raw[4:])
        done = subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey",
             folder / "key.der", "-rawin", "-in", folder / "signed",
             "-sigfile", folder / "signature"],
            capture_output=True,
        )  # fmt: skip
        return done.returncode == 0
    return False


def head(note: str) -> tuple[int, bytes]:
    """Size and root of a checkpoint of the yard's log."""
    origin, size, root = note.split("\n\n")[0].split("\n")
    assert origin == "musterstadt.example/log/hof-1"
    return int(size), base64.b64decode(root, validate=True)


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_by_inclusion(entry: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """RFC 9162 section 2.1.3.2."""
    assert index < size
    place, last, value = index, size - 1, hashlib.sha256(b"\x00" + entry).digest()
    for part in path:
        assert last > 0
        if place & 1 or place == last:
            value = node(part, value)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            value = node(value, part)
        place, last = place >> 1, last >> 1
    assert last == 0
    return value


def roots_by_consistency(
    old: int, new: int, old_root: bytes, path: list[bytes]
) -> tuple[bytes, bytes]:
    """The roots of both sizes by RFC 9162 section 2.1.4.2."""
    if old & (old - 1) == 0:
        path = [old_root, *path]
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = path[0]
    for part in path[1:]:
        assert last > 0
        if place & 1 or place == last:
            first, second = node(part, first), node(part, second)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            second = node(second, part)
        place, last = place >> 1, last >> 1
    assert last == 0
    return first, second


def hashes(lines: str) -> list[bytes]:
    found = [base64.b64decode(line, validate=True) for line in lines.splitlines()]
    assert all(len(value) == 32 for value in found)
    return found


@pytest.fixture
def office(tmp_path):
    with served(tmp_path) as town:
        yield town


@pytest.fixture(scope="module")
def sold(tmp_path_factory):
    """A town in which a terminal has sold five times, for tests that add nothing to its log."""
    with served(tmp_path_factory.mktemp("sold")) as office:
        terminal = office.with_tariff().terminal("t1")
        for number in range(1, 6):
            assert "Vom Server bestätigt." in sell(terminal, number)
        yield office


def entry(office: OwnTown, index: int) -> bytes:
    town = office.town
    answer = town.get(f"/v1/yards/{town.yard}/log/entries/{index}", town.token("doris"))
    assert answer.status_code == 200
    return answer.content


def test_checkpoint_and_proof_hold_by_other_peoples_programs(sold, tmp_path):
    note = sold.told("doris", "log", "checkpoint")
    size, root = head(note)
    # Genesis, tariff, enrolment and five sales, at least.
    assert size >= 8
    assert signed_by(sold.first_key, note, tmp_path)
    assert not signed_by(sold.first_key, note.replace(f"\n{size}\n", f"\n{size + 1}\n"), tmp_path)

    for index in range(size):
        proof = sold.told("doris", "log", "proof", index)
        first, checkpoint = proof.split("\n\n", 1)
        assert signed_by(sold.first_key, checkpoint, tmp_path)
        lines = first.split("\n")
        assert lines[:2] == ["c2sp.org/tlog-proof@v1", f"index {index}"]
        path = hashes("\n".join(lines[2:]))
        assert root_by_inclusion(entry(sold, index), index, size, path) == root
        assert root_by_inclusion(entry(sold, index) + b" ", index, size, path) != root


def test_a_proof_is_checked_without_a_server_and_what_is_none_is_told(sold, tmp_path):
    (tmp_path / "entry").write_bytes(entry(sold, 1))
    (tmp_path / "other").write_bytes(entry(sold, 0))
    (tmp_path / "proof").write_text(sold.told("doris", "log", "proof", 1))
    (tmp_path / "empty").write_text("")

    def verify(name: str, proof: str):
        files = (tmp_path / name, tmp_path / proof)
        return program("log", "verify", *files, "--log-key", sold.first_key)

    assert verify("entry", "proof").stdout.startswith("The entry is number 1 of the ")
    wrong = verify("other", "proof")
    assert (wrong.returncode, wrong.stdout) == (11, "")
    assert "this entry is not number 1 of the " in wrong.stderr
    empty = verify("entry", "empty")
    assert (empty.returncode, empty.stdout) == (65, "")
    assert "is no proof: line 1 is not as a .tlog-proof has it." in empty.stderr


def test_consistency_leads_from_every_earlier_size(sold, tmp_path):
    leaves = [
        hashlib.sha256(b"\x00" + entry(sold, index)).digest()
        for index in range(head(sold.told("doris", "log", "checkpoint"))[0])
    ]

    def root(leaves: list[bytes]) -> bytes:
        if len(leaves) == 1:
            return leaves[0]
        split = 1 << ((len(leaves) - 1).bit_length() - 1)
        return node(root(leaves[:split]), root(leaves[split:]))

    size = len(leaves)
    for old in range(1, size):
        path = hashes(sold.told("doris", "log", "consistency", old, size))
        expected = (root(leaves[:old]), root(leaves))
        assert roots_by_consistency(old, size, expected[0], path) == expected
    assert sold.told("doris", "log", "consistency", size, size) == ""


def test_what_the_log_does_not_hold_is_refused_with_its_code(sold):
    size, _ = head(sold.told("doris", "log", "checkpoint"))
    sold.refused("doris", 66, "(not-published)", "log", "proof", size)
    sold.refused("doris", 64, "'x' is invalid", "log", "proof", "x")
    for pair in [(size, 5), (0, 2), (2, size + 1)]:
        sold.refused("doris", 65, "(sizes-invalid)", "log", "consistency", *pair)
    wrong = sold.folder / "wrong"
    wrong.write_text("ganz-anders-und-lang\n")
    for command in (["checkpoint"], ["proof", "0"], ["consistency", "1", "2"]):
        options = ["--data", sold.data, "--as", "doris", "--password-file"]
        with pytest.raises(AssertionError, match="sign-in-failed"):
            succeed("log", *command, *options, wrong)


@pytest.fixture(scope="session")
def go_checker(tmp_path_factory) -> pathlib.Path:
    """Tests/go/check_proof.go, built; it shares no code with Hofbuch."""
    packages = pathlib.Path("/usr/share/gocode")
    if not shutil.which("go") or not (packages / "src/golang.org/x/mod").is_dir():
        pytest.skip("golang-go or golang-golang-x-mod-dev is not installed")
    folder = tmp_path_factory.mktemp("go")
    subprocess.run(
        ["go", "build", "-o", folder / "check_proof", ROOT / "Tests/go/check_proof.go"],
        env=os.environ
        | {"GO111MODULE": "off", "GOPATH": str(packages), "GOCACHE": str(ROOT / ".build/go")},
        check=True,
    )
    return folder / "check_proof"


def test_a_proof_holds_by_the_go_checksum_database(sold, go_checker, tmp_path):
    size, _ = head(sold.told("doris", "log", "checkpoint"))
    for index in (0, size - 1):
        (tmp_path / "entry").write_bytes(entry(sold, index))
        (tmp_path / "proof").write_text(sold.told("doris", "log", "proof", index))
        check = [go_checker, sold.first_key, tmp_path / "entry", tmp_path / "proof"]
        said = subprocess.run(check, capture_output=True, text=True)
        assert said.returncode == 0, said.stderr
        assert said.stdout == f"entry {index} is in {sold.first_key.split('+')[0]} of size {size}\n"
        (tmp_path / "entry").write_bytes(entry(sold, index) + b" ")
        said = subprocess.run(check, capture_output=True, text=True)
        assert said.returncode != 0 and "invalid transparency proof" in said.stderr


class Witness:
    """`hofbuch witness serve` of an audit office that follows the town's log."""

    def __init__(self, town: OwnTown):
        self.folder = town.folder / "rpa"
        made = succeed("witness", "init", "--folder", self.folder, "--name", "rpa.example/witness")
        self.key = re.search(r"(rpa\.example/witness\+\S+)", made).group(1)
        self.follow(town.first_key)
        self.port = free_port()
        self.serve()
        settings = town.data / "witness"
        settings.mkdir(exist_ok=True)
        (settings / "policy").write_text(
            f"witness rpa {self.key} {self.server.address}\nquorum rpa\n"
        )
        (settings / "settings").write_text("interval 1\ntimeout 5\n")

    def follow(self, key: str) -> None:
        succeed("witness", "follow", "--folder", self.folder, key)

    def serve(self) -> None:
        self.server = Running(
            "witness", "serve", "--folder", str(self.folder), "--port", str(self.port)
        )


def witnessed(town: OwnTown, size: int) -> str:
    """The newest witnessed checkpoint, once it covers `size` entries."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        answer = requests.get(f"{town.address}/log/hof-1/checkpoint/witnessed", timeout=30)
        if answer.status_code == 200 and head(answer.text)[0] >= size:
            return answer.text
        time.sleep(0.1)
    pytest.fail(f"no witnessed checkpoint over {size} entries; the status: {status(town)}")


def status(town: OwnTown) -> str:
    return town.told("doris", "log", "status")


def size_of(town: OwnTown) -> int:
    return head(town.told("doris", "log", "checkpoint"))[0]


def test_a_log_changes_its_key_while_a_witness_follows(office, tmp_path):
    office.stop()
    witness = Witness(office)
    try:
        office.serve()
        terminal = office.with_tariff().terminal("t1")
        sell(terminal, 1)
        witnessed(office, size_of(office))

        # Both keys sign: a witness that knows only the old one goes on.
        asked = office.told("clara", "key", "rotate", "log")
        new = re.search(r"New key: (\S+)", asked).group(1)
        number = re.search(r"Request (\d+)", asked).group(1)
        office.told("bernd", "key", "approve", number)
        sell(terminal, 2)
        both = witnessed(office, size_of(office))
        assert signed_by(office.first_key, both, tmp_path) and signed_by(new, both, tmp_path)

        # The new one alone is that of a stranger: refused and told; sales go on.
        office.told("clara", "key", "retire", office.first_key)
        assert "Vom Server bestätigt." in sell(terminal, 3)
        size = size_of(office)
        deadline = time.monotonic() + WAIT_SECONDS
        while "last answer: witness-refused" not in status(office):
            assert time.monotonic() < deadline, status(office)
        assert "1 sales since the last cosignature" in status(office)
        before = requests.get(f"{office.address}/log/hof-1/checkpoint/witnessed", timeout=30).text
        assert head(before)[0] < size

        # The audit office adds the new key, and cosigning goes on where it stopped.
        witness.server.stop()
        witness.follow(new)
        witness.serve()
        after = witnessed(office, size)
        assert signed_by(new, after, tmp_path) and not signed_by(office.first_key, after, tmp_path)
        assert "\u2014 rpa.example/witness " in after
        seen = requests.get(f"{witness.server.address}/", timeout=30).text
        assert f"cosigned up to size {head(after)[0]}" in seen
        assert f"witnessed up to {head(after)[0]}; 0 sales since" in status(office)
        policy = requests.get(f"{office.address}/log/hof-1/policy", timeout=30).text
        assert office.first_key in policy and new in policy
    finally:
        witness.server.stop()
    office.stop()

    assert "Everything fits." in succeed("verify", "--data", office.data)
    copy = tmp_path / "copy"
    succeed("log", "export", "--data", office.data, "--into", copy)
    assert "Everything that is here fits." in succeed("verify", "--data", copy)
