"""Helpers shared by the subcommands."""

from __future__ import annotations

import argparse
import gettext
import locale
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from sphinx_govreport.core.batch.collection import Collection, Progress
from sphinx_govreport.core.batch.executors import TaskRunner, dask_cluster, processes, this_process, usable_cores
from sphinx_govreport.core.batch.store import Store
from sphinx_govreport.core.checks.formats import FORMATS
from sphinx_govreport.core.checks.page import MARKDOWN
from sphinx_govreport.core.diagnostics import (
    CATALOG,
    LOCALE_DIR,
    Diagnostic,
    MessageError,
    Severity,
    Text,
    Translate,
    listed,
    text,
    translator,
)
from sphinx_govreport.core.files import is_special, reason_of, whole_file
from sphinx_govreport.core.forms.form import Keys
from sphinx_govreport.core.library.cache import Cache
from sphinx_govreport.core.library.library import Library, load_library
from sphinx_govreport.core.reports.report import ReportKey
from sphinx_govreport.core.versions import __version__

from . import streams

#: texts that argparse passes to gettext; listed here so that they get into the catalog
ARGPARSE = (
    text("usage: "),
    text("options"),
    text("positional arguments"),
    text("show this help message and exit"),
    text("%(heading)s:"),
    text("%(prog)s: error: %(message)s\n"),
    text("argument %(argument_name)s: %(message)s"),
    text("the following arguments are required: %s"),
    text("unrecognized arguments: %s"),
    text("invalid choice: %(value)r (choose from %(choices)s)"),
    text("invalid %(type)s value: %(value)r"),
    text("ambiguous option: %(option)s could match %(matches)s"),
    text("expected one argument"),
    text("expected at least one argument"),
    text("ignored explicit argument %r"),
)


def translation() -> Translate:
    """Return the catalog for the language set by :func:`spoken`."""
    return translator(os.environ.get("LANGUAGE"))


def said(message: Text) -> str:
    """Return a text in the language set by :func:`spoken`."""
    return message.render(translation())


def say_text(message: Text) -> None:
    """Print a message that does not get into the output."""
    streams.say(said(message))


@contextmanager
def spoken(arguments: Sequence[str] | None) -> Iterator[None]:
    """Make argparse and this package find their texts in our catalog, in the language of ``arguments`` or the terminal."""
    early = argparse.ArgumentParser(add_help=False)
    early.add_argument("--language", nargs="?")  # the real parser reports a missing value
    of_terminal = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    chosen = early.parse_known_args(arguments)[0].language or of_terminal or locale.getlocale()[0] or "en"
    before, variable = gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.bindtextdomain(CATALOG, str(LOCALE_DIR))
    gettext.textdomain(CATALOG)
    os.environ["LANGUAGE"] = "zh_CN" if chosen.lower().startswith("zh") else "en"
    try:
        yield
    finally:
        gettext.textdomain(before)
        os.environ.pop("LANGUAGE")
        os.environ.update({"LANGUAGE": variable} if variable is not None else {})


def spoken_keys() -> Keys:
    """Return the language of keys for the user's language."""
    return "zh" if os.environ["LANGUAGE"].startswith("zh") else "en"


SOUND, FINDINGS, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


class WrongUsage(MessageError):  # noqa: N818  (it is the user's mistake, not a fault)
    """The command was called with invalid arguments; it ends with exit code 2."""


def load(paths: Sequence[str], forms: Sequence[str], agencies: str = "") -> Library:
    """Read a few year files."""
    return load_library(Path.cwd(), paths, forms, Cache(None, __version__), agencies=agencies)


def tell(findings: Iterable[Diagnostic]) -> bool:
    """Print findings outside the output. Return whether one of them is an error."""
    fails = False
    for found in findings:
        streams.say(FORMATS["text"]([found], translation(), __version__), end="")
        fails |= found.rule.severity is Severity.ERROR
    return fails


def forms_only(names: Sequence[str], agencies: str = "") -> Library | None:
    """Read forms and print their findings; return None if one of them cannot be used."""
    library = load([], names, agencies)
    tell(library.diagnostics)
    return library if all(found.rule.severity is Severity.HINT for found in library.diagnostics) else None


def refuse_unused(other: str, **unused: object) -> None:
    """Refuse options, by their names, that would have no effect with another option."""
    if names := [f"--{name}" for name, value in unused.items() if value]:
        raise WrongUsage(text("{options} has no effect with {other}.", options=listed(names), other=other))


def no_form(year: int) -> WrongUsage:
    """Return the error for a command that needs a form for a year without one."""
    return WrongUsage(text("No form is in force in {year}.", year=year))


def write(output: str, body: str | bytes) -> int:
    """Write to a file, or print for ``-``."""
    with opened(output) as file:
        file.write(body.encode() if isinstance(body, str) else body)
    return SOUND


@contextmanager
def opened(output: str) -> Iterator[BinaryIO]:
    """Open a file to be written piece by piece, or ``-``. An existing file is replaced only by a complete one."""
    if streams.is_output(output):
        with streams.output() as file:
            yield file
        return
    try:
        with whole_file(Path(output)) as file:
            yield file
    except OSError as error:
        raise not_written(output, error) from error


