"""The extension changes no global state of the process, whether a build succeeds or fails."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.conftest import CONF, Project

LOOK = """
import atexit, gc, json, locale, os, sys
from pathlib import Path
from sphinx import locale as translations
from sphinx.application import Sphinx
from sphinx.search import languages
from sphinx.util.docutils import docutils_namespace, patch_docutils
from docutils import nodes
from docutils.parsers.rst import directives, roles

folder, out, config = Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])

def state():
    return {
        "thresholds": gc.get_threshold(), "enabled": gc.isenabled(), "frozen": gc.get_freeze_count(),
        "callbacks": len(gc.callbacks), "at exit": atexit._ncallbacks(), "locale": locale.setlocale(locale.LC_ALL),
        "environment": dict(os.environ), "folder": os.getcwd(), "path": list(sys.path), "limit": sys.getrecursionlimit(),
        "hooks": [type(hook).__name__ for hook in (sys.excepthook, sys.displayhook, *sys.meta_path)],
        "languages": {key: repr(value) for key, value in languages.items()},
        "directives": sorted(directives._directives), "roles": sorted(roles._roles),
        "visitors": sorted(name for name in dir(nodes.GenericNodeVisitor) if "gov" in name),
    }

def build():
    with patch_docutils(str(folder)), docutils_namespace():
        try:
            Sphinx(folder, folder, out, out + "-trees", "html", confoverrides=config, status=None, warning=None).build()
        except Exception as error:
            return type(error).__name__
    return "built"

first = build()  # Sphinx itself is loaded, with what it leaves behind
before = state()
own = {name: id(module) for name, module in sys.modules.items()}
second = build()
after = state()
others = [name for name, module in own.items() if id(sys.modules.get(name)) != module]
print(json.dumps([first, second, before, after, others]))
"""
PLAIN = CONF.replace(', "sphinx_govreport"', "").replace('govreport_data = ["data"]\n', "")
FAIL = "def setup(app):\n    app.connect({!r}, fail)\ndef fail(*event):\n    raise ValueError\n"


def look(project: Project, conf: str) -> list[object]:
    project.write("conf.py", conf)
    command = [sys.executable, "-c", LOOK, str(project.folder), str(project.folder.parent / "out"), "{}"]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    found: list[object] = json.loads(run.stdout.splitlines()[-1])
    return found


@pytest.fixture
def site(project: Project) -> Project:
    project.report("suqian-2024")
    project.page("index.md", "宿迁市", 2024)
    return project


@pytest.mark.parametrize("fails", ["", "builder-inited", "env-updated", "doctree-resolved"])
def test_a_build_leaves_the_process_as_plain_sphinx_does(site: Project, fails: str) -> None:
    end = FAIL.format(fails) if fails else ""
    site.write("plain.md", "---\norphan: true\n---\n# 页\n")
    both = [look(site, CONF + more + end) for more in ("", 'extensions.append("sphinx_govreport.large_sites")\n')]
    site.write("index.md", "# 页\n")
    plain = look(site, PLAIN + end)
    for ours in both:
        assert ours[:2] == plain[:2] == (["ExtensionError"] * 2 if fails else ["built"] * 2)
        assert ours[2] == ours[3], "a second build finds all as it was"
        assert ours[2] == plain[2], "and the first has left no more than Sphinx itself"
        assert ours[4] == []


def test_a_site_without_year_files_leaves_no_more(project: Project) -> None:
    project.write("index.md", "# 页\n")
    assert look(project, CONF.replace('govreport_data = ["data"]\n', ""))[2] == look(project, PLAIN)[2]
