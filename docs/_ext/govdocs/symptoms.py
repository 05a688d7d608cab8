"""Messages of the troubleshooting page: examples of rules, and messages that only a particular site or command gives."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from docutils import nodes

from .examples import DATA, FILES, examples
from .parts import Generated

_ENVIRONMENT = {
    **os.environ,
    "NO_COLOR": "1",  # Sphinx treats every CI as a terminal with colours
    "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    **dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"), "govdocs"),
}

_SITE = """\
printf 'project = "site"\\nlanguage = "%s"\\n' $CODE > conf.py
printf 'extensions = ["myst_parser", "sphinx_govreport"]\\ngovreport_data = ["data"]\\n' >> conf.py
printf -- '---\\ngovreport-year: 2024\\n---\\n# 2024\\n\\n```{gov-disclosure-table}\\n```\\n' > index.md
"""
_BUILD = "python -m sphinx -q . _build\n"
_COMMAND = "python -m sphinx_govreport --language $CODE"

#: by name: commands in a folder with two year files, and a part of the line to print
_SYMPTOMS = {
    "missing-folder": (f"""{_SITE}sed -i 's/"data"/"reports-data"/' conf.py\n{_BUILD}""", "reports-data:"),
    "two-agencies": (f"{_SITE}sed 's/宿迁市/东区/' data/2024.yaml > data/east-2024.yaml\n{_BUILD}", "index.md:"),
    "pdflatex": (
        f"{_SITE}printf 'govreport_latex = \"gbt9704\"\\nlatex_engine = \"pdflatex\"\\n' >> conf.py\n"
        "python -m sphinx -q -b latex . _build\n",
        "XeLaTeX",
    ),
    "missing-docx": (
        "echo 'raise ImportError' > docx.py\n"
        f'PYTHONPATH=.:$PYTHONPATH {_COMMAND} export data/2024.yaml --to docx --output 2024.docx\n',
        "[docx]",
    ),
    "shallow-clone": (
        "git init -q site && mv data site && cd site && git add . && git commit -q -m 2024 && git tag published-2025-01-20\n"
        "git commit -q --allow-empty -m 2025 && git clone -q --depth 1 file://$PWD ../clone && cd ../clone\n"
        f"{_COMMAND} check --against published-2025-01-20 data\n",
        "published-2025-01-20",
    ),
}  # fmt: skip


@cache
def symptom(name: str, language: str) -> str:
    """Return a message as the product prints it: a symptom of this page, or the example of a rule."""
    if name not in _SYMPTOMS:
        return examples(language)[name].said
    commands, part = _SYMPTOMS[name]
    with tempfile.TemporaryDirectory() as folder:
        for file in FILES:
            path = Path(folder, "data", file)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes((DATA / file).read_bytes())
        environment = {**_ENVIRONMENT, "CODE": language}
        done = subprocess.run(  # noqa: S603
            ["sh", "-c", commands],  # noqa: S607
            cwd=folder, capture_output=True, text=True, env=environment, check=False,
        )  # fmt: skip
        printed = (done.stdout + done.stderr).replace(f"{os.path.realpath(folder)}/", "")
    return next((line for line in printed.splitlines() if part in line), "")


class SymptomDirective(Generated):
    """``govdocs-symptom NAME``: prints a message in the language of the page."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the message as a block of text."""
        printed = symptom(self.arguments[0], self.config.language)
        if not printed:
            self.complain(f"nothing gives the message {self.arguments[0]}")
        return [nodes.literal_block(printed, printed, language="text", force=True)]


DIRECTIVES = {"govdocs-symptom": SymptomDirective}
