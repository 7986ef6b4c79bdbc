"""`hofbuch terminal` where the server is away: what is said, and that nothing is lost."""

import re

from own_town import OwnTown, program, sell, served


def test_flush_without_a_server_says_what_to_do_and_sends_later(tmp_path):
    with served(tmp_path) as town:
        terminal = town.with_tariff().terminal("t1")
        address = town.address
        assert "Vom Server bestätigt." in sell(terminal, 1)
        town.stop()
        assert "Wartet auf den Server." in sell(terminal, 2)

        away = program("terminal", "flush", "--folder", terminal)

        assert away.returncode == 75
        assert away.stdout == "0 acknowledged, 0 refused, 1 still queued\n"
        assert away.stderr.startswith(f"hofbuch: The server at {address} does not answer. ")
        assert "see to the network and the server, then flush again" in away.stderr
        assert "(server-unreachable; " in away.stderr
        assert "ServerFailure" not in away.stderr

        town.serve()
        there = program("terminal", "flush", "--folder", terminal)
        assert (there.returncode, there.stderr) == (0, "")
        assert there.stdout == "1 acknowledged, 0 refused, 0 still queued\n"


def test_enrolment_says_what_helps(tmp_path):
    with served(tmp_path) as town:
        asked = town.told("clara", "terminal", "request", "t1", "--name", "Kasse t1")
        number = re.search(r"Request (\d+) ", asked).group(1)
        code = re.search(r"One-time code: (\S+)", asked).group(1)
        folder = tmp_path / "t1"
        enrol = ["terminal", "enrol", "--folder", folder, "--server"]

        bare = program(*enrol, town.address.removeprefix("http://"), code)
        assert bare.returncode == 69 and "beginnt nicht mit https://" in bare.stderr
        assert not folder.exists()
        early = program(*enrol, town.address, code)
        assert early.returncode == 77 and "(code-not-approved)" in early.stderr
        assert "zweiten Person freigeben" in early.stderr
        assert "neuen Einmal-Code" not in early.stderr
        town.told("bernd", "terminal", "admit", number)
        wrong = program(*enrol, town.address, "x" + code)
        assert wrong.returncode == 77 and "neuen Einmal-Code" in wrong.stderr
        assert program(*enrol, town.address, code).returncode == 0
        town.stop()
        elsewhere = ["terminal", "enrol", "--folder", tmp_path / "t2", "--server"]
        away = program(*elsewhere, f"http://127.0.0.1:{town.port}", "x")
        assert away.returncode == 69 and "Der Server ist nicht erreichbar (" in away.stderr


def test_a_terminal_that_the_server_no_longer_knows_is_not_told_to_flush_again(tmp_path):
    for name in ("before", "after"):
        (tmp_path / name).mkdir()
    with served(tmp_path / "after") as town:
        terminal = town.with_tariff().terminal("t1")
        port = town.port
        sell(terminal, 1)
        town.stop()
        sell(terminal, 2)
    # The same town as it was before the terminal was enrolled.
    before = OwnTown(tmp_path / "before")
    before.port = port
    before.serve()
    try:
        flushed = program("terminal", "flush", "--folder", terminal)
        assert flushed.returncode == 75
        assert "does not know this terminal or its key" in flushed.stderr
        assert "flush again" not in flushed.stderr
        assert flushed.stdout == "0 acknowledged, 0 refused, 1 still queued\n"
    finally:
        before.stop()
