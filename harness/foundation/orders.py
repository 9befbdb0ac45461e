"""Orders to a process on its standard input: one JSON document a line; its end is the order to end.

An order names a file, ``announce``; the answer is written there whole, so who looks never sees half of it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any


def orders() -> Iterator[dict[str, Any]]:
    """Each order as it comes, until the end of standard input."""
    for line in sys.stdin:
        if line.strip():
            yield json.loads(line)


def answer(order: Mapping[str, Any], document: Mapping[str, str]) -> None:
    """Write ``document`` where ``order`` wants it."""
    path = Path(order["announce"])
    part = path.with_suffix(".part")
    part.write_text(json.dumps(document), encoding="utf-8")
    part.rename(path)
