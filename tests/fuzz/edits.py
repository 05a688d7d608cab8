"""Random edits of a site between builds: whatever was edited, the next build is equal to a clean one."""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Callable
from difflib import unified_diff
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.conftest import CONF, Build, Project
from tests.published import published, year_file

SECONDS = 600  #: for one input: about six builds

AGENCY, FORMER, PART = "甲市", "甲县", "乙区"
#: years of the site, and of which published report their figures are
YEARS = {2022: "suqian-2023", 2023: "suqian-2023", 2024: "suqian-2024", 2025: "suqian-2024"}
PAGES = ("p1.md", "p2.md", "p3.md", "p4.md", "p5.rst", "sub/p6.md", "p7.md")
#: the pages have no navigation: Sphinx does not write a page again when the title or the place of another page changes
LAYOUT = (
    '{% extends "!layout.html" %}'
    + "".join(f"{{% block {name} %}}{{% endblock %}}" for name in ("relbar1", "relbar2", "linktags", "sidebar1", "sidebar2"))
)  # fmt: skip
BASE = f'{CONF}html_theme = "basic"\ntemplates_path = ["_templates"]\nexclude_patterns = ["parts"]\n'

DIRECTIVES = (
    "gov-disclosure-table", "gov-disclosure-table requests", "gov-disclosure-table reviews\n:caption: 复议\n:name: tab-r",
    "gov-disclosure-table requests\n:year: 2023", f"gov-disclosure-table reviews\n:agency: {PART}", "gov-disclosure-table\n:compare:",
    "gov-disclosure-table nothing", "gov-disclosure-table reviews\n:numbered:",
    "gov-comparison-table disclosure-summary\n:change: percent", "gov-comparison-table requests-summary\n:years: 2023, 2024\n:order: newest",
    "gov-trend-chart requests-summary", "gov-trend-chart requests-summary\n:kind: bars\n:numbered:",
    "gov-check-table", "gov-check-table\n:year: 2023", "gov-report-list", f"gov-report-list\n:agency: {PART}\n:gaps:",
    "gov-report-list\n:group: year\n:years: 2023-2024", "gov-downloads", "gov-downloads\n:year: 2023",
    "gov-rollup-table requests-summary", f"gov-rollup-table requests-summary\n:parts: {AGENCY}、{PART}",
)  # fmt: skip
SENTENCES = (
    ("新收", "gov-figure", "requests.received.total"),
    ("上年", "gov-figure", "2023: requests.received.total"),
    ("多于", "gov-change", "requests.received.total | amount"),
    ("占", "gov-share", "reviews.litigation.direct.total / requests.received.total"),
    ("见", "gov:report", f"{AGENCY}/2023"),
    ("见", "gov:report", f"{PART}/2024"),
    ("见", "gov:table", "2024:requests"),
    ("见", "gov:table", "reviews"),
    ("为", "gov:figure", "requests.received.total"),
    ("见", "gov:figure", "2023:requests.received.total"),
)
PROSE = (
    "本年新收申请3525件。",
    "本年新收申请3511件。",
    "本年新收申请3000件，制发规章2件。",
    "公开是常态。",
    "公开是原则，不公开是例外。",
)
#: fields of pages, most of them right
FIELDS = {
    "govreport-published": ("2025-01-20", "2025-01-21 09:30", "2025-06-01", "soon"),
    "govreport-signed": ("", "某局 2025年1月20日"),
    "govreport-kind": ("article", "list", "none"),
    "govreport-author": ("甲", "乙"),
    "govreport-keywords": ("年报", "[年报, 公开]"),
    "govreport-description": ("摘要",),
    "govreport-sourse": ("某局",),
}
#: settings; the first is that of a new site
SETTINGS = {
    "govreport_data": ('["data"]', '["data/*.yaml"]', '["data", "more"]', '["data/a-2024.yaml", "data/a-2023.yaml"]'),
    "govreport_agency": (f'"{AGENCY}"', '""', f'"{PART}"'),
    "govreport_agencies": (
        '""', '"agencies.yaml"', f'{{"{AGENCY}": {{"former": ["{FORMER}"], "level": "government"}}}}', f'{{"{AGENCY}": {{"level": "department"}}}}',
    ),
    "govreport_forms": ("[]", '["forms"]', '["forms/local.yaml"]'),
    "govreport_severity": (
        '{"carried-over": "off", "not-filled": "off", "jump": "off"}', "{}", '{"carried-over": "hint"}', '{"row-total": "off", "jump": "error"}', '{"jupm": "off"}',
    ),
    "govreport_parts": ("{}", f'{{"丙省": ["{AGENCY}", "{PART}"]}}', f'{{"{AGENCY}": ["{PART}"]}}'),
    "govreport_numbered": ("False", "True"),
    "govreport_mark_findings": ("True", "False"),
    "govreport_downloads": ("[]", '["csv", "json"]', '["html", "yaml", "text"]', '["pdf", "csv"]'),
    "govreport_site": ("{}", '{"SiteName": "甲网", "SiteDomain": "example.org", "SiteIDCode": "3213000001"}', '{"SiteName": "乙网"}'),
    "govreport_show_published": ("True", "False"),
    "govreport_dataset": ("False", "True"),
    "govreport_license": ('""', '"https://example.org/licence"'),
    "govreport_pdf_folder": ('"pdf"', '"pdf2"'),
    "govreport_index_tables": ("True", "False"),
    "govreport_search": ("True", "False"),
    "html_baseurl": ('""', '"https://example.org/"'),
    "latex_documents": ("[]", f'[("p1", "p1.tex", "p1", "{AGENCY}", "howto"), ("p2", "p2.tex", "p2", "{AGENCY}", "howto")]'),
    "language": ('"zh_CN"', '"en"', '"zh_TW"'),
    "numfig": ("True", "False"),
    "project": ('"site"', '"专栏"'),
}  # fmt: skip
FORMS = (
    'form: local\nextends: "2021"\nenglish: Local\nsource: {notice: 地方}\nlabel-notes:\n  reviews: {columns: {reconsideration: （一）}}\n',
    'form: local\nextends: "2021"\nenglish: Local\nsource: {notice: 地方}\nlabel-notes:\n  reviews: {columns: {reconsideration: （二）}}\n',
    "form: local\nextends: '2021'\nenglish: Local\nsource: {notice: 地方格式}\nadd-rows:\n  proactive-disclosure:\n"
    "    - {after: normative-documents, key: other-documents, label: 其他主动公开文件, english: Other documents}\n",
    "form: local\nextends: '2012'\n",
)
AGENCIES = (f"{AGENCY}: {{former: [{FORMER}], level: government}}\n", f"{AGENCY}: {{level: department}}\n", f"{AGENCY}: [x\n")
CORRECTIONS = (
    "corrections:\n  - {date: 2025-03-10, figure: requests.received.natural-person, before: 3439, after: 3440, reason: 统计时漏计1件。}\n",
    "corrections:\n  - {date: 2025-02-01, figure: requests.received.natural-person, before: ~, after: 3440, reason: 漏填}\n",
    "corrections:\n  - {date: 2025-02-01, figure: requests.received.natural-person, before: 1, after: 2, reason: 错}\n",
)
NOTES = ("notes: {requests: 含上年结转。}\n", "notes: {reviews: [一, 二]}\n", "explanations: {jump: 机构改革。}\n")


