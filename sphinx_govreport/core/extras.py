"""Optional libraries: imported when they are used, with a clear message if one is missing."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from .diagnostics import MessageError, text


class MissingExtra(MessageError):  # noqa: N818  (the user lacks it; it is not a fault)
    """A library is not installed. :attr:`message` contains the command that installs it."""

    def __init__(self, extra: str, kind: str) -> None:
        super().__init__(
            text(
                'A library for {kind} is missing; install it: pip install "sphinx-govreport[{extra}]".', kind=kind, extra=extra
            )
        )
        self.extra = extra
        self.kind = kind


def require(module: str, extra: str, kind: str) -> ModuleType:
    """Import ``module``, which comes with ``extra`` and is needed for documents of ``kind``. Raises :class:`MissingExtra`."""
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingExtra(extra, kind) from error
