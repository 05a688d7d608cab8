"""Plug-ins: rules, importers and exporters from the entry points of packages, ours included."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from .characters import one_line
from .diagnostics import Diagnostic, MessageError, Pos, Text, explained_rule, text
from .examples import Example

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

T = TypeVar("T")

#: our entry points, by group. ``pyproject.toml`` declares them too, but a checkout may be newer than its metadata
OURS = {
    "sphinx_govreport.rules": "sphinx_govreport.core.checks.registry:FAMILIES",
    "sphinx_govreport.importers": "sphinx_govreport.importers.readers:IMPORTER",
    "sphinx_govreport.exporters": "sphinx_govreport.exporters:EXPORTERS",
}

BAD_PLUGIN = explained_rule(
    "bad-plugin",
    "插件有误",
    text("A package adds rules, importers or exporters that cannot be used."),
    text("They are ignored."),
    text("Correct or update the package that the message names, or uninstall it."),
    example=Example(
        (
            ("loans.py", "RULES = 5\n"),
            ("loans-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: loans\nVersion: 1.0\n"),
            ("loans-1.0.dist-info/entry_points.txt", "[sphinx_govreport.rules]\nloans = loans:RULES\n"),
        ),
        run="PYTHONPATH=.:$PYTHONPATH python -m sphinx_govreport check data",
    ),
)


class PluginError(MessageError):
    """A function of another package has failed."""

    def __init__(self, name: str, error: Exception) -> None:
        super().__init__(text("The plug-in “{value}” has failed: {reason}.", value=name, reason=reason_of(error)))


class Plugins(NamedTuple, Generic[T]):
    """The entry points of a group."""

    ours: tuple[T, ...]
    others: tuple[T, ...]  #: of other packages, sorted by package name
    problems: tuple[Diagnostic, ...]  #: packages that cannot be used


def plugins(
    group: str, kind: type[T], names: Callable[[T], Iterable[str]] = lambda _one: (), known: Iterable[str] = ()
) -> Plugins[T]:
    """Load the entry points of a group; each is a ``kind``, or a tuple of them.

    Another package cannot use a name that is ``known`` or one of the ``names`` of a package before it.
    """
    from importlib.metadata import EntryPoint, entry_points  # slow to import, and processes that read documents need none

    ours = _load(EntryPoint("sphinx-govreport", OURS[group], group), kind)
    taken = set(known)
    others: list[T] = []
    problems = []
    points = [point for point in entry_points(group=group) if point.value != OURS[group]]
    for point in sorted(points, key=lambda point: (_package(point), point.name)):
        try:
            found = _load(point, kind)
            own = [name for one in found for name in names(one)]
        except Exception as error:  # any error when another package is imported  # noqa: BLE001
            reason: str | Text = reason_of(error)
        else:
            twice = taken.intersection(own)
            if not twice:
                others += found
                taken.update(own)
                continue
            reason = text("there is another “{name}”", name=min(twice))
        message = text("The plug-in “{value}” cannot be used: {reason}.", value=point.value, reason=reason)
        problems.append(Diagnostic(BAD_PLUGIN, Pos(_package(point), 0), message, text("Correct the package, or uninstall it.")))
    return Plugins(ours, tuple(others), tuple(problems))


def _load(point: EntryPoint, kind: type[T]) -> tuple[T, ...]:
    """Return the objects of an entry point. Raises any error of its module; :class:`TypeError` for objects of another kind."""
    found = point.load()
    values = found if isinstance(found, tuple) and not isinstance(found, kind) else (found,)
    for value in values:
        if not isinstance(value, kind):
            raise TypeError(f"{type(value).__name__} is not {kind.__name__}")
    return values


def reason_of(error: Exception) -> str:
    """Return an error of another package on one line."""
    return one_line(f"{type(error).__name__}: {error}").rstrip(".")


def _package(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else point.value
