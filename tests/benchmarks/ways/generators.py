"""Other site generators, each with the same HTML from the same year files by its own templates, and a small layout."""

from __future__ import annotations

import json
from pathlib import Path

from tests.benchmarks import pages

from .templated import jinja
from .way import Tools, Way, markdown_page, save, save_year_files

_LAYOUT = """\
<!DOCTYPE html>
<html lang="zh-CN">
<head><meta charset="utf-8"><title>{title}</title></head>
<body>
<main>
{content}
</main>
</body>
</html>
"""


def _write_mkdocs(folder: Path, count: int) -> None:
    """A macro renders a Jinja template; the YAML is loaded by the fast C loader. The theme is a page without menus."""
    settings = {
        "site_name": "bench",
        "use_directory_urls": False,
        "theme": {"name": None, "custom_dir": "theme"},
        "plugins": ["search", {"macros": {"module_name": "tables"}}],
    }
    save(folder / "mkdocs.yml", json.dumps(settings))
    save(folder / "theme/main.html", _LAYOUT.format(title="{{ page.title }}", content="{{ page.content }}"))
    save(folder / "theme/tables.html", pages.html_template(jinja("data"), f"{{{{ data['agency'] }}}}{pages.YEAR}年"))
    save(
        folder / "tables.py",
        "import pathlib\n\nimport jinja2\nimport yaml\n\n"
        "HERE = pathlib.Path(__file__).parent\n"
        'TEMPLATE = jinja2.Environment(loader=jinja2.FileSystemLoader(HERE / "theme")).get_template("tables.html")\n\n\n'
        "def define_env(env):\n"
        "    @env.macro\n"
        "    def tables(name):\n"
        '        with open(HERE / "data" / name, encoding="utf-8") as file:\n'
        "            return TEMPLATE.render(data=yaml.load(file, yaml.CSafeLoader))\n",
    )
    save_year_files(folder / "data", count)
    save(folder / "docs/index.md", _list_of_links(count))
    for number in range(count):
        save(folder / f"docs/page{number}.md", markdown_page(number, f'{{{{ tables("r{number:05}.yaml") }}}}\n'))


def _mkdocs(tools: Tools, source: Path, out: Path, _jobs: int) -> list[str]:
    return [str(tools.python), "-m", "mkdocs", "build", "-q", "-f", str(source / "mkdocs.yml"), "-d", str(out)]


def _write_hugo(folder: Path, count: int) -> None:
    """Data files and a shortcode. Features that the other sites lack (feeds, a site map, terms) are disabled."""

    def show(table: str, path: str) -> str:
        return f"{{{{ index $data {' '.join(map(json.dumps, pages.written_at(table, path)))} }}}}"

    settings = {
        "baseURL": "https://example.org/",
        "languageCode": "zh-CN",
        "uglyURLs": True,
        "disableKinds": ["taxonomy", "term", "RSS", "sitemap"],
        "markup": {"goldmark": {"renderer": {"unsafe": True}}},
    }
    save(folder / "config.json", json.dumps(settings))
    table = pages.html_template(show, f"{{{{ $data.agency }}}}{pages.YEAR}年")
    save(folder / "layouts/shortcodes/tables.html", f"{{{{ $data := index site.Data (.Get 0) }}}}\n{table}")
    layout = _LAYOUT.format(title="{{ .Title }}", content="{{ .Content }}")
    save(folder / "layouts/_default/single.html", layout)
    save(folder / "layouts/index.html", layout)
    save_year_files(folder / "data", count)
    save(folder / "content/_index.md", _list_of_links(count))
    for number in range(count):
        front = f"title: {pages.title(number)}\n"
        save(folder / f"content/page{number}.md", markdown_page(number, f'{{{{< tables "r{number:05}" >}}}}\n', front))


def _hugo(_tools: Tools, source: Path, out: Path, _jobs: int) -> list[str]:
    return ["hugo", "--quiet", "-s", str(source), "-d", str(out)]


def _write_eleventy(folder: Path, count: int) -> None:
    """Global data and an include in Nunjucks."""

    def show(table: str, path: str) -> str:
        return f"{{{{ data{''.join(f'[{json.dumps(key)}]' for key in pages.written_at(table, path))} }}}}"

    save(
        folder / ".eleventy.cjs",
        'const yaml = require("js-yaml");\nmodule.exports = (config) => {\n'
        '  config.addDataExtension("yaml", (text) => yaml.load(text));\n'
        '  return { markdownTemplateEngine: "njk" };\n};\n',
    )
    save(folder / "_includes/tables.njk", pages.html_template(show, f"{{{{ data.agency }}}}{pages.YEAR}年"))
    save(folder / "_includes/page.njk", _LAYOUT.format(title="{{ title }}", content="{{ content | safe }}"))
    save_year_files(folder / "_data/reports", count)
    save(folder / "index.md", f"---\nlayout: page.njk\ntitle: 首页\n---\n{_list_of_links(count)}")
    for number in range(count):
        front = f"layout: page.njk\ntitle: {pages.title(number)}\npermalink: page{number}.html\n"
        body = f'{{% set data = reports["r{number:05}"] %}}\n{{% include "tables.njk" %}}\n'
        save(folder / f"page{number}.md", markdown_page(number, body, front))


def _eleventy(tools: Tools, source: Path, out: Path, _jobs: int) -> list[str]:
    program = tools.node_modules / "@11ty/eleventy/cmd.cjs"
    return ["node", str(program), "--quiet", f"--config={source}/.eleventy.cjs", f"--input={source}", f"--output={out}"]


def _list_of_links(count: int) -> str:
    return "# 首页\n\n" + "".join(f"- [{pages.agency(number)}](page{number}.html)\n" for number in range(count))


WAYS = (
    Way("mkdocs-macros", "a macro that prints HTML by a Jinja template", _write_mkdocs, _mkdocs, "mkdocs-macros-plugin"),
    Way("hugo", "data files and a shortcode", _write_hugo, _hugo, "hugo"),
    Way("eleventy", "global data and an include", _write_eleventy, _eleventy, "eleventy"),
)
