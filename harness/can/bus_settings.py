"""The settings of a real channel: checked here, handed to python-can as it wants them.

What a rig file says in our words is ``interface``, ``channel``, ``bitrate``, ``data_bitrate``, ``fd``, ``sample_point``
and ``data_sample_point`` (percent), ``f_clock`` (Hz), ``timing`` (the registers, as python-can's BitTiming or
BitTimingFd name them) and ``latency``. Every other setting must be one that the named interface knows; it goes
through as it is. User-wide configuration files of python-can are not read: a rig file says all there is.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.foundation.config import suggest
from harness.foundation.errors import BadInput, RigFault
from harness.foundation.units import MS, Ns, parse_duration

OURS = frozenset({"interface", "channel", "bitrate", "data_bitrate", "fd", "sample_point", "data_sample_point",
                  "f_clock", "timing", "latency"})  # fmt: skip
NO_BITS = frozenset({"virtual", "udp_multicast"})
"""Media without bit timing: rates are accepted for the car's sake and mean nothing."""
BY_KERNEL = frozenset({"socketcan"})
"""The bit timing belongs to the network interface ('ip link'); it is compared, not set."""
ON_HOST_CLOCK = frozenset({"socketcan", "virtual", "udp_multicast", "socketcand"})
"""Stamped with the host's own clock of the day: no hardware stamp reaches us through python-can."""
QUEUED_BY_KERNEL = frozenset({"socketcan", "udp_multicast"})
"""Sockets of this machine's kernel, which stamps each frame as it comes."""
HEARS_ITSELF = frozenset({"udp_multicast"})
"""Every frame sent comes back like anybody else's, without a mark."""
HOST_LATENCY: Ns = 2 * MS
DEVICE_LATENCY: Ns = 10 * MS
PACKAGES = {
    "canalystii": "the Python package canalystii",
    "cantact": "the Python package cantact",
    "gs_usb": "the Python packages gs_usb and pyusb",
    "ixxat": "IXXAT's VCI driver (Windows)",
    "kvaser": "Kvaser's CANlib driver",
    "neovi": "the Python packages python-ics and filelock",
    "nican": "National Instruments' NI-CAN driver (Windows)",
    "nixnet": "the Python package nixnet and National Instruments' NI-XNET driver",
    "pcan": "PEAK's PCAN-Basic library",
    "robotell": "the Python package pyserial",
    "seeedstudio": "the Python package pyserial",
    "serial": "the Python package pyserial",
    "slcan": "the Python package pyserial",
    "systec": "SYS TEC's driver (Windows)",
    "udp_multicast": "the Python package msgpack",
    "usb2can": "the Python package pywin32 (Windows)",
    "vector": "Vector's XL Driver Library (Windows)",
    "etas": "ETAS's BOA driver (Windows)",
}


@dataclass(frozen=True)
class Channel:
    """One channel, checked. ``arguments`` go to python-can's bus class; rates in bit/s, sample points in percent."""

    name: str
    interface: str
    channel: str | int | None
    bitrate: int | None
    data_bitrate: int | None
    fd: bool
    sample_point: float | None
    data_sample_point: float | None
    latency: Ns
    echoes: bool
    """Whether own frames come back from the interface."""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    bus_class: Any = None


class _Settings:
    """The settings of one port, taken out one by one with their checks."""

    def __init__(self, where: str, settings: Mapping[str, object]) -> None:
        self.where = where
        self.rest = {key: value for key, value in settings.items() if value is not None}

    def bad(self, key: str, value: object, problem: str, remedy: str) -> BadInput:
        return BadInput(self.where, None, f"{key}: {value}", problem, remedy)

    def whole(self, key: str, low: int, high: int, unit: str) -> int | None:
        value = self.rest.pop(key, None)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.bad(key, value, f"not a whole number of {unit} from {low} to {high}", f"Write it in {unit}")
        return value

    def percent(self, key: str) -> float | None:
        value = self.rest.pop(key, None)
        if value is None:
            return None
        if not isinstance(value, int | float) or isinstance(value, bool) or not 50 <= value <= 95:
            raise self.bad(key, value, "a sample point lies between 50 and 95 percent of the bit",
                           "Write percent, such as 80")  # fmt: skip
        return float(value)


