"""Leftovers of an older release or of a fault: the next build gives the same result as a clean one."""

from __future__ import annotations

import dataclasses
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from docutils import nodes
from sphinx.environment import BuildEnvironment

import sphinx_govreport
from sphinx_govreport.core import versions
from sphinx_govreport.core.checks.page import Page, PageParagraph, PageSection
from sphinx_govreport.core.checks.run import Checked
from sphinx_govreport.core.checks.values import Outcome, Verdict
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Rule, Severity, Text
from sphinx_govreport.core.forms.form import Block, FigureSet, Form, FormTable, Identity, Item, Phrase, Section
from sphinx_govreport.core.library.cache import Cache
from sphinx_govreport.core.library.known_forms import KnownForms
from sphinx_govreport.core.library.library import Entry
from sphinx_govreport.core.reports.figures import Figure, Status
from sphinx_govreport.core.reports.report import Correction, Explanation, Report
from sphinx_govreport.ext import events
from sphinx_govreport.ext.domain.domain import Dependency, GovDomain, ListEntry, ListQuery
from tests.conftest import Build, Project

#: the parts of reports that a page may print
BODY = """\
```{gov-disclosure-table}
```

```{gov-disclosure-table} reviews
```

```{gov-disclosure-table} requests
```

新收{gov-figure}`requests.received.total`件，上年{gov-figure}`2023: requests.received.total`件。

```{gov-comparison-table} disclosure-summary
:change: percent
```

```{gov-check-table}
```

```{gov-report-list}
```

```{gov-trend-chart} requests-summary
```

{gov:report}`宿迁市/2023`，{gov:table}`2024:requests`，{gov:figure}`requests.received.total`。

"""
PAGES = ["a", "b", "index"]


@pytest.fixture
def site(years: Project) -> Project:
    """A site that uses all features."""
    years.write("index.md", "# 首页\n\n```{toctree}\na\nb\n```\n")
    years.page("a.md", "宿迁市", 2024, BODY)
    years.page("b.md", "宿迁市", 2023, "```{gov-disclosure-table}\n```\n\n```{gov-check-table}\n```\n")
    return years


def kept(site: Project, name: str) -> Path:
    return site.folder.parent / "_build/doctrees-html" / name


def must_be_clean(build: Build, site: Project) -> None:
    clean = site.build(out="clean")
    assert (build.warnings, sorted(build.read)) == (clean.warnings, PAGES)
    assert build.files() == clean.files()


# data of older releases: the same content in other structures


def older_domain(env: BuildEnvironment) -> None:
    """Return the domain data with changed structures: one removed, and one missing."""
    data = env.domaindata["gov"]
    data["dependencies"] = {docname: ["2024"] for docname in data["dependencies"]}
    data["pages"] = dict.fromkeys(data["pages"], ("宿迁市", 2024))
    data["placed"] = dict.fromkeys(data["placed"])
    data["years"] = {"a": {2024}}
    del data["check_tables"], data["report_lists"]


def older_doctrees(folder: Path) -> None:
    """Write nodes without attributes that the current writers need."""
    for path in folder.glob("*.doctree"):
        doctree: nodes.document = pickle.loads(path.read_bytes())  # noqa: S301
        for node in doctree.findall(nodes.Element):
            if type(node).__name__.startswith("gov"):
                node.attributes.clear()
        path.write_bytes(pickle.dumps(doctree))


def older_cache(path: Path, version: str) -> None:
    """Write values that the current code cannot use, in an otherwise valid cache."""
    known = pickle.loads(path.read_bytes()[64:])  # noqa: S301
    path.unlink()
    old: Cache[object] = Cache(path, version)
    for key in known:
        old.get(key, lambda: ("宿迁市", 2024))
    old.save()


