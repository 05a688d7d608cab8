"""The documentation, built with the extension itself."""

import importlib.util

project = "sphinx_govreport"
author = copyright = "sphinx_govreport contributors"
extensions = ["myst_parser", "sphinx_govreport"]
myst_enable_extensions = ["colon_fence"]
exclude_patterns = ["_build"]
html_theme = "furo" if importlib.util.find_spec("furo") else "alabaster"
govreport_data = ["data"]