PAGE_SUFFIXES = (*MARKDOWN, ".rst")


def page_text(name: str) -> str:
    """Return the text of a page."""
    if Path(name).suffix not in PAGE_SUFFIXES:
        raise WrongUsage(text("“{name}” is not a page in Markdown (.md) or reStructuredText (.rst).", name=name))
    return text_of(name)


def text_of(name: str) -> str:
    """Return the text of a file."""
    try:
        return Path(name).read_text("utf-8-sig")
    except OSError as error:
        raise WrongUsage(text("“{name}” cannot be read: {reason}.", name=name, reason=reason_of(error))) from error
    except UnicodeDecodeError as error:
        raise WrongUsage(text("“{name}” is not in UTF-8.", name=name)) from error


def write_all(files: Mapping[str, str]) -> None:
    """Write all files, creating their folders, or none."""
    made: list[Path] = []
    try:
        for name, body in files.items():
            target = Path(name)
            if name != "-":
                made += reversed([folder for folder in target.parents if not os.path.exists(folder)])
                make_folder(target.parent)
                made += [] if os.path.exists(target) else [target]
            write(name, body)
    except BaseException:
        for path in reversed(made):
            with suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)
        raise


def file_name(report: ReportKey, *, with_agency: bool = False) -> str:
    """Return the file name of a report: its year and, if needed, its agency and its kind."""
    parts = (_safe(report.agency) if with_agency else "", str(report.year), report.other_kind and _safe(report.other_kind))
    return f"{'-'.join(filter(None, parts))}.yaml"


def _safe(name: str) -> str:
    """Return a name as part of a file name; no document can specify a folder to write to."""
    return re.sub(r"[^\w·（）-]", "_", name).strip("_.-")[:60] or "report"


def is_taken(target: Path, body: str | bytes) -> bool:
    """Return whether a file would be overwritten. It may have the same content, as after a command that was killed."""
    if streams.is_output(str(target)) or not os.path.exists(target) or is_special(target):
        return False
    with suppress(OSError):  # such as a folder
        return target.read_bytes() != (body.encode() if isinstance(body, str) else body)
    return True


def refuse_taken(target: Path, body: str | bytes) -> None:
    """Refuse to overwrite a file with other content; writing to a device or a pipe is allowed."""
    if is_taken(target, body):
        raise is_there(target)


def make_folder(folder: Path) -> None:
    """Create a folder and its parents if they do not exist."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise not_written(folder, error) from error


def not_written(name: object, error: OSError) -> WrongUsage:
    """Return the message for a file or folder that cannot be written."""
    reason = text("its folder does not exist") if isinstance(error, FileNotFoundError) else reason_of(error)
    return WrongUsage(text("“{name}” cannot be written: {reason}.", name=name, reason=reason))


def is_there(name: object) -> WrongUsage:
    """Return the message for a file that would be overwritten."""
    return WrongUsage(text("“{name}” already exists; choose another name.", name=name))


# -- many year files ------------------------------------------------------------------------------------------------

_MANY = 2_000  # from this number on, starting further processes saves more time than it costs
_SHOWN = 100  # from this number on, progress is shown
_STEPS = 5  # number of progress lines: they work in every terminal and with screen readers, and need no library


@contextmanager
def collected(paths: Sequence[str], options: argparse.Namespace, output: Path | None = None) -> Iterator[Collection]:
    """Read the year files except ``output``; at the end, stop the workers."""
    refuse_unused("--scheduler", jobs=options.scheduler and options.jobs is not None)
    if streams.is_output(options.cache or ""):
        raise WrongUsage(text("A cache is a file, not standard output: --cache FILE."))
    store = Store(Path(options.cache) if options.cache else None)

    def runner(files: int) -> TaskRunner:
        return dask_cluster(options.scheduler) if options.scheduler else local_runner(options.jobs, files, _MANY)

    collection = Collection(Path.cwd(), options.form, store, runner, options.agencies)
    try:
        collection.read(paths, progress(text("read")), output)
        yield collection
    finally:
        collection.close()


def progress(what: Text, least: int = _SHOWN) -> Progress:
    """Return a function that prints progress in plain lines on a terminal if there are at least ``least`` files."""
    told = 0
    is_terminal = sys.stderr and not sys.stderr.closed and sys.stderr.isatty()

    def show(done: int, files: int) -> None:
        nonlocal told
        step = done * _STEPS // files
        if step > told and files >= least and is_terminal:
            streams.say(f"{done}/{files} {said(what)}")
        told = step

    return show


def local_runner(jobs: int | None, files: int, many: int) -> TaskRunner:
    """Return an executor with ``jobs`` processes; None: all cores if there are ``many`` files or more, else this process."""
    if jobs is not None and jobs < 1:
        raise WrongUsage(text("--jobs must be an integer of 1 or more."))
    jobs = jobs or (usable_cores() if files >= many else 1)
    return processes(jobs) if jobs > 1 else this_process()
