"""What is kept between runs, and when it is thrown away: caches, stores, Sphinx's environment and doctrees.

Everything that is kept was made by one release and is used by no other, so that an upgrade needs no cleaning. While a release
is developed, :data:`SHAPE` tells what was kept before a change from what is kept behind it.
"""

from __future__ import annotations

import hashlib

__version__ = "0.1.0"

#: raise it when anything that is kept changes its shape: forms, reports, diagnostics, outcomes, what the domain knows of pages,
#: nodes
SHAPE = 26

#: what caches and stores are marked with
KEPT_BY = f"{__version__}:{SHAPE}"

#: the same as Sphinx wants it; when it is another, Sphinx reads and writes every page again
ENV_VERSION = int.from_bytes(hashlib.sha256(KEPT_BY.encode()).digest()[:4])
