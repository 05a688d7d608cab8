"""Every use of undocumented parts of Sphinx and docutils, with the reason for it and the effect of its absence.

No other module uses private or undocumented names of theirs; ``tests/project/test_undocumented.py`` checks this. Attributes of
builders that the application also has, and those of documents (``config``, ``env``, ``outdir`` …), count as documented.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import suppress
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.utils import Reporter
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.locale import admonitionlabels
from sphinx.search import languages
from sphinx.search.en import SearchEnglish
from sphinx.transforms.post_transforms import ReferencesResolver
from sphinx.util.console import strip_colors
from sphinx.util.docutils import docutils_namespace, patch_docutils
from sphinx.util.logging import get_node_location
from sphinx.util.matching import DOTFILES, Matcher
from sphinx.util.nodes import clean_astext
from sphinx.writers.latex import LaTeXTranslator

__all__ = [
    "SearchEnglish",
    "admonitionlabels",
    "clean_astext",
    "docutils_namespace",
    "get_node_location",
    "languages",
    "patch_docutils",
    "strip_colors",
]
# ``SearchEnglish``: the stemmer for English words; without it, Chinese sites find a word only in the form used on the page.
# ``admonitionlabels``: “Note”, “Warning” in the site's language; without them, Word documents have no label there.
# ``clean_astext``: the text of a caption or title without images and code; without it, references repeat both.
# ``docutils_namespace``: restores directives and roles; without it, reading one page changes those of the whole process.
# ``get_node_location``: path and line of a node; without it, an unknown reference is reported without its line.
# ``languages``: of the search, global in the process; without it, a site's own language would be replaced, and later builds of
# the same process would use ours.
# ``patch_docutils``: restores docutils after an application; without it, building a page changes how a program reads others.
# ``strip_colors``: without it, the command prints escape sequences.

#: Transforms with a smaller priority run before intersphinx, whose priority follows this one. Without it, a reference to a
#: figure of another site is reported as missing.
BEFORE_INTERSPHINX = ReferencesResolver.default_priority - 2


# the environment ---------------------------------------------------------------------------------------------------


def pages_of_toctrees(env: BuildEnvironment) -> frozenset[str]:
    """Return the root page and all pages in its toctrees. Without it, ``singlehtml`` links to pages that it does not have."""
    found: set[str] = set()
    todo = [env.config.root_doc]
    while todo:
        docname = todo.pop()
        if docname not in found:
            found.add(docname)
            todo += env.toctree_includes.get(docname, ())
    return frozenset(found)


def pages_that_list(env: BuildEnvironment, docnames: Set[str]) -> Iterator[str]:
    """Yield the pages whose toctrees list any of ``docnames``. Without it, a PDF contains removed pages."""
    return (docname for docname, listed in env.toctree_includes.items() if not docnames.isdisjoint(listed))


def images_of(env: BuildEnvironment) -> dict[str, str]:
    """Return the images of all pages: file names by path. Without it, fragments have no images."""
    return {path: name for path, (_docnames, name) in env.images.items()}


def figure_number(env: BuildEnvironment, docname: str, kind: str, ids: Sequence[str]) -> tuple[int, ...] | None:
    """Return the number of a figure or table. Without it, captions in Word documents have none."""
    known = env.toc_fignumbers
    numbers = known.get(docname, {}).get(kind) or {}
    if not numbers:  # singlehtml stores the numbers of all pages under one page
        numbers = known.get(env.config.root_doc, {}).get(f"{docname}/{kind}", {})
    return next((numbers[ident] for ident in ids if ident in numbers), None)


def add_captioned_node(app: Sphinx, node: type[nodes.Element], title_of: Callable[[nodes.Node], str] | None = None) -> None:
    """Register a node that references cite by its title, and that Sphinx does not number.

    Sphinx knows the captions of numbered nodes, but does not number a kind that is not a text. Without it, references have no
    text, or our tables are counted with those of the site.
    """
    app.add_enumerable_node(node, None, title_of)  # type: ignore[arg-type]


def label_of(env: BuildEnvironment, name: str) -> tuple[str, str, str] | None:
    """Return page, id and title of a label. Without it, ``numref`` cannot refer to our tables and charts."""
    found: tuple[str, str, str] | None = env.get_domain("std").data["labels"].get(name)
    return found


def replace_index_entries(
    env: BuildEnvironment, docname: str, targets: Set[str], entries: Sequence[tuple[str, str, str, str, None]]
) -> None:
    """Replace the entries of a page that lead to ``targets`` by ``entries``.

    An ``index`` node would be in the index even if its table is removed by a condition. Without it, the general index lists no
    tables.
    """
    known = env.get_domain("index").data["entries"]
    known[docname] = [*(entry for entry in known.get(docname, ()) if entry[2] not in targets), *entries]


# -- doctrees ----------------------------------------------------------------------------------------------------------


def tag_holds(app: Sphinx, expression: str) -> bool:
    """Return whether the expression of an ``only`` directive holds. Without it, links lead to tables that are not printed."""
    with suppress(Exception):  # Sphinx reports the error, and prints the content
        return bool(app.tags.eval_condition(expression))
    return True


def config_holds(app: Sphinx, expression: str) -> bool:
    """Return whether the expression of an ``ifconfig`` directive holds; without it, the same happens as for ``only``."""
    from sphinx.ext.ifconfig import ifconfig, process_ifconfig_nodes  # sites that do not use it do not load the extension

    page = nodes.document(None, Reporter("", Reporter.SEVERE_LEVEL, Reporter.SEVERE_LEVEL))  # type: ignore[arg-type]
    page += ifconfig("", nodes.comment(), expr=expression)
    process_ifconfig_nodes(app, page, "")
    return any(isinstance(child, nodes.comment) for child in page.children)


def included_files(document: nodes.document) -> list[str]:
    """Return the files that reStructuredText is reading, the innermost first.

    Without it, a directive in an included file uses the year of the page.
    """
    return [os.fspath(path) for path, _clip in document.include_log]


def resolve_in_inventories(
    env: BuildEnvironment, node: addnodes.pending_xref, target: addnodes.pending_xref, content: nodes.inline
) -> nodes.reference | None:
    """Look up ``target`` in the inventories that apply to ``node``.

    intersphinx only resolves names in an inventory, which figures are not. Without it, they cannot be linked across sites.
    """
    from sphinx.ext import intersphinx  # imported only if in use: it imports requests

    if node.get("inventory"):
        return intersphinx.resolve_reference_in_inventory(env, node["inventory"], target, content)
    return intersphinx.resolve_reference_any_inventory(env, "intersphinx" not in node, target, content)


def latex_labels(translator: LaTeXTranslator, node: nodes.Element) -> str:
    """Return the labels of a node in LaTeX. Without them, references to tables in a PDF do not work."""
    return translator.hypertarget_to(node)


# -- builders ----------------------------------------------------------------------------------------------------------


def is_site(builder: Builder) -> bool:
    """Return whether a builder writes a site, not a book or a help file. Without it, e-books link to missing files."""
    return builder.format == "html" and not getattr(builder, "embedded", False)


def page_file(builder: Builder, page: str) -> Path:
    """Return the file in which an HTML builder writes a page.

    Address and file differ in ``singlehtml``. Without it, the files of a report are not next to its page there.
    """
    assert isinstance(builder, StandaloneHTMLBuilder)
    return Path(builder.get_outfilename(page))


def page_suffix(builder: StandaloneHTMLBuilder) -> str:
    """Return the suffix of page files. Without it, a pack of JSON contains pages that are no longer part of the site."""
    return builder.out_suffix


def files_of_sphinx(builder: StandaloneHTMLBuilder) -> Iterator[str]:
    """Yield the names of the files that Sphinx writes, or could write, for the current pages and settings.

    Sphinx neither removes nor lists old files. Without it, a pack contains pages that are no longer part of the site.
    """
    outdir = f"{Path(builder.outdir).as_posix()}/"
    for name in _page_names(builder):
        yield Path(builder.get_outfilename(name)).as_posix().removeprefix(outdir)
    yield from _files_of_pages(builder)
    yield from _assets(builder)


def _page_names(builder: StandaloneHTMLBuilder) -> Iterator[str]:
    yield from [builder.config.root_doc] if builder.name == "singlehtml" else builder.env.all_docs
    yield from builder.config.html_additional_pages
    yield from (name for name, *_rest in builder.domain_indices)
    if builder.use_index:
        yield "genindex"
    if builder.search:
        yield "search"


def _files_of_pages(builder: StandaloneHTMLBuilder) -> Iterator[str]:
    """Yield the sources of pages, their images and their downloads."""
    env, more = builder.env, builder.config.html_sourcelink_suffix
    if builder.copysource and builder.config.html_copy_source:
        for docname in env.all_docs:
            suffix = Path(env.doc2path(docname)).suffix
            yield f"_sources/{docname}{suffix}{more if suffix != more else ''}"
    yield from (posixpath.join(builder.imagedir, name) for name in images_of(env).values())
    yield from (posixpath.join("_downloads", name) for _docnames, name in env.dlfiles.values())


def _assets(builder: StandaloneHTMLBuilder) -> Iterator[str]:
    """Yield the files that are copied: of the theme, and of the folders given by ``conf.py`` and extensions."""
    config, confdir = builder.config, Path(builder.confdir)
    excluded = config.exclude_patterns
    for folder in builder.theme.get_theme_dirs() if builder.theme else ():
        yield from _copied(Path(folder, "static"), "_static", DOTFILES)
    for name in config.html_static_path:
        yield from _copied(confdir / name, "_static", Matcher([*excluded, "**/.*"]))
    if builder._get_translations_js():  # English has none, and that of the language before may still be there
        yield "_static/translations.js"
    if builder.indexer:  # scripts of the site search
        yield from (f"_static/{Path(file).name}" for file in builder.indexer.get_js_stemmer_rawcodes())
    yield from (f"_static/{Path(name).name}" for name in (config.html_logo, config.html_favicon) if name and "://" not in name)
    for name in config.html_extra_path:
        yield from _copied(confdir / name, "", Matcher(excluded))


def _copied(source: Path, target: str, is_excluded: Callable[[str], bool]) -> Iterator[str]:
    """Yield the target names of a file or of the files in a folder. Sphinx renders templates, except in ``html_extra_path``."""
    base = _without_template_suffix if target else str
    if source.is_file():
        yield posixpath.join(target, base(source.name))
    for root, folders, files in os.walk(source, followlinks=True):
        below = Path(root).relative_to(source).as_posix()
        folders[:] = [name for name in folders if not is_excluded(posixpath.join(below, name))]
        names = (name for name in files if not is_excluded(posixpath.join(below, name)))
        yield from (posixpath.normpath(posixpath.join(target, below, base(name))) for name in names)


def _without_template_suffix(name: str) -> str:
    return name[:-2] if name.lower().endswith("_t") else name.removesuffix(".jinja")


class BodyBuilder(StandaloneHTMLBuilder):
    """An HTML builder that passes on the body of each page instead of writing a page.

    There is no documented builder for this. Without it, there is no builder ``govfragment``.
    """

    search = copysource = add_permalinks = html_scaled_image_link = False
    embedded = True  # pages cannot link to files next to them

    def write_body(self, docname: str, body: str) -> None:
        """Write the body of a page."""
        raise NotImplementedError

    def get_theme_config(self) -> tuple[str, dict[str, str | int | bool]]:
        """Return the simplest theme: others wrap tables, and expect files that are not written here."""
        return "basic", {}

    def handle_page(
        self, pagename: str, addctx: dict[str, Any], templatename: str = "", *, outfilename: Any = None, event_arg: Any = None
    ) -> None:
        """Pass on the body of a page."""
        self.write_body(pagename, addctx["body"])

    @property
    def html_language(self) -> str:
        """The site's language in HTML notation."""
        return str(self.globalcontext["language"])

    @property
    def image_folder(self) -> str:
        """The folder of images in the output."""
        return self.imagedir

    def copy_images(self, images: dict[str, str]) -> None:
        """Copy ``images``, file names by path, into the folder of images."""
        self.images = images
        self.copy_image_files()
