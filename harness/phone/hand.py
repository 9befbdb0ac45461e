"""A hand on a phone: works an app as a dialog file says, and tells what came of it and when.

The hand taps with ``input tap``, which every Android has; what is on the screen, eyes.py tells. Everything here blocks:
it runs in a thread of its own while time passes (``Device.meanwhile``).
"""

from __future__ import annotations

import shlex
import threading
from collections.abc import Callable, Mapping
from typing import NamedTuple

from harness.foundation.clock import Clock
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns
from harness.phone.dialog import ActionModel, StepModel, filled
from harness.phone.eyes import Device, Eyes
from harness.phone.hierarchy import Node, Target, find

LOOK_S = 0.05
LEAD_S = 0.7
"""``input`` starts a program on the phone before it touches anything; so long the hold is under way before one
speaks."""
TAIL_MS = 700


class Done(NamedTuple):
    """``outcome`` as the dialog names it ("done" where it names none); ``nodes`` is the screen that showed it.
    ``stamp`` runs from before the step that acts (the first step, if none is marked) to after the outcome was
    seen."""

    outcome: str
    stamp: Stamp
    nodes: tuple[Node, ...]


class Hand:
    def __init__(self, clock: Clock, device: Device, eyes: Eyes) -> None:
        self._clock = clock
        self._device = device
        self._eyes = eyes
        self._never = threading.Event()

    def run(
        self,
        name: str,
        action: ActionModel,
        values: Mapping[str, str],
        during: tuple[Ns, Callable[[], None]] | None = None,
    ) -> Done:
        """Work the steps, then look for an outcome. ``during``: how long a ``hold`` lasts, ns, and what is done
        meanwhile.

        RigFault when a target or an outcome does not come in time; its message holds no text from the screen.
        """
        acted: tuple[Ns, Ns] | None = None
        began = self._clock.now()
        for number, step in enumerate(action.steps, 1):
            before = self._clock.now()
            where = f"step {number} of {name!r}"
            found = self._step(step, values, where, during)
            if not found:
                now = self._clock.now()
                return Done(str(step.otherwise), Stamp(now, (acted or (began, now))[0], now), self._eyes.nodes())
            if step.acts:
                acted = before, self._clock.now()
        early, guess = acted or (began, self._clock.now())
        outcome, nodes = self._outcome(name, action, values)
        return Done(outcome, Stamp(guess, early, self._clock.now()), nodes)

    def _step(
        self,
        step: StepModel,
        values: Mapping[str, str],
        where: str,
        during: tuple[Ns, Callable[[], None]] | None,
    ) -> bool:
        """False when the target is not there and the step says what that means."""
        shell = self._device.shell
        if step.launch is not None:
            said = shell(f"am start -W {_what(step.launch)} 2>&1; echo")
            if "Error" in said:
                raise RigFault(
                    f"Android {self._device.serial}, {where}: {said.strip()}. Is the app of the dialog there?"
                )
        elif step.stop is not None:
            shell(f"am force-stop {step.stop}")
        elif step.key is not None:
            shell(f"input keyevent {step.key}")
        elif step.type is not None:
            self._eyes.type(str(filled(step.type, values)))
        else:
            wanted = step.tap or step.hold or step.wait
            assert wanted is not None
            spot = self._wait_for(wanted.target(values), step, where)
            if spot is None:
                return False
            if step.tap is not None:
                shell(f"input tap {spot[0]} {spot[1]}")
            elif step.hold is not None:
                self._hold(spot, where, during)
        return True

    def _hold(self, spot: tuple[int, int], where: str, during: tuple[Ns, Callable[[], None]] | None) -> None:
        if during is None:
            raise HarnessError(f"{where} holds, and nothing says for how long")
        length, speak = during
        lasts = length // MS + round(LEAD_S * 1000) + TAIL_MS
        failed: list[BaseException] = []

        def press() -> None:
            try:
                x, y = spot
                self._device.shell(f"input swipe {x} {y} {x} {y} {lasts}", lasts / 1000 + 10)
            except BaseException as why:  # noqa: BLE001 - raised below, in the caller's thread
                failed.append(why)

        finger = threading.Thread(target=press, name=f"finger on {self._device.serial}", daemon=True)
        finger.start()
        self._never.wait(LEAD_S)
        try:
            speak()
        finally:
            finger.join()
        if failed:
            raise failed[0]

    def _wait_for(self, target: Target, step: StepModel, where: str) -> tuple[int, int] | None:
        end = self._clock.now() + step.within
        while True:
            nodes = self._eyes.nodes()
            found = find(nodes, target)
            if found is not None:
                return nodes[found].middle
            if self._clock.now() >= end:
                if step.otherwise is not None:
                    return None
                raise RigFault(
                    f"Android {self._device.serial}, {where}: what it looks for ({_shape(target)}) is not on the "
                    f"screen. Has the app been updated? 'adb shell uiautomator dump /dev/tty' shows what is there: "
                    f"correct the dialog file."
                )
            self._never.wait(LOOK_S)

    def _outcome(self, name: str, action: ActionModel, values: Mapping[str, str]) -> tuple[str, tuple[Node, ...]]:
        end = self._clock.now() + action.within
        while True:
            nodes = self._eyes.nodes()
            if not action.outcomes:
                return "done", nodes
            for outcome, wanted in action.outcomes.items():
                if find(nodes, wanted.target(values)) is not None:
                    return outcome, nodes
            if self._clock.now() >= end:
                raise RigFault(
                    f"Android {self._device.serial}: none of the outcomes of {name!r} came: "
                    f"{', '.join(action.outcomes)}. If the app words it otherwise, add that to the dialog file."
                )
            self._never.wait(LOOK_S)


def _what(launch: str) -> str:
    """An activity (package/.Activity), or the one a package shows in the launcher."""
    if "/" in launch:
        return f"-n {shlex.quote(launch)}"
    return f"-a android.intent.action.MAIN -c android.intent.category.LAUNCHER -p {launch}"


def _shape(target: Target) -> str:
    """What is looked for, without contents: texts may be names of people."""
    return ", ".join(
        f"{key} {value!r}" if key in ("id", "kind") else key
        for key in ("text", "contains", "matches", "id", "description", "kind")
        if (value := getattr(target, key)) is not None
    )
