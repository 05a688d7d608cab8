"""Every example of the README, the guides and the reference, followed in order, in both editions."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from docutils import nodes

from sphinx_govreport.api import load
from sphinx_govreport.cli import main
from sphinx_govreport.cli.rules import RULES
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.exporters.chinese_keys import with_chinese_keys
from tests.docs.editions import DOCS, doctree_of
from tests.docs.reader import BIN, Reader, Situation

sys.path.insert(0, str(DOCS / "_ext"))

from govdocs import messages, symptoms
from govdocs.examples import Shown

pytestmark = pytest.mark.once

CONF = """\
project = "site"
language = "zh_CN"
extensions = ["myst_parser", "sphinx_govreport"]
myst_enable_extensions = ["colon_fence"]
exclude_patterns = ["_build", "site", ".venv", "DIR"]
suppress_warnings = ["toc.not_included"]
govreport_data = ["data"]
govreport_agency = "宿迁市"
"""
#: the page of a report
REPORT = """\
---
govreport-year: 2024
---
# 2024年政府信息公开工作年度报告

## 一、总体情况

工作总体平稳。

## 二、主动公开政府信息情况

:::{gov-disclosure-table} proactive-disclosure
:::

## 三、收到和处理政府信息公开申请情况

:::{gov-disclosure-table} requests
:::

## 四、政府信息公开行政复议、行政诉讼情况

:::{gov-disclosure-table} reviews
:::

## 五、存在的主要问题及改进情况

个别信息更新不够及时，今后每月核对一次公开目录。

## 六、其他需要报告的事项

收取信息处理费的情况已在网站公布。
"""
#: a form with figures of the names that the examples of forms use
PART = """\
form: part
kind: 示例
source: {notice: 通知}
years: {from: 2018}
share-base: requests.results.total.total
tables:
  requests:
    label: 申请情况
    unit: 件
    corner: 项目
    columns: [{key: natural-person, label: 自然人}, {key: total, label: 总计}, {label: 本年度}, {label: 历年累计}]
    rows:
      - {key: received, label: 收到}
      - {key: carried-in, label: 结转}
      - key: results
        label: 结果
        rows:
          - {key: granted, label: 公开}
          - {key: partly-granted, label: 部分公开}
          - {key: refused, label: 不公开, rows: [{key: state-secret, label: 国家秘密}]}
          - {key: other, label: 其他, rows: [{key: overdue-payment, label: 未缴费}]}
          - {key: total, label: 合计}
      - {key: carried-out, label: 转下年}
  statistics:
    label: 统计
    unit: 件
    columns: [{key: this-year, label: 本年}]
    rows: [{key: carried-in, label: 结转}]
  strips: {label: 处罚, unit: 件, blocks: [{columns: [{key: warning, label: 警告}]}]}
