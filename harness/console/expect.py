"""Look for patterns in what a console printed, without I/O and without taking anything away.

Theory. All bytes stay. Each waiter has a cursor of its own, so two may look for patterns in the same text and neither
eats what the other waits for; a waiter made late can look from the beginning.

How the bytes were cut into chunks must not change what is found. So a match is defined on the bytes alone: the first
position ``e`` such that a match ends within the bytes before ``e``; of the matches in there the leftmost. Matching
byte by byte would find exactly that, at the price of one search for each byte. The first ``e`` can be found by
bisection instead, provided that more text never undoes a match. Therefore ``$``, ``\\b``, lookahead that says "not" and
possessive pieces are refused: what they find depends on text that has not come yet. A quantifier takes as little as it
can: ``\\d+`` is found at its first digit; write what follows it, too (``\\d+\\r``).

A match may be up to ``REACH`` bytes long. The text is searched in blocks of ``BLOCK`` bytes at fixed positions, each
with ``REACH`` bytes before it, so a flood of text costs the same for each byte of it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple

from harness.console.port import Bytes, ConsolePort
from harness.foundation.clock import Clock
from harness.foundation.errors import HarnessError
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns

REACH = 4096
BLOCK = 1024
STEP: Ns = 10 * MS


class Match(NamedTuple):
    """``data`` was printed at bytes ``start``..``end`` of the text; it is pattern number ``which`` of the waiter.

    ``began`` and ``ended`` are the stamps of the chunks with its first and last byte; ``groups`` are the pattern's.
    """

    which: int
    data: bytes
    groups: tuple[bytes | None, ...]
    start: int
    end: int
    began: Stamp
    ended: Stamp


class Expect:
    """The text of a console. ``feed`` may be given to ``ConsolePort.listen`` as it is."""

    def __init__(self) -> None:
        self._text = bytearray()
        self._starts: list[int] = []
        self._stamps: list[Stamp] = []

    def feed(self, chunk: Bytes) -> None:
        if chunk.data:
            self._starts.append(len(self._text))
            self._stamps.append(chunk.stamp)
            self._text += chunk.data

    def look_for(self, *patterns: bytes | re.Pattern[bytes], since: Literal["start", "now"] = "now") -> Waiter:
        """A waiter for any of ``patterns``: bytes are meant literally, compiled patterns as such.

        HarnessError for no pattern, one that matches nothing at all, and one whose match later text could undo.
        """
        if not patterns:
            raise HarnessError("look_for: name a pattern")
        compiled = [p if isinstance(p, re.Pattern) else re.compile(re.escape(p)) for p in patterns]
        for pattern in compiled:
            _check(pattern)
        return Waiter(self, compiled, len(self._text) if since == "now" else 0)

    def text(self) -> bytes:
        """All of it so far."""
        return bytes(self._text)

    def _stamp(self, position: int) -> Stamp:
        return self._stamps[bisect_right(self._starts, position) - 1]


class Waiter:
    """Finds its patterns one after the other. Made by ``Expect.look_for``."""

    def __init__(self, expect: Expect, patterns: list[re.Pattern[bytes]], cursor: int) -> None:
        self.patterns = patterns
        self._expect = expect
        self._cursor = cursor
        self._searched = cursor

    def poll(self) -> Match | None:
        """The next match in the text so far, behind the one before; None when there is none yet."""
        text = self._expect._text
        while self._searched < len(text):
            block = self._searched // BLOCK * BLOCK
            stop = min(block + BLOCK, len(text))
            begin = max(self._cursor, block - REACH)
            if any(p.search(text, begin, stop) for p in self.patterns):
                return self._found(text, begin, stop)
            self._searched = stop
        return None

    def _found(self, text: bytearray, begin: int, stop: int) -> Match:
        missing, enough = self._searched, stop
        while enough - missing > 1:
            middle = (missing + enough) // 2
            if any(p.search(text, begin, middle) for p in self.patterns):
                enough = middle
            else:
                missing = middle
        which, hit = next((i, m) for i, p in enumerate(self.patterns) if (m := p.search(text, begin, enough)))
        self._cursor = self._searched = enough
        began, ended = self._expect._stamp(hit.start()), self._expect._stamp(hit.end() - 1)
        groups = tuple(None if g is None else bytes(g) for g in hit.groups())
        return Match(which, bytes(hit[0]), groups, hit.start(), hit.end(), began, ended)


def wait(clock: Clock, port: ConsolePort, waiter: Waiter, until: Ns) -> Match | None:
    """Let time pass until ``waiter`` finds something, or ``port`` has delivered all up to ``until``, or the port lags
    behind by more than its ``stall`` (1 s where it declares none): None then, and its watermark tells the two apart."""
    patience: Ns = getattr(port, "stall", 1000 * MS)
    while (match := waiter.poll()) is None and port.seen_to() < until and clock.now() < until + patience:
        clock.run_until(clock.now() + STEP)
    return match


_UNDONE: dict[str, Callable[[Any], bool]] = {
    "AT": lambda what: str(what) not in ("AT_BEGINNING", "AT_BEGINNING_LINE", "AT_BEGINNING_STRING"),
    "ASSERT_NOT": lambda what: what[0] >= 0,
    "ATOMIC_GROUP": lambda what: True,
    "POSSESSIVE_REPEAT": lambda what: True,
    "GROUPREF_EXISTS": lambda what: True,
}


def _check(pattern: re.Pattern[bytes]) -> None:
    if pattern.search(b"") is not None:
        raise HarnessError(f"{pattern.pattern!r} is found in nothing at all; write what must be there")
    # No public function gives the pieces of a pattern.
    parser = re._parser  # type: ignore[attr-defined]
    for name, what in _pieces(parser.parse(pattern.pattern, pattern.flags)):
        if name in _UNDONE and _UNDONE[name](what):
            raise HarnessError(
                f"{pattern.pattern!r}: {name.lower()} depends on text that has not come yet; write what follows instead"
            )


def _pieces(parsed: Any) -> Iterator[tuple[str, Any]]:
    """Every (operator, argument) of a parsed pattern, however deep."""
    if isinstance(parsed, tuple) and len(parsed) == 2 and type(parsed[0]).__name__ == "_NamedIntConstant":
        yield str(parsed[0]), parsed[1]
    children = parsed if isinstance(parsed, tuple | list) or type(parsed).__name__ == "SubPattern" else ()
    for child in children:
        yield from _pieces(child)
