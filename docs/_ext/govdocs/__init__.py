"""What the documentation takes from the code: lists that are never written by hand, so that they cannot rot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import code, command, keys, messages
from .chinese import ChineseKeys

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives, and what the Chinese edition rewrites."""
    for part in (code, command, keys, messages):
        for name, directive in part.DIRECTIVES.items():
            app.add_directive(name, directive)
    app.add_transform(ChineseKeys)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
