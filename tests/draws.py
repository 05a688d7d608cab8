"""How often the tests that draw their inputs by chance do so: always the same draws, more of them on request."""

from __future__ import annotations

import os
from typing import Any

import pytest

#: ``DRAWS=5`` in the environment makes five times as many, as the weekly run of the workflow does
TIMES = int(os.environ.get("DRAWS", "1"))


def seeds(quick: int, slow: int) -> list[Any]:
    """Return the seeds of the draws: the first for the quick tests, the others for those that are marked as slow."""
    return [*range(quick), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(quick, quick + slow * TIMES))]
