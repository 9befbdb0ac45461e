"""What outlives a case because it takes long to open: kept by whoever runs the cases, and closed with the run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class Lasting:
    """Things by key; each is opened when it is first wanted, and anew when it is no longer ``good``."""

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}

    def get(self, key: str, make: Callable[[], T], good: Callable[[T], bool]) -> T:
        """The thing of that key, which has ``close``. What ``make`` raises is raised here, and nothing is kept then."""
        kept: T | None = self._kept.get(key)
        if kept is not None and good(kept):
            return kept
        if kept is not None:
            self._kept.pop(key).close()
        made = make()
        self._kept[key] = made
        return made

    def close(self) -> None:
        while self._kept:
            self._kept.popitem()[1].close()