"""
#: the colleague's workbook: the figures of another year in the empty cells
FILL = """\
python - <<'END'
from pathlib import Path
from tests.ext.test_clerks_year import fill_in
from tests.published import published
tables = published("suqian-2024").figures
tables["proactive-disclosure"]["normative-documents.in-force"] = "421"
Path("form.xlsx").rename("blank.xlsx")
fill_in(Path("blank.xlsx"), Path("form.xlsx"), "某市某局", (value for table in tables.values() for value in table.values()))
END"""
#: the author's sentences in place of the prompts
WRITE = "sed -i '/^%/d; s/^.\\[.*/今年的工作比上年更加及时，问题逐项得到改正，信息处理费另行公布。/' reports/2025.md"
BUREAU = "sed -i s/宿迁市/某市某局/ conf.py data/*"
COMMIT = "git init -q; git add -A; git -c user.name=a -c user.email=a@example.org commit -qm Publish"
WORD = "sed s/202[34]/%s/ data/2023.yaml > year.yaml; sphinx-govreport export year.yaml --to docx -o %s; rm year.yaml"
DATE = "sed -i '2i govreport-published: 2025-01-20 09:30' reports/2024.md"
HTML = "sphinx-build -q . _build/html; cp _build/html/reports/2024.html %s"

#: what each page presupposes, besides a site with the published reports of 宿迁市 for 2023 and 2024
SITUATIONS: dict[str, Situation] = {
    "guides/archive": Situation(
        f"{BUREAU}; rm reports/*; cp -r $DOCS/forms .",
        between={
            "# conf.py": "rm data/*; cp $DOCS/data/pingtan-* data; sed -i 's/平潭综合实验区管委会\\|平潭综合实验区/某市某局/' data/*"
        },
    ),
    "guides/correct-figure": Situation(
        f"sed -i 's/3440, 75/3439, 75/; s/3525/3524/' data/2024.yaml; {COMMIT}",
        fails=("sphinx-govreport check --against",),
        environment={"LC_ALL": "zh_CN.UTF-8", "SOURCE_DATE_EPOCH": "1741600000"},
    ),
    "guides/existing-site": Situation("rm index.md reports/2024.md; printf '首页\\n====\\n' > index.rst"),
    "guides/local-form": Situation(parts={"form": ("data/of-the-page.yaml", ""), "格式": ("data/of-the-page.yaml", "")}),
    "guides/many-agencies": Situation(
        "sed s/宿迁市/东区/ data/2024.yaml > data/东区-2024.yaml; sed 's/宿迁市/西区/; s/2023/2024/' data/2023.yaml > data/西区-2024.yaml; "
        "rm data/202* reports/*; printf '东区\\n西区\\n' > agencies.txt; sed -i s/宿迁市/某市/ conf.py; "
        "sphinx-govreport rollup data --agency 某市 -o data/某市-2024.yaml"
    ),
    "guides/new-year": Situation(
        f"sed s/2023/2024/ data/2023.yaml > data/2024.yaml; rm data/2023.yaml; {BUREAU}",
        between={"sphinx-govreport import form.xlsx": f"{FILL}\n{WRITE}"},
        parts={"explanations": ("data/2025.yaml", ""), "说明": ("data/2025.yaml", "")},
    ),
    "guides/own-form": Situation(
        "rm reports/*; cp -r $DOCS/forms $DOCS/agencies.yaml .; sed -i 's/宿迁市/平潭综合实验区/' conf.py",
        between={"govreport_agencies": "rm data/*; cp $DOCS/data/pingtan-* data"},
    ),
    "guides/portal": Situation(f"{DATE}; {HTML % 'saved.html'}"),
    "guides/renamed-agency": Situation(
        "sed -i s/宿迁市/平潭综合实验区管委会/ data/2023.yaml; sed -i s/宿迁市/平潭综合实验区/ data/2024.yaml conf.py"
    ),
    "guides/second-kind": Situation(
        "sed -i s/宿迁市/清远市/ data/* conf.py",
        between={"全年": "sed 's/2024/2023/; s/26462/26000/' data/enforcement-2024.yaml > data/enforcement-2023.yaml"},
    ),
    "guides/word-reports": Situation(
        f"sed -i s/2024/2023/ reports/2024.md; {HTML % 'saved-page.html'}; "
        + "; ".join(WORD % (year, f"{year}.docx") for year in (2021, 2022, 2023, 2024))
        + f"; mkdir archive; {WORD % (2025, 'archive/2025.docx')}; rm data/* reports/*",
    ),
    "start/installation": Situation(f"ln -s {BIN.parent} .venv"),
    "reference/checks": Situation(
        between={
            "explanations:": "sed -i 's/in-force: 420/in-force: 421/' data/2024.yaml",
            "sphinx-govreport check --against": f"{COMMIT}; git tag v2025; sphinx-build -q . _build/html; "
            "sphinx-govreport pack _build/html -o site.zip",
        }
    ),
    "reference/command": Situation("mkdir -p home/.config/fish/completions", environment={"HOME": "home"}),
    "reference/directives": Situation(between={".. gov-disclosure-table": "rm page-1.md"}),
    "reference/forms": Situation(
        f"mkdir forms; cat > forms/part.yaml <<'END'\n{PART}END\n"
        "printf '格式: units\\n依据: {文件: 通知}\\n适用年度: {起: 2021}\\n表: {其他: {名称: 其他, 单位: 件, 列: [{名称: 数}], 行: [{名称: 甲}]}}\\n' > forms/units.yaml\n"
        "printf 'agency: 某区\\nyear: 2024\\nform: units\\n' > units.yaml\n"
        "echo 'govreport_forms = [\"forms\"]' >> conf.py",
        between={"penalties:": "mv units.yaml data/units.yaml"},
        parts={
            **dict.fromkeys(("checks", "rates", "prose"), ("forms/part.yaml", "tables.requests")),
            **dict.fromkeys(("deadline", "title", "same-as"), ("forms/part.yaml", "")),
            "blocks": ("forms/part.yaml", "tables.strips"),
            "表": ("forms/units.yaml", ""),
            "penalties": ("data/units.yaml", ""),
        },
    ),
    "reference/import": Situation(
        "; ".join([WORD % (2023, "2023.docx"), WORD % (2022, "2022.docx"), HTML % "page.html", "cp page.html report.html"])
        + "; mkdir old archive; cp -r $DOCS/forms .; sed s/2023/2022/ data/2023.yaml > year.yaml; "
        f"sphinx-govreport export year.yaml --to xlsx -o old/2022.xls; {WORD % (2021, 'archive/2021.docx')}; rm data/* reports/*",
        between={"sphinx-govreport import 2023.docx --page": "rm data/2023.yaml"},
    ),
    "reference/keys": Situation(
        between={"依申请公开:": "sphinx-govreport export data/2024.yaml --to yaml --keys zh -o data/2024.yaml"}
    ),
    "reference/messages": Situation("sed -i s/3525]/3526]/ data/2024.yaml; sphinx-build -q . _build/html"),
    "reference/pack": Situation(
        COMMIT,
        fails=("sphinx-govreport pack _build/html -o other.zip", "sphinx-govreport pack --verify public/"),
        between={
            "_build/html": "touch _build/html/reports/2023.html\nsphinx-govreport pack _build/html -o other.zip",
            "sphinx-govreport pack --verify": "python -m zipfile -e site.zip public",
            "public/": "rm public/index.html; echo >> public/reports/2024.html; touch public/shell.php\n"
            "sphinx-govreport pack --verify public/",
            "test": "sphinx-govreport pack --verify site.zip > approved.sha256",
        },
    ),
    "reference/pdf-word": Situation(
        BUREAU, between={"govreport_downloads": "mkdir -p _build/latex; echo > _build/latex/2024.pdf"}
    ),
    "reference/portal": Situation(DATE),
    "reference/rollups": Situation(
        "for name in 宿城区 宿豫区 沭阳县; do mkdir data/$name; sed s/宿迁市/$name/ data/2024.yaml > data/$name/2024.yaml; "
        "echo $name >> agencies.txt; done; rm data/202* reports/*"
    ),
}

INSTALLATION = "takes minutes: the installation of the tutorial, tests/docs/test_tutorial.py"
#: blocks, and lines of commands, that are not followed here, by page and beginning
ELSEWHERE = {
    **{
        (page, beginning): INSTALLATION
        for page in ("README", "README.zh-CN")
        for beginning in ("python3 -m venv", ". .venv/bin/activate", "pip ")
    },
    **{
        ("start/installation", beginning): INSTALLATION
        for beginning in ("python3 -m venv", ".venv/bin/pip ", "py -m venv", ".venv\\Scripts\\pip ", "pip ")
    },
    ("guides/existing-site", "pip "): INSTALLATION,
    ("guides/word-reports", "pip "): INSTALLATION,
    ("reference/command", "pip "): INSTALLATION,
    **{
        ("guides/troubleshooting", beginning): "messages of Sphinx and make: tests/docs/test_troubleshooting.py"
        for beginning in ("index.md:6: ", "Sphinx is unable ", "make: latexmk: ", "WARNING: failed ")
    },
    ("guides/plugins", "[build-system]"): "tests/ext/test_plugins.py",
    ("guides/plugins", "import json"): "tests/ext/test_plugins.py",
    ("guides/many-agencies", "# conf.py of the city"): "another host; tests/ext/test_references.py",
    ("reference/api", ">>> "): "tests/core/test_api.py",
    ("reference/ci", "set -eu"): "tests/packs/test_recipes.py",
    ("reference/ci", "name: site"): "tests/packs/test_recipes.py",
    ("reference/ci", "image: python"): "tests/packs/test_recipes.py",
    ("reference/exports", "SELECT"): "tests/core/test_scale.py, with the database of slow tests",
    ("reference/pdf-word", "make "): "XeLaTeX; tests marked pdf",
    ("reference/pdf-word", "soffice "): "LibreOffice; tests marked pdf",
    ("reference/builders", "| "): "the output of another package's builder; tests/ext/test_unknown_builders.py",
}

FOLDERS = ("start", "guides", "reference")
PAGES = sorted(path.relative_to(DOCS).with_suffix("").as_posix() for one in FOLDERS for path in (DOCS / one).glob("*.md"))
PAGES.remove("start/tutorial")  # tests/docs/test_tutorial.py
EDITIONS = [
    *((page, "en") for page in ("README", "README.zh-CN", "index", *PAGES)),
    *((page, "zh_CN") for page in ("index", *PAGES) if not page.startswith("reference/")),
]


@pytest.fixture(autouse=True)
def only_what_the_author_wrote(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages on the pages are those of examples that run in each build of the documentation: here they are not followed."""
    monkeypatch.setattr(symptoms, "symptom", lambda name, _language: name)
    monkeypatch.setattr(messages, "examples", lambda _language: dict.fromkeys(RULES, Shown((), "", "message")))


