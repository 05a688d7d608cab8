"""``sphinx-govreport explain``: what a finding means, why it matters and how to fix it, without a network."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from textwrap import indent

from sphinx_govreport.core.characters import padded, terminal_width
from sphinx_govreport.core.checks.formats import SEVERITIES
from sphinx_govreport.core.checks.registry import check_rules, rule_plugins
from sphinx_govreport.core.diagnostics import Rule, Translate, text
from sphinx_govreport.core.forms.form import did_you_mean
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.exporters.chinese_keys import with_chinese_keys

from .arguments import option
from .common import SOUND, WrongUsage, tell, translation
from .streams import put

NAME = "explain"
HELP = text("explain a rule: what it means, why it matters and what to do")
EXAMPLE = "carried-over"

_WIDTH = 21  # width of the column of names


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    option(parser, text("rule names, for example row-total (default: list all rules)"), "rules", nargs="*", metavar="RULE")


def run(options: argparse.Namespace) -> int:
    """Print everything about rules, or a list of all."""
    rules = [_rule(written) for written in options.rules]
    tell(rule_plugins().problems)
    lines = _list(translation()) if not rules else (line for rule in rules for line in (*explained(rule, translation()), ""))
    put("\n".join(lines).rstrip())
    return SOUND


def explained(rule: Rule, translate: Translate) -> Iterator[str]:
    """Return everything about one rule, line by line."""
    about = rule.explanation
    heading = rule.name if translate is str or not rule.chinese else f"{rule.chinese} {rule.name}"
    yield heading
    yield "=" * terminal_width(heading)
    if not about:  # of a plug-in
        return
    yield about.meaning.render(translate)
    yield about.reason.render(translate)
    yield ""
    yield text("What to do: {advice}", advice=about.advice).render(translate)
    if rule.name in check_rules():  # a site can set its severity
        level = SEVERITIES[rule.severity]
        yield text("Severity: {level}; change it with govreport_severity or --severity.", level=level).render(translate)
    for head, example in ((text("Reported:"), about.wrong), (text("Correct:"), about.right)):
        if example:
            shown = example if translate is str else with_chinese_keys(example, statutory_forms())
            yield from ("", head.render(translate), "", indent(shown, "    "))


def _list(translate: Translate) -> Iterator[str]:
    from .rules import GROUPS  # imports Sphinx

    for heading, group in GROUPS:
        yield from (heading.render(translate), "")
        for rule in group:
            if about := rule.explanation:
                yield f"{padded(rule.label.render(translate), _WIDTH)}{about.meaning.render(translate)}"
        yield ""


def _rule(written: str) -> Rule:
    """Return the rule with this name, which Sphinx prints as ``[govreport.balance]``."""
    from .rules import RULES  # imports Sphinx

    rules = {rule.chinese: rule for rule in RULES.values()} | RULES
    name = written.strip("[]").removeprefix("govreport.")
    if name in rules:
        return rules[name]
    guess = did_you_mean(name, filter(None, rules))
    if guess:
        raise WrongUsage(text("There is no rule “{name}”. Do you mean “{guess}”?", name=name, guess=guess))
    raise WrongUsage(text("There is no rule “{name}”; “sphinx-govreport explain” lists all.", name=name))
