"""Open a python-can bus for a checked channel; on SocketCAN look first whether the kernel's interface is as asked."""

from __future__ import annotations

import contextlib
import errno
import json
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any

from harness.can.bus_settings import PACKAGES, Channel
from harness.foundation.errors import RigFault

RECEIVE_BUFFER = 4 * 1024 * 1024
"""Bytes; the default holds some 250 frames, which a busy test process lets run over."""
_TOLERANCE = 1.0
"""Percent between the sample point asked for and the one the controller can make."""
_SO_RCVBUFFORCE = 33


def open_bus(channel: Channel) -> Any:
    """A ``can.BusABC``. RigFault, with what to do, when it cannot be opened."""
    if channel.interface == "socketcan":
        check_link(channel)
    first = () if channel.channel is None else (channel.channel,)
    try:
        bus = channel.bus_class(*first, **channel.arguments)
    except Exception as why:  # vendors' libraries fail in every way there is
        needs = PACKAGES.get(channel.interface)
        remedy = f"; it needs {needs}" if needs else ""
        raise RigFault(f"{channel.name}: {channel.interface} {channel.channel} cannot be opened: "
                       f"{type(why).__name__}: {why}{remedy}; is it plugged in, and free?") from why  # fmt: skip
    _widen(bus)
    return bus


def _widen(bus: Any) -> None:
    """Give a socket behind the bus more room for what has not been read yet."""
    with contextlib.suppress(Exception):
        number = bus.fileno()
        if number >= 0:
            with socket.socket(fileno=socket.dup(number)) as twin:
                try:
                    twin.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, RECEIVE_BUFFER)
                except OSError:
                    twin.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)


def check_link(channel: Channel) -> None:
    """RigFault, with the exact command, when the network interface is missing, down, or has another bit timing.

    Interfaces without a bit timing of their own (vcan, slcan) have nothing to compare. Where there is no ``ip``, only
    whether the interface exists is looked at. """
    name = str(channel.channel)
    try:
        socket.if_nametoindex(name)
    except OSError as why:
        raise RigFault(f"{channel.name}: there is no network interface {name}; {_make(channel)}") from why
    ip = shutil.which("ip")
    if ip is None:
        return
    done = subprocess.run([ip, "-details", "-json", "link", "show", "dev", name], capture_output=True, text=True)
    with contextlib.suppress(ValueError, LookupError):
        problem = difference(channel, json.loads(done.stdout)[0])
        if problem:
            raise RigFault(f"{channel.name}: {problem}; {_make(channel)}")


def link_is_up(name: str) -> str:
    """OSError when the network interface is down or gone: its sockets would only be silent. Otherwise "", for the bus
    state is not in these flags."""
    flags = int(Path("/sys/class/net", name, "flags").read_text(), 16)
    if not flags & 1:
        raise OSError(errno.ENETDOWN, f"{name} is down")
    return ""


def difference(channel: Channel, link: dict[str, Any]) -> str:
    """What of ``link`` (one entry of ``ip -details -json link``) is not as asked; empty when all is."""
    name = link.get("ifname", channel.channel)
    if "UP" not in link.get("flags", ()):
        return f"{name} is down"
    if channel.fd and link.get("mtu", 72) < 72:
        return f"{name} carries no FD frames"
    info = link.get("linkinfo", {}).get("info_data", {})
    for key, rate, point in (("bittiming", channel.bitrate, channel.sample_point),
                             ("data_bittiming", channel.data_bitrate, channel.data_sample_point)):  # fmt: skip
        timing = info.get(key)
        if not timing:
            continue
        if rate is not None and timing.get("bitrate") != rate:
            return f"{name} has a {key} of {timing.get('bitrate')} bit/s, not {rate}"
        got = float(timing.get("sample_point", 0)) * 100
        if point is not None and abs(got - point) > _TOLERANCE:
            return f"{name} has its {key} sample point at {got:.1f} %, not {point:.1f} %"
    return ""


def _make(channel: Channel) -> str:
    name = str(channel.channel)
    if name.startswith("vcan"):
        return f"run: ip link add dev {name} type vcan; ip link set {name} mtu {72 if channel.fd else 16} up"
    timing = f"bitrate {channel.bitrate or 500_000}"
    if channel.sample_point is not None:
        timing += f" sample-point {channel.sample_point / 100:g}"
    if channel.fd:
        timing += f" dbitrate {channel.data_bitrate or 2_000_000}"
        if channel.data_sample_point is not None:
            timing += f" dsample-point {channel.data_sample_point / 100:g}"
        timing += " fd on"
    return (f"run: ip link set {name} down; ip link set {name} type can {timing} berr-reporting on; "
            f"ip link set {name} up")  # fmt: skip
