"""How a text may be written in bytes, and the search for many texts in all their spellings at once.

Theory. Whoever leaks a text seldom leaks it in clear: it is in the code page of the unit, in UTF-16, in hex, somewhere
within a stretch of base64, escaped for an address or for JSON. ``spelled`` lists what requirements on privacy look for
(harness/judging/privacy.py); ``further`` what a search of files looks for besides. Of base64 only the characters are
listed that do not depend on what stands before and behind, at each of the three places in a group of bytes.

All spellings of all texts are looked for in one pass (Aho and Corasick, CACM 18/6, 1975, by ahocorasick_rs). A spelling
of fewer than ``SHORT`` bytes is met by chance in some gigabytes of samples, so a search of binary files leaves it out.
"""

from __future__ import annotations

import base64
import quopri
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

if TYPE_CHECKING:
    from mmap import mmap

    from ahocorasick_rs import BytesAhoCorasick

SHORTEST_FRAGMENT = 6
"""Characters of base64 from which a fragment is looked for; shorter ones would be met by chance."""
SHORTEST = 4
"""Bytes from which a spelling is looked for at all."""
SHORT = 6
"""Bytes from which a spelling is looked for in binary data: six are met by chance once in 280,000 GB."""


@lru_cache(maxsize=4096)
def spelled(text: str) -> Mapping[bytes, str]:
    """Every way in which a requirement on privacy looks for ``text``, and what it is called."""
    plain = _plain(text)
    found = dict(plain)
    for data, name in plain.items():
        found |= dict.fromkeys(_base64_fragments(data), f"base64 of {name}")
        found |= dict.fromkeys((data.hex().encode(), data.hex().upper().encode()), f"hex of {name}")
    return found


@lru_cache(maxsize=4096)
def further(text: str) -> Mapping[bytes, str]:
    """Ways besides ``spelled``: escaped for addresses, JSON, XML, mail and consoles, hex dumps, backwards."""
    raw = text.encode()
    found: dict[bytes, str] = {}
    for data, name in _plain(text).items():
        found["".join(f"\\x{b:02x}" for b in data).encode()] = f"backslash escapes of {name}"
        if any(b >= 128 for b in data):
            found[data.decode("ascii", "backslashreplace").encode()] = f"backslash escapes of {name}"
        if name != "utf-8":
            found[data[::-1]] = f"{name}, backwards"
        for between in (" ", ":", "-", ", 0x"):
            for dump in (data.hex(" "), data.hex(" ").upper()):
                found[dump.replace(" ", between).encode()] = f"hex dump of {name}"
    found["".join(f"%{b:02X}" for b in raw).encode()] = "percent escapes"
    found["".join(f"%{b:02x}" for b in raw).encode()] = "percent escapes"
    found[quote(text, safe="").encode()] = "percent escapes"
    found[quopri.encodestring(raw).rstrip(b"=\n")] = "quoted-printable"
    units = memoryview(text.encode("utf-16-be"))
    escapes = [int.from_bytes(units[i : i + 2], "big") for i in range(0, len(units), 2)]
    for form in ("04x", "04X"):
        found["".join(f"\\u{u:{form}}" for u in escapes).encode()] = "JSON escapes"
        mixed = "".join(chr(u) if u < 128 else f"\\u{u:{form}}" for u in escapes)
        found[mixed.encode()] = "JSON escapes"
    found["".join(f"&#{ord(c)};" for c in text).encode()] = "XML references"
    for form in ("x", "X"):
        found["".join(f"&#x{ord(c):{form}};" for c in text).encode()] = "XML references"
    found[text[::-1].encode()] = "utf-8, backwards"
    found[raw[::-1].hex().encode()] = found[raw[::-1].hex().upper().encode()] = "hex of utf-8, backwards"
    for fragment in _base64_fragments(raw[::-1]):
        found[fragment] = "base64 of utf-8, backwards"
    return {spelling: name for spelling, name in found.items() if spelling not in spelled(text)}


