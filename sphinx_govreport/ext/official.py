"""Features of official documents: line breaks in titles, the date of publication, and the signature."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_govreport.core.characters import cleaned
from sphinx_govreport.core.charts.tikz import in_latex
from sphinx_govreport.core.checks.publication import PUBLISHED_FIELD, day_of, shown_day
from sphinx_govreport.core.checks.signature import SIGNED_FIELD, Signature, signature_of
from sphinx_govreport.core.diagnostics import Problem, text, translator
from sphinx_govreport.core.tables.gbt9704 import title_lines

from .domain.domain import domain_of
from .files import write_output
from .latex import TITLES_NAME, latex_page
from .nodes import FRAGMENT, PUBLISHED_CLASS, WORD, gov_downloads, gov_signature, gov_time

#: nodes that may follow the text of a page
_BEHIND = (
    nodes.footnote, nodes.citation, nodes.comment, nodes.transition, nodes.target, nodes.substitution_definition, nodes.pending,
    nodes.system_message, gov_downloads, addnodes.toctree, addnodes.index,
)  # fmt: skip


def field_of(env: BuildEnvironment, docname: str, field: str) -> str | None:
    """Return the value of a field at the top of a page; None if it does not have the field."""
    written = (value for name, value in env.metadata[docname].items() if name.lower() == field)
    return next((cleaned(str(value)).strip() for value in written), None)


def signature(env: BuildEnvironment, docname: str) -> Signature | Problem | None:
    """Return the signature that a page requests, or the reason why it is not possible; None if it requests none."""
    written = field_of(env, docname, SIGNED_FIELD)
    if written is None:
        return None
    domain = domain_of(env)
    page = domain.pages.get(docname)
    agency = domain.build.library.published_by(page.key) if page else ""
    return signature_of(written, agency, day_of(field_of(env, docname, PUBLISHED_FIELD) or ""))


def place_signature(app: Sphinx, doctree: nodes.document) -> None:
    """Insert the placeholder of the signature after the text of a page, when the text has been checked."""
    if field_of(app.env, app.env.docname, SIGNED_FIELD) is None:
        return
    parent, at = _end_of_text(doctree)
    parent.insert(at, gov_signature("", docname=app.env.docname))
    domain_of(app.env).signed[app.env.docname] = True


def _end_of_text(document: nodes.document) -> tuple[nodes.Element, int]:
    """Return the end of the text of a page: below all sections, or within the last one, before its footnotes."""
    sections: list[nodes.section] = [child for child in document.children if isinstance(child, nodes.section)]
    if not sections:
        return document, _end_of(document)
    top = last = sections[-1]
    while isinstance(last[-1], nodes.section):
        last = last[-1]
    return (last, _end_of(last)) if _end_of(last) < len(last) else (top, len(top))


def _end_of(element: nodes.Element) -> int:
    at = len(element)
    while at and isinstance(element[at - 1], _BEHIND):
        at -= 1
    return at


class Signatures(SphinxPostTransform):
    """Every builder: inserts the signature; missing information has been reported."""

    default_priority = 5

    def is_supported(self) -> bool:
        """Return whether any page is signed."""
        return bool(domain_of(self.env).signed)

    def run(self, **kwargs: Any) -> None:
        """Write the signatures."""
        for place in list(self.document.findall(gov_signature)):
            found = signature(self.env, place["docname"])
            place.replace_self(self._stock(found) if isinstance(found, Signature) else [])

    def _stock(self, signed: Signature) -> nodes.Element:
        """Return the stock nodes of a signature."""
        build, day = domain_of(self.env).build, signed.day
        if build.builder.format == "latex":
            names = [in_latex(name) for name in signed.names]
            measured = (rf"\setbox2\hbox{{{name}}}\ifdim\wd2>\dimen0 \dimen0=\wd2 \fi" for name in names)
            printed = (
                rf"\noindent\hspace*{{\dimen2}}\parbox[t]{{\dimexpr\dimen0+1pt\relax}}{{\raggedright {name}}}\par\nobreak"
                for name in names
            )
            written = _LATEX % {"day": in_latex(day), "measured": "\n".join(measured), "names": "\n".join(printed)}
            return nodes.raw("", written, format="latex")
        lines = [nodes.paragraph(name, name, classes=["gov-signed-name"]) for name in signed.names]
        if not build.is_html and build.builder.name != WORD:
            return nodes.container("", *lines, nodes.paragraph(day, day), classes=["gov-signature"])
        date = gov_time(day, day, datetime=signed.date.isoformat())
        return gov_signature("", *lines, nodes.paragraph(day, "", date, classes=["gov-signed-day"]), signed=signed)


# the standard gives the distances; names are measured, because fonts differ
_LATEX = r"""
\par\nobreak
\begingroup\parindent0pt\parskip0pt
\ifdefined\xeCJKsetup\xeCJKsetup{CJKecglue={}}\fi
\setbox0\hbox{%(day)s}\dimen0=0pt
%(measured)s
\ifdim\dimen0>\dimexpr\linewidth-2em\relax\dimen0=\dimexpr\linewidth-2em\relax\fi
\dimen2=\dimexpr\linewidth-2em-\dimen0\relax
\ifdim\wd0>\dimen0 \dimen2=\dimexpr\linewidth-4em-\wd0\relax\fi
\vskip\baselineskip
%(names)s
\noindent\hspace*{\dimexpr\dimen2+2em\relax}\box0\par
\endgroup
"""


class OfficialPages(SphinxPostTransform):
    """HTML: lines of a report's title break between words, and the date of publication appears below it."""

    default_priority = 5
    formats = ("html",)

    def is_supported(self) -> bool:
        """Return whether the builder writes complete pages: portals add title and date to pasted fragments."""
        return super().is_supported() and domain_of(self.env).build.builder.name != FRAGMENT

    def run(self, **kwargs: Any) -> None:
        """Process the pages: in a document of ``singlehtml``, there are all of them."""
        pages: dict[str, nodes.Element] = {self.env.docname: self.document}
        if domain_of(self.env).build.builder.name == "singlehtml":
            pages |= {file["docname"]: file for file in self.document.findall(addnodes.start_of_file)}
        for docname, tree in pages.items():
            section = next((child for child in tree.children if isinstance(child, nodes.section)), None)
            title = section[0] if section else None
            if not section or not isinstance(title, nodes.title):
                continue
            phrases = domain_of(self.env).title_phrases(docname, title.astext())
            if phrases and [type(child) for child in title.children] == [nodes.Text]:
                title.replace(title[0], [nodes.inline(phrase, phrase, classes=["gov-phrase"]) for phrase in phrases])
            if self.config.govreport_show_published and (published := field_of(self.env, docname, PUBLISHED_FIELD)):
                section.insert(1, list(self._published(published)))

    def _published(self, written: str) -> Iterator[nodes.paragraph]:
        """Yield the line with a date; an invalid date has been reported."""
        if not (day := day_of(written)):
            return
        translate = translator(self.config.language)
        shown = " ".join([shown_day(day).render(translate), *written.split()[1:]])
        before, _, behind = text("Published on {day}", day=shown).render(translate).partition(shown)
        date = gov_time(shown, shown, datetime=written)
        yield nodes.paragraph("", "", nodes.Text(before), date, nodes.Text(behind), classes=[PUBLISHED_CLASS])


def write_titles(app: Sphinx, env: BuildEnvironment) -> None:
    """Write the titles of reports with their line breaks for the LaTeX style."""
    if app.builder.format != "latex" or not latex_page(app.config):
        return
    domain = domain_of(env)
    titles = {domain.page_title(docname): docname for docname in sorted(domain.pages) if docname in env.titles}
    lines = []
    for title, docname in sorted(titles.items()):
        broken = [in_latex(line) for line in title_lines(domain.title_phrases(docname, title))]
        if len(broken) > 1:
            lines.append(rf"\govreporttitle{{{in_latex(title)}}}" + "{" + r"\\".join(broken) + "}\n")
    write_output(app.builder, Path(app.outdir, TITLES_NAME), "".join(lines).encode())
