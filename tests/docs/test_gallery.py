"""The gallery shows everything, and both sources of each example give the output that the page shows."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from lxml import html

from sphinx_govreport.ext.directives import DIRECTIVES
from sphinx_govreport.ext.domain.domain import GovDomain
from sphinx_govreport.ext.roles import ROLES
from tests.conftest import Build
from tests.docs.editions import DOCS, LANGUAGES

sys.path.insert(0, str(DOCS / "_ext"))

from govdocs.gallery import in_rst

#: triggered by links to the other pages, which the copies of the gallery do not have
pytestmark = [pytest.mark.once, pytest.mark.filterwarnings("ignore:.*MystReferenceResolver.app")]

PAGES = sorted(path.stem for path in (DOCS / "gallery").glob("*.md") if path.stem != "index")
OUTPUT = "govdocs-output"
KEPT = ("href", "class", "colspan", "rowspan", "scope", "value", "datetime", "lang", "d", "x", "y", "height")
FILES = {
    "md": "# Page\n\n```{{container}} {output}\n{source}\n```\n",
    "rst": "Page\n====\n\n.. container:: {output}\n\n{source}\n",
}


class Shown(NamedTuple):
    """An example as a page of the gallery shows it."""

    page: str
    myst: str
    rst: str
    output: html.HtmlElement


class Edition(NamedTuple):
    """The gallery in a language, without the other pages of the documentation."""

    language: str
    folder: Path
    examples: list[Shown]


@pytest.fixture(scope="module", params=LANGUAGES)
def edition(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Edition:
    folder = site(tmp_path_factory.mktemp("gallery") / "docs")
    built = Build(folder, "html", folder.parent / "out", 1, {"language": request.param, "root_doc": "gallery/index"})
    return Edition(request.param, folder, [shown for page in PAGES for shown in examples(built, page)])


def site(folder: Path) -> Path:
    for name in ("gallery", "data", "forms", "_static", "_templates", "_ext"):
        shutil.copytree(DOCS / name, folder / name)
    for name in ("conf.py", "agencies.yaml"):
        shutil.copy(DOCS / name, folder / name)
    shutil.copy(DOCS.parent / "pyproject.toml", folder.parent)  # conf.py reads it
    return folder


def examples(build: Build, page: str) -> Iterator[Shown]:
    for example in html.fromstring(build.text(f"gallery/{page}.html")).find_class("govdocs-example"):
        myst, rst = (block.text_content().rstrip("\n") for block in example.xpath(".//label/following-sibling::div[1]//pre"))
        (output,) = example.find_class(OUTPUT)
        yield Shown(page, myst, rst, output)


def written() -> str:
    """The examples as the pages of the gallery have them."""
    return "\n".join(path.read_text("utf-8") for path in sorted((DOCS / "gallery").glob("*.md")))


def test_every_option_of_every_directive_has_an_example(edition: Edition) -> None:
    shown: dict[str, set[str]] = {name: set() for name in DIRECTIVES}
    used = set()
    for example in edition.examples:
        for name, body in re.findall(r"^:::\{([\w-]+)\}.*\n((?:.*\n)*?):::$", example.myst, re.MULTILINE):
            used.add(name)
            shown[name].update(re.findall(r"^:([\w-]+):", body, re.MULTILINE))
    assert used == {*DIRECTIVES}
    assert shown == {name: {*(directive.option_spec or ())} for name, directive in DIRECTIVES.items()}


def test_every_role_has_an_example(edition: Edition) -> None:
    used = {role for example in edition.examples for role in re.findall(r"\{([\w:-]+)\}`", example.myst)}
    assert used >= {*ROLES, *(f"{GovDomain.name}:{kind}" for kind in GovDomain.object_types)}


def test_every_example_has_output(edition: Edition) -> None:
    assert len(edition.examples) == written().count("{govdocs-gallery}") > 40
    for one in edition.examples:
        for name in re.findall(r"^:::\{([\w-]+)\}", one.myst, re.MULTILINE):
            assert one.output.find_class(name.replace("disclosure-", "")), f"{one.myst}\nprints nothing"
        assert one.output.text_content().strip()
        assert not one.output.find_class("literal"), (
            f"{one.myst}\nprints the text of a role, which it does if there is no figure"
        )


def test_examples_are_shown_as_they_are_written(edition: Edition) -> None:
    blocks = re.findall(r"^::::\{govdocs-gallery\}\n(.*?)\n::::$", written(), re.MULTILINE | re.DOTALL)
    sources = [one.myst for one in edition.examples]
    if edition.language == "en":
        assert sorted(sources) == sorted(blocks)
    else:
        assert [one for one in sources if re.search(r"(?<![\w-])(requests|reviews|proactive-disclosure)\b", one)] == []


@pytest.mark.parametrize("suffix", FILES)
def test_both_sources_give_the_output(suffix: str, edition: Edition, tmp_path: Path) -> None:
    folder = site(tmp_path / "docs")
    for page in PAGES:
        (folder / f"gallery/{page}.md").unlink()
    for number, one in enumerate(edition.examples):
        source = one.myst if suffix == "md" else re.sub("^(?=.)", "   ", one.rst, flags=re.MULTILINE)
        (folder / f"gallery/{number}.{suffix}").write_text(FILES[suffix].format(output=OUTPUT, source=source), "utf-8")
    build = Build(folder, "html", tmp_path / "out", 1, {"language": edition.language, "root_doc": "gallery/index"})
    for number, one in enumerate(edition.examples):
        (output,) = html.fromstring(build.text(f"gallery/{number}.html")).find_class(OUTPUT)
        assert outline(output, one) == outline(one.output, one), one.rst if suffix == "rst" else one.myst


def outline(output: html.HtmlElement, example: Shown) -> list[tuple[str, str, dict[str, str]]]:
    """Return the elements of an output, without ids and the links to them, which depend on the page."""
    if "{gov-downloads}" not in example.myst:  # the last table of a report on a page has links
        for links in output.find_class("gov-downloads"):
            if links.tag == "p":
                links.drop_tree()
    return [
        (str(one.tag), " ".join((one.text or "").split()), {name: value for name, value in one.items() if name in KEPT})
        for one in output.iterdescendants()
        if "headerlink" not in one.classes and one.keys() != ["id"]
    ]


def test_classes_of_the_examples_are_in_the_style_sheet(edition: Edition) -> None:
    css = (DOCS / "_static/docs.css").read_text("utf-8")
    rules = re.findall(r"^```css\n(.*?)```", written(), re.MULTILINE | re.DOTALL)
    assert rules
    assert [rule for rule in rules if rule not in css] == []
    classes = {name for example in edition.examples for name in re.findall("^:class: (.+)", example.myst, re.MULTILINE)}
    assert [name for name in classes if not any(f".{name} " in rule for rule in rules)] == []
    outputs = [element for example in edition.examples for element in example.output.iter()]
    for rule in rules:
        tag, *names = rule.split()[0].split(".")
        assert any(element.tag == tag and {*names} <= element.classes for element in outputs), rule


@pytest.mark.parametrize(
    ("myst", "rst"),
    [
        ("数 {gov-figure}`a | 1`。\n\n:::{gov-report-list}\n:::", "数 :gov-figure:`a | 1`。\n\n.. gov-report-list::"),
        (":::{gov-trend-chart} 甲\n:kind: line\n\na = b\n:::", ".. gov-trend-chart:: 甲\n   :kind: line\n\n   a = b"),
    ],
)
def test_the_second_source_is_derived(myst: str, rst: str) -> None:
    assert in_rst(myst) == rst
