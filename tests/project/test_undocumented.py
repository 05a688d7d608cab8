"""Undocumented parts of other projects are used in one place, and attributes of an object are assigned by that object only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import sphinx_govreport

PACKAGE = Path(sphinx_govreport.__file__).parent
MODULES = {path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py")}
#: the modules that may use Sphinx and docutils
EXTENSION = {name for name in MODULES if name.startswith("ext/") or name == "large_sites.py"}
COMPAT = "ext/compat.py"

#: documented, though the names begin with an underscore
DOCUMENTED = {"_replace", "_fields", "_asdict", "_make", "_exit"}
#: private names of others without a documented equivalent, by module
WITHOUT_EQUAL = {
    "exporters/docx.py": {"_p", "_r", "_tbl", "_tc", "_tr", "_blob", "_inline"},  # python-docx has no public interface for them
    "importers/readers/css.py": {"_Element"},  # lxml's name for the type of its elements
    "importers/readers/docx.py": {"_Element"},
    "importers/readers/html.py": {"_Element"},
    "importers/readers/pdf.py": {"_objs"},  # pdfminer provides no baseline of a character
    "importers/recognise/report.py": {"_NOTE", "_REASON", "_SECTION"},
}


@cache
def parsed(name: str) -> ast.Module:
    """Return a module of the package; only when a test looks at it, as every run of tests loads this file."""
    return ast.parse((PACKAGE / name).read_text("utf-8"))


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def own_names(tree: ast.Module) -> set[str]:
    """Return the names that a module defines, on modules, classes or ``self``."""
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store()):
                found.add(name)
    return found


def private_names(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Return the private names of other modules that a module uses, with their lines."""
    own = own_names(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name) if is_private(name) and name not in own:
                yield name, node.lineno
            case ast.ImportFrom(names=aliases):
                yield from ((alias.name, node.lineno) for alias in aliases if is_private(alias.name))


@pytest.mark.parametrize("name", sorted(MODULES - {COMPAT}))
def test_private_names_of_others_are_used_in_compat_alone(name: str) -> None:
    allowed = DOCUMENTED | WITHOUT_EQUAL.get(name, set())
    assert [f"{line}: {found}" for found, line in private_names(parsed(name)) if found not in allowed] == []


#: names documented by Sphinx: reference, tutorials and the page of intersphinx; types for annotations
SPHINX = {
    "sphinx": {"addnodes"},
    "sphinx.addnodes": {"pending_xref"},
    "sphinx.application": {"Sphinx"},
    "sphinx.builders": {"Builder"},
    "sphinx.builders.html": {"StandaloneHTMLBuilder"},
    "sphinx.config": {"Config"},
    "sphinx.domains": {"Domain", "ObjType"},
    "sphinx.environment": {"BuildEnvironment"},
    "sphinx.errors": {"ConfigError", "SphinxError"},
    "sphinx.roles": {"XRefRole"},
    "sphinx.search": {"SearchLanguage"},
    "sphinx.transforms.post_transforms": {"SphinxPostTransform"},
    "sphinx.util": {"logging"},
    "sphinx.util.docutils": {"SphinxDirective", "SphinxRole"},
    "sphinx.util.nodes": {"make_refnode"},
    "sphinx.util.typing": {"ExtensionMetadata", "OptionSpec"},
    "sphinx.writers.html5": {"HTML5Translator"},
    "sphinx.writers.latex": {"LaTeXTranslator"},
}
#: attributes of Sphinx and docutils without an underscore that are not documented
UNDOCUMENTED = {
    *("all_docs", "dlfiles", "images", "temp_data", "toc_fignumbers", "toctree_includes", "tags", "registry", "include_log"),
    *(
        "domain_indices",
        "use_index",
        "copysource",
        "imagedir",
        "indexer",
        "theme",
        "get_outfilename",
        "globalcontext",
        "embedded",
    ),
    *("handle_page", "copy_image_files", "get_theme_config", "out_suffix"),
}


@pytest.mark.parametrize("name", sorted(EXTENSION - {COMPAT}))
def test_undocumented_names_of_sphinx_are_used_in_compat_alone(name: str) -> None:
    found = []
    for node in ast.walk(parsed(name)):
        match node:
            case ast.ImportFrom(module=str(module), names=aliases) if module.partition(".")[0] == "sphinx":
                found += [f"{module}.{one.name}" for one in aliases if one.name not in SPHINX.get(module, ())]
            case ast.Import(names=aliases):
                found += [one.name for one in aliases if one.name.partition(".")[0] in ("sphinx", "docutils")]
            case ast.Attribute(attr=attribute) if attribute in UNDOCUMENTED:
                found.append(ast.unparse(node))
    assert found == []


#: assignments to objects of others, with the reason
ASSIGNED = {
    "source": "docutils: where a node is written",
    "line": "docutils: where a node is written",
    "text": "of ext.pages itself: what is known of the page that is read",
    "latex_elements": "Sphinx: a value of conf.py, at config-inited, when extensions may change it",
    "latex_documents": "Sphinx: a value of conf.py, at config-inited, when extensions may change it",
    "epub_language": "Sphinx: a value of conf.py, at config-inited, when extensions may change it",
}


@pytest.mark.parametrize("name", sorted(EXTENSION))
def test_nothing_is_assigned_to_objects_of_others(name: str) -> None:
    assigned = [
        f"{node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(parsed(name))
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, (ast.Store, ast.Del))
        if not (isinstance(node.value, ast.Name) and node.value.id == "self") and node.attr not in ASSIGNED
    ]
    named = [
        f"{node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(parsed(name))
        if (isinstance(node, ast.Attribute) and node.attr == "__dict__")
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("setattr", "delattr"))
    ]
    if name == "ext/config.py":  # the values of conf.py are cleaned at config-inited, before they are read
        named = [line for line in named if "setattr(config, value.name, " not in line]
    assert assigned + named == []
