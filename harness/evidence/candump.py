"""The part of a bus trace that matters, out of a candump log: what lies around the stimulus, with what was left out
told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_STAMP = re.compile(r"\((\d+)\.(\d{1,9})\)")


def stamp(line: str) -> int | None:
    """The instant of a candump line in ns, None for anything else."""
    found = _STAMP.match(line)
    return int(found[1]) * 10**9 + int(found[2].ljust(9, "0")) if found else None


def excerpt(lines: Iterable[str], window: tuple[int, int] | None, most: int) -> str:
    """The lines within ``window`` (ns; all of them without one), at most ``most``, and a last line on the rest."""
    kept: list[str] = []
    total = before = 0
    for text in lines:
        total += 1
        t = stamp(text)
        if window and t is not None and not window[0] <= t <= window[1]:
            before += t < window[0]
            continue
        if len(kept) < most:
            kept.append(text.rstrip("\n"))
    left = total - len(kept)
    if left:
        kept.append(f"# {len(kept)} of {total} lines, from line {before + 1}; the whole trace is in the case's folder")
    return "\n".join(kept) + "\n"
