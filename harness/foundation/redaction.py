"""A text without its secrets, of the same length: each is blanked with asterisks where it stands."""

from __future__ import annotations

from collections.abc import Sequence

from harness.foundation.spellings import Hit, Needles, merged

BLANK = b"*"


def redact(data: bytes, needles: Needles) -> tuple[bytes, list[Hit]]:
    """``data`` with every byte that spells a secret blanked, and what was found."""
    hits = needles.find(data)
    return (blanked(data, hits), hits) if hits else (data, [])


def blanked(data: bytes, hits: Sequence[Hit]) -> bytes:
    public = bytearray(data)
    for start, stop, _ in merged(hits):
        public[start:stop] = BLANK * (stop - start)
    return bytes(public)