class Edited(NamedTuple):
    """An input: the builder, and the seed of the edits."""

    builder: str
    seed: int


Edit = Callable[[Project, Random], None]


def year_text(rng: Random) -> str:
    """Return a year file, sometimes with a slip."""
    year = rng.choice([*YEARS])
    agency = rng.choice((AGENCY, AGENCY, AGENCY, PART, FORMER))
    found = published(YEARS[year])
    text = (
        year_file(found).replace(f"agency: {found.agency}", f"agency: {agency}").replace(f"year: {found.year}", f"year: {year}")
    )
    for _number in range(rng.randrange(3)):
        old, new = rng.choice(
            (
                ("issued: 2\n", f"issued: {rng.randrange(5)}\n"),
                (
                    "natural-person: 3440",
                    f"natural-person: {rng.choice(('3441', '3,440', '~', '{value: 3440, note: 含信函}'))}",
                ),
                ("default: 2021", "default: local"),
                ("issued: 2\n", "issued: 02\n"),
                ("total: 3525", "total: 3526"),
            )
        )
        text = text.replace(old, new, 1)
    for more in (CORRECTIONS, NOTES):
        if rng.random() < 0.3:
            text += rng.choice(more)
    return text


def page_text(rng: Random, name: str) -> str:
    """Return a page, with or without a report, and with some of the directives and roles."""
    rst = name.endswith(".rst")
    fields = {}
    if rng.random() < 0.8:
        fields["govreport-year"] = str(rng.choice([*YEARS]))
        if rng.random() < 0.7:
            fields["govreport-agency"] = rng.choice((AGENCY, AGENCY, PART, FORMER))
    fields |= {field: rng.choice(values) for field, values in FIELDS.items() if rng.random() < 0.15}
    title = rng.choice((Path(name).stem, "甲市2024年政府信息公开工作年度报告", "年报"))
    parts = [body(rng, rst=rst) for _number in range(rng.randrange(4))]
    if rst:
        top = "".join(f":{field}: {value}\n" for field, value in fields.items())
        return f"{top}\n{title}\n{'=' * 2 * len(title)}\n\n{''.join(parts)}"
    top = "".join(f"{field}: {value}\n" for field, value in fields.items())
    return f"---\n{top}---\n# {title}\n\n{''.join(parts)}"


