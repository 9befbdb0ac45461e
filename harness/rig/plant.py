"""The simulated plant of a loop rig: the messaging service and the head unit, each a process of its own.

Theory. The rig owns its plant: opening the rig starts it, closing ends it, whoever opened it. Both processes are given
the bench clock's zero, so all three live on one time line. They end when their standard input does: so they never
outlive who started them, also when that one is killed. Each writes its addresses into a file once it can be reached;
one that ends early is the rig's fault, told with its last lines.

A fresh plant for each case costs its start (about 2 s) and leaves nothing of the case before.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from harness.foundation.clock import pause, stopwatch
from harness.foundation.errors import RigFault

READY_WITHIN_S = 30.0
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
        self._end_within_s = end_within_s
        self.log = folder / f"{name}.log"
        self._ready = folder / f".{name}.json"
        self._ready.unlink(missing_ok=True)
        environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
        environment |= variables or {}
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", *command, "--announce", str(self._ready), "--until-eof"],
                env=environment, stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=os.name != "nt",
            )  # fmt: skip

    def addresses(self) -> dict[str, str]:
        """Where it can be reached, once it can. RigFault when it ends or is not there in time."""
        watch = stopwatch()
        while not self._ready.is_file():
            self.check()
            if watch() > READY_WITHIN_S:
                raise RigFault(f"the {self.name} was not ready within {READY_WITHIN_S:g} s: {self._tail()}")
            pause(0.01)
        said: dict[str, str] = json.loads(self._ready.read_text(encoding="utf-8"))
        self._ready.unlink()
        return said

    def check(self) -> None:
        """RigFault, with its last lines, when it has ended."""
        code = self._process.poll()
        if code is not None:
            raise RigFault(f"the {self.name} ended by itself with {code}; it said: {self._tail()}")

    def close(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(self._end_within_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise RigFault(f"the {self.name} had to be killed; it said: {self._tail()}") from None

    def _tail(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").rstrip().splitlines()
        return "\n".join(lines[-TAIL:]) or "nothing"


class Plant:
    """Service, then unit. ``addresses`` by port; ``close`` ends them, the unit first."""

    def __init__(
        self,
        rig: Path,
        vehicle: Path,
        zero: int,
        seed: str,
        defects: Sequence[str],
        variant_seed: int | None,
        folder: Path | None = None,
    ) -> None:
        """``folder`` keeps the logs (default: a temporary one)."""
        self._members: list[Member] = []
        self.addresses: dict[str, str] = {}
        where = Path(tempfile.mkdtemp(prefix="hil-plant-")) if folder is None else folder
        common = ["--zero", str(zero), "--seed", seed]
        try:
            self._start(Member("messaging-service", ["harness.phone.server", *common], where))
            unit = ["harness", "headunit", "--rig", str(rig.resolve()), "--vehicle", str(vehicle.resolve()), *common]
            unit += ["--service", self.addresses["service"]]
            unit += [word for name in defects for word in ("--defect", name)]
            unit += [] if variant_seed is None else ["--variant-seed", str(variant_seed)]
            self._start(Member("head-unit", unit, where))
        except BaseException:
            self.close()
            raise

    @property
    def logs(self) -> dict[str, Path]:
        return {member.name: member.log for member in self._members}

    def check(self) -> None:
        """RigFault when one of them has ended."""
        for member in self._members:
            member.check()

    def close(self) -> None:
        faults = []
        for member in reversed(self._members):
            try:
                member.close()
            except RigFault as why:
                faults.append(str(why))
        self._members.clear()
        if faults:
            raise RigFault("; ".join(faults))

    def _start(self, member: Member) -> None:
        self._members.append(member)
        self.addresses |= member.addresses()
