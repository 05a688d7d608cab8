"""The number of random inputs in tests: always the same inputs, more of them on request."""

from __future__ import annotations

import os
from typing import Any

import pytest

#: ``DRAWS=5`` in the environment makes five times as many, as in the weekly run of the workflow
TIMES = int(os.environ.get("DRAWS", "1"))


def seeds(quick: int, slow: int) -> list[Any]:
    """Return the seeds: the first for the quick tests, the others for tests marked as slow."""
    return [*range(quick), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(quick, quick + slow * TIMES))]
