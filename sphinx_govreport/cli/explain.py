"""``sphinx-govreport explain``: what a finding means, why it matters and what to do, without a network."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from textwrap import indent

from sphinx_govreport.core.checks.formats import SEVERITIES
from sphinx_govreport.core.checks.registry import check_rules, rule_plugins
from sphinx_govreport.core.diagnostics import Rule, Translate, text
from sphinx_govreport.core.forms.form import did_you_mean

from .arguments import Commands, option, subcommand
from .common import SOUND, WrongUsage, tell, translation
from .streams import put

NAME = "explain"


def add(commands: Commands) -> None:
    """Declare the subcommand."""
    parser = subcommand(
        commands, NAME, text("explain a rule: what it means, why it matters and what to do"), _run, "carried-over"
    )
    option(parser, text("rule names, for example row-total (default: list all rules)"), "rules", nargs="*", metavar="RULE")


def _run(options: argparse.Namespace) -> int:
    rules = [_rule(written) for written in options.rules]
    tell(rule_plugins().problems)
    lines = _list(translation()) if not rules else (line for rule in rules for line in (*explained(rule, translation()), ""))
    put("\n".join(lines).rstrip())
    return SOUND


def explained(rule: Rule, translate: Translate) -> Iterator[str]:
    """Return everything about one rule, line by line."""
    about = rule.explanation
    assert about
    yield rule.name
    yield "=" * len(rule.name)
    yield about.meaning.render(translate)
    yield about.reason.render(translate)
    yield ""
    yield text("What to do: {advice}", advice=about.advice).render(translate)
    if rule.name in check_rules():  # whose severity a site may choose
        level = SEVERITIES[rule.severity]
        yield text("Level: {level}; choose another with govreport_severity or --severity.", level=level).render(translate)
    for head, example in ((text("Reported:"), about.wrong), (text("As it should be:"), about.right)):
        if example:
            yield from ("", head.render(translate), "", indent(example, "    "))


def _list(translate: Translate) -> Iterator[str]:
    from .rules import GROUPS  # imports Sphinx

    for heading, group in GROUPS:
        title = heading.render(translate)
        yield from (title, "")
        yield from (f"{rule.name:20} {rule.explanation.meaning.render(translate)}" for rule in group if rule.explanation)
        yield ""


def _rule(written: str) -> Rule:
    """Return the rule of a name; Sphinx prints it as ``[govreport.balance]``."""
    from .rules import RULES  # imports Sphinx

    name = written.strip("[]").removeprefix("govreport.")
    if name in RULES:
        return RULES[name]
    guess = did_you_mean(name, RULES)
    if guess:
        raise WrongUsage(text("There is no rule “{name}”. Do you mean “{guess}”?", name=name, guess=guess))
    raise WrongUsage(text("There is no rule “{name}”; “sphinx-govreport explain” lists all.", name=name))
