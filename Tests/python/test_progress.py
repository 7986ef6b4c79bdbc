"""The bar that `hofbuch verify` draws for people, and for nobody else."""

import os
import pty
import re
import subprocess

from conftest import PROGRAM, ROOT
from own_town import OwnTown, program


def test_verify_draws_a_bar_on_a_terminal_and_takes_it_away(tmp_path):
    town = OwnTown(tmp_path)
    town.with_tariff()
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [PROGRAM, "verify", "--data", town.data],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=theirs, cwd=ROOT,
    ) as verify:  # fmt: skip
        os.close(theirs)
        drawn = b""
        while True:
            try:
                part = os.read(ours, 65_536)
            except OSError:  # the other end is closed: the program ended
                break
            if not part:
                break
            drawn += part
        said = verify.stdout.read().decode()
    os.close(ours)

    assert verify.returncode == 0
    assert "Everything fits." in said and "\r" not in said
    lines = drawn.decode().split("\r")
    bars = [re.fullmatch(r"\[(#*\.*)\] (\d+) %  (\d+) of (\d+) entries", line) for line in lines]
    bars = [bar.groups() for bar in bars if bar]
    assert bars and bars[-1][1:] == ("100", bars[-1][3], bars[-1][3])
    for bar, percent, done, entries in bars:
        assert len(bar) == 40
        assert bar.count("#") == int(done) * 1_000 // int(entries) * 40 // 1_000
        assert int(percent) == int(done) * 100 // int(entries)
    # The last thing that is drawn takes the line away.
    assert lines[-1] == "\x1b[K"


def test_verify_draws_nothing_into_a_file(tmp_path):
    town = OwnTown(tmp_path)
    verify = program("verify", "--data", town.data)
    assert (verify.returncode, verify.stderr) == (0, "")
