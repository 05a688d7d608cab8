"""Generators of sites with the tables. Each writes a separate project, with the same pages and figures."""

from __future__ import annotations

from . import generators, markdown, rst, templated
from .way import Tools, Way

__all__ = ["WAYS", "Tools", "Way"]

WAYS: dict[str, Way] = {way.name: way for module in (rst, markdown, templated, generators) for way in module.WAYS}
