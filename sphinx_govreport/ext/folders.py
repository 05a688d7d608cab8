"""From which folder a site's data come if ``sphinx-build -c`` takes ``conf.py`` from elsewhere.

Paths of settings begin at the folder of ``conf.py``. But who builds the pages of an older version with today's ``conf.py``, as
sphinx-multiversion does, wants the figures that stand beside those pages: they come first, and a message says what is read.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util import logging

from ..core.diagnostics import text, translator
from ..core.library import finds_files

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_logger = logging.getLogger(__name__)


def located(app: Sphinx, setting: str, names: Iterable[str]) -> list[str]:
    """The files, folders and globs of a setting, from the folder of ``conf.py`` or, where that has them, of the pages."""
    names = list(names)
    pages, conf = Path(app.srcdir), Path(app.confdir)
    if pages == conf:
        return names
    return [_located(app, setting, name, pages, conf) for name in names]


def _located(app: Sphinx, setting: str, name: str, pages: Path, conf: Path) -> str:
    is_there, is_here = finds_files(conf, name), finds_files(pages, name)
    if Path(name).is_absolute() or not (is_there or is_here):
        return name
    read = text("{setting}: “{name}” is read from {folder}.", setting=setting, name=name, folder=pages if is_here else conf)
    left = text("It is not read from {folder}, the folder of conf.py.", folder=conf)
    said = [read, left] if is_here and is_there else [read]
    _logger.info(" ".join(part.render(translator(app.config.language)) for part in said))
    return Path(os.path.relpath(pages / name, conf)).as_posix() if is_here else name
