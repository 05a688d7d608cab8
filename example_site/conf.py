"""示例网站：一个小型政府信息公开专栏。"""

import os

project = "政府信息公开专栏（示例）"
author = copyright = "示例网站"
version = release = "1.0"
language = "zh_CN"
extensions = ["myst_parser", "sphinx_govreport"]
myst_enable_extensions = ["colon_fence"]
exclude_patterns = ["_build"]

govreport_data = ["data"]
govreport_agencies = {"宿迁市": {"级别": "政府"}, "威海市文登区商务局": {"级别": "部门"}}
govreport_downloads = ["csv", "json"]

# 网页标签（国办发〔2017〕47号附件）：换成本网站的名称、域名、标识码和栏目
govreport_site = {
    "SiteName": "某市人民政府（示例）",
    "SiteDomain": "www.example.gov.cn",
    "SiteIDCode": "0000000000",
    "ColumnName": "政府信息公开年报",
    "ColumnDescription": "政府信息公开工作年度报告，按年度由新到旧排列",
    "ColumnKeywords": ["政府信息公开", "年度报告"],
    "ColumnType": "信息公开年报",
}
govreport_dataset = True
# 宿迁市年报的资料里没有发布日期，示例不另编造
suppress_warnings = ["govreport.missing-date"]
html_baseurl = "https://www.example.gov.cn/zfxxgk/"

# 网站的外观：颜色在 _static/site.css，页脚在 _templates/organizer.html；换一个主题构建：GOVREPORT_THEME=furo make example
html_theme = os.environ.get("GOVREPORT_THEME", "pydata_sphinx_theme")
if html_theme == "pydata_sphinx_theme":
    templates_path = ["_templates"]
    html_sidebars = {"**": []}
    html_theme_options = {
        "logo": {"text": project},
        "navbar_align": "right",
        "navbar_end": ["theme-switcher"],
        "search_bar_text": "搜索本站",
        "secondary_sidebar_items": {"**": ["page-toc"], "index": []},
        "show_prev_next": False,
        "footer_start": ["organizer"],
        "footer_end": [],
    }
html_title = project
# 主题自带的无障碍缺陷（对比度、地标、名称），见《无障碍环境建设法》
html_static_path = ["_static"]
html_css_files = ["accessible.css", "site.css"]
html_js_files = ["accessible.js"]
html_show_sourcelink = False
epub_exclude_files = [".doctrees/environment.pickle"]

# 版面按 GB/T 9704-2012《党政机关公文格式》；每份报告一个 PDF，标题取自页面，作者是页面上的机关
govreport_latex = "gbt9704"
latex_documents = [
    (f"reports/{name}", f"{name}.tex", "", "", "howto") for name in ("suqian-2024", "suqian-2023", "wendeng-2020")
]
