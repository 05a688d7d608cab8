"""The command line, as argparse defines it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from docutils import nodes

from sphinx_govreport.cli import command_parser
from sphinx_govreport.cli.common import spoken

from .parts import OPTION, Generated, code, codes

_WIDTH = "100"


class Command(Generated):
    """``govdocs-command``: the whole command, a section for each subcommand."""

    def run(self) -> list[nodes.Node]:
        with spoken(["--language", self.config.language]):
            parser = command_parser()
        (choices,) = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
        helps = {action.dest: action.help or "" for action in choices._choices_actions}
        found: list[nodes.Node] = [*self._arguments(parser)]
        for name, sub in choices.choices.items():
            title = nodes.title(name, "", code(name), translatable=False)
            section = nodes.section("", title, ids=[f"command-{name}"])
            body = (self.fixed(self._sentence(helps[name])), _usage(sub), _example(sub))
            section += self.entry("subcommand", [sub.prog], nodes.make_id(sub.prog), body, listed="{0}; command")
            section += self._arguments(sub)
            found.append(section)
        return found

    def _arguments(self, parser: argparse.ArgumentParser) -> Iterator[nodes.Node]:
        for action in parser._actions:
            if isinstance(action, (argparse._HelpAction, argparse._SubParsersAction)):
                continue
            if action.dest == "language" and " " in parser.prog:  # it is described once
                continue
            value = "" if action.nargs == 0 else f" {action.metavar or action.dest.upper()}"
            names = action.option_strings or [value.strip()]
            shown = ", ".join(f"{name}{value}" for name in action.option_strings) or value.strip()
            body = [self.fixed(self._sentence((action.help or "") % {"default": action.default, "prog": parser.prog}))]
            stated = action.default if action.default and action.default != "==SUPPRESS==" else ""
            facts = {"Choices": codes(map(str, action.choices or ())), "Default": [code(str(stated))] if stated else []}
            fields = [self.field(name, parts) for name, parts in facts.items() if parts]
            if fields:
                body.append(nodes.field_list("", *fields))
            paths = [f"{parser.prog} {name}" for name in names]
            yield from self.entry(
                OPTION, paths, nodes.make_id(paths[-1]), body, listed="{1} command line option; {0}", shown=shown
            )

    def _sentence(self, said: str) -> str:
        stop = "。" if self.config.language == "zh_CN" else "."
        return f"{said[:1].upper()}{said[1:].rstrip(stop)}{stop}" if said else ""


def _usage(parser: argparse.ArgumentParser) -> nodes.literal_block:
    parser.formatter_class = lambda prog: argparse.HelpFormatter(prog, width=int(_WIDTH))
    usage = parser.format_usage().partition(": ")[2].rstrip()
    return nodes.literal_block(usage, usage, language="text")


def _example(parser: argparse.ArgumentParser) -> nodes.literal_block:
    example = (parser.epilog or "").splitlines()[-1].strip()
    return nodes.literal_block(example, example, language="text")


DIRECTIVES = {"govdocs-command": Command}