def check(where: str, settings: Mapping[str, object]) -> Channel:
    """``settings`` of the port ``where`` (for messages) as a Channel.

    BadInput for a setting that is unknown, out of range or of no use for the interface; RigFault where the
    interface's package or library is missing. """
    s = _Settings(where, settings)
    interface = s.rest.pop("interface", None)
    bus_class, known = _interface(s, interface)
    interface = str(interface)
    channel = s.rest.pop("channel", None)
    if channel is not None and not isinstance(channel, str | int):
        raise s.bad("channel", channel, "not the name or number of a channel", "Write such as can0, or 0")
    bitrate = s.whole("bitrate", 5_000, 1_000_000, "bit/s")
    data_bitrate = s.whole("data_bitrate", 5_000, 20_000_000, "bit/s")
    fd = s.rest.pop("fd", data_bitrate is not None)
    if not isinstance(fd, bool):
        raise s.bad("fd", fd, "neither true nor false", "Write true for CAN FD")
    if data_bitrate is not None and not fd:
        raise s.bad("data_bitrate", data_bitrate, "a classic channel has no second bit rate", "Write fd: true")
    if data_bitrate is not None and bitrate is not None and data_bitrate < bitrate:
        raise s.bad("data_bitrate", data_bitrate, f"slower than the bitrate, {bitrate}", "Exchange the two")
    point, data_point = s.percent("sample_point"), s.percent("data_sample_point")
    if data_point is not None and not fd:
        raise s.bad("data_sample_point", data_point, "a classic channel has no data phase", "Write fd: true")
    f_clock = s.whole("f_clock", 1_000_000, 200_000_000, "Hz")
    registers = s.rest.pop("timing", None)
    latency = _latency(s, interface)
    _own_settings(s, interface, known)
    arguments: dict[str, Any] = dict(s.rest)
    if interface not in NO_BITS | BY_KERNEL:
        wanted = _Bits(bitrate, data_bitrate, fd, point, data_point, f_clock, registers)
        arguments |= _bit_timing(s, interface, known, wanted)
    elif registers is not None or f_clock is not None:
        raise s.bad("timing" if registers else "f_clock", registers or f_clock, f"{interface} takes no bit timing",
                    "Leave it out" if interface in NO_BITS else "Set it with 'ip link set ... type can'")  # fmt: skip
    if "fd" in known and interface != "pcan":
        arguments["fd"] = fd
    echoes = interface in HEARS_ITSELF or "receive_own_messages" in known
    if echoes and interface not in HEARS_ITSELF:
        arguments["receive_own_messages"] = True
    return Channel(where, interface, channel, bitrate, data_bitrate, fd, point, data_point, latency, echoes, arguments,
                   bus_class)  # fmt: skip


def _interface(s: _Settings, interface: object) -> tuple[Any, frozenset[str]]:
    """The bus class and the names of the settings it knows."""
    from can.interfaces import BACKENDS

    if not isinstance(interface, str) or interface not in BACKENDS:
        raise s.bad("interface", interface, "python-can knows no such interface", suggest(str(interface), BACKENDS))
    module_name, class_name = BACKENDS[interface]
    try:
        module = importlib.import_module(module_name)
        bus_class = getattr(module, class_name)
    except Exception as why:  # vendors' modules fail in every way there is
        raise _missing(s.where, interface, why) from why
    names = set(inspect.signature(bus_class.__init__).parameters) - {"self", "kwargs", "args"}
    with contextlib.suppress(OSError, TypeError):  # several take settings that their signature does not show
        text = inspect.getsource(inspect.getmodule(bus_class) or module)
        names.update(re.findall(r"kwargs(?:\.get|\.pop)?[(\[]\s*\"([a-z]\w*)\"", text))
    return bus_class, frozenset(names)


def _missing(where: str, interface: str, why: Exception) -> RigFault:
    needs = PACKAGES.get(interface, f"what python-can's documentation says of {interface}")
    return RigFault(f"{where}: the interface {interface} cannot be used: {why}; it needs {needs}")


def _latency(s: _Settings, interface: str) -> Ns:
    latency = s.rest.pop("latency", None)
    if latency is None:
        return HOST_LATENCY if interface in ON_HOST_CLOCK else DEVICE_LATENCY
    try:
        span = parse_duration(str(latency))
    except ValueError as why:
        raise s.bad("latency", latency, str(why), "Write such as '2 ms'") from why
    if span <= 0:
        raise s.bad("latency", latency, "no interface is that quick", "Write such as '2 ms'")
    return span