def body(rng: Random, *, rst: bool) -> str:
    """Return a paragraph or a directive."""
    luck = rng.random()
    if luck < 0.45:
        head, *options = rng.choice(DIRECTIVES).split("\n")
        directive, _space, argument = head.partition(" ")
        if rst:
            return "\n".join((f".. {directive}:: {argument}".rstrip(), *(f"   {one}" for one in options), "", ""))
        return "\n".join((f"```{{{directive}}} {argument}".rstrip(), *options, "```", "", ""))
    if luck < 0.8:
        said = ""
        for words, role, written in rng.sample(SENTENCES, 2):
            said += f"{words} :{role}:`{written}` " if rst else f"{words}{{{role}}}`{written}`，"
        return f"{said}。\n\n"
    if luck < 0.9 and not rst:
        return "```{include} /parts/part.md\n```\n\n"
    section = "一、总体情况\n--------------\n\n" if rst else "## 一、总体情况\n\n"
    return (section if rng.random() < 0.5 else "") + f"{rng.choice(PROSE)}\n\n"


def index_text(rng: Random) -> str:
    """Return a start page, with its toctree in some order."""
    names = [name.rpartition(".")[0] for name in PAGES]
    rng.shuffle(names)
    listed = "\n".join(names[: rng.randrange(3, len(names) + 1)])
    options = rng.choice(("", ":hidden:\n", ":caption: 年报\n", ":maxdepth: 1\n"))
    return f"# 首页\n\n{body(rng, rst=False) if rng.random() < 0.3 else ''}```{{toctree}}\n{options}\n{listed}\n```\n"


def settings_of(project: Project) -> dict[str, str]:
    """Return the settings of a site, each on a line."""
    lines = (project.folder / "conf.py").read_text("utf-8").removeprefix(BASE).splitlines()
    return dict(line.split(" = ", 1) for line in lines)


# -- edits -----------------------------------------------------------------------------------------------------------


def write_year(project: Project, rng: Random) -> None:
    path = project.write(f"data/{rng.choice('ab')}-{rng.choice([*YEARS])}.yaml", year_text(rng))
    if rng.random() < 0.2:
        os.utime(path, (1, 1))  # as after a checkout


def rewrite_year(project: Project, rng: Random) -> None:
    """Change one figure of a report."""
    if files := sorted((project.folder / "data").glob("*.yaml")):
        path = rng.choice(files)
        text = re.sub(r"(?<=issued: )\w+", str(rng.randrange(9)), path.read_text("utf-8"), count=1)
        path.write_text(text, "utf-8")


