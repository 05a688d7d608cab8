"""What a build of fragments writes: pages fit to be pasted, those to copy them from, and what is to be uploaded."""

from __future__ import annotations

import posixpath
import shutil
from collections.abc import Iterable
from mimetypes import guess_type
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin

from sphinx.util import isurl as is_url

from ..core.diagnostics import translator
from ..core.files import write_whole
from ..exporters.paste import References, data_uri, pasted
from .copy_page import FILES, Left, Site, copy_name, copy_page, fragment_name, list_page
from .output import settle

if TYPE_CHECKING:
    from .fragments import FragmentBuilder

MAX_PICTURE = 100_000  #: bytes of a picture that is put into the fragment; editors choke on long addresses


class FragmentFiles:
    """The files of one build."""

    def __init__(self, builder: FragmentBuilder) -> None:
        self.builder = builder
        self.outdir = Path(builder.outdir)

    def write_page(self, docname: str, body: str) -> None:
        """Write a page's fragment, and the page to copy it from."""
        references = _Elsewhere(self, docname)
        fragment = pasted(body, references).strip() + "\n"
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
            shutil.copyfile(Path(__file__).parent.parent / "static" / name, self.outdir / name)

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
        write_whole(target, body.encode(), Path(self.builder.doctreedir))


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
