"""Checks that relative links between the pages of this repository lead to a file and heading."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LINK = re.compile(r"\]\(([^)\s]+)\)")


def headings(page: pathlib.Path) -> set[str]:
    """The anchors that a page offers, made as the common web views make them."""
    lines = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.lower()).strip().replace(" ", "-") for line in lines}


def broken(page: pathlib.Path) -> list[str]:
    problems = []
    for link in LINK.findall(page.read_text("utf-8")):
        if "://" in link or link.startswith("mailto:"):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists():
            problems.append(f"{page.relative_to(ROOT)}: {link}")
        elif anchor and target.suffix == ".md" and anchor not in headings(target):
            problems.append(f"{page.relative_to(ROOT)}: {link} (no such heading)")
    return problems


pages = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
found = [problem for page in pages for problem in broken(page)]
print("\n".join(found), end="\n" if found else "")
sys.exit(1 if found else 0)
