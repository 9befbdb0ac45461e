"""What a console says about the health of a unit: it starts, starts again and again, panics, crashes.

Theory. Pure and by lines: the same lines give the same events. Each kind is known by how the kernels and loaders in
head units word it (Linux, U-Boot, Android, QNX); a car's own words come on top as data. A boot loop is the same
banner ``loop`` times within ``window``: each loader stage has a banner of its own, so one start is never counted twice.
A unit that halts in a panic may leave its last line without an end; ``flush`` looks at that, too.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from harness.console.lines import Line, LineSplitter
from harness.console.port import Bytes
from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns, S


class Sign(NamedTuple):
    """A line that matches ``pattern`` means ``kind``; ``name`` says whose words they are."""

    kind: str
    name: str
    pattern: re.Pattern[bytes]


class ConsoleEvent(NamedTuple):
    """``kind``: boot, boot_loop, panic, oops, hang, crash, out_of_memory. ``line`` is the line that showed it."""

    stamp: Stamp
    kind: str
    name: str
    line: bytes


def sign(kind: str, name: str, pattern: bytes) -> Sign:
    return Sign(kind, name, re.compile(pattern))


SIGNS: tuple[Sign, ...] = (
    sign("boot", "U-Boot SPL", rb"^U-Boot SPL \d{4}\."),
    sign("boot", "U-Boot", rb"^U-Boot \d{4}\."),
    sign("boot", "Linux", rb"\bLinux version \d+\.\d+"),
    sign("boot", "QNX", rb"^Welcome to QNX\b"),
    sign("panic", "Linux", rb"\bKernel panic - not syncing\b"),
    sign("panic", "QNX", rb"^Shutdown\[\d+,\d+\] S/C/F="),
    sign(
        "oops", "Linux", rb"\b(Internal error: Oops|Oops: |Unable to handle kernel |kernel BUG at |general protection )"
    ),
    sign(
        "hang",
        "Linux",
        rb"\b(soft lockup - CPU#|hard LOCKUP on cpu|blocked for more than \d+ seconds|rcu_\w+ detected )",
    ),
    sign("hang", "watchdog", rb"(?i)\bwatchdog\b.*\b(bite|did not stop|reset|expired)\b"),
    sign("out_of_memory", "Linux", rb"\b(invoked oom-killer|Out of memory: Kill)"),
    sign("crash", "Android", rb"\b(FATAL EXCEPTION: |Fatal signal \d+ \(SIG)"),
    sign("crash", "systemd", rb"\bMain process exited, code=(dumped|killed)\b"),
    sign("crash", "QNX", rb"\bterminated SIG(SEGV|BUS|ABRT|ILL|FPE) "),
)


class ConsoleEvents:
    """Feed it what the console printed, it gives back the events in order. ``feed`` is exact about stamps: each event
    has that of its line's first byte, a boot loop that of the start which made it one."""

    def __init__(self, signs: Sequence[Sign] = SIGNS, loop: int = 3, window: Ns = 120 * S) -> None:
        self._signs = tuple(signs)
        self._loop = loop
        self._window = window
        self._splitter = LineSplitter()
        self._starts: dict[str, deque[Ns]] = {}

    def feed(self, chunk: Bytes) -> list[ConsoleEvent]:
        return [event for line in self._splitter.feed(chunk) for event in self._of(line)]

    def flush(self) -> list[ConsoleEvent]:
        """Look at a last line that has not ended."""
        return [event for line in self._splitter.flush() for event in self._of(line)]

    def _of(self, line: Line) -> list[ConsoleEvent]:
        events = []
        for known in self._signs:
            if known.pattern.search(line.data):
                events.append(ConsoleEvent(line.stamp, known.kind, known.name, line.data))
                if known.kind == "boot" and self._again(known.name, line.stamp.t):
                    events.append(ConsoleEvent(line.stamp, "boot_loop", known.name, line.data))
        return events

    def _again(self, name: str, t: Ns) -> bool:
        starts = self._starts.setdefault(name, deque())
        starts.append(t)
        while starts and t - starts[0] > self._window:
            starts.popleft()
        if len(starts) < self._loop:
            return False
        # Told once for each ``loop`` starts, not with every further one.
        starts.clear()
        return True
