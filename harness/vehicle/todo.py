"""What in a car's file is still to be filled in.

Theory. ``hil vehicle new`` writes what it could find out and marks the rest: a text that begins with TODO and says what
belongs there. Such a file reads well, is complete in its shape, and must never run: a guess that nobody looked at would
be judged as if it were the car. So the loader refuses it, and names every place with what to do.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.foundation.config import Located, Where
from harness.foundation.errors import BadInput

TODO = "TODO"
PROBLEM = "not filled in yet"


def is_open(value: object) -> bool:
    """Whether ``value`` is such a mark."""
    return isinstance(value, str) and (value == TODO or value.startswith(f"{TODO} "))


def open_points(located: Located) -> list[BadInput]:
    """Every place that is marked, in the order of the file, each with what its mark says."""
    found = []
    for where, text in _marks(located.data, ()):
        remedy = text.removeprefix(TODO).strip() or "write what belongs there"
        remedy = remedy[0].upper() + remedy[1:] + ("" if remedy.endswith((".", "?")) else ".")
        found.append(BadInput(located.path, located.line(where), ".".join(map(str, where)), PROBLEM, remedy))
    return found


def _marks(data: Any, where: Where) -> Iterator[tuple[Where, str]]:
    if is_open(data):
        yield where, data
    elif isinstance(data, dict):
        for key, value in data.items():
            if is_open(key):
                yield (*where, key), key
            yield from _marks(value, (*where, key))
    elif isinstance(data, list):
        for i, value in enumerate(data):
            yield from _marks(value, (*where, i))
