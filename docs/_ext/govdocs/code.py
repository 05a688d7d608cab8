"""Directives, roles and settings, as they are registered by the extension."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from docutils import nodes

from sphinx_govreport.core.diagnostics import translator
from sphinx_govreport.ext.config import VALUES
from sphinx_govreport.ext.directives import DIRECTIVES as GOV_DIRECTIVES

from .parts import Cell, Generated, code, codes, directive_link

_REBUILD = {
    "": "pages whose data changed",
    "env": "all pages are read",
    "html": "all pages are written",
}


def summary(thing: type | Callable[..., Any]) -> str:
    """Return the first sentence of a docstring, without reStructuredText markup."""
    said = " ".join((thing.__doc__ or "").split("\n\n")[0].split())
    return said.replace("``", "`")


class DirectiveList(Generated):
    """``govdocs-directives``: every directive, with its argument, content and options."""

    def run(self) -> list[nodes.Node]:
        rows: list[list[Cell]] = []
        for name, directive in GOV_DIRECTIVES.items():
            takes = "needed" if directive.required_arguments else "may be left out" if directive.optional_arguments else "none"
            options = codes(f":{option}:" for option in directive.option_spec or ())
            content = "yes" if directive.has_content else "no"
            rows.append([directive_link(name, self.env.docname), summary(directive), takes, content, options])
        return [self.table(("Directive", "What it prints", "Argument", "Content", "Options"), rows, (24, 34, 12, 8, 22))]


class ConfigList(Generated):
    """``govdocs-config``: every setting."""

    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        found: list[nodes.Node] = []
        for value in VALUES:
            fields = (
                self.field("Type", self.fixed(value.shape.wanted.render(translator(self.config.language)))),
                self.field("Default", code(repr(value.default))),
                self.field("Rebuild", _REBUILD[value.rebuild]),
            )
            body = [self.paragraph(value.description), nodes.field_list("", *fields)]
            found += self.entry("confval", [value.name], f"confval-{value.name}", body, listed="{}; configuration value")
        return found


DIRECTIVES = {
    "govdocs-directives": DirectiveList,
    "govdocs-config": ConfigList,
}
