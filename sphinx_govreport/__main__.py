"""``python -m sphinx_govreport`` is the command ``sphinx-govreport``."""

import sys

from .cli import main

sys.exit(main())
