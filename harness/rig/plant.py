"""The simulated plant of a loop rig: the messaging service and the head unit, each a process of its own.

Theory. Who holds the rig owns its plant. Both processes are given the bench clock's zero, so all live on one time line.
They end when their standard input does: so they never outlive who started them, also when that one is killed. Orders
come on it, one JSON document a line: each makes the thing anew, on a new time line and with nothing of the case before,
while the process and what it has imported stay (0.3 s instead of 2 s). Where it can be reached then is answered in a
file that the order names. One that ends early is the rig's fault, told with its last lines.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.foundation.clock import pause, stopwatch
from harness.foundation.errors import RigFault
from harness.foundation.units import Ns

READY_WITHIN_S = 120.0
END_WITHIN_S = 5.0
TAIL = 15


class Member:
    """One process of the plant. ``log`` is what it says."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        folder: Path,
        variables: Mapping[str, str] | None = None,
        end_within_s: float = END_WITHIN_S,
    ) -> None:
        """``variables`` are added to its environment."""
        self.name = name
        self.log = folder / f"{name}.log"
        self._end_within_s = end_within_s
        self._answers = Path(tempfile.mkdtemp(prefix="hil-plant-"))
        self._asked = 0
        environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
        environment |= variables or {}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", *command],
                env=environment, stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=os.name != "nt",
            )  # fmt: skip

    def order(self, **wanted: object) -> dict[str, str]:
        """Have it made as ``wanted``; where it can be reached, once it can. RigFault when it ends or is not there in
        time."""
        self._asked += 1
        answer = self._answers / f"{self._asked}.json"
        self._say({**wanted, "announce": str(answer)})
        watch = stopwatch()
        while not answer.is_file():
            self.check()
            if watch() > READY_WITHIN_S:
                raise RigFault(f"the {self.name} was not ready within {READY_WITHIN_S:g} s: {self._tail()}")
            pause(0.005)
        said: dict[str, str] = json.loads(answer.read_text(encoding="utf-8"))
        answer.unlink()
        if "error" in said:
            raise RigFault(f"the {self.name} cannot be had: {said['error']}")
        return said

    def alive(self) -> bool:
        return self._process.poll() is None

    def check(self) -> None:
        """RigFault, with its last lines, when it has ended."""
        code = self._process.poll()
        if code is not None:
            raise RigFault(f"the {self.name} ended by itself with {code}; it said: {self._tail()}")

    def close(self) -> None:
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):  # it has ended already
                self._process.stdin.close()
        try:
            self._process.wait(self._end_within_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise RigFault(f"the {self.name} had to be killed; it said: {self._tail()}") from None
        finally:
            for answer in self._answers.iterdir():
                answer.unlink()
            self._answers.rmdir()

    def _say(self, order: Mapping[str, object]) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
        except (BrokenPipeError, ValueError):
            self._process.wait()
            self.check()

    def _tail(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").rstrip().splitlines()
        return "\n".join(lines[-TAIL:]) or "nothing"


class Plant:
    """Service, then unit. ``addresses`` by port; ``close`` ends them, the unit first."""

    def __init__(self, rig: Path, folder: Path | None = None) -> None:
        """``folder`` keeps the logs (default: a temporary one). Nothing is started yet."""
        self.addresses: dict[str, str] = {}
        self._folder = Path(tempfile.mkdtemp(prefix="hil-plant-")) if folder is None else folder
        self._unit_command = ["harness", "headunit", "--rig", str(rig.resolve()), "--orders"]
        self._members: dict[str, Member] = {}

    def renew(
        self, vehicle: Path, zero: int, seed: str, defects: Sequence[str] = (), variant_seed: int | None = None
    ) -> None:
        """Both anew, for the car in the folder ``vehicle``, on the time line that begins at ``zero``. RigFault when one
        of them cannot be had."""
        unit, service = self.start()
        self.addresses = service.order(zero=zero, seed=seed)
        wanted = {"zero": zero, "seed": seed, "defects": list(defects), "variant_seed": variant_seed}
        self.addresses |= unit.order(vehicle=str(vehicle), service=self.addresses["service"], **wanted)

    def start(self) -> tuple[Member, Member]:
        """(unit, service): their processes, which take their time to load, so that ``renew`` finds them ready."""
        unit = self._member("head-unit", self._unit_command)
        return unit, self._member("messaging-service", ["harness.phone.server", "--orders"])

    def late(self) -> list[tuple[Ns, Ns, str]]:
        """(planned, late by, name) of what the unit did too late because its computer was busy."""
        return [tuple(entry) for entry in self._told("late")]

    def raised(self) -> list[tuple[Ns, str]]:
        """(when, who and what) of exceptions while the unit took frames."""
        return [tuple(entry) for entry in self._told("raised")]

    def _told(self, what: str) -> list[Any]:
        unit = self._members.get("head-unit")
        told: list[Any] = [] if unit is None else json.loads(unit.order(how_it_went=True)[what])
        return told

    def check(self) -> None:
        """RigFault when one of them has ended."""
        for member in self._members.values():
            member.check()

    def close(self) -> None:
        faults = []
        for member in self._members.values():
            try:
                member.close()
            except RigFault as why:
                faults.append(str(why))
        self._members.clear()
        if faults:
            raise RigFault("; ".join(faults))

    def _member(self, name: str, command: Sequence[str]) -> Member:
        known = self._members.get(name)
        if known is not None and not known.alive():
            known.close()
            known = None
        if known is None:
            known = self._members[name] = Member(name, command, self._folder)
        return known
