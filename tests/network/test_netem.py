"""Netem: the commands, what the kernel shows after them, and the real ``tc`` as far as this kernel goes.

The stand-in for the kernel keeps what was commanded and shows it as ``tc -j`` does. The real ``tc`` runs in a network
namespace of its own; where the kernel has no netem, its refusal is what is tested, and the shaping itself is not run.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from math import sqrt

import pytest

from harness.foundation.clock import VirtualClock
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.units import MS
from harness.network.netem import Finished, Netem, run
from harness.network.port import Link

MISSING = Finished(1, "", 'Cannot find device "x"')


class Kernel:
    """Interfaces and their disciplines, changed by ``ip`` and ``tc`` commands."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.devices: dict[str, dict[str, object] | None] = {"wlan0": None}
        self.ingress: set[str] = set()
        self.redirected: dict[str, str] = {}
        self.forgets = False
        self.refuses = ""

    def __call__(self, command: Sequence[str]) -> Finished:
        text = " ".join(command)
        self.said.append(text)
        if self.refuses:
            return Finished(2, "", self.refuses)
        return self._obey(text)

    def _obey(self, text: str) -> Finished:
        return self._ip(text) if text.startswith("ip ") else self._tc(text)

    def _ip(self, text: str) -> Finished:
        if match := re.fullmatch(r"ip link add (\S+) type ifb", text):
            if match[1] in self.devices:
                return Finished(2, "", "RTNETLINK answers: File exists")
            self.devices[match[1]] = None
        elif match := re.fullmatch(r"ip link del (\S+)", text):
            del self.devices[match[1]]
        elif match := re.fullmatch(r"ip link set (\S+) up", text):
            if match[1] not in self.devices:
                return MISSING
        else:
            return Finished(1, "", f"What is {text!r}?")
        return Finished(0, "", "")

    def _tc(self, text: str) -> Finished:
        if match := re.fullmatch(r"tc qdisc add dev (\S+) handle ffff: ingress", text):
            if match[1] not in self.devices:
                return MISSING
            self.ingress.add(match[1])
        elif match := re.fullmatch(r"tc qdisc del dev (\S+) ingress", text):
            if match[1] not in self.ingress:
                return Finished(2, "", "Error: Cannot find specified qdisc on specified device.")
            self.ingress.remove(match[1])
        elif match := re.fullmatch(
            r"tc filter add dev (\S+) parent ffff: protocol all matchall action mirred egress redirect dev (\S+)", text
        ):
            self.redirected[match[1]] = match[2]
        elif match := re.fullmatch(r"tc qdisc del dev (\S+) root", text):
            self.devices[match[1]] = None
        elif match := re.fullmatch(
            r"tc qdisc replace dev (\S+) root netem limit (\d+) delay (\d+)us loss ([\d.]+)%", text
        ):
            options: dict[str, object] = {"limit": int(match[2])}
            if int(match[3]):
                options["delay"] = {"delay": int(match[3]) / 1e6, "jitter": 0, "correlation": 0}
            if float(match[4]):
                options["loss-random"] = {"loss": float(match[4]) / 100, "correlation": 0}
            if not self.forgets:
                self.devices[match[1]] = options
        elif match := re.fullmatch(r"tc -j qdisc show dev (\S+)", text):
            options = self.devices[match[1]]
            shown = [{"kind": "noqueue", "root": True}] if options is None else []
            shown += [{"kind": "netem", "root": True, "options": options}] if options is not None else []
            return Finished(0, json.dumps(shown), "")
        else:
            return Finished(1, "", f"What is {text!r}?")
        return Finished(0, "", "")


@pytest.fixture
def kernel() -> Kernel:
    return Kernel()


def test_both_ways_are_delayed_and_share_the_loss(kernel: Kernel) -> None:
    netem = Netem(VirtualClock(), "wlan0", runner=kernel)
    assert kernel.redirected == {"wlan0": "hil-ifb"}
    netem.link(Link(delay=80 * MS, loss=0.19))
    for device in ("wlan0", "hil-ifb"):
        options = kernel.devices[device]
        assert options is not None
        assert options["delay"] == {"delay": 0.08, "jitter": 0, "correlation": 0}
        assert options["loss-random"] == {"loss": pytest.approx(1 - sqrt(0.81), abs=1e-6), "correlation": 0}


def test_a_link_that_falls_throws_away_what_waits_and_loses_the_rest(kernel: Kernel) -> None:
    netem = Netem(VirtualClock(), "wlan0", runner=kernel)
    netem.link(Link())
    kernel.said.clear()
    netem.link(Link(up=False))
    assert kernel.said.index("tc qdisc del dev wlan0 root") < kernel.said.index(
        "tc qdisc replace dev wlan0 root netem limit 10000 delay 30000us loss 100.0000%"
    )
    assert kernel.devices["hil-ifb"] == kernel.devices["wlan0"]
    netem.link(Link(delay=0))
    assert kernel.devices["wlan0"] == {"limit": 10000}


