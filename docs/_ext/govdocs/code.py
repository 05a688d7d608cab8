"""Directives, roles and settings, as they are registered by the extension."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from docutils import nodes

from sphinx_govreport.ext.config import VALUES
from sphinx_govreport.ext.directives import DIRECTIVES as GOV_DIRECTIVES
from sphinx_govreport.ext.domain.domain import GovDomain
from sphinx_govreport.ext.roles import ROLES, Reference

from .parts import Cell, Generated, code, codes, link

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
            rows.append([link("directive", name, self.env.docname), summary(directive), takes, content, options])
        return [self.table(("Directive", "What it prints", "Argument", "Content", "Options"), rows, (24, 34, 12, 8, 22))]


class Options(Generated):
    """``govdocs-options NAME``: the options of a directive. The page must describe all of them, and no others."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        known = {f":{option}:" for option in GOV_DIRECTIVES[name].option_spec or ()}
        body = nodes.container("", *self.parse_content_to_nodes(), ids=[self.named("directive", name)])
        told = {option for row in body.findall(nodes.row) for option in _first_codes(row)}
        for option in sorted(known ^ told):
            self.complain(f"{name} {'does not have' if option in told else 'also has'} the option {option}")
        return [body]


def _first_codes(row: nodes.row) -> Iterator[str]:
    return (literal.astext() for literal in row.children[0].findall(nodes.literal))


class RoleList(Generated):
    """``govdocs-roles``: every role."""

    def run(self) -> list[nodes.Node]:
        rows: list[list[Cell]] = [[code(name), _without_name(summary(role))] for name, role in ROLES.items()]
        rows += [[code(f"{GovDomain.name}:{kind}"), summary(Reference)] for kind in GovDomain.object_types]
        return [self.table(("Role", "What it prints"), rows, (24, 76))]


def _without_name(said: str) -> str:
    head, _, rest = said.partition(": ")
    return rest[:1].upper() + rest[1:] if head.startswith("`") else said


class ConfigList(Generated):
    """``govdocs-config``: every setting."""

    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        rows: list[list[Cell]] = []
        for value in VALUES:
            ident = self.named("config", value.name)
            types = codes(sorted(kind.__name__ for kind in value.shape.types), " / ")
            rows.append([code(value.name, ident), types, code(repr(value.default)), value.description, _REBUILD[value.rebuild]])
        return [self.table(("Setting", "Type", "Default", "Meaning", "Rebuild"), rows, (24, 10, 14, 34, 18))]


DIRECTIVES = {
    "govdocs-directives": DirectiveList,
    "govdocs-options": Options,
    "govdocs-roles": RoleList,
    "govdocs-config": ConfigList,
}
