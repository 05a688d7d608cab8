"""``sphinx-build -b govfragment``: each page as a fragment for a CMS, with a page to copy it from."""

from __future__ import annotations

import posixpath
import shutil
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import count, takewhile
from mimetypes import guess_extension
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote, urljoin

from sphinx_govreport.core.diagnostics import Text, text, translator
from sphinx_govreport.exporters.fragment import References, pasted
from sphinx_govreport.ext.compat import BodyBuilder, images_of
from sphinx_govreport.ext.domain.domain import domain_of
from sphinx_govreport.ext.files import removing, write_output
from sphinx_govreport.ext.nodes import FRAGMENT
from sphinx_govreport.ext.output import replace_output

FILES = ("govfragment.css", "govfragment.js")  #: files used by the pages

_ALL = text("All pages")
_PAGES = text("Pages to be pasted into a CMS:")
_FILE = text("The fragment as a file")
_COPY = text("Copy")
_COPIED = text("Copied. Paste it into the editor.")
_FAILED = text("Not copied. Select the source and copy it.")
_SOURCE = text("Source")
_PREVIEW = text("Preview")
_PNG = text("Save as PNG")
_LEFT = text("Pictures to upload")
_PLACES = text("The fragment shows the place of each of them.")


class Left(NamedTuple):
    """A picture to upload: editors remove pictures embedded in pasted text, so the fragment refers to a file."""

    name: str  #: its file name or address
    alt: str
    address: str
    is_file: bool = True  #: whether the address is a file in the output
    svg: str = ""  #: the source of a drawing


def fragment_name(docname: str) -> str:
    """Return the file of a page's fragment."""
    return f"fragments/{docname}.html"


def drawing_name(docname: str, number: int) -> str:
    """Return the file of a drawing on a page; drawings are counted from 1."""
    return f"charts/{docname}-{number}.svg"


def copy_name(docname: str) -> str:
    """Return the file of the page from which users copy the fragment."""
    return f"copy/{docname}.html"


