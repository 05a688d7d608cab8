"""The signature that a page asks for."""

from __future__ import annotations

import datetime

import pytest

from sphinx_govreport.core.checks.signature import Signature, signature_of

DAY = datetime.date(2025, 1, 20)


@pytest.mark.parametrize("written", ["", "true", "是", "某局", "某局 2025-01-20", "某局，2025年1月20日", "2025-1-20"])
def test_agency_and_date_are_those_of_the_page_unless_they_are_written(written: str) -> None:
    assert signature_of(written, "某局", DAY) == Signature(("某局",), DAY)
    assert signature_of(f"乙局、丙局 {written}", "某局", DAY) != Signature(("某局",), DAY)


@pytest.mark.parametrize("written", ["false", "False", "否"])
def test_a_page_can_do_without(written: str) -> None:
    assert signature_of(written, "某局", DAY) is None
