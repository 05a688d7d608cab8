"""Every rule of the code on one page: what it means, why it matters, how to fix it, and an example that is run."""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes

from sphinx_govreport.cli.rules import GROUPS
from sphinx_govreport.core.diagnostics import Rule, Severity, Text, text, translator

from .examples import Shown, examples
from .parts import Generated

_LEVELS = {Severity.ERROR: "Error.", Severity.WARNING: "Warning.", Severity.HINT: "Hint: printed by the command only."}
_LANGUAGES = {".py": "python", ".yaml": "yaml", ".md": "markdown"}


class Messages(Generated):
    """``govdocs-messages``: a section for each group of rules, an entry for each rule."""

    def run(self) -> list[nodes.Node]:
        sections: list[nodes.Node] = []
        for heading, rules in GROUPS:
            title = nodes.title("", self._said(heading), translatable=False)
            entries = [node for rule in rules for node in self._entry(rule)]
            ident = nodes.make_id(heading.template)
            sections.append(nodes.section("", title, *entries, ids=[ident], names=[ident]))
        return sections

    def _entry(self, rule: Rule) -> list[nodes.Node]:
        about = rule.explanation
        if about is None:
            raise ValueError(f"{rule.name} has no explanation")
        body = (self.fixed(self._said(one)) for one in (about.meaning, about.reason))
        advice = self.fixed(self._said(text("What to do: {advice}", advice=about.advice)))
        content = (*body, advice, *self._severity_overrides(rule), *self._example(rule.name))
        return self.entry("rule", [rule.name], f"govreport-{rule.name}", content, listed="{}; rule", note=rule.chinese)

    def _said(self, message: Text) -> str:
        return message.render(translator(self.config.language))

    def _severity_overrides(self, rule: Rule) -> Iterator[nodes.Node]:
        yield self.paragraph(_LEVELS[rule.severity])
        if rule.is_explainable:
            yield self.paragraph("The author may explain it.")

    def _example(self, name: str) -> list[nodes.Node]:
        shown = examples(self.config.language).get(name, Shown((), "", ""))
        if not shown.said:
            self.complain(f"there is no example that gives {name}")
            return []
        blocks = [self._block(written, _LANGUAGES.get(file[file.rfind(".") :], "text"), file) for file, written in shown.files]
        if shown.typed:
            blocks.append(self._block(shown.typed, "sh"))
        return [*blocks, self._block(shown.said, "text")]

    def _block(self, written: str, language: str, caption: str = "") -> nodes.Node:
        literal = nodes.literal_block(written, written.rstrip("\n"), language=language, force=True)
        if not caption:
            return literal
        label = nodes.caption(caption, caption, translatable=False)
        return nodes.container("", label, literal, literal_block=True, classes=["literal-block-wrapper"])


DIRECTIVES = {"govdocs-messages": Messages}