def _plain(text: str) -> dict[bytes, str]:
    plain = {text.encode(e): e for e in ("utf-16-be", "utf-16-le", "utf-8")}
    with suppress(UnicodeEncodeError):  # what no Chinese code page holds, no unit can have written in one
        plain.setdefault(text.encode("gbk"), "gbk")
    return plain


def _base64_fragments(plain: bytes) -> set[bytes]:
    """What of ``plain`` shows in any base64 text that holds it: at each of the three places in a group of bytes,
    without the characters that its neighbours share."""
    found = set()
    for offset in range(3):
        # the character in which offset bytes end belongs to the neighbour too, and so does the one in which plain ends
        first, stop = -(-offset * 8 // 6), (offset + len(plain)) * 8 // 6
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            found.add(encode(b"\0" * offset + plain)[first:stop])
    return {fragment for fragment in found if len(fragment) >= SHORTEST_FRAGMENT}


BEGINNING = 10
"""Bytes of a spelling that are looked for first; where they are, the rest is compared. Keeps the automaton small."""
FEW = 3000
"""Beginnings up to which the fastest kind of automaton is worth the time to make it."""


class Hit(NamedTuple):
    """Bytes ``start`` to ``stop`` spell ``text`` in ``encoding``."""

    start: int
    stop: int
    text: str
    encoding: str


class Needles:
    """Many texts in all their spellings. Built once for what is to be searched; nothing of it changes."""

    def __init__(
        self, texts: Iterable[str], *, shortest: int = SHORTEST, also: Mapping[bytes, tuple[str, str]] | None = None
    ) -> None:
        """``shortest``: bytes from which a spelling is looked for. ``also``: more bytes to look for, with the text and
        the encoding that a hit names."""
        self._by_beginning: dict[bytes, dict[bytes, tuple[str, str]]] = {}
        for text in texts:
            for spelling, name in (*spelled(text).items(), *further(text).items()):
                if len(spelling) >= shortest:
                    self._by_beginning.setdefault(spelling[:BEGINNING], {}).setdefault(spelling, (text, name))
        for piece, told in (also or {}).items():
            self._by_beginning.setdefault(piece[:BEGINNING], {}).setdefault(piece, told)
        self._beginnings = list(self._by_beginning)

    @cached_property
    def _search(self) -> BytesAhoCorasick:
        from ahocorasick_rs import BytesAhoCorasick, Implementation

        few = len(self._beginnings) <= FEW
        return BytesAhoCorasick(self._beginnings, implementation=Implementation.DFA if few else None)

    def find(self, data: bytes | mmap) -> list[Hit]:
        """Every place of ``data`` that spells one of the texts, in order; of places within one another, the longest."""
        if not self._beginnings:
            return []
        hits: list[Hit] = []
        for number, start, _ in self._search.find_matches_as_indexes(data, overlapping=True):
            for spelling, (text, name) in self._by_beginning[self._beginnings[number]].items():
                stop = start + len(spelling)
                if data[start:stop] == spelling:
                    hits.append(Hit(start, stop, text, name))
        return outermost(hits)


def outermost(hits: Iterable[Hit]) -> list[Hit]:
    """In order of place, without those that lie within another."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.stop)):
        if not kept or hit.stop > kept[-1].stop:
            kept.append(hit)
    return kept


@lru_cache(maxsize=32)
def needles(texts: tuple[str, ...]) -> Needles:
    """``Needles`` of the same texts again: those of the people are in every case."""
    return Needles(texts)


def merged(hits: Sequence[Hit]) -> list[tuple[int, int, Hit]]:
    """(start, stop, first hit) of every stretch that ``hits``, in order, cover together."""
    stretches: list[tuple[int, int, Hit]] = []
    for hit in hits:
        if stretches and hit.start < stretches[-1][1]:
            start, stop, first = stretches[-1]
            stretches[-1] = (start, max(stop, hit.stop), first)
        else:
            stretches.append((hit.start, hit.stop, hit))
    return stretches
