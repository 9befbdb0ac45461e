"""Eyes on a phone: what its screen holds, and typing.

Theory. ``ServerEyes`` is uiautomator2: it puts its server on the phone (a jar in /data/local/tmp, nothing is
installed), reads a screen in a tenth of a second, also one that moves, and types any text. ``DumpEyes`` is the phone's
own ``uiautomator dump``: nothing is put on the phone, but it takes seconds, refuses a screen that never rests (a
spinner, a camera's picture), and types ASCII only. The two exclude each other, because Android has one place for such
a reader. Apps wait with spinners, so uiautomator2 is the default.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from importlib import import_module
from typing import Any, Protocol, TypeVar

from harness.foundation.errors import HarnessError, NotOffered, RigFault
from harness.phone.hierarchy import Node, parse

T = TypeVar("T")

DUMP = "/data/local/tmp/hil-window.xml"


class Device(Protocol):
    """What this needs of an adb device."""

    serial: str

    def shell(self, command: str, timeout_s: float | None = None) -> str: ...

    def push(self, data: bytes, path: str) -> None: ...

    def adbutils(self) -> Any: ...

    def meanwhile(self, work: Callable[[], T]) -> T: ...


class Eyes(Protocol):
    def nodes(self) -> tuple[Node, ...]:
        """What is on the screen now. RigFault when it cannot be read."""
        ...

    def type(self, text: str) -> None:
        """Into the field that has the focus."""
        ...

    def close(self) -> None: ...


class DumpEyes:
    def __init__(self, device: Device) -> None:
        self._device = device

    def nodes(self) -> tuple[Node, ...]:
        # the last command, so that a dump that failed comes back as what it said, whatever it ended with
        command = f"rm -f {DUMP}; uiautomator dump {DUMP} 2>&1; cat {DUMP}; echo"
        said, begins, xml = self._device.shell(command, 30.0).partition("<?xml")
        if not begins:
            raise RigFault(
                f"Android {self._device.serial}: the screen cannot be read: {said.strip()}. A screen that never rests "
                f"needs 'eyes: uiautomator2' in the rig file."
            )
        return parse(begins + xml)

    def type(self, text: str) -> None:
        if not (text.isascii() and text.isprintable()):
            raise NotOffered(
                "the phone's own 'input text' types ASCII only. Write 'eyes: uiautomator2' in the rig file."
            )
        self._device.shell(f"input text {shlex.quote(text.replace(' ', '%s'))}")

    def close(self) -> None:
        pass


class ServerEyes:
    """RigFault when the server cannot be started on the phone."""

    def __init__(self, device: Device) -> None:
        self._serial = device.serial
        try:
            uiautomator2 = import_module("uiautomator2")
        except ImportError as why:
            raise RigFault(
                f"'eyes: uiautomator2' needs that package: {why}. pip install 'headunit-hil[phone]', or 'eyes: dump'."
            ) from why
        self._server = self._asked(lambda: uiautomator2.connect(device.adbutils()))

    def nodes(self) -> tuple[Node, ...]:
        return parse(self._asked(self._server.dump_hierarchy))

    def type(self, text: str) -> None:
        self._asked(lambda: self._server(focused=True).set_text(text, timeout=5))

    def close(self) -> None:
        self._asked(lambda: self._server.stop_uiautomator(wait=False))

    def _asked(self, what: Callable[[], Any]) -> Any:
        try:
            return what()
        except (HarnessError, RigFault):
            raise
        except Exception as why:
            raise RigFault(
                f"Android {self._serial}: uiautomator2 does not answer: {type(why).__name__}: {why}. Unlock the phone, "
                f"end other programs that read its screen, or write 'eyes: dump' in the rig file."
            ) from why
