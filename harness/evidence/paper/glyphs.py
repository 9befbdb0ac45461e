"""What the report's font can show. PDF/A forbids a character without a glyph, so each is looked at before typesetting.

``coverage.txt`` beside the font lists ranges of code points in hexadecimal, one per line. What is not among them is
shown as the geta mark, which is what Chinese and Japanese printers put where they lack a character, and is told.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

GETA = "〓"
_BLANKS = {"\t": " ", "\r": "", "\n": "\n"}


class Glyphs:
    """Keeps what was not there, so that the report can say it."""

    def __init__(self, covered: Iterable[range]) -> None:
        self._covered = frozenset(point for span in covered for point in span)
        self._lacking: set[int] = set()

    @classmethod
    def of(cls, coverage: Path) -> Glyphs:
        spans = [line.split("-") for line in coverage.read_text(encoding="ascii").split()]
        return cls(range(int(first, 16), int(last, 16) + 1) for first, last in spans)

    @property
    def lacking(self) -> list[str]:
        """``["U+1F697"]``: what was replaced so far, in order."""
        return [f"U+{point:04X}" for point in sorted(self._lacking)]

    def shown(self, text: str) -> str:
        """The text with only characters the font has, accents put on their letters (NFC)."""
        if text.isascii() and text.isprintable():
            return text
        return "".join(self._one(c) for c in unicodedata.normalize("NFC", text))

    def everywhere(self, data: Any) -> Any:
        """The same for every text in plain data."""
        if isinstance(data, str):
            return self.shown(data)
        if isinstance(data, dict):
            return {key: self.everywhere(value) for key, value in data.items()}
        if isinstance(data, list | tuple):
            return [self.everywhere(value) for value in data]
        return data

    def _one(self, character: str) -> str:
        if ord(character) in self._covered:
            return character
        if character in _BLANKS:
            return _BLANKS[character]
        if ord(character) in (0xFEFF, 0x200B, 0x200C, 0x200D) or ord(character) < 0x20:  # takes no room
            return ""
        self._lacking.add(ord(character))
        return GETA
