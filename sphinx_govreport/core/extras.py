"""Libraries that only some need: imported when used, with a clear message where one is not there."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from .diagnostics import MessageError, text


class MissingExtra(MessageError):  # noqa: N818  (it is what the user lacks, not a fault)
    """A library is not installed. :attr:`message` says what to type."""

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
