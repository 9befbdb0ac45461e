"""Leaves the rig safe, and writes down what was done.

The record is ``safe_state.jsonl`` in the case's folder, one line a step, each on the disk before the next begins.
Instants are ns on the bench time line of that case.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.foundation.clock import Clock, pause
from harness.foundation.errors import HarnessError
from harness.foundation.units import S
from harness.rig.keeper.steps import Step

FILE = "safe_state.jsonl"
LOOK_EVERY_S = 0.05


class Hands:
    """How the steps reach the rig: each function runs where the thing lives and returns when it is done."""

    def __init__(
        self,
        lines: Sequence[str],
        line_off: Callable[[str], None],
        silence: Callable[[], None],
        amperes: Callable[[], float],
        supply_off: Callable[[], None],
    ) -> None:
        self.lines = lines
        self.line_off = line_off
        self.silence = silence
        self.amperes = amperes
        self.supply_off = supply_off


class Record:
    """Lines of the record; without a folder they are only returned."""

    def __init__(self, folder: Path | None) -> None:
        self.lines: list[Mapping[str, Any]] = []
        self._file = None if folder is None else (folder / FILE).open("a", encoding="utf-8")

    def write(self, **facts: object) -> None:
        self.lines.append(facts)
        if self._file is not None:
            self._file.write(json.dumps(facts, ensure_ascii=False) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


def leave_safe(clock: Clock, steps: Sequence[Step], hands: Hands, why: str, folder: Path | None) -> Record:
    """Do every step, whatever one of them does. ``clock`` is only read: it runs in another thread."""
    record = Record(folder)
    record.write(t=clock.now(), begins="safe state", because=why)
    good = True
    for step in steps:
        began = clock.now()
        try:
            said = _do(clock, step, hands)
        except Exception as trouble:  # noqa: BLE001 - the last step must always come
            said = f"failed: {type(trouble).__name__}: {trouble}"
        ended = clock.now()
        if not said and ended - began > step.within:
            said = f"late: allowed {step.within / S:g} s"
        good = good and not said.startswith(("failed", "late"))
        record.write(t=ended, step=str(step), took_s=round((ended - began) / S, 4), said=said or "done")
    record.write(t=clock.now(), ends="safe state", good=good)
    record.close()
    return record


def _do(clock: Clock, step: Step, hands: Hands) -> str:
    """ "" for done, else what is to be said of it."""
    if step.line is not None:
        if step.line not in hands.lines:
            return "this rig has no such line"
        hands.line_off(step.line)
    elif step.rest_bus is not None:
        hands.silence()
    elif step.asleep is not None:
        until = clock.now() + step.within
        while (amperes := hands.amperes()) >= step.asleep:
            if clock.now() >= until:
                return f"still awake at {amperes:.3g} A"
            pause(LOOK_EVERY_S)
        return f"asleep at {amperes:.3g} A"
    elif step.supply is not None:
        hands.supply_off()
    else:
        raise HarnessError("a step of nothing")
    return ""
