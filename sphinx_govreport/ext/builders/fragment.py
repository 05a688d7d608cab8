"""``sphinx-build -b govfragment``: each page as a fragment for a CMS, with a page to copy it from."""

from __future__ import annotations

import posixpath
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from mimetypes import guess_type
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urljoin

from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util import isurl as is_url

from sphinx_govreport.core.diagnostics import Text, Translate, text, translator
from sphinx_govreport.core.files import atomic_write
from sphinx_govreport.exporters.fragment import References, data_uri, pasted
from sphinx_govreport.ext.domain.domain import domain_of
from sphinx_govreport.ext.nodes import FRAGMENT
from sphinx_govreport.ext.output import settle

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


class Site(NamedTuple):
    """What all pages have in common."""

    project: str
    language: str  #: as HTML writes it
    translate: Translate

    def say(self, said: Text) -> str:
        """A text in the site's language, for HTML."""
        return escape(said.render(self.translate))


class Left(NamedTuple):
    """What a fragment cannot hold: somebody uploads it and puts it where the fragment names it."""

    name: str  #: of its file, or its address
    alt: str
    is_file: bool  #: whether the file lies beside the fragments

    @property
    def placeholder(self) -> Text:
        """What stands in its place."""
        return text("[Picture to be put in here: {name}]", name=self.name)


def fragment_name(docname: str) -> str:
    """The file of a page's fragment."""
    return f"fragments/{docname}.html"


def copy_name(docname: str) -> str:
    """The file of the page to copy it from."""
    return f"copy/{docname}.html"


def copy_page(site: Site, docname: str, title: str, fragment: str, left: Sequence[Left]) -> str:
    """A page with a fragment, its source, and a button that copies both; without its script, the source can be marked."""
    root = "../" * copy_name(docname).count("/")
    return _page(
        site,
        root,
        title,
        f'<p><a href="{root}index.html">{site.say(_ALL)}</a> · '
        f'<a href="{root}{quote(fragment_name(docname))}" download>{site.say(_FILE)}</a></p>\n'
        f'<p><button type="button" id="govfragment-copy" hidden>{site.say(_COPY)}</button> '
        '<span role="status" id="govfragment-status" '
        f'data-copied="{site.say(_COPIED)}" data-failed="{site.say(_FAILED)}"></span></p>\n'
        + "".join(_left(site, root, left))
        + f'<h2 id="govfragment-title">{site.say(_SOURCE)}</h2>\n'
        f'<textarea id="govfragment-source" aria-labelledby="govfragment-title" rows="10" readonly spellcheck="false">'
        f"{escape(fragment, quote=False)}</textarea>\n"
        f'<section id="govfragment-preview" aria-label="{site.say(_PREVIEW)}" hidden></section>\n',
    )


def _left(site: Site, root: str, left: Sequence[Left]) -> Iterator[str]:
    if left:
        yield f"<h2>{site.say(_LEFT)}</h2>\n<p>{site.say(_PLACES)}</p>\n<ul>\n"
        for one in left:
            address = f"{root}_images/{quote(one.name)}" if one.is_file else one.name
            alt = f"<br>{escape(one.alt)}" if one.alt else ""
            yield f'<li><a href="{escape(address)}">{escape(one.name)}</a>{alt}</li>\n'
        yield "</ul>\n"


def list_page(site: Site, pages: Mapping[str, str]) -> str:
    """The list of all pages; ``pages`` are titles by page."""
    items = (
        f'<li><a href="{quote(copy_name(docname))}">{escape(title)}</a> <code>{escape(docname)}</code></li>\n'
        for docname, title in pages.items()
    )
    return _page(site, "", site.project, f"<p>{site.say(_PAGES)}</p>\n<ul>\n{''.join(items)}</ul>\n")


def _page(site: Site, root: str, title: str, content: str) -> str:
    style, script = FILES
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(site.language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(title)}</title>\n'
        f'<link rel="stylesheet" href="{root}{style}">\n<script src="{root}{script}" defer></script>\n</head>\n'
        f"<body>\n<main>\n<h1>{escape(title)}</h1>\n{content}</main>\n</body>\n</html>\n"
    )


MAX_PICTURE = 100_000  #: bytes of a picture that is put into the fragment; editors choke on long addresses


