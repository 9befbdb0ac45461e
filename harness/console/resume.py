"""Where a log that broke off must go on, and whether it did without a loss.

Theory. A log is asked for again from the device time of the last line seen, so everything of that time comes once more.
If all lines of that time that were seen come again, the log is in one piece; a line that was only half here goes on
where it was cut. A later line before them, or none at all, shows that the ring has been overwritten meanwhile. Pure.
"""

from __future__ import annotations

import re

from harness.foundation.units import Ns, S

TIMED = re.compile(rb"\s*(\d{9,11})\.(\d{3,9})\s")


def device_time(line: bytes) -> tuple[Ns, Ns]:
    """(device time, what its last digit is worth) of a line of ``logcat -v epoch``, ns; (0, 0) when it has none."""
    found = TIMED.match(line)
    if found is None:
        return 0, 0
    return int(found[1]) * S + int(found[2].ljust(9, b"0")), 10 ** (9 - len(found[2]))


class Resume:
    """``when`` is the device time to ask from; ``pending`` while it is not known yet whether lines are missing."""

    def __init__(self, when: Ns) -> None:
        self.when = when
        self.lost = False
        self._lines: list[bytes] = []
        self._open = False
        self._awaited: list[bytes] = []

    @property
    def pending(self) -> bool:
        return bool(self._awaited)

    def took(self, line: bytes) -> None:
        """A line, or a piece of one, was handed on."""
        time, _ = device_time(line)
        if self._open:
            self._lines[-1] += line
        elif time > self.when or (time and not self._lines):
            self.when, self._lines = time, [line]
        elif time and time == self.when:
            self._lines.append(line)
        else:
            return
        self._open = not line.endswith(b"\n")

    def again(self) -> None:
        """The log is asked for anew from ``when``. Without a single line to know it by, nobody can tell a loss."""
        self._awaited = list(self._lines)
        self.lost = not self._lines
        self._open = False

    def anew(self, when: Ns) -> None:
        """The device has started anew: its log begins at its beginning, and what it said last is gone."""
        self.when, self._lines, self._awaited, self._open, self.lost = when, [], [], False, True

    def given_up(self) -> None:
        """What was waited for does not come."""
        self._awaited, self.lost = [], True

    def fresh(self, line: bytes) -> bytes:
        """What of ``line`` was not handed on before."""
        if not self._awaited:
            return line
        time, _ = device_time(line)
        if time > self.when:
            self.given_up()
            return line
        for known in self._awaited:
            if line.startswith(known):
                self._awaited.remove(known)
                if line != known:
                    self._lines[self._lines.index(known)] = line
                return line[len(known) :]
        return line
