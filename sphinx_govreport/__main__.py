"""``python -m sphinx_govreport`` is the command ``sphinx-govreport``."""

import sys

from sphinx_govreport.cli import main

sys.exit(main())