class FragmentBuilder(BodyBuilder):
    """Writes the content of pages as HTML, and rewrites it as a fragment.

    All pages are written in each build, so that no fragment is older than its sources.
    """

    name = FRAGMENT

    def get_outdated_docs(self) -> Iterator[str]:
        """Yield all pages."""
        yield from self.env.found_docs

    def write_body(self, docname: str, body: str) -> None:
        """Write a page's fragment, and the page from which users copy it."""
        references = _FragmentReferences(self, docname)
        fragment = pasted(body, references)
        self._put(fragment_name(docname), fragment)
        drawings = [one for one in references.left if one.svg]
        for one in drawings:
            self._put(one.address, one.svg)
        with removing(self):  # of an earlier build, in which the page had more
            for name in self._drawings(docname, len(drawings) + 1):
                Path(self.outdir, name).unlink()
        title = domain_of(self.env).page_title(docname)
        self._put(copy_name(docname), self._copy_page(docname, title, fragment, references.left))

    def copy_assets(self) -> None:
        """Copy the files used by the copy pages."""
        for name in FILES:
            shutil.copyfile(Path(__file__).parents[2] / "static" / name, Path(self.outdir) / name)

    def finish(self) -> None:
        """List the pages, copy pictures, and remove files that only the last build wrote."""
        pictures = images_of(self.env)
        self.copy_images(pictures)
        pages = {docname: domain_of(self.env).page_title(docname) for docname in sorted(self.env.found_docs)}
        self._put("index.html", self._list_page(pages))
        written = {"index.html", *FILES, *(f"{self.image_folder}/{name}" for name in pictures.values())}
        written |= {name_of(docname) for docname in pages for name_of in (fragment_name, copy_name)}
        written |= {name for docname in pages for name in self._drawings(docname, 1)}  # written in other processes
        replace_output(self, written)

    def _drawings(self, docname: str, first: int) -> Iterator[str]:
        """Yield the existing files of a page's drawings, starting from a number."""
        names = (drawing_name(docname, number) for number in count(first))
        return takewhile(lambda name: Path(self.outdir, name).is_file(), names)

    def _copy_page(self, docname: str, title: str, fragment: str, left: Sequence[Left]) -> str:
        """Return a page with a fragment, its source and a button that copies both; the source can also be selected."""
        root = "../" * copy_name(docname).count("/")
        return self._page(
            root,
            title,
            f'<p><a href="{root}index.html">{self._html(_ALL)}</a> · '
            f'<a href="{root}{quote(fragment_name(docname))}" download>{self._html(_FILE)}</a></p>\n'
            f'<p><button type="button" id="govfragment-copy" hidden>{self._html(_COPY)}</button> '
            '<span role="status" id="govfragment-status" '
            f'data-copied="{self._html(_COPIED)}" data-failed="{self._html(_FAILED)}"></span></p>\n'
            + "".join(self._left(root, left))
            + f'<h2 id="govfragment-title">{self._html(_SOURCE)}</h2>\n'
            f'<textarea id="govfragment-source" aria-labelledby="govfragment-title" rows="10" readonly spellcheck="false">'
            f"{escape(fragment, quote=False)}</textarea>\n"
            f'<section id="govfragment-preview" aria-label="{self._html(_PREVIEW)}" hidden></section>\n',
        )

    def _left(self, root: str, left: Sequence[Left]) -> Iterator[str]:
        if left:
            yield f"<h2>{self._html(_LEFT)}</h2>\n<p>{self._html(_PLACES)}</p>\n<ul>\n"
            for one in left:
                address = f"{root}{quote(one.address)}" if one.is_file else one.address
                download = "" if one.name == one.address else f' download="{escape(one.name)}"'
                yield f'<li><a href="{escape(address)}"{download}>{escape(one.name)}</a>'
                if one.svg:
                    yield f' <button type="button" data-svg="{escape(one.svg)}" hidden>{self._html(_PNG)}</button>'
                yield f"<br>{escape(one.alt)}</li>\n" if one.alt else "</li>\n"
            yield "</ul>\n"

    def _list_page(self, pages: Mapping[str, str]) -> str:
        """Return the list of all pages; ``pages`` are titles by page."""
        items = (
            f'<li><a href="{quote(copy_name(docname))}">{escape(title)}</a> <code>{escape(docname)}</code></li>\n'
            for docname, title in pages.items()
        )
        return self._page("", self.config.project, f"<p>{self._html(_PAGES)}</p>\n<ul>\n{''.join(items)}</ul>\n")

    def _page(self, root: str, title: str, content: str) -> str:
        style, script = FILES
        return (
            f'<!DOCTYPE html>\n<html lang="{escape(self.html_language)}">\n<head>\n<meta charset="utf-8">\n'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(title)}</title>\n'
            f'<link rel="stylesheet" href="{root}{style}">\n<script src="{root}{script}" defer></script>\n</head>\n'
            f"<body>\n<main>\n<h1>{escape(title)}</h1>\n{content}</main>\n</body>\n</html>\n"
        )

    def _html(self, shown: Text) -> str:
        """Return a text in the site's language, for HTML."""
        return escape(shown.render(translator(self.config.language)))

    def _put(self, name: str, body: str) -> None:
        write_output(self, Path(self.outdir) / name, body.encode())


class _FragmentReferences(References):
    """The references of a page. Links lead to the address at which the site is published, if it is known."""

    def __init__(self, builder: FragmentBuilder, docname: str) -> None:
        self.builder = builder
        self.docname = docname
        base = builder.config.html_baseurl
        self.base = posixpath.join(base, builder.get_target_uri(docname)) if base else ""
        self.left: list[Left] = []  #: pictures to upload

    def link(self, href: str) -> str:
        return urljoin(self.base, href) if self.base else ""

    def instead(self, src: str, alt: str) -> str:
        if src.startswith("data:"):
            mimetype = src.removeprefix("data:").partition(",")[0].partition(";")[0]
            return self._note(Left(f"image{guess_extension(mimetype) or ''}", alt, src, is_file=False))
        if "//" in src:
            return self._note(Left(src, alt, src, is_file=False))
        name = unquote(posixpath.basename(src))
        return self._note(Left(name, alt, f"{self.builder.image_folder}/{name}"))

    def instead_of_drawing(self, svg: str, alt: str) -> str:
        path = drawing_name(self.docname, sum(bool(one.svg) for one in self.left) + 1)
        if "xml:lang" not in svg:  # browsers choose the font by language; a separate file does not inherit it from a page
            svg = svg.replace("<svg ", f'<svg font-family="sans-serif" xml:lang="{escape(self.builder.html_language)}" ', 1)
        return self._note(Left(posixpath.basename(path), alt, path, svg=svg))

    def _note(self, one: Left) -> str:
        self.left.append(one)
        return text("[Insert picture here: {name}]", name=one.name).render(translator(self.builder.config.language))