def build_with_release(site: Project, folder: Path, version: str, shape: int) -> None:
    """Build the site with a copy of the extension that claims to be another release."""
    package = Path(sphinx_govreport.__file__).parent
    shutil.copytree(package, folder / package.name, ignore=shutil.ignore_patterns("*.pyc.*"))  # those being written
    module = folder / package.name / "core/versions.py"
    text = module.read_text("utf-8")
    text = text.replace(f'__version__ = "{versions.__version__}"', f'__version__ = "{version}"')
    text = text.replace(f"SHAPE = {versions.SHAPE}\n", f"SHAPE = {shape}\n")
    assert (f'"{version}"' in text, f"SHAPE = {shape}\n" in text) == (True, True)
    module.write_text(text, "utf-8")
    out = site.folder.parent / "_build"
    options = ["-q", "-b", "html", "-d", str(out / "doctrees-html")]
    command = [sys.executable, "-m", "sphinx", *options, str(site.folder), str(out / "html")]
    subprocess.run(command, check=True, cwd=folder, env=os.environ | {"PYTHONPATH": str(folder)})


@pytest.mark.parametrize(
    ("version", "shape"),
    [("0.0.9", 9), (versions.__version__, versions.SHAPE - 1), ("9.0.0", 99)],
    ids=["older", "before", "newer"],
)
def test_what_another_release_kept_is_made_anew(site: Project, tmp_path: Path, version: str, shape: int) -> None:
    build_with_release(site, tmp_path / "release", version, shape)
    path = kept(site, "environment.pickle")
    env = pickle.loads(path.read_bytes())  # noqa: S301
    assert env.domaindata["gov"]["version"] == shape
    older_domain(env)
    path.write_bytes(pickle.dumps(env))
    older_doctrees(path.parent)
    for name in (events.CACHE_NAME, events.CHECKS_NAME, events.FORMS_NAME):
        older_cache(kept(site, name), f"{version}:{shape}")
    must_be_clean(site.build(), site)
    assert site.build().read == []


class Foreign:
    """An object that another program might have pickled."""

    def __init__(self, value: object) -> None:
        self.value = value


