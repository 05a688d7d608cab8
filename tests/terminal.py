"""A terminal, and somebody in front of it."""

from __future__ import annotations

import io
import re


class Terminal(io.StringIO):
    """A standard error that a person looks at."""

    def isatty(self) -> bool:
        return True


class InterruptedTerminal(Terminal):
    """A person presses Ctrl-C when a command shows its progress for the ``step``-th time."""

    def __init__(self, step: int = 1) -> None:
        super().__init__()
        self.steps = step  #: how many are to come

    def write(self, shown: str) -> int:
        if re.match(r"\d+/\d+ ", shown):
            self.steps -= 1
            if self.steps == 0:
                raise KeyboardInterrupt
        return super().write(shown)