def delete_year(project: Project, rng: Random) -> None:
    if files := sorted((project.folder / "data").glob("*.yaml")):
        rng.choice(files).unlink()


def rename_year(project: Project, rng: Random) -> None:
    """Sometimes into another folder."""
    if files := sorted((project.folder / "data").glob("*.yaml")):
        path = rng.choice(files)
        target = project.folder / rng.choice(("data", "data", "data/below", "more")) / f"renamed-{path.stem[-4:]}.yaml"
        target.parent.mkdir(exist_ok=True)
        path.replace(target)


def break_year(project: Project, rng: Random) -> None:
    project.write("data/broken.yaml", rng.choice(("agency：甲\n", f"agency: {AGENCY}\nyear: 20244\n", "a: [\n", "\x00")))


def write_page(project: Project, rng: Random) -> None:
    name = rng.choice(PAGES)
    project.write(name, page_text(rng, name))


def rewrite_prose(project: Project, rng: Random) -> None:
    """Add a sentence to a page, or the same page with another field."""
    name = rng.choice(PAGES)
    path = project.folder / name
    if path.exists():
        text = path.read_text("utf-8")
        other = re.sub(r"(?<=govreport-year: )\d+", str(rng.choice([*YEARS])), text)
        project.write(name, other if other != text and rng.random() < 0.5 else f"{text}\n{rng.choice(PROSE)}\n")


def delete_page(project: Project, rng: Random) -> None:
    (project.folder / rng.choice(PAGES)).unlink(missing_ok=True)


def rename_page(project: Project, rng: Random) -> None:
    old, new = rng.sample([name for name in PAGES if name.endswith(".md")], 2)
    if (project.folder / old).exists():
        (project.folder / new).parent.mkdir(exist_ok=True)
        (project.folder / old).replace(project.folder / new)
        os.utime(project.folder / new)  # Sphinx reads a page again only if it is newer


def write_index(project: Project, rng: Random) -> None:
    project.write("index.md", index_text(rng))


def write_part(project: Project, rng: Random) -> None:
    """A part that pages include."""
    project.write("parts/part.md", body(rng, rst=False).replace("```{include} /parts/part.md\n```", "部分"))


def write_settings(project: Project, rng: Random) -> None:
    settings = settings_of(project)
    for name in rng.sample([*SETTINGS], rng.choice((1, 1, 2))):
        settings[name] = rng.choice(SETTINGS[name])
    project.write("conf.py", BASE + "".join(f"{name} = {value}\n" for name, value in settings.items()))


def write_form(project: Project, rng: Random) -> None:
    if rng.random() < 0.2:
        (project.folder / "forms/local.yaml").unlink(missing_ok=True)
    else:
        project.write("forms/local.yaml", rng.choice(FORMS))


def write_agencies(project: Project, rng: Random) -> None:
    project.write("agencies.yaml", rng.choice(AGENCIES))


def write_pdf(project: Project, rng: Random) -> None:
    path = project.folder / rng.choice(("pdf", "pdf2")) / f"p{rng.choice('12')}.pdf"
    if path.exists() and rng.random() < 0.5:
        path.unlink()
    else:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"%PDF-1.7 " + rng.randbytes(4).hex().encode())


EDITS: tuple[Edit, ...] = (
    write_year, write_year, rewrite_year, rewrite_year, delete_year, rename_year, break_year, write_page, write_page, write_page,
    rewrite_prose, rewrite_prose, delete_page, rename_page, write_index, write_part, write_settings, write_settings, write_form,
    write_agencies, write_pdf,
)  # fmt: skip


def begin(project: Project, rng: Random) -> None:
    """Write a site."""
    project.write("_templates/layout.html", LAYOUT)
    project.write("conf.py", BASE + "".join(f"{name} = {values[0]}\n" for name, values in SETTINGS.items()))
    project.write("forms/local.yaml", FORMS[0])
    project.write("agencies.yaml", AGENCIES[0])
    write_part(project, rng)
    for _number in range(4):
        write_year(project, rng)
    for name in PAGES:
        project.write(name, page_text(rng, name))
    write_index(project, rng)
    for _number in range(rng.randrange(3)):
        write_settings(project, rng)