def _own_settings(s: _Settings, interface: str, known: frozenset[str]) -> None:
    """What is left belongs to the interface."""
    for key, value in s.rest.items():
        if key == "receive_own_messages":
            raise s.bad(key, value, "echoes are always on where the interface has them", "Leave it out")
        if key not in known:
            own = sorted((known | OURS) - {"receive_own_messages", "can_filters"})
            raise s.bad(key, value, f"{interface} knows no such setting", suggest(key, own))
    if interface == "udp_multicast" and "port" not in s.rest:
        # its socket hears every group that anybody on this machine has joined at the same port
        raise s.bad("port", "missing", "channels that share a UDP port hear each other",
                    "Give each channel a port of its own, such as port: 43201")  # fmt: skip


@dataclass(frozen=True)
class _Bits:
    bitrate: int | None
    data_bitrate: int | None
    fd: bool
    point: float | None
    data_point: float | None
    f_clock: int | None
    registers: object


def _bit_timing(s: _Settings, interface: str, known: frozenset[str], bits: _Bits) -> dict[str, Any]:
    """The arguments that set the bit timing, as this interface takes them."""
    if bits.registers is not None or bits.point is not None or bits.data_point is not None:
        if "timing" not in known:
            key = "timing" if bits.registers is not None else "sample_point"
            raise s.bad(key, bits.registers or bits.point, f"python-can cannot set it on {interface}", "Leave it out")
        return {"timing": _registers(s, bits) if bits.registers is not None else _from_points(s, bits)}
    if bits.f_clock is not None:
        raise s.bad("f_clock", bits.f_clock, "of use only with a sample point", "Give sample_point as well")
    arguments: dict[str, Any] = {}
    for key, value in (("bitrate", bits.bitrate), ("data_bitrate", bits.data_bitrate)):
        name = "fd_bitrate" if key == "data_bitrate" and "fd_bitrate" in known else key
        if value is not None and name not in known:
            if "timing" in known:
                raise s.bad(key, value, f"{interface} takes it only as a bit timing",
                            "Give f_clock, sample_point and data_sample_point as well")  # fmt: skip
            raise s.bad(key, value, f"python-can cannot set it on {interface}", "Leave it out")
        if value is not None:
            arguments[name] = value
    return arguments


def _registers(s: _Settings, bits: _Bits) -> Any:
    from can import BitTiming, BitTimingFd

    if not isinstance(bits.registers, Mapping):
        raise s.bad("timing", bits.registers, "not a mapping", "Write such as {f_clock: 8000000, brp: 1, ...}")
    try:
        timing = (BitTimingFd if bits.fd else BitTiming)(**bits.registers)
    except (TypeError, ValueError) as why:
        names = "nom_brp, nom_tseg1, nom_tseg2, nom_sjw and data_..." if bits.fd else "brp, tseg1, tseg2, sjw"
        raise s.bad("timing", dict(bits.registers), str(why), f"It takes f_clock, {names}") from why
    rates = (timing.nom_bitrate, timing.data_bitrate) if isinstance(timing, BitTimingFd) else (timing.bitrate, None)
    for key, wanted, got in zip(("bitrate", "data_bitrate"), (bits.bitrate, bits.data_bitrate), rates, strict=True):
        if wanted is not None and got is not None and wanted != got:
            raise s.bad("timing", dict(bits.registers), f"makes a {key} of {got}, not {wanted}", "Correct one of them")
    return timing


def _from_points(s: _Settings, bits: _Bits) -> Any:
    from can import BitTiming, BitTimingFd

    needed = {"bitrate": bits.bitrate, "f_clock": bits.f_clock, "sample_point": bits.point}
    if bits.fd:
        needed |= {"data_bitrate": bits.data_bitrate, "data_sample_point": bits.data_point}
    for key, value in needed.items():
        if value is None:
            raise s.bad(key, "missing", "a sample point needs it", f"Give {' and '.join(needed)}")
    try:
        if bits.fd:
            return BitTimingFd.from_sample_point(bits.f_clock, bits.bitrate, bits.point,  # type: ignore[arg-type]
                                                 bits.data_bitrate, bits.data_point)  # type: ignore[arg-type]  # fmt: skip
        return BitTiming.from_sample_point(bits.f_clock, bits.bitrate, bits.point)  # type: ignore[arg-type]
    except ValueError as why:
        raise s.bad("sample_point", bits.point, f"cannot be had from {bits.f_clock} Hz at {bits.bitrate} bit/s: {why}",
                    "Choose another f_clock or sample_point") from why  # fmt: skip
