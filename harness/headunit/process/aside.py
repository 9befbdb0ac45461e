"""Long work of the unit, in a thread of its own: the unit goes on meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any


def aside(work: Callable[[], Any]) -> Callable[[], Any]:
    """``harness.headunit.ends.Aside`` by a thread. What the work raises is raised where its result is asked for."""
    done: list[Any] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as why:  # noqa: BLE001 - raised again in the unit's thread
            failed.append(why)

    threading.Thread(target=run, name="unit's long work", daemon=True).start()

    def result() -> Any:
        if failed:
            raise failed[0]
        return done[0] if done else None

    return result
