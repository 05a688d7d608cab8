"""``sphinx-build -b govfragment``: each page as a fragment for a CMS, with a page to copy it from."""

from __future__ import annotations

import posixpath
import shutil
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from mimetypes import guess_type
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote, urljoin

from sphinx_govreport.core.diagnostics import Text, text, translator
from sphinx_govreport.exporters.fragment import References, data_uri, pasted
from sphinx_govreport.ext.compat import BodyBuilder, images_of
from sphinx_govreport.ext.domain.domain import domain_of
from sphinx_govreport.ext.files import write_output
from sphinx_govreport.ext.nodes import FRAGMENT
from sphinx_govreport.ext.output import replace_output

FILES = ("govfragment.css", "govfragment.js")  #: what the pages need

_ALL = text("All pages")
_PAGES = text("Pages to be pasted into a CMS:")
_FILE = text("The fragment as a file")
_COPY = text("Copy")
_COPIED = text("Copied. Paste it into the editor.")
_FAILED = text("Not copied. Mark the source and copy it.")
_SOURCE = text("Source")
_PREVIEW = text("Preview")
_LEFT = text("Pictures to be uploaded")
_PLACES = text("The fragment names each of them in its place.")


class Left(NamedTuple):
    """A picture that a fragment cannot hold: somebody uploads it and inserts it where the fragment names it."""

    name: str  #: of its file, or its address
    alt: str
    is_file: bool  #: whether the file lies beside the fragments


def fragment_name(docname: str) -> str:
    """Return the file of a page's fragment."""
    return f"fragments/{docname}.html"


def copy_name(docname: str) -> str:
    """Return the file of the page to copy it from."""
    return f"copy/{docname}.html"


MAX_PICTURE = 100_000  #: bytes of a picture that is put into the fragment; editors choke on long addresses


class FragmentBuilder(BodyBuilder):
    """Writes the content of pages as HTML does, and makes it fit to be pasted.

    All pages are written on each build, so that no fragment is older than anything it is made of.
    """

    name = FRAGMENT

    def get_outdated_docs(self) -> Iterator[str]:
        """Yield all pages."""
        yield from self.env.found_docs

    def write_body(self, docname: str, body: str) -> None:
        """Write a page's fragment, and the page to copy it from."""
        references = _FragmentReferences(self, docname)
        fragment = pasted(body, references, domain_of(self.env).build.library.forms).strip() + "\n"
        self._put(fragment_name(docname), fragment)
        title = self.env.titles[docname].astext()
        self._put(copy_name(docname), self._copy_page(docname, title, fragment, references.left))

    def copy_assets(self) -> None:
        """Copy what the pages to copy from need."""
        for name in FILES:
            shutil.copyfile(Path(__file__).parents[2] / "static" / name, Path(self.outdir) / name)

    def finish(self) -> None:
        """List the pages, copy pictures that are to be uploaded, and remove what only the last build wrote."""
        pictures = {path: name for path, name in images_of(self.env).items() if not self.uri_of(Path(self.srcdir, path))}
        self.copy_images(pictures)
        pages = {docname: self.env.titles[docname].astext() for docname in sorted(self.env.found_docs)}
        self._put("index.html", self._list_page(pages))
        written = {"index.html", *FILES, *(f"{self.image_folder}/{name}" for name in pictures.values())}
        written |= {name_of(docname) for docname in pages for name_of in (fragment_name, copy_name)}
        replace_output(self, written)

    def picture_of(self, src: str) -> Path:
        """Return the file of a picture that a page shows; which need not exist; extensions have drawn theirs by now."""
        name = unquote(posixpath.basename(src))
        path = next((path for path, known in images_of(self.env).items() if known == name), None)
        return Path(self.srcdir, path) if path else Path(self.outdir, self.image_folder, name)

    def uri_of(self, picture: Path) -> str:
        """Return a picture as an address; empty if it is too large, or no picture that browsers show."""
        mimetype = guess_type(picture.name)[0] or ""
        is_shown = mimetype in self.supported_image_types
        if not is_shown or not picture.is_file() or picture.stat().st_size > MAX_PICTURE:
            return ""
        return data_uri(mimetype, picture.read_bytes())

    def _copy_page(self, docname: str, title: str, fragment: str, left: Sequence[Left]) -> str:
        """Return a page with a fragment, its source and a button that copies both; the source can be selected too."""
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
                address = f"{root}_images/{quote(one.name)}" if one.is_file else one.name
                alt = f"<br>{escape(one.alt)}" if one.alt else ""
                yield f'<li><a href="{escape(address)}">{escape(one.name)}</a>{alt}</li>\n'
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
    """The references of a page of this site. Links lead to where the site is published, if that is known."""

    def __init__(self, builder: FragmentBuilder, docname: str) -> None:
        self.builder = builder
        base = builder.config.html_baseurl
        self.base = posixpath.join(base, builder.get_target_uri(docname)) if base else ""
        self.left: list[Left] = []  #: what is shown by files that are to be uploaded

    def link(self, href: str) -> str:
        return urljoin(self.base, href) if self.base else ""

    def picture(self, src: str) -> str:
        return "" if "://" in src else self.builder.uri_of(self.builder.picture_of(src))

    def instead(self, src: str, alt: str) -> str:
        is_file = "://" not in src
        name = unquote(posixpath.basename(src)) if is_file else src
        self.left.append(Left(name, alt, is_file))
        return text("[Picture to be put in here: {name}]", name=name).render(translator(self.builder.config.language))
