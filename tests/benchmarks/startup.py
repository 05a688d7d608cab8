"""Set up the extension in a running Sphinx, and print the cost. Each measurement is a separate process."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace


def main() -> None:
    """Print milliseconds of CPU time, the libraries imported for it, and the number of modules of this package."""
    with tempfile.TemporaryDirectory() as folder, docutils_namespace():
        app = Sphinx(folder, None, Path(folder, "out"), Path(folder, "doctrees"), "html", status=None)
        before = set(sys.modules)
        start = time.process_time()
        app.setup_extension("sphinx_govreport")
        seconds = time.process_time() - start
    imported = {name for name in sys.modules.keys() - before if getattr(sys.modules[name], "__spec__", None)}
    own = {name for name in imported if name.partition(".")[0] == "sphinx_govreport"}
    there = {name.partition(".")[0] for name in before} | sys.stdlib_module_names
    libraries = {name.partition(".")[0] for name in imported - own} - there
    print(json.dumps({"ms": seconds * 1000, "libraries": sorted(libraries), "modules": len(own)}))


if __name__ == "__main__":
    main()
