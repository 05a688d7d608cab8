"""The Chinese edition: complete if a page has a catalog, and marked if it is not."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

from tests.docs.editions import DOCS

pytestmark = pytest.mark.once

TEMPLATE = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "{first}"\nmsgstr ""\n\nmsgid "`data/2024.yaml`"\nmsgstr ""\n'
CATALOG = Path("docs/locale/zh_CN/LC_MESSAGES/page.po")


@pytest.fixture
def catalogs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The tool, with a documentation of one page."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs/_ext").mkdir(parents=True)
    (tmp_path / "docs/_ext/catalogs.py").write_bytes((DOCS / "_ext/catalogs.py").read_bytes())
    (tmp_path / "docs/_build/gettext").mkdir(parents=True)
    page("Figures stand in one file.")
    return runpy.run_path("docs/_ext/catalogs.py")


def page(first: str) -> None:
    Path("docs/_build/gettext/page.pot").write_text(TEMPLATE.format(first=first), "utf-8")


def translate(text: str) -> None:
    done = CATALOG.read_text("utf-8").replace('file."\nmsgstr ""', f'file."\nmsgstr "{text}"')
    CATALOG.write_text(done, "utf-8")


def test_a_page_without_a_catalog_may_be_in_english(catalogs: dict[str, Any]) -> None:
    assert catalogs["check"]() == 0


def test_a_text_without_translation_is_told(catalogs: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert catalogs["update"]() == 0
    assert catalogs["check"]() == 1
    assert capsys.readouterr().err == f"{CATALOG}: not translated: 'Figures stand in one file.'\n"


def test_a_changed_text_is_told_and_the_others_keep_their_translation(catalogs: dict[str, Any]) -> None:
    catalogs["update"]()
    translate("数据写在一个文件里。")
    assert catalogs["check"]() == 0
    before = CATALOG.read_bytes()
    catalogs["update"]()
    assert CATALOG.read_bytes() == before
    page("Figures stand in two files.")
    assert catalogs["check"]() == 1
    catalogs["update"]()
    with CATALOG.open("rb") as file:
        texts = {message.id: message.string for message in read_po(file) if message.id}
    assert texts == {"Figures stand in two files.": "", "`data/2024.yaml`": "`data/2024.yaml`"}


CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
LINK = re.compile(r"\]\(([^)]+)\)")
#: a term of the glossary: a word, which is translated
TERM = re.compile(r"\{term\}`[^`]+`")
#: asterisks that do not end an emphasis in Markdown: between a full-width stop and a letter
BROKEN = re.compile(r"\*\*[^*]*[。？！：，）]\*\*\w")


def test_chinese_in_english_pages_stays_as_it_is() -> None:
    """It is typed, such as the key “格式”: with another word, files would be refused."""
    for path in (DOCS / "locale").rglob("*.po"):
        with path.open("rb") as file:
            for message in read_po(file):
                if re.fullmatch("[\u4e00-\u9fff、]+", str(message.id)):
                    assert message.string == message.id, path.name


def test_translations_name_the_same_code_and_pages_and_keep_their_emphasis() -> None:
    paths = sorted((DOCS / "locale/zh_CN/LC_MESSAGES").rglob("*.po"))
    assert len(paths) > 30
    wrong = []
    for path in paths:
        with path.open("rb") as file:
            texts = [(str(message.id), str(message.string)) for message in read_po(file) if message.id]
        for english, chinese in texts:
            same = all(parts(kind, english) == parts(kind, chinese) for kind in (CODE, LINK))
            if not same or any(BROKEN.match(chinese, at) for at in emphases(chinese)):
                wrong.append((path.stem, english, chinese))
    assert wrong == []


def parts(kind: re.Pattern[str], text: str) -> list[str]:
    return sorted({match.group(0) for match in kind.finditer(TERM.sub("", text))})


def emphases(text: str) -> list[int]:
    """Return the start positions of emphases."""
    return [match.start() for match in re.finditer(r"\*\*[^*]+\*\*", text)]
