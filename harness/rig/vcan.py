"""The kernel's virtual CAN interfaces of a loop rig: made where they are missing and this user may, else the command.

Only names that begin with "vcan" are ever made; nothing that exists is touched.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from harness.foundation.errors import RigFault

NETWORK = Path("/sys/class/net")
MTU_FD = 72
"""Room for a CAN FD frame; 16 would be classic CAN only."""


def commands(name: str) -> list[list[str]]:
    """What makes the interface ``name``, in order."""
    return [
        ["ip", "link", "add", name, "type", "vcan"],
        ["ip", "link", "set", name, "mtu", str(MTU_FD), "up"],
    ]


def missing(settings: Iterable[dict[str, object]], present: Path = NETWORK) -> list[str]:
    """The virtual interfaces that buses with these settings name and that are not there."""
    names = [str(s.get("channel")) for s in settings if s.get("interface") == "socketcan"]
    return [name for name in dict.fromkeys(names) if name.startswith("vcan") and not (present / name).exists()]


def make(names: list[str], search: str | None = None) -> None:
    """Make them with the "ip" found along ``search`` (default: PATH). RigFault with the exact command when that cannot
    be done here."""
    for name in names:
        for command in commands(name):
            program = shutil.which(command[0], path=search)
            done = None if program is None else subprocess.run([program, *command[1:]], capture_output=True, text=True)
            if done is None or done.returncode:
                why = "there is no 'ip' program" if done is None else done.stderr.strip()
                by_hand = " && ".join(f"sudo {' '.join(c)}" for n in names for c in commands(n))
                raise RigFault(f"{name} is missing and could not be made ({why}). As root: sudo modprobe vcan && "
                               f"{by_hand}; without SocketCAN take rigs/udp.yaml")  # fmt: skip