def test_a_setting_the_kernel_does_not_show_is_a_fault(kernel: Kernel) -> None:
    netem = Netem(VirtualClock(), "wlan0", runner=kernel)
    kernel.forgets = True
    with pytest.raises(RigFault, match="no netem"):
        netem.link(Link())


def test_somebody_elses_shaping_is_a_fault(kernel: Kernel) -> None:
    netem = Netem(VirtualClock(), "wlan0", runner=kernel)
    netem.link(Link())
    kernel.forgets = True
    with pytest.raises(RigFault, match="somebody else"):
        netem.link(Link(delay=300 * MS))


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ("RTNETLINK answers: Operation not permitted", "sudo"),
        ("Error: Specified qdisc kind is unknown.", "modprobe sch_netem"),
        ("Error: TC classifier not found.", "modprobe sch_netem"),
        ('Cannot find device "wlan0"', "ip link"),
    ],
)
def test_a_refusal_names_the_command_and_what_to_do(kernel: Kernel, said: str, remedy: str) -> None:
    kernel.refuses = said
    with pytest.raises(RigFault, match=remedy) as raised:
        Netem(VirtualClock(), "wlan0", runner=kernel)
    assert said in str(raised.value)


@pytest.mark.parametrize("link", [Link(loss=-0.1), Link(loss=1.1), Link(delay=-1)])
def test_an_impossible_link_changes_nothing(kernel: Kernel, link: Link) -> None:
    netem = Netem(VirtualClock(), "wlan0", runner=kernel)
    kernel.said.clear()
    with pytest.raises(ValueError, match=r"loss|delay"):
        netem.link(link)
    assert kernel.said == []


def test_closing_leaves_the_interface_clean_and_ends_settings(kernel: Kernel) -> None:
    netem = Netem(VirtualClock(), "wlan0", runner=kernel)
    netem.link(Link(delay=300 * MS))
    netem.close()
    netem.close()
    assert kernel.devices == {"wlan0": None}
    assert kernel.ingress == set()
    with pytest.raises(HarnessError):
        netem.link(Link())


def test_what_an_earlier_run_left_is_taken_over(kernel: Kernel) -> None:
    Netem(VirtualClock(), "wlan0", runner=kernel).link(Link(delay=300 * MS))
    again = Netem(VirtualClock(), "wlan0", runner=kernel)
    again.close()
    assert kernel.devices == {"wlan0": None}


def test_a_prefix_stands_before_every_command(kernel: Kernel) -> None:
    said: list[Sequence[str]] = []

    def sudo(command: Sequence[str]) -> Finished:
        said.append(command)
        return kernel(command[2:])

    Netem(VirtualClock(), "wlan0", prefix=("sudo", "-n"), runner=sudo).link(Link())
    assert all(tuple(command[:2]) == ("sudo", "-n") for command in said)


def test_a_program_that_is_not_there_is_a_fault() -> None:
    with pytest.raises(RigFault, match="iproute2"):
        run(["no-such-program-of-iproute2"])


def _in_a_namespace(command: Sequence[str]) -> Finished:
    """Each command in a fresh namespace of its own: enough to hear what the real program says of it."""
    return run(["unshare", "-n", *command])


def _may_unshare() -> bool:
    if not (shutil.which("unshare") and shutil.which("tc")):
        return False
    return subprocess.run(["unshare", "-n", "true"], capture_output=True, timeout=5, check=False).returncode == 0


@pytest.mark.skipif(not _may_unshare(), reason="no tc, or network namespaces are not allowed here")
def test_the_real_tc_names_an_interface_that_is_not_there() -> None:
    with pytest.raises(RigFault, match="Cannot find device"):
        Netem(VirtualClock(), "no-such-wlan", runner=_in_a_namespace)


@pytest.mark.skipif(not _may_unshare(), reason="no tc, or network namespaces are not allowed here")
def test_the_real_kernel_takes_the_settings_or_says_that_it_has_no_netem() -> None:
    holder = subprocess.Popen(["unshare", "-n", "sh", "-c", "echo ready; read x"], stdin=-1, stdout=-1, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "ready\n"
        inside = ("nsenter", f"--net=/proc/{holder.pid}/ns/net")
        try:
            netem = Netem(VirtualClock(), "lo", prefix=inside)
            netem.link(Link(delay=80 * MS, loss=0.19))
        except RigFault as fault:
            if "modprobe" not in str(fault):
                raise
            pytest.skip(f"shaping is not run: {fault}")
        netem.link(Link(up=False))
        netem.link(Link())
        netem.close()
        assert "netem" not in run([*inside, "tc", "qdisc", "show", "dev", "lo"]).out
    finally:
        holder.communicate("\n", timeout=5)
