"""Parts of the documentation that are generated from the code, so that they cannot become outdated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import code, command, gallery, keys, messages, symptoms
from .chinese import ChineseKeys

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

#: the objects of the reference for which Sphinx has no type, and their meaning in the general index
KINDS = {
    "builder": "builder",
    "subcommand": "command",
    "css-class": "CSS class",
    "css-variable": "CSS variable",
    "page-field": "page field",
    "rule": "rule",
}


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives and the transform for the Chinese edition."""
    for part in (code, command, gallery, keys, messages, symptoms):
        for name, directive in part.DIRECTIVES.items():
            app.add_directive(name, directive)
    for kind, meaning in KINDS.items():
        app.add_object_type(kind, kind, f"single: %s; {meaning}")
    app.add_transform(ChineseKeys)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
