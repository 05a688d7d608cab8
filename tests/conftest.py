"""A fresh project for each test."""

from __future__ import annotations

import functools
import gc
import io
import logging
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment
from sphinx import locale, theming
from sphinx.application import Sphinx
from sphinx.builders.html import _assets
from sphinx.util.console import strip_escape_sequences
from sphinx.util.docutils import docutils_namespace, patch_docutils
from sphinx.util.logging import VERBOSE

from sphinx_govreport.importers.readers import docx, pdf, workbook
from tests.published import NAMES, published, year_file

CONF = """\
project = "site"
language = "zh_CN"
extensions = ["myst_parser", "sphinx_govreport"]
myst_enable_extensions = ["colon_fence"]
govreport_data = ["data"]
numfig = True
"""


_compile: Any = Environment.compile
_compiled: dict[tuple[Any, ...], Any] = {}


@functools.wraps(_compile)
def compile_once(environment: Environment, source: Any, *arguments: Any, **options: Any) -> Any:
    """Compile each template of Sphinx and of its theme only once: this is more than half of the time of a small build."""
    key = (type(environment), *environment.extensions, source, *arguments, *options.items())
    if key not in _compiled:
        _compiled[key] = _compile(environment, source, *arguments, **options)
    return _compiled[key]


Environment.compile = compile_once  # type: ignore[method-assign]
#: a build looks into every installed package for themes
theming.entry_points = functools.cache(theming.entry_points)  # type: ignore[attr-defined]


#: for addresses, which no schema here has, jsonschema would compile a grammar: this takes longer than to import all the rest
sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]


#: Sphinx creates 700 log records in each build that are never shown
logging.disable(VERBOSE)


#: the tests of `make coverage`
COVERING = ("core", "ext", "exporters", "importers")
UNMEASURED = pytest.StashKey[bool]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Choose the tests whose coverage is not measured, as they run the same lines as others: measuring doubles their time.

    These are tests marked as broad, those that are no tests of `make coverage`, and cases in which no parameter has a new
    value. With ``--cov-context``, when it matters which tests run a line, all are measured.
    """
    if not config.getoption("cov_source", None) or config.getoption("cov_context", None):
        return
    known: set[tuple[str, str, int]] = set()
    for item in items:
        test = item.nodeid.partition("[")[0]
        parameters = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {"": None}
        values = {(test, name, id(value)) for name, value in parameters.items()}
        if test.split("/")[1] not in COVERING or item.get_closest_marker("broad") or values <= known:
            item.stash[UNMEASURED] = True
        known |= values


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Switch off what measures; the mark ``no_cover`` does nothing in a worker, where another measurement lies below."""
    if UNMEASURED not in item.stash:
        return (yield)
    measuring = sys.gettrace()
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(measuring)


def pytest_collection_finish() -> None:
    """Exclude the objects loaded for the tests from garbage collection: they stay until the end and are many."""
    gc.collect()
    gc.freeze()