def blocks(page: str, language: str, folder: Path) -> Iterator[nodes.literal_block]:
    """The blocks that the author wrote; directives of the documentation generate others, from the code."""
    return (block for block in doctree_of(page, language, folder).findall(nodes.literal_block) if block.line)


@pytest.mark.parametrize(("page", "language"), EDITIONS)
def test_every_example_works(page: str, language: str, tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "data").mkdir(parents=True)
    (site / "conf.py").write_text(CONF, "utf-8")
    (site / "index.md").write_text("# 首页\n", "utf-8")
    for year in ("2023", "2024"):
        text = (DOCS / f"data/{year}.yaml").read_text("utf-8")
        chinese = language == "zh_CN" or page == "README.zh-CN"
        (site / f"data/{year}.yaml").write_text(with_chinese_keys(text, statutory_forms()) if chinese else text, "utf-8")
    (site / "reports").mkdir()
    (site / "reports/2024.md").write_text(REPORT, "utf-8")
    reader = Reader(site, SITUATIONS.get(page))
    elsewhere = tuple(beginning for one, beginning in ELSEWHERE if one == page)
    for block in blocks(page, language, tmp_path):
        lines = block.astext().splitlines()
        if block["language"] == "sh" and lines[0] not in elsewhere:
            block.children = [nodes.Text("\n".join(line for line in lines if not line.startswith(elsewhere)))]
        elif lines[0].startswith(elsewhere):
            continue
        reader.follow(block)
    reader.done()