class FragmentFiles:
    """The files of one build."""

    def __init__(self, builder: FragmentBuilder) -> None:
        self.builder = builder
        self.outdir = Path(builder.outdir)

    def write_page(self, docname: str, body: str) -> None:
        """Write a page's fragment, and the page to copy it from."""
        references = _Elsewhere(self, docname)
        fragment = pasted(body, references, domain_of(self.builder.env).library.forms).strip() + "\n"
        self._put(fragment_name(docname), fragment)
        title = self.builder.env.titles[docname].astext()
        self._put(copy_name(docname), copy_page(self._site, docname, title, fragment, references.left))

    def picture_of(self, src: str) -> Path:
        """The file of a picture that a page shows; it need not exist. Extensions that draw have written theirs by now."""
        name = unquote(posixpath.basename(src))
        images = self.builder.env.images
        path = next((path for path, (_docnames, known) in images.items() if known == name), None)
        return Path(self.builder.srcdir, path) if path else self.outdir / self.builder.imagedir / name

    def uri_of(self, picture: Path) -> str:
        """A picture as an address; empty if it is too large, or no picture that browsers show."""
        mimetype = guess_type(picture.name)[0] or ""
        is_shown = mimetype in self.builder.supported_image_types
        if not is_shown or not picture.is_file() or picture.stat().st_size > MAX_PICTURE:
            return ""
        return data_uri(mimetype, picture.read_bytes())

    def pictures(self) -> dict[str, str]:
        """The pictures that no fragment holds, by path: what they are called beside the fragments."""
        images = self.builder.env.images.items()
        return {path: name for path, (_docnames, name) in images if not self.uri_of(Path(self.builder.srcdir, path))}

    def copy_assets(self) -> None:
        """Lay what the pages to copy from need beside them."""
        for name in FILES:
            shutil.copyfile(Path(__file__).parents[2] / "static" / name, self.outdir / name)

    def finish(self, pictures: Iterable[str]) -> None:
        """List the pages, and remove what only the last build wrote."""
        env = self.builder.env
        pages = {docname: env.titles[docname].astext() for docname in sorted(env.found_docs)}
        self._put("index.html", list_page(self._site, pages))
        written = {"index.html", *FILES, *(f"{self.builder.imagedir}/{name}" for name in pictures)}
        written |= {name_of(docname) for docname in pages for name_of in (fragment_name, copy_name)}
        settle(self.builder, written)

    @property
    def _site(self) -> Site:
        config = self.builder.config
        return Site(config.project, self.builder.globalcontext["language"], translator(config.language))

    def _put(self, name: str, body: str) -> None:
        target = self.outdir / name
        target.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(target, body.encode(), Path(self.builder.doctreedir))


class _Elsewhere(References):
    """The references of a page of this site. Links lead to where the site is published, if that is known."""

    def __init__(self, files: FragmentFiles, docname: str) -> None:
        self.files = files
        base = files.builder.config.html_baseurl
        self.base = posixpath.join(base, files.builder.get_target_uri(docname)) if base else ""
        self.left: list[Left] = []  #: what is shown by files that are to be uploaded

    def link(self, href: str) -> str:
        return urljoin(self.base, href) if self.base else ""

    def picture(self, src: str) -> str:
        return "" if is_url(src) else self.files.uri_of(self.files.picture_of(src))

    def instead(self, src: str, alt: str) -> str:
        left = Left(src if is_url(src) else unquote(posixpath.basename(src)), alt, is_file=not is_url(src))
        self.left.append(left)
        return left.placeholder.render(translator(self.files.builder.config.language))


class FragmentBuilder(StandaloneHTMLBuilder):
    """Writes the content of pages as HTML does, and makes it fit to be pasted.

    All pages are written on each build, so that no fragment is older than anything it is made of.
    """

    name = FRAGMENT
    search = copysource = add_permalinks = html_scaled_image_link = False
    embedded = True  # nothing stands beside a page that it could lead to

    def init(self) -> None:
        """Get ready; only now is imported what most builds do not need."""

        super().init()
        self.files = FragmentFiles(self)

    def get_theme_config(self) -> tuple[str, dict[str, str | int | bool]]:
        """The simplest: themes wrap tables, and expect files that are not written here."""
        return "basic", {}

    def get_outdated_docs(self) -> Iterator[str]:
        """All pages."""
        yield from self.env.found_docs

    def handle_page(
        self, pagename: str, addctx: dict[str, Any], templatename: str = "", *, outfilename: Any = None, event_arg: Any = None
    ) -> None:
        """Write a page's fragment, and the page to copy it from."""
        self.files.write_page(pagename, addctx["body"])

    def copy_assets(self) -> None:
        """Lay what the pages to copy from need beside them."""
        self.files.copy_assets()

    def finish(self) -> None:
        """List the pages, lay pictures that are to be uploaded beside them, and remove what only the last build wrote."""
        self.images = self.files.pictures()
        self.copy_image_files()
        self.files.finish(self.images.values())