class Project:
    """A folder with a site, and its builds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write("conf.py", CONF)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def setting(self, name: str) -> str:
        """Return where ``conf.py`` sets a value, as messages begin."""
        lines = (self.folder / "conf.py").read_text("utf-8").splitlines()
        (line,) = (number for number, line in enumerate(lines, start=1) if line.startswith(f"{name} = "))
        return f"conf.py:{line}:1: "

    def quiet(self) -> None:
        """Switch off checks with findings in honest reports, for tests about other topics."""
        off = dict.fromkeys(("carried-over", "not-filled"), "off")
        self.write("conf.py", f'{CONF}suppress_warnings = ["toc.not_included"]\ngovreport_severity = {off}\n')

    def report(self, name: str) -> None:
        """Write a published report into the data folder."""
        self.write(f"data/{name}.yaml", year_file(published(name)))

    def page(self, name: str, agency: str, year: int, body: str = "```{gov-disclosure-table}\n```\n") -> None:
        self.write(name, f"---\ngovreport-year: {year}\ngovreport-agency: {agency}\n---\n# {name}\n\n{body}")

    def build(
        self, builder: str = "html", *, out: str = "_build", jobs: int = 1, trees: str = "", source: str = "",
        tags: tuple[str, ...] = (), pages: tuple[str, ...] = (), **settings: object,
    ) -> Build:  # fmt: skip
        """``trees``: a doctree folder for several builders. ``source``: the folder of pages, if ``conf.py`` is elsewhere.

        ``pages``: the only ones to be written.
        """
        folder = self.folder.parent / out
        return Build(self.folder, builder, folder, jobs, settings, trees=trees, source=source, tags=tags, pages=pages)


class Build:
    """One run of Sphinx: its output, warnings and pages read."""

    def __init__(
        self, conf: Path, builder: str, out: Path, jobs: int, settings: dict[str, object], *,
        trees: str = "", source: str = "", tags: tuple[str, ...] = (), pages: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        warnings, status = io.StringIO(), io.StringIO()
        self.read: list[str] = []
        self.out = out / builder
        # Sphinx appends each build's catalogs to those of earlier builds in the same process: after a few hundred
        # builds, looking up a text without translation exceeds Python's recursion limit
        locale.translators.clear()
        # so does the checksum of each style sheet and script, although another language or form changes it
        _assets._file_checksum_inner.cache_clear()
        with patch_docutils(str(conf)), docutils_namespace():
            app = Sphinx(
                conf / source, conf, self.out, out / (trees or f"doctrees-{builder}"), builder,
                confoverrides=settings, status=status, warning=warnings, parallel=jobs, tags=list(tags),
            )  # fmt: skip
            app.connect("env-before-read-docs", lambda _app, _env, docnames: self.read.extend(docnames))
            app.build(filenames=[conf / source / page for page in pages])
        self.env = app.env
        self.status = strip_escape_sequences(status.getvalue()).splitlines()
        self.warnings = strip_escape_sequences(warnings.getvalue()).splitlines()

    def text(self, name: str) -> str:
        return (self.out / name).read_text(encoding="utf-8")

    def files(self) -> dict[str, bytes]:
        """All output files."""
        names = sorted(path for path in self.out.rglob("*") if path.is_file())
        return {path.relative_to(self.out).as_posix(): path.read_bytes() for path in names}


@pytest.fixture(autouse=True, scope="session")
def unasked() -> Iterator[None]:
    """Environment variables for pytest and terminals must not affect the programs that tests start."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("PYTEST_ADDOPTS", "CI", "FORCE_COLOR", "FORCE_COLOUR", "NO_COLOR", "NO_COLOUR"):
            patch.delenv(name, raising=False)
        # for each font that it asks for and that is not installed, XeLaTeX would call METAFONT, which cannot make it either
        patch.setenv("MKTEXTFM", "0")
        yield


@pytest.fixture(autouse=True)
def english_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command uses the terminal's language; tests use a fixed one."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read Word documents, workbooks and PDF in this process: starting one for each takes longer than reading a report.

    Tests of damaged, huge and hostile documents do not use this, nor do those of the command.
    """
    for module in (docx, pdf, workbook):
        monkeypatch.setattr(module, "read_isolated", lambda *about, read=module.read_here: read(about[-1]))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """An empty site."""
    return Project(tmp_path / "site")


@pytest.fixture
def reports(project: Project) -> Project:
    """A site with every published report on a separate page. Some have errors; the tests of checks cover these."""
    project.write("conf.py", CONF + 'govreport_severity = {"reviews-total": "hint", "not-filled": "hint"}\n')
    project.write("index.md", "# 首页\n\n```{toctree}\n:glob:\n\nreport-*\n```\n")
    for name in NAMES:
        found = published(name)
        project.report(name)
        project.page(f"report-{name}.md", found.agency, found.year)
    return project


@pytest.fixture
def years(project: Project) -> Project:
    """Two years of one agency."""
    project.quiet()
    project.report("suqian-2023")
    project.report("suqian-2024")
    return project
