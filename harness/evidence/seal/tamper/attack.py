"""An attack: something done to a pack, and the files of which a refusal has to name one.

``act`` is given a copy of the pack; ``undo`` makes that copy what it was. Where there is none the next attack gets a
new copy. An attack whose ``files`` is empty may be refused at any file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Attack:
    """``kind`` groups attacks in the report, ``what`` says what exactly is done."""

    kind: str
    what: str
    files: frozenset[str]
    act: Callable[[Path], None]
    undo: Callable[[Path], None] | None = None


def attack(kind: str, what: str, act: Callable[[Path], None], *files: str) -> Attack:
    """Short for the tables."""
    return Attack(kind, what, frozenset(files), act)


def with_(act: Callable[..., object], *values: object) -> Callable[[Path], None]:
    """``act`` with the pack first and these values behind it."""

    def acts(pack: Path) -> None:
        act(pack, *values)

    return acts


def flip(path: Path, bit: int) -> None:
    """Change one bit of a file, counted from its beginning."""
    with path.open("r+b") as file:
        file.seek(bit // 8)
        byte = file.read(1)[0]
        file.seek(bit // 8)
        file.write(bytes([byte ^ 1 << bit % 8]))
