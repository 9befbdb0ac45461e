"""The part of a bus trace that matters, out of a candump log: what lies around the stimulus, with what was left out
told.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

LAST = 2**63
_STAMP = re.compile(r"\((\d+)\.(\d{1,9})\)")


def stamp(line: str) -> int | None:
    """The instant of a candump line in ns, None for anything else."""
    found = _STAMP.match(line)
    return int(found[1]) * 10**9 + int(found[2].ljust(9, "0")) if found else None


def excerpt(lines: Sequence[str], window: tuple[int, int] | None, most: int) -> str:
    """The lines within ``window`` (ns; all of them without one), at most ``most``, and a last line on the rest.

    The lines are in the order of their stamps, as a trace is; one that has none (the last of a killed run) comes last.
    """
    first, stop = 0, len(lines)
    if window:
        first = bisect_left(lines, window[0], key=_place)
        stop = bisect_right(lines, window[1], lo=first, key=_place)
    kept = [text.rstrip("\n") for text in lines[first : min(stop, first + most)]]
    if len(kept) < len(lines):
        whole = "the whole trace is in the case's folder"
        kept.append(f"# {len(kept)} of {len(lines)} lines, from line {first + 1}; {whole}")
    return "\n".join(kept) + "\n"


def _place(line: str) -> int:
    t = stamp(line)
    return LAST if t is None else t
