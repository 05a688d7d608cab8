"""Which files settings and commands name, and what is in them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from sphinx_govreport.core.characters import decoded, is_clean, visible
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Rule, RuleExplanation, Severity, text
from sphinx_govreport.core.examples import Example
from sphinx_govreport.core.files import reason_of
from sphinx_govreport.core.yaml.source import MAX_BYTES, invisible

UNREADABLE_FILE = Rule(
    "unreadable-file",
    chinese="文件无法读取",
    explanation=RuleExplanation(
        text("The file could not be opened."),
        text("A report that cannot be read is not on the site."),
        text("Check the path, the permissions, and whether another program has locked the file."),
        example=Example(run="sphinx-govreport import reprot-2023.docx"),
    ),
)

NO_FILES = Rule(
    "no-files",
    Severity.WARNING,
    chinese="没有文件",
    explanation=RuleExplanation(
        text("A folder or pattern contains no year files, forms or documents to import."),
        text("A site without data would be published with empty pages."),
        text("Write paths relative to the folder of conf.py; year files and forms end in .yaml or .yml."),
        wrong='govreport_data = ["date"]',
        right='govreport_data = ["data"]',
        example=Example(run="sphinx-govreport check 'dta/*.yaml'"),
    ),
)

OUTSIDE_FOLDER = Rule(
    "outside-folder",
    chinese="链接超出文件夹",
    explanation=RuleExplanation(
        text("The data contain a link that leads out of its folder."),
        text("Anyone who can add data could make messages quote any file of the computer."),
        text("Replace the link with the file itself, or list the file in govreport_data."),
        example=Example(run="ln -s /etc/hosts data/2025.yaml\nsphinx-govreport check data"),
    ),
)

YEAR_FILE_SUFFIXES = (".yaml", ".yml")


def read_files(root: Path, paths: Iterable[Path], diagnostics: list[Diagnostic]) -> Iterator[tuple[str, bytes]]:
    """Yield the shown path and the bytes of each file that can be read."""
    for path in paths:
        shown = shown_path(path, root)
        data = read_bytes(path, shown, diagnostics)
        if data is not None:
            yield shown, data


def read_bytes(path: Path, shown: str, diagnostics: list[Diagnostic]) -> bytes | None:
    """Read the file, no more of it than is needed to see that it is too large."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        diagnostics.append(unreadable(shown, error))
        return None


def unreadable(shown: str, error: OSError) -> Diagnostic:
    """What is said of a file that cannot be read."""
    return Diagnostic(UNREADABLE_FILE, Pos(shown), text("The file cannot be read: {reason}.", reason=reason_of(error)))


def form_paths_of(root: Path, forms: Iterable[str], diagnostics: list[Diagnostic]) -> list[Path]:
    """The files of local forms in the order in which they are named, those of a folder in the order of their paths."""
    return _usable(root, _find(root, forms, _FORMS, diagnostics), _FORMS, (), diagnostics)


def paths_of(root: Path, data: Iterable[str], forms: Iterable[Path], diagnostics: list[Diagnostic]) -> list[Path]:
    """The year files in the order of their paths, each once; the file of a local form among them is none."""
    found = dict(sorted(_find(root, data, _DATA, diagnostics).items(), key=lambda item: _parts(item[0])))
    return _usable(root, found, _DATA, forms, diagnostics)


_DATA, _FORMS = "govreport_data", "govreport_forms"  # the settings that name files


def _find(root: Path, names: Iterable[str], setting: str, diagnostics: list[Diagnostic]) -> dict[Path, str]:
    """The files that a setting names, with the folder in which each was found; empty if it is named itself."""
    found: dict[Path, str] = {}
    for name in names:
        try:
            paths, folder = sorted(_expand(root, name), key=_parts), _folder(root, name)
        except OSError as error:
            diagnostics.append(unreadable(name, error))
            continue
        except ValueError:  # what the library says of it is in its own words
            message = text("“{name}” is not a pattern of file names.", name=name)
            hint = text("“**” matches folders: write it between two slashes.")
            diagnostics.append(Diagnostic(NO_FILES, Pos(name), message, hint))
            continue
        for path in paths:
            found[path] = folder if found.get(path, folder) else ""
        if not paths:
            message = text("There are no year files in “{name}”.", name=name)
            if setting == _FORMS:
                message = text("There are no forms in “{name}”.", name=name)
            hint = text("Check {setting}; paths are relative to the folder of conf.py.", setting=setting)
            diagnostics.append(Diagnostic(NO_FILES, Pos(name), message, hint))
    return found


def _parts(path: Path) -> list[str]:
    return str(path).split(os.sep)


def _usable(
    root: Path, found: Mapping[Path, str], setting: str, others: Iterable[Path], diagnostics: list[Diagnostic]
) -> list[Path]:
    """The files found, each once, without ``others`` and links that lead out of their folder."""
    excluded = {os.path.realpath(path) for path in others}
    wanted = []
    real_folder = cache(os.path.realpath)  # thousands of files lie in few folders
    seen: set[str] = set()  # one file may be named twice: by a linked folder, with .. in its path
    for path, folder in found.items():
        whole = str(path)
        head, name = os.path.split(whole)
        is_link = os.path.islink(whole)
        real = os.path.realpath(whole) if is_link else os.path.join(real_folder(head), name)
        if folder and not real.startswith(folder):
            message = text("The file is a link that leads out of its folder; it is not read.")
            hint = text("If this is intended, list the file itself in {setting}.", setting=setting)
            diagnostics.append(Diagnostic(OUTSIDE_FOLDER, Pos(shown_path(path, root)), message, hint))
        elif real not in excluded and (is_link or real not in seen):  # a link beside its file is a report twice, and said
            wanted.append(path)
            own = whole.removeprefix(f"{root}{os.sep}")
            if not is_clean(decoded(own)):
                diagnostics.append(invisible(Pos(shown_path(path, root)), decoded(own), text("Give the file another name.")))
            seen |= set() if is_link else {real}
    return wanted


def _folder(root: Path, name: str) -> str:
    """The folder that a name means, with a slash at its end: the whole name, or of a glob what stands before the first mark."""
    path = root / name
    if not path.is_dir():
        while any(mark in str(path) for mark in "*?["):
            path = path.parent
        if path == root / name:
            return ""
    return os.path.join(os.path.realpath(path), "")


def _expand(root: Path, name: str) -> Iterator[Path]:
    path = root / name
    if path.is_dir():
        for folder, _folders, names in os.walk(path):
            files = (Path(folder, name) for name in names if os.path.splitext(name)[1].lower() in YEAR_FILE_SUFFIXES)
            yield from (file for file in files if os.path.isfile(file))
    elif any(mark in name for mark in "*?["):
        anchor = Path(path.anchor)
        yield from (file for file in anchor.glob(str(path.relative_to(anchor))) if file.is_file())
    else:
        yield path


def finds_files(root: Path, name: str) -> bool:
    """Whether a file, folder or glob names any file from ``root``."""
    try:
        return any(path.is_file() for path in _expand(root, name))
    except (OSError, ValueError):  # told when the files are read
        return False


def shown_path(path: Path, root: Path) -> str:
    """A file's path as the user knows it, with escapes for what is not seen."""
    whole, start = path.as_posix(), f"{root.as_posix()}/"
    return visible(whole.removeprefix(start) if whole.startswith(start) else Path(os.path.relpath(path, root)).as_posix())
