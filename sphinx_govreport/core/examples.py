"""Examples of rules: files and commands that give a finding. The documentation shows them, and its build runs them."""

from __future__ import annotations

from typing import NamedTuple


class Example(NamedTuple):
    """Files and a command that give a finding. If no file is a year file, two valid year files are added in ``data``."""

    files: tuple[tuple[str, str], ...] = ()  #: name and text
    change: tuple[str, str, str] = ("", "", "")  #: a file, a text in it, and its replacement
    run: str = ""  #: the command; empty: ``sphinx-govreport check data`` with the pages among the files
    before: str = ""  #: a command that runs before it and is not shown
    encoding: str = "utf-8"  #: of the files
    is_site: bool = False  #: whether Sphinx builds the files


#: a year file that was exported as plain text, to import again
PUBLISHED = Example(
    run="sphinx-govreport import old.txt -o new.yaml",
    before="sphinx-govreport export data/2024.yaml --to text --output old.txt",
)

#: a site in ``_build``, its pack in ``site.zip``, and the content of the pack in ``public``
PACKED = Example(
    before="""\
printf 'project = "site"\\nextensions = ["myst_parser", "sphinx_govreport"]\\n' > conf.py
printf 'govreport_data = ["data"]\\nexclude_patterns = ["public"]\\n' >> conf.py
printf -- '---\\ngovreport-year: 2024\\n---\\n# 2024\\n\\n```{gov-disclosure-table}\\n```\\n' > index.md
sphinx-build -q . _build
sphinx-govreport pack _build -o site.zip
python -m zipfile -e site.zip public"""
)


def year_file(agency: str, *, year: int = 2024, form: int = 2021, upheld: str = "0") -> str:
    """Return the text of a year file in which all figures but one are 0."""
    return (
        f"agency: {agency}\nyear: {year}\nform: {form}\nproactive-disclosure: 0\nrequests: 0\n"
        f"reviews: {{reconsideration: [{upheld}, 0, 0, 0], litigation: 0}}\n"
    )


def year_file_2019(year: int, *, documents: str = "0", licensing: str = "0", procurement: str = "0") -> str:
    """Return the text of a year file of the form 2019 in which all other figures are 0."""
    return (
        f"agency: 某局\nyear: {year}\nform: 2019\nproactive-disclosure:\n  rules: 0\n  normative-documents: {documents}\n"
        f"  licensing: {licensing}\n  other-services: 0\n  penalties: 0\n  coercive-measures: 0\n  fees: 0\n"
        f"  procurement: {procurement}\nrequests: 0\nreviews: 0\n"
    )


def report_page(body: str, *, year: int = 2024) -> str:
    """Return the text of a page that prints a report."""
    return f"---\ngovreport-year: {year}\n---\n\n# 年度报告\n\n{body}"