@pytest.mark.parametrize(
    ("kind", "returns"),
    [
        *((kind, "everything") for kind in ("csv", "datapackage")),
        *((kind, "figures and notes") for kind in ("xlsx", "docx", "html", "text")),
        *((kind, "nothing") for kind in ("yaml", "json", "parquet")),
    ],
)
def test_what_is_imported_again_is_what_the_reference_says(kind: str, returns: str, tmp_path: Path) -> None:
    assert returns in ("everything", "figures and notes", "nothing")
    extra = (
        "notes: {requests: 甲。}\nexplanations: {jump: 乙。}\n"
        "corrections: [{date: 2025-03-10, figure: requests.received.total, before: 3524, after: 3525, reason: 丙。}]\n"
    )
    written = (DOCS / "data/2024.yaml").read_text("utf-8") + extra
    (tmp_path / "2024.yaml").write_text(written, "utf-8")
    exported = str(tmp_path / f"exported.{kind}")
    assert main(["export", str(tmp_path / "2024.yaml"), "--to", kind, "-o", exported]) == 0
    done = main(["import", exported, "-o", str(tmp_path / "again"), "--keys", "en"])
    assert (done == 0) == (returns != "nothing")
    if returns != "nothing":
        before, after = (load(str(path)).report("宿迁市", 2024) for path in (tmp_path / "2024.yaml", tmp_path / "again"))
        assert before
        assert after
        figures = [
            [(key, one.value) for table in report.figures.values() for key, one in table.items()] for report in (before, after)
        ]
        assert figures[0] == figures[1]
        assert before.notes == after.notes
        assert bool(after.explanations and after.corrections) == (returns == "everything")


def test_the_reference_shows_the_chart_of_the_source_above_it() -> None:
    page = (DOCS / "reference/comparisons.md").read_text("utf-8")
    source = re.findall(r"```markdown\n(:::\{gov-trend-chart\}.*?)```", page, re.DOTALL)
    assert [page.count(f"\n{one}") for one in source] == [2]


def test_nothing_is_excused_that_is_no_longer_there(tmp_path: Path) -> None:
    for excused in {page for page, _beginning in ELSEWHERE}:
        lines = [line for block in blocks(excused, "en", tmp_path / excused) for line in block.astext().splitlines()]
        for page, beginning in ELSEWHERE:
            assert page != excused or any(line.startswith(beginning) for line in lines), f"{page}: {beginning}"
