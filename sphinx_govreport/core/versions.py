"""The data that is kept between runs, and when it is discarded: caches, stores, Sphinx's environment and doctrees.

All kept data is used only by the release that made it, so that an upgrade needs no cleaning. While a release is developed,
:data:`SHAPE` distinguishes data from before and after a change.
"""

from __future__ import annotations

import zlib

__version__ = "0.1.0"

#: increase it when kept data changes its shape: forms, reports, diagnostics, outcomes, the domain's data of pages, nodes
SHAPE = 38

#: the version mark of caches and stores
KEPT_BY = f"{__version__}:{SHAPE}"

#: the same for Sphinx; when it changes, Sphinx reads and writes every page again
ENV_VERSION = zlib.crc32(KEPT_BY.encode())
