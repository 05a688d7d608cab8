"""All checks by name: what each asks, how much it weighs, and whether an author may explain it away.

Sources: the balance is printed in the head of table 三 of both notices (国办公开办函〔2019〕60号, 〔2021〕30号); the totals
follow from the word 总计; what goes across years follows from what the figures count. The names are also the Sphinx warning
subtypes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from sphinx_govreport.core.diagnostics import Rule, Severity, Text, text

#: severities that a site has chosen, by rule; None: the check is off
SeverityOverrides: TypeAlias = Mapping[str, Severity | None]

ROW_TOTAL = Rule("row-total", title=text("In each row, all applicants add up to the total"))
COLUMN_TOTAL = Rule("column-total", title=text("In each column, all results add up to the total"))
BALANCE = Rule("balance", title=text("Received and carried in add up to handled and carried over"))
REVIEWS_TOTAL = Rule("reviews-total", title=text("All outcomes of reviews add up to the total"))
CARRIED_OVER = Rule(
    "carried-over",
    Severity.WARNING,
    text("Last year's carried over and this year's carried in agree"),
    is_explainable=True,
)
IN_FORCE = Rule(
    "in-force",
    Severity.WARNING,
    text("In force last year, plus issued, less repealed, make up those in force this year"),
    is_explainable=True,
)
PREVIOUS_ITEMS = Rule(
    "previous-items",
    Severity.HINT,
    text("Last year's items and change add up to the items of the year before in this report"),
    is_explainable=True,
)
TOTAL_DISCLOSED = Rule(
    "total-disclosed",
    Severity.HINT,
    text("Last year's total and this year's disclosed cover the total disclosed"),
    is_explainable=True,
)
FUTURE_YEAR = Rule("future-year", Severity.WARNING, text("The year of the report is over"), is_explainable=True)
NOT_FILLED = Rule("not-filled", Severity.WARNING, text("Every figure is filled in"), is_explainable=True)
NOT_APPLICABLE = Rule("not-applicable", Severity.WARNING, text("No figure is “/”"), is_explainable=True)
JUMP = Rule(
    "jump",
    Severity.HINT,
    text("No figure is 5 times, or a fifth of, last year's and differs from it by 10 or more"),
    is_explainable=True,
)
AMOUNT_UNIT = Rule(
    "amount-unit",
    Severity.WARNING,
    text("No amount is about 10,000 times, or a ten-thousandth of, last year's (元 or 万元?)"),
    is_explainable=True,
)

PARTS = Rule("parts", Severity.WARNING, text("Every figure is the sum of the agencies below"), is_explainable=True)

#: checks of the figures, in the order in which a reader wants them
CHECKS = (
    FUTURE_YEAR, ROW_TOTAL, COLUMN_TOTAL, BALANCE, REVIEWS_TOTAL, NOT_FILLED, NOT_APPLICABLE,
    CARRIED_OVER, IN_FORCE, PREVIOUS_ITEMS, TOTAL_DISCLOSED, AMOUNT_UNIT, JUMP, PARTS,
)  # fmt: skip

SECTION_MISSING = Rule("section-missing", Severity.WARNING, text("All six statutory sections are there"))
SECTION_ORDER = Rule("section-order", Severity.WARNING, text("The sections stand in statutory order"))
SECTION_EMPTY = Rule("section-empty", Severity.WARNING, text("No section is empty"))
PROBLEMS_EMPTY = Rule("problems-empty", Severity.WARNING, text("Section 五 says something"))
FEE_STATEMENT = Rule("fee-statement", Severity.WARNING, text("Section 六 says what 信息处理费 was charged"))
PROSE_FIGURE = Rule("prose-figure", Severity.HINT, text("Numbers in sentences agree with the tables"))
PROSE_SHARE = Rule("prose-share", Severity.HINT, text("Percentages in sentences agree with the tables"))
PROSE_YEAR = Rule("prose-year", Severity.HINT, text("Years in sentences are the report's"))
FEE_PROCEDURE = Rule("fee-procedure", Severity.HINT, text("Section 六 and row 三（六）2 agree on whether fees were asked"))
LIKENESS = Rule("likeness", Severity.HINT, text("Less than half of the text is last year's"))
DEADLINE = Rule("deadline", Severity.HINT, text("Published by 31 March (《政府信息公开条例》第四十九条)"))

#: checks of the page that a report is printed on
PAGE_CHECKS = (
    SECTION_MISSING, SECTION_ORDER, SECTION_EMPTY, PROBLEMS_EMPTY, FEE_STATEMENT, PROSE_FIGURE, PROSE_SHARE, PROSE_YEAR,
    FEE_PROCEDURE, LIKENESS, DEADLINE,
)  # fmt: skip

_BY_NAME = {rule.name: rule for rule in (*CHECKS, *PAGE_CHECKS)}


def effective_rule(name: str, levels: SeverityOverrides) -> Rule | None:
    """The rule of a check at the severity that the site has chosen; None if it is off. A form may have rules of its own."""
    rule = _BY_NAME.get(name) or Rule(name, title=text("{name}", name=name))
    severity = levels.get(name, rule.severity)
    if severity is rule.severity:
        return rule
    return rule._replace(severity=severity) if severity else None


class SeverityError(ValueError):
    """There is no such check or level. :attr:`message` says so in the user's language."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.render(str))
        self.message = message


def severity_of(rule: str, written: object) -> Severity | None:
    """A severity as a site writes it; None for “off”. Raises :class:`SeverityError` for an unknown check or level."""
    if rule not in _BY_NAME:
        raise SeverityError(text("there is no check “{name}”; known are: {names}", name=rule, names="、".join(_BY_NAME)))
    if written == "off":
        return None
    levels = [level.value for level in Severity]
    if written not in levels:
        names = "、".join((*levels, "off"))
        raise SeverityError(text("“{level}” is no level; known are: {names}", level=written, names=names))
    return Severity(written)
