"""Lines on the GPIO pins of a single-board computer, by libgpiod.

Theory. The kernel gives pins away to one owner, who holds them as long as the request is open. All lines are requested
together and off, so no line has an unknown level; a level is read back after it was set. What stands between this port
and libgpiod is four lines of code (``Pins``), the only part that needs a chip. A relay or transistor behind the pin has
its own delay: ``settle``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

from harness.foundation.clock import Clock
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns, S
from harness.io.port import LINES


class Pins(Protocol):
    """The pins that were requested, by their offset on the chip. OSError when the chip is gone."""

    def set(self, offset: int, on: bool) -> None: ...

    def get(self, offset: int) -> bool: ...

    def release(self) -> None: ...


class GpioLines:
    """An ``IoPort``. ``offsets`` says which line hangs on which pin. Takes ``pins`` over and releases them at close."""

    def __init__(
        self, clock: Clock, pins: Pins, offsets: Mapping[str, int], *, settle: Ns = 0, stall: Ns = 1 * S
    ) -> None:
        for line in offsets:
            if line not in LINES:
                raise HarnessError(f"no line {line!r}; there are: {', '.join(LINES)}")
        self.settle = settle
        self.stall = stall
        self._clock = clock
        self._pins = pins
        self._offsets = dict(offsets)
        self._closed = False
        for line in self._offsets:
            self.set(line, False)

    def set(self, line: str, on: bool) -> Stamp:
        """As ``IoPort.set``. HarnessError for a line without a pin, RigFault when the pin does not follow."""
        if self._closed:
            raise HarnessError(f"set {line}: the lines are closed")
        if line not in self._offsets:
            raise HarnessError(f"no line {line!r}; there are pins for: {', '.join(self._offsets)}")
        offset = self._offsets[line]
        early = self._clock.now()
        try:
            self._pins.set(offset, on)
            done = self._clock.now()
            level = self._pins.get(offset)
        except OSError as why:
            raise RigFault(f"pin {offset} ({line}) cannot be switched: {why}. Check that the chip is there.") from why
        if level != on:
            raise RigFault(
                f"pin {offset} ({line}) was switched {'on' if on else 'off'} and stayed; look for a short or a second "
                f"driver on it."
            )
        return Stamp(done, early, done + self.settle)

    def lines(self) -> Sequence[str]:
        return tuple(self._offsets)

    def seen_to(self) -> Ns:
        return self._clock.settled()

    def close(self) -> None:
        """Gives the pins back; what level they then have is for the kernel and the board to say."""
        if not self._closed:
            self._closed = True
            self._pins.release()


class _Requested:
    """A libgpiod request as ``Pins``."""

    def __init__(self, request: Any, active: Any, inactive: Any) -> None:
        self._request = request
        self._active = active
        self._inactive = inactive

    def set(self, offset: int, on: bool) -> None:
        self._request.set_value(offset, self._active if on else self._inactive)

    def get(self, offset: int) -> bool:
        return bool(self._request.get_value(offset) == self._active)

    def release(self) -> None:
        self._request.release()


def request(chip: str, offsets: Collection[int], active_low: Collection[int] = ()) -> Pins:
    """Ask the kernel for the pins ``offsets`` of ``chip`` ("/dev/gpiochip0") as outputs, off.

    ImportError where the extra ``gpio`` is not installed; RigFault when the chip does not give them.
    """
    import gpiod
    from gpiod.line import Direction, Value

    config: dict[Any, Any] = {
        offset: gpiod.LineSettings(
            direction=Direction.OUTPUT, output_value=Value.INACTIVE, active_low=offset in active_low
        )
        for offset in offsets
    }
    try:
        made = gpiod.request_lines(chip, consumer="hil", config=config)
    except (OSError, ValueError) as why:
        raise RigFault(
            f"{chip} does not give pins {sorted(offsets)}: {why}. See 'gpioinfo' for the chips, their pins and who "
            f"holds them; the user needs rights on the chip (group gpio)."
        ) from why
    return _Requested(made, Value.ACTIVE, Value.INACTIVE)
