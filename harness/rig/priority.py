"""The nice level of a process that must not be late."""

from __future__ import annotations

import contextlib
import os


def prioritise(level: int) -> None:
    """The nice level of this process from now on, its threads and children to come included; without the right to,
    things stay as they are (a bench that is too slow says so by itself)."""
    if level:
        with contextlib.suppress(OSError, AttributeError):
            os.setpriority(os.PRIO_PROCESS, 0, level)
