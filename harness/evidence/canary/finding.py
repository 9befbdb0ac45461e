"""A secret that was found where it may not be."""

from __future__ import annotations

from typing import NamedTuple


class Finding(NamedTuple):
    """``file``: relative to what was searched, with ``!`` before each thing within a thing (``pack.zip!run.json``).
    ``offset``: the first byte of it there, None where it has none (a picture). ``kind`` of the secret and its
    ``pseudonym``; ``encoding``: how it was written."""

    file: str
    offset: int | None
    kind: str
    pseudonym: str
    encoding: str

    def __str__(self) -> str:
        place = "" if self.offset is None else f" at byte {self.offset}"
        return f"{self.file}{place}: {self.pseudonym} ({self.kind}) as {self.encoding}"
