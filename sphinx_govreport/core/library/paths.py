"""Find and read the files that settings and commands list."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from sphinx_govreport.core.characters import decoded, is_clean, visible
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Severity, explained_rule, text
from sphinx_govreport.core.examples import Example
from sphinx_govreport.core.files import reason_of, relative
from sphinx_govreport.core.yaml.source import MAX_BYTES, invisible

UNREADABLE_FILE = explained_rule(
    "unreadable-file",
    "文件无法读取",
    text("The file could not be opened."),
    text("A report that cannot be read is not on the site."),
    text("Check the path, the permissions, and whether another program has locked the file."),
    example=Example(run="sphinx-govreport import reprot-2023.docx"),
)

NO_FILES = explained_rule(
    "no-files",
    "没有文件",
    text("A folder or pattern contains no year files, forms, pages or documents to import."),
    text("A site without data would be published with empty pages."),
    text("Paths are relative to conf.py's folder, in commands to the current one; year files and forms end in .yaml or .yml."),
    wrong='govreport_data = ["date"]',
    right='govreport_data = ["data"]',
    example=Example(run="sphinx-govreport check 'dta/*.yaml'"),
    severity=Severity.WARNING,
)

OUTSIDE_FOLDER = explained_rule(
    "outside-folder",
    "链接超出文件夹",
    text("The data contain a link that leads out of its folder."),
    text("Anyone who can add data could make messages quote any file of the computer."),
    text("Replace the link with the file itself, or list the file in govreport_data."),
    example=Example(run="ln -s /etc/hosts data/2025.yaml\nsphinx-govreport check data"),
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
    """Read a file, but only as much as shows that it is too large."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        diagnostics.append(unreadable(shown, error))
        return None


def unreadable(shown: str, error: OSError) -> Diagnostic:
    """Return the diagnostic of a file that cannot be read."""
    return Diagnostic(UNREADABLE_FILE, Pos(shown), text("The file cannot be read: {reason}.", reason=reason_of(error)))


def form_paths_of(root: Path, forms: Iterable[str], diagnostics: list[Diagnostic]) -> list[Path]:
    """Return the files of local forms in the order of the setting, those of a folder sorted by path."""
    return _usable(root, _find(root, forms, _FORMS, diagnostics), _FORMS, (), diagnostics)


def paths_of(root: Path, data: Iterable[str], forms: Iterable[Path], diagnostics: list[Diagnostic]) -> list[Path]:
    """Return the year files sorted by path, each once and without the files of local forms."""
    found = dict(sorted(_find(root, data, _DATA, diagnostics).items(), key=lambda item: _parts(item[0])))
    return _usable(root, found, _DATA, forms, diagnostics)


_DATA, _FORMS = "govreport_data", "govreport_forms"  # the settings that list files


def _find(root: Path, names: Iterable[str], setting: str, diagnostics: list[Diagnostic]) -> dict[Path, str]:
    """Return the files of a setting, each with the folder in which it was found; empty if the file itself is listed."""
    found: dict[Path, str] = {}
    for name in names:
        failed: list[OSError] = []
        try:
            paths, folder = sorted(_expand(root, name, failed.append), key=_parts), _folder(root, name)
        except OSError as error:
            diagnostics.append(unreadable(name, error))
            continue
        except ValueError:  # its message is not ours
            message = text("“{name}” is not a pattern of file names.", name=name)
            hint = text("“**” matches folders: write it between two slashes.")
            diagnostics.append(Diagnostic(NO_FILES, Pos(name), message, hint))
            continue
        for path in paths:
            found[path] = folder if found.get(path, folder) else ""
        diagnostics += (unreadable(shown_path(Path(error.filename), root), error) for error in failed)
        if not paths and not failed:
            message = text("There are no year files in “{name}”.", name=name)
            if setting == _FORMS:
                message = text("There are no forms in “{name}”.", name=name)
            hint = text(
                "In {setting}, paths are relative to the folder of conf.py; in a command, to the current folder.",
                setting=setting,
            )
            diagnostics.append(Diagnostic(NO_FILES, Pos(name), message, hint))
    return found


def _parts(path: Path) -> list[str]:
    return str(path).split(os.sep)


def _usable(
    root: Path, found: Mapping[Path, str], setting: str, others: Iterable[Path], diagnostics: list[Diagnostic]
) -> list[Path]:
    """Return each file once, without ``others`` and links that lead out of their folder."""
    excluded = {os.path.realpath(path) for path in others}
    wanted = []
    real_folder = cache(os.path.realpath)  # thousands of files are in few folders
    seen: set[str] = set()  # a file can be listed twice: through a linked folder, or with .. in its path
    for path, folder in found.items():
        whole = str(path)
        head, name = os.path.split(whole)
        is_link = os.path.islink(whole)
        real = os.path.realpath(whole) if is_link else os.path.join(real_folder(head), name)
        if folder and not real.startswith(folder):
            message = text("The file is a link that leads out of its folder; it is not read.")
            hint = text("If this is intended, list the file itself in {setting}.", setting=setting)
            diagnostics.append(Diagnostic(OUTSIDE_FOLDER, Pos(shown_path(path, root)), message, hint))
        elif real not in excluded and (is_link or real not in seen):  # a link next to its file is a reported duplicate
            wanted.append(path)
            own = whole.removeprefix(f"{root}{os.sep}")
            if not is_clean(decoded(own)):
                diagnostics.append(invisible(Pos(shown_path(path, root)), decoded(own), text("Give the file another name.")))
            seen |= set() if is_link else {real}
    return wanted


def _folder(root: Path, name: str) -> str:
    """Return the folder of a name, with a slash at its end: the name itself, or of a glob the part before it."""
    path, pattern = split_glob(root, name)
    return os.path.join(os.path.realpath(path), "") if pattern or path.is_dir() else ""


def _expand(root: Path, name: str, fail: Callable[[OSError], object] | None = None) -> Iterator[Path]:
    """Yield the files of a name; ``fail`` is called for each folder that cannot be read."""
    path, pattern = split_glob(root, name)
    if pattern:
        yield from (file for file in path.glob(pattern) if file.is_file())
    elif path.is_dir():
        for folder, _folders, names in os.walk(path, onerror=fail):
            files = (Path(folder, name) for name in names if os.path.splitext(name)[1].lower() in YEAR_FILE_SUFFIXES)
            yield from (file for file in files if os.path.isfile(file))
    else:
        yield path


def split_glob(root: Path, name: str) -> tuple[Path, str]:
    """Split a name into a path and the glob below it; empty if there is none. A name that exists may contain brackets."""
    whole = Path(name)
    path, parts = root / whole.anchor, whole.relative_to(whole.anchor).parts
    for number, part in enumerate(parts):
        if any(mark in part for mark in "*?") or ("[" in part and not os.path.exists(path / part)):
            return path, "/".join(parts[number:])
        path /= part
    return path, ""


def finds_files(root: Path, name: str) -> bool:
    """Return whether a file, folder or glob matches any file from ``root``."""
    try:
        return any(path.is_file() for path in _expand(root, name))
    except (OSError, ValueError):  # reported when the files are read
        return False


def shown_path(path: Path, root: Path) -> str:
    """Return a file's path as shown to the user, with escapes for invisible characters."""
    whole, start = path.as_posix(), f"{root.as_posix()}/"
    return visible(whole.removeprefix(start) if whole.startswith(start) else relative(path, root))
