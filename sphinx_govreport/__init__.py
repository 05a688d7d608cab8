"""Statutory tables of 政府信息公开工作年度报告 from one YAML file per year, in a Sphinx site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .core.versions import __version__

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__all__ = ["__version__", "setup"]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the extension; Sphinx is only imported here."""
    from sphinx_govreport.ext import setup as setup_extension

    return setup_extension(app, __version__)
