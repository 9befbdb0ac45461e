"""Datagrams through a link that the real kernel shapes: needs root, iproute2 and a kernel with netem.

The unit is a network namespace behind a veth pair, with an echo in it. What the shaping adds is compared with the same
link unshaped, so a slow machine does not matter.
"""

from __future__ import annotations

import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from harness.foundation.clock import VirtualClock
from harness.foundation.units import MS
from harness.network.netem import Netem, run
from harness.network.port import Link

ECHO = """
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("10.99.7.2", 7))
print("ready", flush=True)
while True:
    data, sender = s.recvfrom(99)
    s.sendto(data, sender)
"""


def _shapes() -> bool:
    """Does this kernel shape, for this user? Asked in a namespace of its own."""
    if not (shutil.which("unshare") and shutil.which("tc")):
        return False
    line = "tc qdisc add dev lo root netem delay 1ms && tc qdisc add dev lo ingress && ip link add x0 type veth"
    return (
        subprocess.run(["unshare", "-n", "sh", "-c", line], capture_output=True, timeout=5, check=False).returncode == 0
    )


pytestmark = pytest.mark.skipif(not _shapes(), reason="no netem for this user in this kernel: shaping is not run")


class Answers(NamedTuple):
    asked: int
    came: list[float]
    """Round trips in ms."""


def ask(count: int) -> Answers:
    came = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(0.5)
        for i in range(count):
            began = time.perf_counter()
            s.sendto(b"%d" % i, ("10.99.7.2", 7))
            try:
                while int(s.recv(99)) != i:
                    pass
            except TimeoutError:
                continue
            came.append((time.perf_counter() - began) * 1e3)
    return Answers(count, came)


@pytest.fixture
def unit() -> Iterator[str]:
    """The interface that leads to the unit."""
    yield from linked()


def linked() -> Iterator[str]:
    for command in (
        "ip netns add hil-unit",
        "ip link add hil-rig type veth peer name hil-unit netns hil-unit",
        "ip addr add 10.99.7.1/30 dev hil-rig",
        "ip link set hil-rig up",
        "ip netns exec hil-unit ip addr add 10.99.7.2/30 dev hil-unit",
        "ip netns exec hil-unit ip link set hil-unit up",
    ):
        done = run(command.split())
        assert done.code == 0, done
    inside = ("ip", "netns", "exec", "hil-unit", sys.executable, "-S", "-c", ECHO)
    with subprocess.Popen(inside, stdout=subprocess.PIPE, text=True) as echo:
        assert echo.stdout is not None
        assert echo.stdout.readline() == "ready\n"
        yield "hil-rig"
        echo.kill()
    run(["ip", "link", "del", "hil-rig"])
    run(["ip", "netns", "del", "hil-unit"])


def test_a_link_is_delayed_both_ways_loses_its_share_falls_and_comes_back(unit: str) -> None:
    netem = Netem(VirtualClock(), unit)
    netem.link(Link(delay=0))
    bare = statistics.median(ask(10).came)
    netem.link(Link(delay=80 * MS))
    delayed = ask(10)
    assert len(delayed.came) == 10
    assert 155 <= statistics.median(delayed.came) - bare + 5 <= 200
    netem.link(Link(delay=0, loss=0.5))
    assert 12 <= len(ask(60).came) <= 48
    netem.link(Link(up=False))
    assert ask(3).came == []
    netem.link(Link(delay=10 * MS))
    assert len(ask(5).came) == 5
    netem.close()
    assert len(ask(5).came) == 5
    assert "netem" not in run(["tc", "qdisc", "show", "dev", unit]).out
