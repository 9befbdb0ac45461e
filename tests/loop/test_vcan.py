"""Virtual CAN interfaces: which are missing, and what is said where they cannot be made."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.foundation.errors import RigFault
from harness.rig.vcan import make, missing


def test_only_missing_virtual_interfaces_are_to_be_made(tmp_path: Path) -> None:
    (tmp_path / "vcan0").mkdir()
    settings: list[dict[str, object]] = [
        {"interface": "socketcan", "channel": "vcan0"},
        {"interface": "socketcan", "channel": "vcan1"},
        {"interface": "socketcan", "channel": "vcan1"},
        {"interface": "socketcan", "channel": "can0"},
        {"interface": "udp_multicast", "channel": "vcan2"},
    ]
    assert missing(settings, tmp_path) == ["vcan1"]


def test_where_they_cannot_be_made_the_command_is_told() -> None:
    with pytest.raises(RigFault, match="sudo ip link add vcan7 type vcan && sudo ip link set vcan7 mtu 72 up"):
        make(["vcan7"], search="/nowhere")
