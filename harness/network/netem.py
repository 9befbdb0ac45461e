"""The unit's network cut and shaped by the kernel's netem, on the rig's access point.

Theory. The unit reaches the world through an interface of the rig (its access point, or a wired port). What leaves
that interface goes to the unit; what comes in is led through an ``ifb`` interface first, so both ways can be delayed:
``delay`` is one way. A request is lost when either way loses it, so each way gets 1 - sqrt(1 - loss). That holds for
requests of one packet each way; TCP sends again, so fewer of a user's requests are lost and some take longer.

A link that is down loses everything, also what is waiting in the queue (the queue is thrown away with its discipline).
The unit stays associated: it sees a network that carries nothing, the case that users meet in a tunnel or a garage.
Each setting is read back from the kernel. At close the interface is left clean.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from math import isclose, sqrt
from typing import Any, NamedTuple

from harness.foundation.clock import Clock
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.stamps import Stamp
from harness.foundation.units import US, Ns, S
from harness.network.port import Link

QUEUE = 10_000
"""Packets that may wait; netem's own 1000 would lose some at 100 Mbit/s and 300 ms."""
TIMEOUT_S = 5.0


class Finished(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


Runner = Callable[[Sequence[str]], Finished]


def run(command: Sequence[str]) -> Finished:
    """Run a command. RigFault when there is no such program or it does not end within 5 s."""
    try:
        done = subprocess.run(list(command), capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    except FileNotFoundError as why:
        raise RigFault(f"{command[0]!r} is not installed. Install iproute2.") from why
    except subprocess.TimeoutExpired as why:
        raise RigFault(f"{' '.join(command)!r} did not end within {TIMEOUT_S:g} s.") from why
    return Finished(done.returncode, done.stdout, done.stderr)


class Netem:
    """A ``NetworkPort``. ``interface`` leads to the unit; ``ifb`` is made for what comes from it. ``prefix`` goes
    before every command (("sudo", "-n")). RigFault where the kernel or the user may not."""

    def __init__(
        self,
        clock: Clock,
        interface: str,
        *,
        ifb: str = "hil-ifb",
        prefix: Sequence[str] = (),
        runner: Runner = run,
        stall: Ns = 1 * S,
    ) -> None:
        self.stall = stall
        self._clock = clock
        self._ways = (interface, ifb)
        self._prefix = tuple(prefix)
        self._run = runner
        self._closed = False
        self._try("ip", "link", "add", ifb, "type", "ifb")
        self._do("ip", "link", "set", ifb, "up")
        self._try("tc", "qdisc", "del", "dev", interface, "ingress")
        self._do("tc", "qdisc", "add", "dev", interface, "handle", "ffff:", "ingress")
        redirect = ("action", "mirred", "egress", "redirect", "dev", ifb)
        self._do("tc", "filter", "add", "dev", interface, "parent", "ffff:", "protocol", "all", "matchall", *redirect)

    def link(self, link: Link) -> Stamp:
        """As ``NetworkPort.link``. HarnessError once closed, RigFault when the kernel does not take it."""
        if self._closed:
            raise HarnessError("link: the network is closed")
        if not 0.0 <= link.loss <= 1.0:
            raise ValueError(f"loss {link.loss}: it goes from 0 to 1")
        if link.delay < 0:
            raise ValueError(f"delay {link.delay} ns: nothing arrives before it was sent")
        early = self._clock.now()
        loss = 1 - sqrt(1 - link.loss) if link.up else 1.0
        for device in self._ways:
            if not link.up:
                self._try("tc", "qdisc", "del", "dev", device, "root")
            self._do("tc", "qdisc", "replace", "dev", device, "root", "netem", *self._options(link.delay, loss))
            self._read_back(device, link.delay, loss)
        late = self._clock.now()
        return Stamp(late, early, late)

    def seen_to(self) -> Ns:
        return self._clock.settled()

    def close(self) -> None:
        """No more settings; the interface carries everything again. RigFault when it cannot be cleaned."""
        if self._closed:
            return
        self._closed = True
        interface, ifb = self._ways
        self._try("tc", "qdisc", "del", "dev", interface, "root")
        self._do("tc", "qdisc", "del", "dev", interface, "ingress")
        self._do("ip", "link", "del", ifb)

    @staticmethod
    def _options(delay: Ns, loss: float) -> tuple[str, ...]:
        return ("limit", str(QUEUE), "delay", f"{delay // US}us", "loss", f"{100 * loss:.4f}%")

    def _read_back(self, device: str, delay: Ns, loss: float) -> None:
        shown = self._do("tc", "-j", "qdisc", "show", "dev", device)
        try:
            kinds: list[dict[str, Any]] = json.loads(shown or "[]")
            options = next(q["options"] for q in kinds if q.get("kind") == "netem" and q.get("root"))
        except (ValueError, StopIteration, KeyError) as why:
            raise RigFault(f"{device} has no netem after it was set; the kernel shows {shown.strip()!r}.") from why
        has_delay = float(options.get("delay", {}).get("delay", 0.0))
        has_loss = float(options.get("loss-random", {}).get("loss", 0.0))
        if not (isclose(has_delay, delay / S, abs_tol=2e-6) and isclose(has_loss, loss, abs_tol=1e-5)):
            raise RigFault(
                f"{device} was set to {delay / S:g} s and loss {loss:g}, the kernel shows {has_delay:g} s and "
                f"{has_loss:g}; somebody else shapes this interface."
            )

    def _do(self, *command: str) -> str:
        done = self._run((*self._prefix, *command))
        if done.code != 0:
            text, said = " ".join((*self._prefix, *command)), (done.err or done.out).strip()
            raise RigFault(f"{text!r} failed: {said}. {_remedy(said)}")
        return done.out

    def _try(self, *command: str) -> None:
        """For what may be there already, or not yet; what matters is checked by the command after it."""
        self._run((*self._prefix, *command))


def _remedy(said: str) -> str:
    if "not permitted" in said or "password is required" in said:
        return "Run as root, or set 'prefix: [sudo, -n]' and allow ip and tc in sudoers."
    if "qdisc kind is unknown" in said or "not found" in said:
        return "The kernel lacks the module: 'modprobe sch_netem sch_ingress ifb act_mirred cls_matchall'."
    if "Cannot find device" in said:
        return "Check the interface's name with 'ip link'."
    return "Check the interface with 'ip link' and 'tc qdisc'."
