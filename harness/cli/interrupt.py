"""Ctrl-C and its like, as a flag: children are ended in order, and the reports are still made."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager


@contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """Ctrl-C and SIGTERM set a flag, so that the children are ended and the reports are still made."""
    flag: list[int] = []

    def note(number: int, _: object) -> None:
        flag.append(number)

    names: Sequence[str] = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    before = {s: signal.signal(s, note) for name in names if (s := getattr(signal, name, None)) is not None}
    try:
        yield lambda: bool(flag)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
