"""``sphinx-build -b govfragment``: each page as a fragment for a CMS, with a page to copy it from."""

from __future__ import annotations

import posixpath
import shutil
from collections.abc import Iterator
from mimetypes import guess_type
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin

from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util import isurl as is_url

from ..core.diagnostics import translator
from ..core.files import write_whole
from ..exporters.paste import References, data_uri, pasted
from .copy_page import FILES, Left, Site, copy_name, copy_page, fragment_name, list_page

if TYPE_CHECKING:
    from sphinx.application import Sphinx

NAME = "govfragment"
MAX_PICTURE = 100_000  #: bytes of a picture that is put into the fragment; editors choke on long addresses
_WRITTEN = ".govfragment"  # what the last build wrote


class FragmentBuilder(StandaloneHTMLBuilder):
    """Writes the content of pages as HTML does, and makes it fit to be pasted.

    All pages are written on each build, so that no fragment is older than anything it is made of.
    """

    name = NAME
    search = copysource = add_permalinks = html_scaled_image_link = False
    embedded = True  # nothing stands beside a page that it could lead to

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
        references = _Elsewhere(self, pagename)
        fragment = pasted(addctx["body"], references).strip() + "\n"
        self._put(fragment_name(pagename), fragment)
        title = self.env.titles[pagename].astext()
        self._put(copy_name(pagename), copy_page(self._site, pagename, title, fragment, references.left))

    def picture_of(self, src: str) -> Path:
        """The file of a picture that a page shows; it need not exist. Extensions that draw have written theirs by now."""
        name = unquote(posixpath.basename(src))
        path = next((path for path, (_docnames, known) in self.env.images.items() if known == name), None)
        return Path(self.srcdir, path) if path else Path(self.outdir, self.imagedir, name)

    def uri_of(self, picture: Path) -> str:
        """A picture as an address; empty if it is too large, or no picture that browsers show."""
        mimetype = guess_type(picture.name)[0] or ""
        if mimetype not in self.supported_image_types or not picture.is_file() or picture.stat().st_size > MAX_PICTURE:
            return ""
        return data_uri(mimetype, picture.read_bytes())

    def copy_assets(self) -> None:
        """Lay what the pages to copy from need beside them."""
        for name in FILES:
            shutil.copyfile(Path(__file__).parent.parent / "static" / name, Path(self.outdir, name))

    def finish(self) -> None:
        """List the pages, lay pictures that are to be uploaded beside them, and remove what only the last build wrote."""
        pages = {docname: self.env.titles[docname].astext() for docname in sorted(self.env.found_docs)}
        self._put("index.html", list_page(self._site, pages))
        self.images = {
            path: name for path, (_docnames, name) in self.env.images.items() if not self.uri_of(Path(self.srcdir, path))
        }
        self.copy_image_files()
        written = {f"{self.imagedir}/{name}" for name in self.images.values()}
        written |= {name_of(docname) for docname in pages for name_of in (fragment_name, copy_name)}
        record = Path(self.outdir, _WRITTEN)
        for name in set(record.read_text("utf-8").split("\n")) - written if record.exists() else ():
            Path(self.outdir, name).unlink(missing_ok=True)
        self._put(_WRITTEN, "\n".join(sorted(written)))

    @property
    def _site(self) -> Site:
        return Site(self.config.project, self.globalcontext["language"], translator(self.config.language))

    def _put(self, name: str, body: str) -> None:
        target = Path(self.outdir, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, body.encode(), Path(self.doctreedir))


class _Elsewhere(References):
    """The references of a page of this site. Links lead to where the site is published, if that is known."""

    def __init__(self, builder: FragmentBuilder, docname: str) -> None:
        self.builder = builder
        base = builder.config.html_baseurl
        self.base = posixpath.join(base, builder.get_target_uri(docname)) if base else ""
        self.left: list[Left] = []  #: what is shown by files that are to be uploaded

    def link(self, href: str) -> str:
        return urljoin(self.base, href) if self.base else ""

    def picture(self, src: str) -> str:
        return "" if is_url(src) else self.builder.uri_of(self.builder.picture_of(src))

    def instead(self, src: str, alt: str) -> str:
        left = Left(src if is_url(src) else unquote(posixpath.basename(src)), alt, is_file=not is_url(src))
        self.left.append(left)
        return left.placeholder.render(translator(self.builder.config.language))


def setup(app: Sphinx) -> None:
    """Register the builder."""
    app.add_builder(FragmentBuilder)
