"""A terminal that signs whatever a test wants, with OpenSSL and nothing of Hofbuch's."""

import base64
import copy
import datetime
import hashlib
import json
import pathlib
import subprocess

import requests
from own_town import TARIFF, OwnTown

GENESIS_PREVIOUS = hashlib.sha256(b"").digest()


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw_signature(der: bytes) -> bytes:
    """The 64 bytes of r and s in an ECDSA signature as OpenSSL writes it."""
    numbers, place = [], 2
    for _ in range(2):
        length = der[place + 1]
        numbers.append(int.from_bytes(der[place + 2 : place + 2 + length], "big"))
        place += 2 + length
    return b"".join(number.to_bytes(32, "big") for number in numbers)


class SigningTerminal:
    """Enrolled by two people; its sales follow one another as the test sends them."""

    def __init__(self, town: OwnTown, name: str):
        self.town, self.name = town, name
        self.key = town.folder / f"{name}.pem"
        self.run("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", self.key)
        self.raw = self.run("ec", "-in", self.key, "-pubout", "-outform", "DER")[-64:]
        x, y = base64url(self.raw[:32]), base64url(self.raw[32:])
        members = f'{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}'
        self.kid = base64url(hashlib.sha256(members.encode()).digest())
        self.number, self.previous = 0, GENESIS_PREVIOUS
        enrolled = self.enrol()
        self.log = enrolled["log"]

    @staticmethod
    def run(*arguments: object, stdin: bytes = b"") -> bytes:
        done = subprocess.run(["openssl", *map(str, arguments)], input=stdin, capture_output=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def enrol(self) -> dict:
        asked = self.town.told("clara", "terminal", "request", self.name, "--name", "Kasse")
        number, code = asked.split("Request ")[1].split()[0], asked.split("code: ")[1].strip()
        self.town.told("bernd", "terminal", "admit", number)
        proof = self.signed("wsh-enrol+jws", json.dumps({"code": code}).encode())
        body = {"code": code, "key": base64url(self.raw), "proof": proof}
        answer = requests.post(f"{self.town.address}/v1/enrolments", json=body, timeout=60)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def signed(self, typ: str, payload: bytes) -> str:
        """A compact JWS over these bytes."""
        header = f'{{"alg":"ES256","kid":"{self.kid}","typ":"{typ}"}}'
        signed = f"{base64url(header.encode())}.{base64url(payload)}"
        der = self.run("dgst", "-sha256", "-sign", self.key, stdin=signed.encode())
        return f"{signed}.{base64url(raw_signature(der))}"

    def sale(self) -> dict:
        """The next sale: a cubic metre of green waste for twelve euros, paid by card."""
        now = datetime.datetime.now(datetime.UTC)
        return {
            "v": 1, "kind": "sale", "log": self.log, "yard": "hof-1", "terminal": self.name,
            "seq": self.number + 1, "prev": base64url(self.previous),
            "at": now.strftime("%Y-%m-%dT%H:%M:%S.000Z"), "attendant": "anna",
            "delivery": {
                "day": now.strftime("%Y-%m-%d"), "group": "household",
                "items": [{
                    "fraction": "gruenabfall", "measure": "volume", "quantity": 1000000,
                    "source": "estimated",
                }],
            },
            "tariff": {
                "id": "goettingen-2024",
                "title": "Preise der Göttinger Entsorgungsbetriebe für Anlieferungen",
                "digest": hashlib.sha256(TARIFF.read_bytes()).hexdigest(),
            },
            "lines": [{
                "position": "5.1", "paragraph": "Preisliste, Zeile 5", "fraction": "gruenabfall",
                "name": "Grünabfall", "billed": 1000000, "legal": "fee", "vat": "outside",
                "rate": 0, "gross": 1200, "de": "1 m³ Grünabfall kostet 12,00 € (Nr. 5.1).",
                "en": "1 m³ of green waste costs €12.00 (no. 5.1).", "charged": 1000000,
                "free": 0, "exact": "1200/1",
            }],
            "quota": [], "total": 1200,
            "vat": [{"vat": "outside", "rate": 0, "gross": 1200, "tax": 0}],
            "settlement": {
                "kind": "card", "tid": "51234567", "scheme": "girocard", "receipt": "0001",
                "trace": "000001",
            },
            "attempts": [], "personal": [],
        }  # fmt: skip

    def envelope(self, payload: dict | bytes) -> dict:
        """A signed payload as the interface takes it."""
        if isinstance(payload, dict):
            payload = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
        return {"jws": self.signed("wsh-sale+jws", payload), "personal": []}

    def send(self, envelope: dict) -> requests.Response:
        url = f"{self.town.address}/v1/yards/hof-1/envelopes"
        return requests.post(url, json=envelope, timeout=60)

    def sell(self) -> dict:
        """Sends the next sale, which has to be recorded; gives the acknowledgement."""
        envelope = self.envelope(self.sale())
        answer = self.send(envelope)
        assert answer.status_code == 201, answer.text
        self.follow(envelope)
        return answer.json()

    def follow(self, envelope: dict) -> None:
        """Goes on behind a sale that was recorded."""
        self.number += 1
        signed = envelope["jws"].rpartition(".")[0]
        self.previous = hashlib.sha256(signed.encode()).digest()


def changed(sale: dict, path: tuple, value: object) -> dict:
    """A copy of a sale with one member at a path changed."""
    sale = copy.deepcopy(sale)
    place = sale
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return sale


def memory(process: int, field: str) -> int:
    """Kilobytes of a running process: `VmRSS` now, `VmHWM` at most."""
    for line in pathlib.Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1])
    raise AssertionError(f"{process} says no {field}")
