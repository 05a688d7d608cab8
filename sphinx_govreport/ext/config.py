"""The configuration values, each declared once."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path
from reprlib import repr as repr_short
from typing import Any, Literal, NamedTuple

from sphinx.application import Sphinx
from sphinx.config import Config

from sphinx_govreport.core.characters import cleaned, is_clean
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Text, in_order, text
from sphinx_govreport.core.forms.form import did_you_mean, hint_for
from sphinx_govreport.core.yaml.source import invisible

from .log import report_problem, site_rule

BAD_CONFIG = site_rule(
    "bad-config",
    "设置有误",
    text("A setting in conf.py does not exist, or has an invalid value."),
    text("The setting is ignored, and the site is not as intended."),
    text("Write it as the message says."),
    files=(("conf.py", 'govreport_severity = {"row-totl": "warning"}\n'),),
    wrong='govreport_severity = {"jump": "loud"}',
    right='govreport_severity = {"jump": "warning"}',
)

CONF = "conf.py"
_PREFIX = "govreport_"


class ValueType(NamedTuple):
    """The type of a value. Items with another type are ignored and reported."""

    types: tuple[type, ...]
    wanted: Text
    example: str  #: as written in ``conf.py``
    items: ValueType | None = None  #: of a list, or the values of a dictionary


_TEXT = ValueType((str,), text("a text"), '"…"')
_FLAG = ValueType((bool,), text("True or False"), "True")
_TEXTS = ValueType((list, tuple), text("a list of texts"), '["…", "…"]', _TEXT)
_TEXT_OR_TEXTS = ValueType((str, list, tuple), text("a text or a list of texts"), '"…"', _TEXT)
_LEVELS = ValueType((dict,), text("a dictionary of texts"), '{"…": "…"}', _TEXT)
_PARTS = ValueType((dict,), text("a dictionary of lists of texts"), '{"…": ["…", "…"]}', _TEXTS)
_AGENCY = ValueType((dict,), text("a dictionary"), '{"former": ["…"], "level": "…"}', _TEXT_OR_TEXTS)
_AGENCIES = ValueType(
    (str, dict), text("a dictionary, or the name of a file"), '{"…": {"former": ["…"], "level": "…"}}', _AGENCY
)
_SITE = ValueType((dict,), text("a dictionary of texts"), '{"…": "…"}', _TEXT_OR_TEXTS)


class ConfigValue(NamedTuple):
    """A configuration value."""

    name: str
    default: Any
    rebuild: Literal["", "env", "html"]  #: what Sphinx rebuilds when it changes; pages track changed data themselves
    shape: ValueType
    description: str


VALUES = (
    ConfigValue("govreport_data", [], "", _TEXTS, "Year files: files, folders and globs, relative to the folder of conf.py."),
    ConfigValue("govreport_agency", "", "env", _TEXT, "Default agency of pages that do not set govreport-agency."),
    ConfigValue("govreport_agencies", "", "", _AGENCIES, "Former names and levels of agencies, or a file with them."),
    ConfigValue("govreport_forms", [], "", _TEXTS, "Local forms: files, folders and globs, relative to the folder of conf.py."),
    ConfigValue("govreport_severity", {}, "env", _LEVELS, "Severity per rule: error, warning, hint or off."),
    ConfigValue("govreport_parts", {}, "env", _PARTS, "Agencies that an agency's figures are the sum of, by its name."),
    ConfigValue("govreport_numbered", False, "env", _FLAG, "Whether captions of tables and charts are numbered."),
    ConfigValue("govreport_mark_findings", True, "html", _FLAG, "Whether figures with errors are marked in HTML and PDF."),
    ConfigValue("govreport_downloads", [], "html", _TEXTS, "Download formats of reports: csv, json, pdf …"),
    ConfigValue("govreport_site", {}, "html", _SITE, "Contents of the meta tags of government sites, by tag name."),
    ConfigValue("govreport_show_published", True, "html", _FLAG, "Whether pages show their publication date below the title."),
    ConfigValue("govreport_dataset", False, "html", _FLAG, "Whether report pages describe their data for search engines."),
    ConfigValue("govreport_license", "", "html", _TEXT, "URL of the licence of the reports' data."),
    ConfigValue("govreport_pdf_folder", "_build/latex", "html", _TEXT, "Folder of the PDF, relative to the folder of conf.py."),
    ConfigValue("govreport_latex", "", "", _TEXT, "Page layout of the PDF: empty, or gbt9704 for GB/T 9704-2012."),
    ConfigValue("govreport_index_tables", True, "html", _FLAG, "Whether the general index and objects.inv list every table."),
    ConfigValue("govreport_search", True, "html", _FLAG, "Whether Chinese text is indexed for the site search."),
)


def is_chinese(config: Config) -> bool:
    """Return whether search support for Chinese is enabled."""
    return config.govreport_search and (config.html_search_language or config.language or "").startswith("zh")


def report_bad_config(app: Sphinx, setting: str, message: Text, hint: Text | None = None) -> None:
    """Report a problem with a value, where ``conf.py`` has it."""
    report_problem(app, Diagnostic(BAD_CONFIG, pos_of(app, setting), message, hint))


def pos_of(app: Sphinx, setting: str) -> Pos:
    """Return where ``conf.py`` sets a value last; its beginning if the value comes from elsewhere, such as the command line."""
    return _positions(app).get(setting, Pos(CONF))


def read_values(app: Sphinx, config: Config) -> None:
    """Keep the valid parts of each value, and report the others; Sphinx checks types after ``config-inited``."""
    places = _positions(app)
    problems = list(_unknown_names(config, places))
    for value in VALUES:
        written = getattr(config, value.name)
        if written is not value.default:
            taken = _read(value, written, value.shape, places.get(value.name, Pos(CONF)), problems)
            setattr(config, value.name, value.default if taken is None else taken)
    for problem in in_order(problems):
        report_problem(app, problem)


def _unknown_names(config: Config, places: dict[str, Pos]) -> Iterator[Diagnostic]:
    """Yield a problem for each name in ``conf.py`` with our prefix that no extension has registered."""
    known = [value.name.removeprefix(_PREFIX) for value in VALUES]
    for name, pos in places.items():
        if name not in config and name.startswith(_PREFIX):
            guess = did_you_mean(name.removeprefix(_PREFIX), known)
            hint = hint_for(guess and _PREFIX + guess, (value.name for value in VALUES))
            yield Diagnostic(BAD_CONFIG, pos, text("There is no setting “{name}”.", name=name), hint)


def _positions(app: Sphinx) -> dict[str, Pos]:
    """Return where ``conf.py`` sets each name last, except those that the command line sets."""
    try:
        module = ast.parse(Path(app.confdir, CONF).read_bytes())
    except (OSError, SyntaxError, ValueError):  # it does not exist, or Sphinx has reported the error
        return {}
    names = (node for node in _of_module(module) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    return {node.id: Pos(CONF, node.lineno, node.col_offset + 1) for node in names if node.id not in app.config.overrides}


def _of_module(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes below a node except those in functions and classes, whose names are local."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            yield from _of_module(child)


def _read(value: ConfigValue, written: object, shape: ValueType, pos: Pos, problems: list[Diagnostic]) -> Any:
    """Return the valid part of a value; None if nothing is valid."""
    if str in shape.types and isinstance(written, (str, os.PathLike)):
        shown = os.fsdecode(written)
        if not is_clean(shown):
            problems.append(invisible(pos, shown, text("Write {name} without them.", name=value.name)))
        return cleaned(shown)
    if list in shape.types and isinstance(written, (str, os.PathLike)):  # a single text or path is a list with one item
        written = [written] if os.fspath(written) else []
    if not isinstance(written, shape.types):
        message = text("{name}: {written} is not {wanted}.", name=value.name, written=repr_short(written), wanted=shape.wanted)
        hint = text("For example: {name} = {example}.", name=value.name, example=value.shape.example)
        problems.append(Diagnostic(BAD_CONFIG, pos, message, hint))
        return None
    if isinstance(written, dict):
        assert shape.items
        taken = (
            (_read(value, key, _TEXT, pos, problems), _read(value, item, shape.items, pos, problems))
            for key, item in written.items()
        )
        return {key: item for key, item in taken if key is not None and item is not None}
    if isinstance(written, (list, tuple)):
        assert shape.items
        return [item for item in (_read(value, item, shape.items, pos, problems) for item in written) if item is not None]
    return written


def name_language_of_books(_app: Sphinx, config: Config) -> None:
    """Write the language of an EPUB in standard notation: Sphinx uses the name of its catalogs, zh_CN."""
    if config.epub_language:
        config.epub_language = config.epub_language.replace("_", "-")
