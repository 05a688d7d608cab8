"""A reader who follows the examples of a page, in order, in a fresh folder.

``sh`` is run; ``text`` after it is its output, where ``…`` stands for anything. A block with a caption, or with a path in a
comment at its top, is a file. All other blocks belong to one site: ``python`` are settings, ``markdown`` and ``rst`` pages,
``yaml`` year files, forms, parts of them or the top of a page. The site is built after each, without warnings.
"""

from __future__ import annotations

import functools
import io
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from warnings import catch_warnings, simplefilter

import yaml
from docutils import nodes
from lxml import html
from sphinx import locale
from sphinx.application import Sphinx
from sphinx.util.console import strip_escape_sequences
from sphinx.util.docutils import docutils_namespace, patch_docutils

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parents[2]
#: the top of a file with a path: ``# conf.py``, ``/* _static/our.css */``
PATH = re.compile(r"(?:#|/\*) ([\w/.-]+\.\w+)(?: \*/| of [\w ]+)?\n")
TOP = "---\ngovreport-year: 2024\n---\n"
PAGE_TOP = re.compile(r"---\n(.*?)---\n*\Z", re.DOTALL)


class Situation(NamedTuple):
    """What a page presupposes."""

    before: str = ""  #: commands that lead to the reader's folder
    fails: tuple[str, ...] = ()  #: beginnings of commands whose exit code is 1, as the page says
    between: Mapping[str, str] = {}  #: by the beginning of a block: commands for what happens before it, as the page says
    parts: Mapping[str, tuple[str, str]] = {}  #: by the first key of a part of a file: the file, and the key that contains it
    environment: Mapping[str, str] = {}


