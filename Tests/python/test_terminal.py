"""`hofbuch terminal` where the server is away: what is said, and that nothing is lost."""

from own_town import program, sell, served


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
