"""Pages for servers whose Content-Security-Policy allows no script and no style inside a page: ``govreport_strict_policy``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.diagnostics import Diagnostic, Pos, text
from . import log
from .config import BAD_CONFIG
from .downloads import is_site

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

FOLDER = "_static/govreport"  #: where the files lie
_TEMPLATES = "sphinx_govreport.ext.strict_templates.StrictTemplates"  # imported by Sphinx, where they are used
_LINKED = rb"_static/govreport/([0-9a-f]{16}\.(?:css|js))"
_PLURAL = """Documentation.addTranslations = (catalog) => {{
  Object.assign(Documentation.TRANSLATIONS, catalog.messages);
  Documentation.PLURAL_EXPR = (n) => Number({rule});
  Documentation.LOCALE = catalog.locale;
}};"""
_PLURAL_RULE = r"plural\s*=\s*([n0-9\s()?:<>=!&|%]+);?"


def use_templates(app: Sphinx, config: Config) -> None:
    """Render pages by our templates, if asked to and if nobody else does."""
    if not config.govreport_strict_policy:
        return
    if config.template_bridge:
        message = text("govreport_strict_policy does not work together with template_bridge.")
        hint = text("Remove one of them from conf.py.")
        log.report([Diagnostic(BAD_CONFIG, Pos("conf.py"), message, hint)], config.language)
    else:
        config.template_bridge = _TEMPLATES


def add_plural_rule(app: Sphinx) -> None:
    """Say the language's plural rule as a script: Sphinx would make one from a text, which a strict policy refuses."""
    if app.config.govreport_strict_policy and is_site(app.builder):
        found = re.search(_PLURAL_RULE, app.translator.info().get("plural-forms", ""))
        rule = found[1].strip() if found else "n != 1"
        app.add_js_file(None, priority=300, body=_PLURAL.format(rule=rule))  # after doctools.js, before translations.js


def remove_unused(app: Sphinx, exception: Exception | None) -> None:
    """Remove the files that no page links any more."""
    folder = Path(app.outdir, FOLDER)
    if exception is None and folder.is_dir() and is_site(app.builder):
        linked = {name.decode() for page in Path(app.outdir).rglob("*.html") for name in re.findall(_LINKED, page.read_bytes())}
        for path in folder.iterdir():
            if path.name not in linked:
                path.unlink()


def setup(app: Sphinx) -> None:
    """Connect the handlers."""
    app.connect("config-inited", use_templates)
    app.connect("builder-inited", add_plural_rule)
    app.connect("build-finished", remove_unused)
