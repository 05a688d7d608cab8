"""What a rule means, for whoever has met one of its findings."""

from __future__ import annotations

from typing import NamedTuple

from sphinx_govreport.core.diagnostics import Text


class Meaning(NamedTuple):
    """One rule, explained. ``sphinx-govreport explain`` and the documentation print it."""

    rule: str  #: the rule's name
    meaning: Text  #: what is so where it is reported
    reason: Text  #: why that matters
    advice: Text  #: what to do
    wrong: str = ""  #: an example that is reported, as it stands in a file
    right: str = ""  #: the same as it should be
