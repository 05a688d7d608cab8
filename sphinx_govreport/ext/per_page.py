"""What a domain remembers of pages, each kind declared once."""

from __future__ import annotations

from typing import Any, Generic, TypeVar, cast

from sphinx.domains import Domain

T = TypeVar("T")


class PerPage(Generic[T]):
    """A part of a domain's data: by page, a ``T``. Its name in the class is its name in the data."""

    def __set_name__(self, owner: type[Domain], name: str) -> None:
        self.name = name
        owner.initial_data[name] = {}

    def __get__(self, domain: Domain, owner: Any) -> dict[str, T]:
        return cast("dict[str, T]", domain.data[self.name])
