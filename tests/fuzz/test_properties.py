"""Conditions for every input, tested with a few random ones: always the same in the quick suite, many with ``-m slow``.

Others: ``make fuzz``, see ``__main__.py``; more of the same: ``DRAWS=10``.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.draws import TIMES
from tests.fuzz import documents, formatted, forms, texts, year_files
from tests.fuzz.limits import limited

TARGETS = {"year-files": year_files, "forms": forms, "texts": texts, "documents": documents, "formatted": formatted}
QUICK = {"year-files": 60, "forms": 20, "texts": 100, "documents": 20, "formatted": 20}

chance = st.randoms(use_true_random=False)
quiet = {"deadline": None, "database": None, "suppress_health_check": [*HealthCheck]}


def trial(name: str, rng: Random) -> None:
    """Test one random input."""
    target: Any = TARGETS[name]
    with limited():
        target.check(target.make(rng), thorough=True)


def tried(name: str, examples: int) -> Callable[[], None]:
    """Return a property test with a number of inputs, always the same: `make fuzz` tries new ones."""

    @settings(max_examples=examples, derandomize=True, **quiet)
    @given(chance)
    def run(rng: Random) -> None:
        trial(name, rng)

    return run


@pytest.mark.parametrize("name", TARGETS)
def test_no_input_breaks_anything(name: str) -> None:
    tried(name, QUICK[name])()


@pytest.mark.slow
@pytest.mark.parametrize("name", TARGETS)
def test_many_more_inputs_break_nothing(name: str) -> None:
    tried(name, 10 * QUICK[name] * TIMES)()
