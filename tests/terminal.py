"""A terminal with a user."""

from __future__ import annotations

import io
import re


class Terminal(io.StringIO):
    """A standard error on a terminal."""

    def isatty(self) -> bool:
        return True


class InterruptedTerminal(Terminal):
    """A user presses Ctrl-C when a command shows its progress for the ``step``-th time."""

    def __init__(self, step: int = 1) -> None:
        super().__init__()
        self.steps = step  #: remaining steps

    def write(self, shown: str) -> int:
        if re.match(r"\d+/\d+ ", shown):
            self.steps -= 1
            if self.steps == 0:
                raise KeyboardInterrupt
        return super().write(shown)
