"""``sphinx-govreport explain``: what a finding means, why it matters and what to do, without a network."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from textwrap import indent

from sphinx_govreport.core.checks.formats import SEVERITIES
from sphinx_govreport.core.checks.rules import CHECKS, PAGE_CHECKS
from sphinx_govreport.core.diagnostics import Text, Translate, text
from sphinx_govreport.core.forms.form import did_you_mean

from .common import SOUND, Commands, WrongUsage, said, translate
from .streams import put

_CHOSEN = {rule.name: rule for rule in (*CHECKS, *PAGE_CHECKS)}  # whose severity a site may choose


def add(commands: Commands) -> None:
    """Declare the subcommand."""
    parser = commands.add_parser("explain", help=said(text("say what a finding means, why it matters and what to do")))
    parser.add_argument(
        "rules", nargs="*", metavar="RULE", help=said(text("names as findings have them (default: all are listed)"))
    )
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    rules = [_rule(written) for written in options.rules]
    lines = _list(translate) if not rules else (line for rule in rules for line in (*explained(rule, translate), ""))
    put("\n".join(lines).rstrip())
    return SOUND


def explained(rule: str, translate: Translate) -> Iterator[str]:
    """Everything about one rule, line by line."""
    from sphinx_govreport.core.meanings import MEANINGS  # a third of all texts: imported only when it is asked for

    about = MEANINGS[rule]
    yield rule
    yield "=" * len(rule)
    yield about.meaning.render(translate)
    yield about.reason.render(translate)
    yield ""
    yield text("What to do: {advice}", advice=about.advice).render(translate)
    if rule in _CHOSEN:
        yield _level(rule).render(translate)
    for head, example in ((text("Reported:"), about.wrong), (text("As it should be:"), about.right)):
        if example:
            yield from ("", head.render(translate), "", indent(example, "    "))


def _level(rule: str) -> Text:
    level = SEVERITIES[_CHOSEN[rule].severity]
    return text("Level: {level}; choose another with govreport_severity or --severity.", level=level)


def _list(translate: Translate) -> Iterator[str]:
    from sphinx_govreport.core.meanings import GROUPS

    for heading, group in GROUPS:
        title = heading.render(translate)
        yield from (title, "")
        yield from (f"{about.rule:20} {about.meaning.render(translate)}" for about in group)
        yield ""


def _rule(written: str) -> str:
    """The name of a rule; Sphinx prints it as ``[govreport.balance]``."""
    from sphinx_govreport.core.meanings import MEANINGS

    name = written.strip("[]").removeprefix("govreport.")
    if name in MEANINGS:
        return name
    guess = did_you_mean(name, MEANINGS)
    if guess:
        raise WrongUsage(text("There is no rule “{name}”. Do you mean “{guess}”?", name=name, guess=guess))
    raise WrongUsage(text("There is no rule “{name}”; “sphinx-govreport explain” lists all.", name=name))
