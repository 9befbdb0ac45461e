"""Settings of real channels: wrong ones are told before anything is opened, with what to write instead."""

from __future__ import annotations

from typing import Any

import can
import pytest

from harness.can.bus_settings import Channel, check
from harness.can.opening import difference, open_bus
from harness.foundation.errors import BadInput, RigFault
from harness.foundation.units import MS

KVASER = {"interface": "kvaser", "channel": 0, "bitrate": 500_000}
CAN0 = {"interface": "socketcan", "channel": "can0", "bitrate": 500_000, "sample_point": 80}
VIRTUAL = {"interface": "virtual", "channel": "x"}


@pytest.mark.parametrize(
    ("settings", "problem", "remedy"),
    [
        ({"interface": "socketcam"}, "no such interface", "socketcan"),
        ({}, "no such interface", "Known"),
        ({**VIRTUAL, "rx_queue": 5}, "virtual knows no such setting", "rx_queue_size"),
        ({**KVASER, "bitrat": 5}, "kvaser knows no such setting", "bitrate"),
        ({**CAN0, "sample_point": 0.8}, "between 50 and 95 percent", "80"),
        ({**CAN0, "sample_point": 99}, "between 50 and 95 percent", "80"),
        ({**CAN0, "bitrate": "500k"}, "not a whole number of bit/s", "bit/s"),
        ({**CAN0, "bitrate": 2_000_000}, "from 5000 to 1000000", "bit/s"),
        ({**CAN0, "data_bitrate": 250_000}, "slower than the bitrate", "Exchange"),
        ({**CAN0, "data_bitrate": 2_000_000, "fd": False}, "classic channel", "fd: true"),
        ({**CAN0, "data_sample_point": 75}, "no data phase", "fd: true"),
        ({**CAN0, "timing": {"brp": 1}}, "takes no bit timing", "ip link"),
        ({**CAN0, "fd": "yes"}, "neither true nor false", "true"),
        ({**CAN0, "latency": "2"}, "not a number with a unit", "2 ms"),
        ({**CAN0, "receive_own_messages": False}, "always on", "Leave it out"),
        ({**KVASER, "sample_point": 80}, "needs it", "f_clock"),
        ({**KVASER, "sample_point": 80, "f_clock": 8_100_000}, "cannot be had", "f_clock"),
        ({**KVASER, "timing": {"brp": 1}}, "argument", "tseg1"),
        ({**KVASER, "timing": {"f_clock": 8_000_000, "brp": 2, "tseg1": 13, "tseg2": 2, "sjw": 1}},
         "makes a bitrate of 250000", "Correct"),
        ({"interface": "systec", "channel": 0, "sample_point": 80}, "cannot set it on systec", "Leave it out"),
        ({"interface": "udp_multicast", "channel": "239.0.0.1"}, "hear each other", "port: "),
    ],
)  # fmt: skip
def test_wrong_settings_are_told_with_a_remedy(settings: dict[str, object], problem: str, remedy: str) -> None:
    with pytest.raises(BadInput) as told:
        check("can/body", settings)
    assert told.value.where == "can/body"
    assert problem in told.value.problem
    assert remedy in told.value.remedy


def test_an_interface_whose_package_is_missing_is_named_with_the_package() -> None:
    with pytest.raises(RigFault, match=r"gs_usb cannot be used: .*; it needs the Python packages gs_usb and pyusb"):
        check("can/body", {"interface": "gs_usb", "channel": 0})


def test_an_interface_that_cannot_be_opened_says_what_it_needs() -> None:
    with pytest.raises(RigFault, match=r"cannot be opened.*Kvaser's CANlib driver"):
        open_bus(check("can/body", KVASER))


def test_a_network_interface_that_is_not_there_comes_with_the_command_that_makes_it() -> None:
    channel = check("can/body", {**CAN0, "channel": "can77", "data_bitrate": 2_000_000, "data_sample_point": 75})
    with pytest.raises(RigFault, match=r"ip link set can77 down; ip link set can77 type can bitrate 500000 "
                                       r"sample-point 0.8 dbitrate 2000000 dsample-point 0.75 fd on"):  # fmt: skip
        open_bus(channel)
    with pytest.raises(RigFault, match=r"ip link add dev vcan77 type vcan; ip link set vcan77 mtu 72 up"):
        open_bus(check("can/body", {"interface": "socketcan", "channel": "vcan77", "fd": True}))


def link(**more: Any) -> dict[str, Any]:
    timing = {"bitrate": 500_000, "sample_point": "0.800"}
    return {"ifname": "can0", "flags": ["NOARP", "UP"], "mtu": 16,
            "linkinfo": {"info_kind": "can", "info_data": {"bittiming": timing}}, **more}  # fmt: skip


@pytest.mark.parametrize(
    ("settings", "found", "problem"),
    [
        ({}, link(), ""),
        ({}, link(flags=["NOARP"]), "can0 is down"),
        ({"bitrate": 250_000}, link(), "can0 has a bittiming of 500000 bit/s, not 250000"),
        ({"sample_point": 87.5}, link(), "can0 has its bittiming sample point at 80.0 %, not 87.5 %"),
        ({"fd": True}, link(), "can0 carries no FD frames"),
        ({}, link(linkinfo={"info_kind": "vcan"}), ""),
    ],
)
def test_the_kernels_bit_timing_is_compared_with_what_was_asked(
    settings: dict[str, object], found: dict[str, Any], problem: str
) -> None:
    assert difference(check("can/body", {**CAN0, **settings}), found) == problem


def test_rates_and_interface_settings_go_through() -> None:
    channel = check("can/body", {**KVASER, "data_bitrate": 2_000_000, "single_handle": True, "latency": "5 ms"})
    assert channel.fd
    assert channel.echoes
    assert channel.latency == 5 * MS
    assert channel.arguments == {"bitrate": 500_000, "data_bitrate": 2_000_000, "fd": True, "single_handle": True,
                                 "receive_own_messages": True}  # fmt: skip


def arguments_of(settings: dict[str, object]) -> Channel:
    return check("can/body", settings)


def test_a_sample_point_becomes_the_registers_that_make_it() -> None:
    timing = arguments_of({**KVASER, "sample_point": 87.5, "f_clock": 8_000_000}).arguments["timing"]
    assert isinstance(timing, can.BitTiming)
    assert (timing.bitrate, timing.sample_point) == (500_000, 87.5)
    fd = {**KVASER, "data_bitrate": 2_000_000, "sample_point": 80, "data_sample_point": 80, "f_clock": 80_000_000}
    timing = arguments_of(fd).arguments["timing"]
    assert isinstance(timing, can.BitTimingFd)
    assert (timing.nom_sample_point, timing.data_bitrate, timing.data_sample_point) == (80, 2_000_000, 80)


def test_registers_go_through_when_they_make_the_rate() -> None:
    registers = {"f_clock": 8_000_000, "brp": 1, "tseg1": 13, "tseg2": 2, "sjw": 1}
    assert arguments_of({**KVASER, "timing": registers}).arguments["timing"].bitrate == 500_000


def test_media_without_bits_take_the_cars_rates_and_mean_nothing_by_them() -> None:
    channel = arguments_of({**VIRTUAL, "bitrate": 500_000, "data_bitrate": 2_000_000, "sample_point": 80})
    assert channel.fd
    assert channel.arguments == {"receive_own_messages": True}
