"""Abuse cases of the trust model by their numbers, against the real server over real sockets."""

import socket
import threading
import time
import urllib.parse

import pytest
import requests
from own_town import OwnTown, served
from signing_terminal import SigningTerminal, changed, memory

ROUTES = ["/v1/yards/hof-1/envelopes", "/v1/yards/hof-1/envelopes/batch"]
HUGE = 100_000_000
DEEP = 100_000
# What one request may cost beyond what it sends: buffers of a few connections.
GROWTH_KB = 60_000


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    with served(tmp_path_factory.mktemp("abuse")) as town:
        yield town.with_tariff()


@pytest.fixture(scope="module")
def terminal(office):
    return SigningTerminal(office, "t1")


def posted(town: OwnTown, route: str, header: str, parts) -> int:
    """Sends a body part by part as long as it is taken; gives the status, 0 without."""
    address = urllib.parse.urlsplit(town.address)
    with socket.create_connection((address.hostname, address.port), timeout=60) as line:
        line.sendall(
            f"POST {route} HTTP/1.1\r\nHost: {address.netloc}\r\n"
            f"Content-Type: application/json\r\n{header}\r\n\r\n".encode()
        )
        answer = b""
        try:
            for part in parts:
                line.sendall(part)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the server has answered and closed
        try:
            while b"\r\n" not in answer:
                got = line.recv(4_096)
                if not got:
                    break
                answer += got
        except ConnectionResetError:
            pass
    return int(answer.split(b" ")[1]) if answer else 0