# -- builds ----------------------------------------------------------------------------------------------------------


def make(rng: Random, builder: str = "") -> Edited:
    """Return a sequence of edits."""
    return Edited(builder or rng.choice(("html", "text")), rng.randrange(1 << 32))


def check(edited: Edited, *, thorough: bool = True, folder: Path | None = None) -> None:
    """Build after each group of edits; the last build, which may be parallel, must be equal to a clean one."""
    with TemporaryDirectory() as temporary:
        project = Project((folder or Path(temporary)) / "site")
        rng = Random(edited.seed)  # noqa: S311
        begin(project, rng)
        last = project.build(edited.builder)
        for _step in range(rng.randrange(1, 4)):
            names = [rng.choice(EDITS) for _number in range(rng.randrange(1, 4))]
            for edit in names:
                edit(project, rng)
            last = project.build(edited.builder, jobs=rng.choice((1, 1, 1, 2)))
            told = ", ".join(edit.__name__ for edit in names)
        clean = project.build(edited.builder, out="clean")
        is_clean(last, clean, told)
        if thorough:
            parallel = project.build(edited.builder, out="parallel", jobs=2)
            is_clean(parallel, clean, "in parallel")


def is_clean(build: Build, clean: Build, told: str) -> None:
    """Check that a build has the files and the warnings of a clean one. Sphinx repeats some of its own only for pages it reads."""
    assert different(sorted(ours(build)), sorted(ours(clean))) == [], told
    others = {line for line in build.warnings if "[toc." not in line}
    assert different(sorted(others - {*clean.warnings}), []) == [], told
    found, expected = files_of(build), files_of(clean)
    for name in [*found.keys() - expected.keys()]:
        if is_left_by_sphinx(name, build):
            del found[name]
    assert different(sorted(found), sorted(expected)) == [], told
    for name, content in expected.items():
        assert different(found[name], content) == [], f"{name} after {told}"


def different(found: object, expected: object) -> list[str]:
    """Return the lines that differ, so that a failure shows only these."""
    lines = []
    for one in (found, expected):
        if isinstance(one, bytes):
            lines.append(one.decode("utf-8", "replace").splitlines())
        else:
            lines.append(
                [str(item) for item in one]
                if isinstance(one, list)
                else json.dumps(one, indent=0, ensure_ascii=False).splitlines()
            )
    return list(unified_diff(*lines, n=0, lineterm="")) if found != expected else []


def ours(build: Build) -> list[str]:
    """Return our warnings; Sphinx reports some of its own only when it reads a page."""
    return [line for line in build.warnings if "[govreport." in line]


def is_left_by_sphinx(name: str, build: Build) -> bool:
    """Return whether a file is one that Sphinx wrote, and does not remove: that of a page or of a language of before."""
    page = name.removeprefix("_sources/").partition(".")[0]
    if page in {one.rpartition(".")[0] for one in PAGES}:
        return page not in build.env.found_docs or name.startswith("_sources/")
    return name in ("_static/translations.js", ".buildinfo.bak")


def files_of(build: Build) -> dict[str, object]:
    """Return all output, without what Sphinx itself does not make the same in a build that reads only some pages.

    These are words of no page in the search index, and the page of a name that several pages give: that of the last one read.
    """
    files: dict[str, object] = dict(build.files())
    if "searchindex.js" in files:
        index = json.loads(re.sub(r"^Search\.setIndex\(|\)$", "", build.text("searchindex.js")))
        for kind in ("terms", "titleterms"):
            index[kind] = {word: pages for word, pages in index[kind].items() if pages != []}
        files["searchindex.js"] = index
    if "objects.inv" in files:
        *_head, objects = (build.out / "objects.inv").read_bytes().split(b"\n", 4)
        files["objects.inv"] = [
            line for line in zlib.decompress(objects).decode().splitlines() if not line.startswith("tab-r ")
        ]
    return files
