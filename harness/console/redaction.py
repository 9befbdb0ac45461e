"""A recorded console without its secrets: chunks and stamps stay, bytes that spell a secret become asterisks.

A secret may be split over chunks, and written with the escapes of the file, so it is looked for in what the console
said, joined, and in the file as it is.
"""

from __future__ import annotations

from itertools import accumulate, pairwise

from harness.console.recorded import from_text, to_line
from harness.foundation.redaction import redact as redact_text
from harness.foundation.spellings import Hit, Needles


def redact(text: bytes, needles: Needles) -> tuple[bytes, list[Hit]]:
    """The file (harness/console/recorded.py) without what it must not say, and what that was; the same bytes where
    there was nothing. ValueError for a file that is none."""
    chunks = list(from_text(text))
    said = b"".join(data for _, data in chunks)
    public, hits = redact_text(said, needles)
    if hits:
        ends = accumulate((len(data) for _, data in chunks), initial=0)
        pieces = ((t, public[start:stop]) for (t, _), (start, stop) in zip(chunks, pairwise(ends), strict=True))
        text = "".join(to_line(t, data) for t, data in pieces).encode()
    shown, more = redact_text(text, needles)
    return shown, [*hits, *more]