def chunks(part: bytes, count: int):
    for _ in range(count):
        yield b"%x\r\n%s\r\n" % (len(part), part)
    yield b"0\r\n\r\n"


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("form", ["length", "chunked"])
def test_a35_a_body_of_a_hundred_megabytes_costs_no_memory(office, terminal, route, form):
    process = office.server.process.pid
    terminal.sell()
    before = memory(process, "VmHWM")
    part = b" " * 100_000
    if form == "length":
        status = posted(
            office, route, f"Content-Length: {HUGE}", (part for _ in range(HUGE // len(part)))
        )
    else:
        status = posted(
            office, route, "Transfer-Encoding: chunked", chunks(part, HUGE // len(part))
        )
    # The answer may be lost where the server closes on a client that is still sending.
    assert status in (413, 0)
    assert memory(process, "VmHWM") - before < GROWTH_KB
    assert terminal.sell()["flags"] == []


@pytest.mark.parametrize("route", ["/v1/sessions", *ROUTES])
def test_a35_a_chunk_without_its_length_is_the_senders_fault(office, terminal, route):
    assert posted(office, route, "Transfer-Encoding: chunked", [b"ZZ\r\n\r\n"]) == 400
    assert terminal.sell()["flags"] == []


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    "opening", [b"[", b'{"a":', b'{"envelopes":[{"jws":'], ids=["lists", "objects", "envelopes"]
)
def test_a35_json_a_hundred_thousand_deep_is_refused(office, terminal, route, opening):
    process = office.server.process.pid
    terminal.sell()
    before = memory(process, "VmHWM")
    for depth in (10, 1_000, DEEP):
        answer = requests.post(office.address + route, data=opening * depth, timeout=60)
        assert answer.status_code in (413, 422), (depth, answer.text)
        code = answer.json()["code"]
        assert code in ("body-too-large", "json-malformed"), (depth, answer.text)
    assert memory(process, "VmHWM") - before < GROWTH_KB
    assert terminal.sell()["flags"] == []


def test_a35_a_deep_payload_inside_a_signed_record_is_refused(office, terminal):
    for payload in (b"[" * 11_000, b'{"a":' * 2_000):
        answer = terminal.send(terminal.envelope(payload))
        assert (answer.status_code, answer.json()["code"]) == (422, "payload-malformed")
        assert "too-deep" in answer.json()["detail"]
    answer = terminal.send(terminal.envelope(b"[" * DEEP))
    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")
    assert terminal.sell()["flags"] == []


# No number of 64 bits, none that strict JSON has, and what no yard can weigh, carry or charge.
ENDLESS = [2**53, 2**63 - 1, 2**63, -(2**63), 10**30]
OUT_OF_RANGE = {
    ("total",): [-1, 0, 1_000_001, 2**53 - 1],
    ("lines", 0, "gross"): [-1_000_001, 1_000_001, 2**53 - 1],
    ("lines", 0, "billed"): [-1, 10**12 + 1, 2**53 - 1],
    ("lines", 0, "charged"): [-1, 10**12 + 1, 2**53 - 1],
    ("lines", 0, "free"): [-1, 10**12 + 1, 2**53 - 1],
    ("vat", 0, "gross"): [-1, 0, 1_000_001, 2**53 - 1],
    ("vat", 0, "tax"): [-1, 1_000_001, 2**53 - 1],
    ("vat", 0, "rate"): [-1, 10_001, 2**53 - 1],
    ("delivery", "items", 0, "quantity"): [-1, 0, 10**12, 2**53 - 1],
    ("seq",): [-1, 0],
}
WEIGHED = {
    "fraction": "gruenabfall", "measure": "weight", "quantity": 1_000, "source": "weighed",
    "scale": "w1", "ticket": "17", "gross": 3_000, "tare": 2_000,
}  # fmt: skip
WEIGHTS_OUT_OF_RANGE = {
    "quantity": [-1, 0, 10**12, 2**53 - 1],
    "gross": [-1, 0, 2_000, 10**12, 2**53 - 1],
    "tare": [-1, 3_000, 3_001, 10**12, 2**53 - 1],
}


def refused(terminal: SigningTerminal, sale: dict) -> None:
    answer = terminal.send(terminal.envelope(sale))
    assert (answer.status_code, answer.json()["code"]) == (422, "payload-malformed"), answer.text


@pytest.mark.parametrize("path", OUT_OF_RANGE, ids=lambda path: ".".join(map(str, path)))
def test_a38_a_number_of_a_sale_out_of_its_range_is_refused(office, terminal, path):
    for value in OUT_OF_RANGE[path] + ENDLESS:
        refused(terminal, changed(terminal.sale(), path, value))
    assert terminal.sell()["flags"] == []


@pytest.mark.parametrize("field", WEIGHTS_OUT_OF_RANGE)
def test_a38_a_weight_or_tare_out_of_its_range_is_refused(office, terminal, field):
    for value in WEIGHTS_OUT_OF_RANGE[field] + ENDLESS:
        sale = changed(terminal.sale(), ("delivery", "items"), [WEIGHED | {field: value}])
        refused(terminal, sale)
    assert terminal.sell()["flags"] == []


def test_a5_a_number_far_above_the_last_is_refused_and_the_close_can_be_looked_at(office):
    other = SigningTerminal(office, "t2")
    other.sell()
    for number in (2**53 - 1, 10**9, 100_003):
        answer = other.send(other.envelope(changed(other.sale(), ("seq",), number)))
        assert answer.status_code == 422, answer.text
        assert answer.json()["code"] == "sequence-leap"
    assert other.sell()["flags"] == []
    office.told("bernd", "close", "preview")
    assert requests.get(f"{office.address}/healthz", timeout=30).status_code == 200


def test_a37_one_terminal_that_floods_leaves_the_others_their_time(office, terminal):
    other = SigningTerminal(office, "t3")
    repeated = terminal.envelope(terminal.sale())
    flood = {"envelopes": [repeated] * 64}
    url, count = office.address + ROUTES[1], 4
    requests.post(url, json=flood, timeout=60)
    terminal.follow(repeated)

    def alone() -> float:
        began = time.monotonic()
        requests.post(url, json=flood, timeout=60)
        return time.monotonic() - began

    before = alone()
    ended, statuses = threading.Event(), []

    def send() -> None:
        with requests.Session() as line:
            while not ended.is_set():
                statuses.append(line.post(url, json=flood, timeout=60).status_code)

    senders = [threading.Thread(target=send) for _ in range(count)]
    for sender in senders:
        sender.start()
    times = []
    try:
        for _ in range(5):
            envelope = other.envelope(other.sale())
            began = time.monotonic()
            answer = other.send(envelope)
            times.append(time.monotonic() - began)
            assert answer.status_code == 201, answer.text
            other.follow(envelope)
    finally:
        ended.set()
        for sender in senders:
            sender.join()
    assert set(statuses) <= {200, 429} and 200 in statuses
    # A second as the model demands; a debug build on a busy machine needs that for a batch alone,
    # but nobody waits for more than what was under way. The machine may have become busy meanwhile.
    limit = max(1, count * max(before, alone()))
    assert sorted(times)[2] < limit, (limit, times)


def test_a37_a_batch_of_more_than_256_is_refused_whole(office, terminal):
    many = {"envelopes": [terminal.envelope(terminal.sale())] * 257}
    answer = requests.post(office.address + ROUTES[1], json=many, timeout=60)
    # 257 records of this size are above a megabyte; small ones are counted.
    assert answer.status_code in (413, 422), answer.text
    empty = requests.post(office.address + ROUTES[1], json={"envelopes": [{}] * 257}, timeout=60)
    assert (empty.status_code, empty.json()["code"]) == (422, "batch-size")
    assert terminal.sell()["flags"] == []


def test_a36_a_slow_client_does_not_keep_the_server_from_stopping(tmp_path):
    """Ten seconds are left to whoever is still sending; the client would take half a minute."""
    with served(tmp_path) as town:
        address = urllib.parse.urlsplit(town.address)
        is_cut = threading.Event()

        def trickle(line: socket.socket) -> None:
            try:
                while not is_cut.wait(0.5):
                    line.sendall(b"1" * 300)
            except OSError:  # the server hung up
                is_cut.set()

        with socket.create_connection((address.hostname, address.port), timeout=60) as line:
            line.sendall(
                f"POST {ROUTES[0]} HTTP/1.1\r\nHost: {address.netloc}\r\n"
                f"Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n1".encode()
            )
            client = threading.Thread(target=trickle, args=(line,))
            client.start()
            try:
                town.server.process.terminate()
                assert town.server.process.wait(20) == 0
            finally:
                is_cut.set()
                client.join()
