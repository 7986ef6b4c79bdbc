"""What Python's json makes of documents: one in hexadecimal a line, one answer a line.

An answer is `refused`, or `read <rules> <tree>`: the rules of the strict profile that the document
breaks by this program's own reading (`-` for none), and the tree written out, in hexadecimal.
"""

import json
import sys
import unicodedata

NUMBER_MAX = 2**53 - 1
sys.setrecursionlimit(20_000)


class Object(list):
    """The members of an object in order, repeated names too."""


class Number(str):
    """A number as spelled."""


def refuse(_):
    raise ValueError


def rules_of_text(text):
    if any(0xD800 <= ord(c) <= 0xDFFF for c in text):
        yield "lone-surrogate"
    if any(ord(c) < 0x20 or 0x7F <= ord(c) <= 0x9F for c in text):
        yield "control-character"
    if any(0x202A <= ord(c) <= 0x202E or 0x2066 <= ord(c) <= 0x2069 for c in text):
        yield "direction-control"
    if unicodedata.normalize("NFC", text) != text:
        yield "not-composed"


def rules_of_number(number):
    if any(c in number for c in ".eE"):
        yield "not-whole"
    elif number == "-0":
        yield "negative-zero"
    elif abs(int(number)) > NUMBER_MAX:
        yield "number-too-large"


def rules(value, depth=0):
    if isinstance(value, (Object, list)) and depth == 4:
        yield "too-deep"
        return
    if isinstance(value, Object):
        names = [name for name, _ in value]
        if len(set(names)) < len(names):
            yield "duplicate-name"
        for name, member in value:
            yield from rules_of_text(name)
            yield from rules(member, depth + 1)
    elif isinstance(value, list):
        for element in value:
            yield from rules(element, depth + 1)
    elif isinstance(value, Number):
        yield from rules_of_number(value)
    elif isinstance(value, str):
        yield from rules_of_text(value)


def written(value):
    if isinstance(value, Object):
        return "{" + ",".join(f"{text(n)}:{written(m)}" for n, m in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(written, value)) + "]"
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, str):
        return text(value)
    return {None: "null", True: "true", False: "false"}[value]


def text(value):
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def answer(line):
    try:
        tree = json.loads(
            bytes.fromhex(line).decode("utf-8"), object_pairs_hook=Object, parse_int=Number,
            parse_float=Number, parse_constant=refuse)
    except (ValueError, RecursionError):
        return "refused"
    broken = sorted(set(rules(tree)))
    if broken:
        return f"read {','.join(broken)} -"
    return f"read - {written(tree).encode().hex()}"


for document in sys.stdin:
    print(answer(document.strip()))