def _vanished(_data: bytes) -> bytes:
    """Return a pickle of a class whose module no longer exists."""
    module = ModuleType("vanished")
    cls = type("Gone", (), {"__module__": "vanished"})
    module.Gone = cls  # type: ignore[attr-defined]
    sys.modules["vanished"] = module
    try:
        return pickle.dumps(cls())
    finally:
        del sys.modules["vanished"]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "cut off": lambda data: data[: len(data) // 2],
    "a changed byte": lambda data: data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 255]) + data[len(data) // 2 + 1 :],
    "no pickle": lambda data: "数据".encode("gb18030") * 1000,
    "a foreign pickle": lambda data: pickle.dumps(Foreign({"a": 1})),
    "a foreign list": lambda data: pickle.dumps([1, 2]),
    "of a module that is gone": _vanished,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_or_foreign_cache_is_an_empty_one(site: Project, damage: str) -> None:
    site.build()
    for name in (events.CACHE_NAME, events.CHECKS_NAME, events.FORMS_NAME):
        path = kept(site, name)
        path.write_bytes(DAMAGES[damage](path.read_bytes()))
    build = site.build()
    assert build.read == []  # no page depends on it
    assert build.files() == site.build(out="clean").files()


@pytest.mark.parametrize("damage", [damage for damage in DAMAGES if damage != "a changed byte"])
def test_a_damaged_or_foreign_environment_is_made_anew(site: Project, damage: str) -> None:
    site.build()
    path = kept(site, "environment.pickle")
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    must_be_clean(site.build(), site)


def test_a_release_throws_away_what_another_has_kept() -> None:
    """Sphinx compares version numbers of the extension's data, not releases: ours depends on the release."""
    assert versions.KEPT_BY.startswith(f"{sphinx_govreport.__version__}:")
    assert sphinx_govreport.ext.ENV_VERSION == versions.ENV_VERSION
    assert GovDomain.data_version == versions.SHAPE


#: all pickled classes with their fields
SHAPES = {
    cls.__name__: list(getattr(cls, "_fields", ())) or [field.name for field in dataclasses.fields(cls)]  # type: ignore[arg-type]
    for cls in (Block, Checked, Correction, Diagnostic, Entry, Explanation, Figure, FigureSet, Form, FormTable, Identity, Item, KnownForms, ListEntry, ListQuery,
                Outcome, Page, PageSection, PageParagraph, Phrase, Pos, Dependency, Report, Rule, Section, Text)
} | {cls.__name__: [member.value for member in cls] for cls in (Severity, Status, Verdict)}  # fmt: skip


def test_who_changes_a_shape_raises_the_number() -> None:
    """If this fails, raise :data:`versions.SHAPE`, then update the expected value."""
    kinds = sorted(GovDomain.initial_data)
    assert (versions.SHAPE, kinds, SHAPES) == (
        38,
        [
            "captioned",
            "charts",
            "check_tables",
            "dependencies",
            "faulty",
            "findings",
            "likenesses",
            "pages",
            "placed",
            "quotes",
            "references",
            "report_lists",
            "signed",
            "texts",
        ],
        {
            "Block": ["columns", "rows", "title", "corners"],
            "Checked": ["outcomes", "findings", "first_table"],
            "Correction": ["date", "table", "path", "before", "after", "reason", "line", "column"],
            "Diagnostic": ["rule", "pos", "message", "hint", "figures", "places"],
            "Entry": [
                "key",
                "digest",
                "path",
                "diagnostics",
                "forms",
                "packed",
                "corrected",
                "is_begun",
                "published_by",
                "rival",
            ],
            "Explanation": ["text", "line", "column"],
            "Figure": ["status", "value", "text", "line", "column", "unit", "note", "is_explicit"],
            "FigureSet": ["key", "label", "figures"],
            "Form": [
                "name",
                "kind",
                "title",
                "english",
                "notice",
                "date",
                "first_year",
                "last_year",
                "tables",
                "digest",
                "sections",
                "deadline",
                "share_base",
                "edition",
                "same_as",
                "title_parts",
            ],
            "FormTable": [
                "name",
                "label",
                "section",
                "english",
                "source",
                "unit",
                "widths",
                "blocks",
                "aliases",
                "identities",
                "phrases",
                "sets",
                "rates",
                "short",
            ],
            "Identity": ["rule", "equation", "source", "title", "is_explainable"],
            "Item": [
                "label",
                "english",
                "key",
                "aliases",
                "items",
                "span",
                "is_total",
                "parts",
                "rule",
                "signed",
                "decimal",
                "unit",
                "units",
                "is_text",
                "shows_unit",
                "is_each",
                "name",
                "short",
            ],
            "KnownForms": ["forms", "digest", "diagnostics", "files"],
            "ListEntry": ["year", "docname", "agency", "title", "published", "downloads", "kind", "corrected"],
            "ListQuery": ["agencies", "years", "kind"],
            "Outcome": ["rule", "verdict", "checked", "findings", "explanation", "computed", "obstacle"],
            "Page": ["path", "agency", "year", "sections", "excused", "published", "line", "fields", "kind", "published_line"],
            "PageSection": ["title", "line", "paragraphs", "has_more"],
            "PageParagraph": ["text", "line", "excused"],
            "Phrase": ["pattern", "figures", "is_share"],
            "Pos": ["path", "line", "column"],
            "Dependency": ["agency", "year", "about", "kind", "names"],
            "Report": [
                "agency",
                "year",
                "path",
                "digest",
                "forms",
                "figures",
                "notes",
                "explanations",
                "year_at",
                "corrections",
                "rows",
                "keys",
                "former_name",
            ],
            "Rule": ["name", "severity", "title", "is_explainable", "chinese", "explanation"],
            "Section": ["key", "title", "names", "prompts", "least", "fees"],
            "Text": ["template", "values", "chinese", "plural"],
            "Severity": ["error", "warning", "hint"],
            "Status": [0, 1, 2, 3, 4, 5],
            "Verdict": ["passed", "explained", "failed", "not-checkable", "computed", "not-comparable", "no-last-year"],
        },
    )
