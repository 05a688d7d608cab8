"""The catalogs of the documentation: one for each translated page.

``update`` copies new and changed texts from the English pages; ``check`` fails if a page that has a catalog is not
completely translated.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

DOCS = Path(__file__).parents[1]
TEMPLATES = DOCS / "_build/gettext"
CATALOGS = DOCS / "locale/zh_CN/LC_MESSAGES"
#: pages of which only the title is translated: for developers, who read and write English in the code as well
ENGLISH = {"project/changelog", "project/contributing"}
#: text that is the same in every language: code, file names and the name of the project
_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)|\S+\.(?:py|md|yaml|html|txt|csv|pdf)\b|sphinx_govreport")


def read(path: Path) -> Catalog:
    """Read a catalog or a template."""
    with path.open("rb") as file:
        return read_po(file, locale=None if path.suffix == ".pot" else "zh_CN")


def messages(catalog: Catalog) -> Iterator[Message]:
    """Yield all messages except the header."""
    return (message for message in catalog if message.id)


def wanted_from(template: Path) -> Iterator[Message]:
    """Yield the messages of a page that are translated."""
    is_english = template.relative_to(TEMPLATES).with_suffix("").as_posix() in ENGLISH
    return islice(messages(read(template)), 1 if is_english else None)


def update() -> int:
    """Update every catalog from its page; create one for pages that have none. A text that moves keeps its translation."""
    elsewhere = {
        str(message.id): message.string
        for path in sorted(CATALOGS.rglob("*.po"))
        for message in messages(read(path))
        if message.string and not message.fuzzy
    }
    for template in sorted(TEMPLATES.rglob("*.pot")):
        if template.stem == "sphinx":  # the words of the theme, of which Sphinx finds only those in our own templates
            continue
        target = CATALOGS / template.relative_to(TEMPLATES).with_suffix(".po")
        old = read(target) if target.exists() else Catalog("zh_CN")
        new = Catalog("zh_CN", project="sphinx_govreport", header_comment=f"# {target.stem}")
        for message in wanted_from(template):
            known = old.get(message.id)
            text = str(message.id)
            here = known.string if known and not known.fuzzy else ""
            new.add(message.id, here or elsewhere.get(text) or _unchanged(text))
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            write_po(file, new, width=10_000, omit_header=False)
        _without_dates(target)
    return 0


def _unchanged(text: str) -> str:
    """Return the text itself if nothing in it can be translated, else an empty string."""
    return "" if re.search("[A-Za-z]{2}", _CODE.sub("", text)) else text


def _without_dates(path: Path) -> None:
    """Remove the header lines that change with every run."""
    kept = [
        line for line in path.read_text("utf-8").splitlines() if not re.match(r'"(POT-Creation|PO-Revision|Generated)', line)
    ]
    path.write_text("\n".join(kept) + "\n", "utf-8")


def check() -> int:
    """Report texts that are not translated."""
    lacking = 0
    for target in sorted(CATALOGS.rglob("*.po")):
        template = TEMPLATES / target.relative_to(CATALOGS).with_suffix(".pot")
        known = read(target)
        wanted = wanted_from(template) if template.exists() else ()
        for message in wanted:
            found = known.get(message.id)
            if not found or found.fuzzy or not found.string:
                lacking += 1
                print(f"{target.relative_to(DOCS.parent)}: not translated: {message.id!r}", file=sys.stderr)
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit({"update": update, "check": check}[sys.argv[1]]())