class Reader:
    """A reader who follows a page."""

    def __init__(self, folder: Path, situation: Situation | None = None, *, installs: bool = True) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.situation = situation or Situation()
        self.installs = installs
        self.printed = ""
        self.transcript: list[str] = []
        self.pages = 0
        self.kinds = {
            "python": self._python, "markdown": self._markdown, "rst": self._rst, "css": self._css, "yaml": self._yaml,
        }  # fmt: skip
        self.between: set[str] = set()
        self.failed: set[str] = set()
        self.run(self.situation.before)

    def run(self, commands: str) -> None:
        """Run commands in the terminal, which keeps the directory set by ``cd``."""
        if not self.installs:
            commands = "\n".join(line for line in commands.splitlines() if not re.search(r"\bpip |venv \.venv", line))
        where = self.folder.parent / "where"
        script = "\n".join(["set -e", *map(self._line, commands.splitlines()), f"pwd > {where}"])
        done = subprocess.run(["sh", "-c", script], cwd=self.folder, capture_output=True, text=True, env=self._environment())
        self.printed = done.stdout + done.stderr
        self.transcript += [*(f"$ {line}" for line in commands.splitlines()), self.printed]
        assert done.returncode == 0, "\n".join([f"exit code {done.returncode}", *self.transcript])
        self.folder = Path(where.read_text("utf-8").strip())
        if not self.installs and not (self.folder / ".venv").exists():
            (self.folder / ".venv").symlink_to(BIN.parent)

    def _line(self, line: str) -> str:
        for beginning in self.situation.fails:
            if line.startswith(beginning):
                self.failed.add(beginning)
                return f"if {line}\nthen echo 'This should have failed.'; exit 99\nelse test $? -eq 1\nfi"
        return line

    def _environment(self) -> dict[str, str]:
        """Return the environment of a separate terminal. pip finds packages as usual."""
        return {
            **os.environ,
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "DOCS": str(ROOT / "docs"),
            "LC_ALL": "C.UTF-8",
            "NO_COLOR": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            **self.situation.environment,
        }

    def follow(self, block: nodes.literal_block) -> None:
        """Follow one block."""
        container = block.parent if isinstance(block.parent, nodes.container) else None
        caption = container.next_node(nodes.caption) if container else None
        text, language = block.astext(), block["language"]
        for beginning, commands in self.situation.between.items():
            if text.startswith(beginning) and beginning not in self.between:
                self.between.add(beginning)
                self.run(commands)
        if caption:
            self._file(caption.astext(), text, language, int(block.get("highlight_args", {}).get("linenostart", 0)))
        elif language == "sh":
            self.run(text)
        elif language == "text":
            self._compare(text)
        else:
            assert language in self.kinds, f"Give the block one of the languages sh, text, {', '.join(self.kinds)}: {text}"
            self.kinds[language](text)

    def _compare(self, text: str) -> None:
        """Compare the text with the end of what the terminal printed; or a list of files with those in the folder."""
        first, *names = text.splitlines()
        if first.endswith("/"):
            assert {name.strip() for name in names} <= {path.name for path in (self.folder / first).iterdir()}
            return
        text = re.sub(r"\b[0-9a-f]{4,}…[0-9a-f]{4}\b", "…", text.strip())  # a digest
        pattern = "".join(re.escape(part) if part != "…" else ".*" for part in re.split("(…)", text))
        assert re.search(rf"(^|\n){pattern}\Z", self.printed.strip(), re.DOTALL), f"printed: {self.printed}"

    def _file(self, name: str, text: str, language: str, line: int) -> None:
        """Write a file with a caption, or replace its lines from ``line`` on; in ``text`` it is text on a page."""
        path = self.folder / name
        if language == "text":
            page = html.parse(str(path)).getroot().text_content()
            assert " ".join(text.split()) in " ".join(page.split())
            return
        if line:
            old, new = path.read_text("utf-8").splitlines(), text.splitlines()
            assert line <= len(old)
            text = "\n".join([*old[: line - 1], *new, *old[line - 1 + len(new) :]])
        self._write(name, text)

    def _write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{text.rstrip()}\n", "utf-8")

    def _python(self, text: str) -> None:
        conf = self.folder / "conf.py"
        conf.write_text(f"{conf.read_text('utf-8')}\n{text}", "utf-8")
        self.build()

    def _markdown(self, text: str, suffix: str = "md", top: str = TOP) -> None:
        self.pages += 1
        self._write(f"page-{self.pages}.{suffix}", text if text.startswith(("---", "#", ":gov")) else f"{top}{text}")
        self.build()

    def _rst(self, text: str) -> None:
        self._markdown(text if "\n\n" in text else f"{text}\n年报\n====\n", "rst", ":govreport-year: 2024\n\n")

    def _css(self, text: str) -> None:
        """Add rules to the style sheet of the page. Every property in them is one that our style sheet reads."""
        named = PATH.match(text)
        path = next((self.folder / "_static").glob("*.css"), None) if not named else self.folder / named[1]
        assert path
        path.parent.mkdir(exist_ok=True)
        path.write_text((path.read_text("utf-8") if path.exists() else "") + text, "utf-8")
        ours = "".join(one.read_text("utf-8") for one in (ROOT / "sphinx_govreport/static").glob("*.css"))
        assert set(re.findall(r"--gov-[\w-]+(?=:)", text)) <= set(re.findall(r"var\((--gov-[\w-]+)", ours))

    def _yaml(self, text: str) -> None:
        named, top = PATH.match(text), PAGE_TOP.match(text)
        if top:
            text = f"{text}\n" if text.endswith("---") else text
            self._markdown(f"{text}# 年报\n\n```{{gov-disclosure-table}}\n```\n")
            return
        # a form may show alternatives: the same key twice
        for part in re.split(r"^(?=deadline:)", text, flags=re.MULTILINE) if text.count("\ndeadline:") else [text]:
            keys = list(yaml.safe_load(part.replace("…", "")) or ())
            if named:
                self._write(named[1], part)
            elif keys[:1] in (["agency"], ["机关"]) and "…" not in part:
                self._write("data/of-the-page.yaml", part)
            elif keys[:1] == ["form"] and len(keys) > 1:
                self._write(f"forms/{yaml.safe_load(part)['form']}.yaml", part)
            else:
                self._merge(part, keys)
            self.build()

    def _merge(self, text: str, keys: list[str]) -> None:
        """Put a part of a file into that file. A part in which figures are left out must agree with it."""
        name, above = self.situation.parts.get(keys[0] if keys else text, ("data/2024.yaml", ""))
        path = self.folder / name
        if not keys:
            path.write_text(text + path.read_text("utf-8"), "utf-8")
            return
        content = yaml.safe_load(path.read_text("utf-8"))
        part = yaml.safe_load(re.sub(r"^ *…\n", "", text, flags=re.MULTILINE))
        if "…" in text:
            assert _agrees(part, content), "the figures differ from those of the report"
            return
        if keys[0] in self.situation.parts:
            functools.reduce(lambda inner, key: inner[key], filter(None, above.split(".")), content).update(part)
        else:
            _update(content, part)
        path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1000), "utf-8")

    def build(self) -> None:
        """Build the site, as ``sphinx-build -nW`` does."""
        warnings = io.StringIO()
        locale.translators.clear()
        with patch_docutils(str(self.folder)), docutils_namespace(), catch_warnings():
            simplefilter("ignore", DeprecationWarning)  # of another package, which the page recommends
            site, out = self.folder, self.folder / "_build/in-process"
            Sphinx(site, site, out, out / ".doctrees", "html", {"nitpicky": True}, status=None, warning=warnings).build()
        found = strip_escape_sequences(warnings.getvalue())
        assert not found, found

    def done(self) -> None:
        """Everything that was declared about the page was needed."""
        assert self.between == set(self.situation.between)
        assert self.failed == set(self.situation.fails)


def _update(content: Any, part: Any) -> None:
    for key, value in part.items():
        if isinstance(value, dict) and isinstance(content.get(key), dict):
            _update(content[key], value)
        else:
            content[key] = value


def _agrees(part: Any, content: Any) -> bool:
    """Return whether the values of an excerpt are those of the file; a total at the end of a row may be left out."""
    if isinstance(part, dict):
        return all(key in content and _agrees(value, content[key]) for key, value in part.items())
    return bool(part == content[: len(part)]) if isinstance(part, list) else bool(part == content)
