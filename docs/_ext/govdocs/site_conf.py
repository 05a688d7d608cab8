# settings of the site that contains the examples of messages
project = "site"
language = "@language@"
extensions = ["myst_parser", "sphinx_govreport"]
myst_enable_extensions = ["colon_fence"]
exclude_patterns = ["_build", "trees"]
govreport_data = ["data"]
govreport_agency = "宿迁市"
govreport_site = {
    "SiteName": "某市人民政府",
    "SiteDomain": "www.example.gov.cn",
    "SiteIDCode": "0000000000",
    "ColumnName": "政府信息公开年报",
    "ColumnDescription": "历年政府信息公开工作年度报告",
    "ColumnKeywords": ["政府信息公开"],
    "ColumnType": "信息公开年报",
}
