project = "s"
language = "zh_CN"
extensions = ["myst_parser", "sphinx_govreport"]
govreport_data = ["data"]
