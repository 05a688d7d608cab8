"""Conditions for every page, tested with a few random ones: always the same in the quick suite, more with ``-m slow``."""

from __future__ import annotations

from random import Random

import pytest

from tests.conftest import Project
from tests.draws import seeds
from tests.fuzz import texts
from tests.fuzz.limits import limited
from tests.fuzz.yaml_text import character

DIRECTIVES = {
    "gov-disclosure-table": ("year", "agency", "zero", "compare", "caption", "name", "class"),
    "gov-comparison-table": ("years", "agency", "order", "change", "caption", "name", "class"),
    "gov-trend-chart": ("years", "agency", "kind", "change", "caption", "alt", "name", "class"),
    "gov-check-table": ("year", "agency", "caption", "name", "class"),
    "gov-report-list": ("agency", "group", "order", "years", "gaps", "class"),
    "gov-downloads": ("year", "agency", "class"),
    "gov-rollup-table": ("year", "parts", "agency", "caption", "name", "class"),
}
ROLES = ("gov-figure", "gov-change", "gov-share", "gov:report", "gov:table", "gov:figure")
ARGUMENTS = (
    "",
    "requests",
    "reviews, requests",
    "依申请公开",
    "requests-summary",
    "disclosure-summary",
    "x",
    "requests requests",
)
VALUES = (
    "2024", "2023", "2023, 2024", "9999", "宿迁市", "percent", "percent 3", "amount", "newest", "line", "零", "0", "/", "1", "", "-", "a b", "9" * 5000, "²", "٢٠٢٤",
    "甲局、乙局", "宿迁市、宿迁市", "`x`{", "**", "<b>", "[x](y)", "{sub-ref}`x`", ":x:", "$x$", "%", "\\", "a-b", "_", "x" * 500, "|", "&amp;",
)  # fmt: skip


def page(rng: Random, parts: int) -> str:
    """Return a page full of errors."""
    lines = [
        "---",
        f"govreport-year: {rng.choice(('2024', 'x', '[1]', '20240', '{a: 1}'))}",
        "govreport-agency: 宿迁市",
        "---",
        "# 页",
        "",
    ]
    for _ in range(parts):
        if rng.random() < 0.4:
            text = texts.make(rng).replace("`", "").replace("\n", " ").strip() or "x"
            lines += [f"文字{{{rng.choice(ROLES)}}}`{text}`。", ""]
            continue
        name = rng.choice([*DIRECTIVES])
        lines.append(f"```{{{name}}} {rng.choice(ARGUMENTS)}")
        for option in rng.sample(DIRECTIVES[name], rng.randrange(len(DIRECTIVES[name]) + 1)):
            value = rng.choice(VALUES)
            lines.append(
                f":{option}: {character(rng, value) if rng.random() < 0.1 else value}".replace("\n", " ").replace("`", "'")
            )
        lines += ["", *(texts.make(rng).replace("`", "'") for _ in range(rng.randrange(3))), "```", ""]
    return "\n".join(lines)


@pytest.mark.filterwarnings("ignore:.*MystReferenceResolver.app")  # triggered by a link without a target
@pytest.mark.parametrize("seed", seeds(2, 20))
def test_no_option_and_no_role_breaks_a_build(years: Project, seed: int) -> None:
    """Every builder can write a random page, with nothing but warnings."""
    years.write("index.md", page(Random(seed), parts=40 if seed < 2 else 100).encode("utf-8", "replace").decode())  # noqa: S311
    with limited(120):
        for builder in ("html", "latex", "text"):
            build = years.build(builder)
            assert not [line for line in build.warnings if "xception" in line or "Traceback" in line]
