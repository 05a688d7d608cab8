"""What ends a run over many files."""

from __future__ import annotations

from sphinx_govreport.core.diagnostics import Text


class BatchError(Exception):
    """The workers or the cache cannot be used. :attr:`message` says why."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.template)
        self.message = message
