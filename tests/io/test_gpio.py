"""GPIO lines over pins in memory; libgpiod itself only as far as it goes without a chip.

Pins are switched through libgpiod where the kernel has the simulated chip gpio-sim; elsewhere that is not run.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.contracts.io import IoContract, IoEnds
from harness.foundation.clock import VirtualClock
from harness.foundation.errors import HarnessError, RigFault
from harness.io.gpio import GpioLines, request

OFFSETS = {"KL15": 17, "ACC": 27, "reverse": 22, "bus_short": 23}


class PinsInMemory:
    """Keeps ``Pins``: levels by offset, and the unit that looks at them when time passes."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.levels: dict[int, bool] = dict.fromkeys(OFFSETS.values(), False)
        self.shorted: set[int] = set()
        self.gone = False
        self.released = 0
        self._changed: list[Callable[[str, bool], None]] = []

    def set(self, offset: int, on: bool) -> None:
        if self.gone:
            raise OSError("No such device")
        if self.levels[offset] == on:
            return
        self.levels[offset] = on
        line = next(name for name, pin in OFFSETS.items() if pin == offset)
        for callback in self._changed:
            self.clock.at(self.clock.now(), lambda c=callback: c(line, on), name="unit")

    def get(self, offset: int) -> bool:
        return self.levels[offset] and offset not in self.shorted

    def release(self) -> None:
        self.released += 1

    def state(self, line: str) -> bool:
        return self.levels[OFFSETS[line]]

    def on_change(self, callback: Callable[[str, bool], None]) -> None:
        self._changed.append(callback)


@pytest.fixture
def pins() -> PinsInMemory:
    return PinsInMemory(VirtualClock())


@pytest.fixture
def ends(pins: PinsInMemory) -> IoEnds:
    return IoEnds(pins.clock, GpioLines(pins.clock, pins, OFFSETS), pins)


class TestGpioLines(IoContract):
    pass


def test_a_shorted_pin_is_a_fault(pins: PinsInMemory) -> None:
    port = GpioLines(pins.clock, pins, OFFSETS)
    pins.shorted.add(17)
    with pytest.raises(RigFault, match=r"pin 17 \(KL15\)"):
        port.set("KL15", True)


def test_a_chip_that_goes_is_a_fault(pins: PinsInMemory) -> None:
    port = GpioLines(pins.clock, pins, OFFSETS)
    pins.gone = True
    with pytest.raises(RigFault, match="No such device"):
        port.set("KL15", True)


def test_closing_gives_the_pins_back_once(pins: PinsInMemory) -> None:
    port = GpioLines(pins.clock, pins, OFFSETS)
    port.close()
    port.close()
    assert pins.released == 1


def test_an_unknown_line_is_a_misuse(pins: PinsInMemory) -> None:
    with pytest.raises(HarnessError):
        GpioLines(pins.clock, pins, {"KL99": 17})


@pytest.mark.parametrize("chip", ["/dev/gpiochip-not-there", "/dev/null"])
def test_what_is_no_chip_is_a_fault_with_a_remedy(chip: str) -> None:
    pytest.importorskip("gpiod")
    with pytest.raises(RigFault, match="gpioinfo"):
        request(chip, [17])


def test_a_file_is_no_chip_either(tmp_path: Path) -> None:
    pytest.importorskip("gpiod")
    (tmp_path / "chip").write_bytes(b"")
    with pytest.raises(RigFault, match="gpioinfo"):
        request(str(tmp_path / "chip"), [17])


def _simulated_chips() -> list[tuple[str, Path]]:
    """(device, its folder in sysfs) of every chip of gpio-sim."""
    folders = Path("/sys/devices/platform").glob("gpio-sim.*/gpiochip*")
    return [(f"/dev/{folder.name}", folder) for folder in folders]


@pytest.mark.skipif(not _simulated_chips(), reason="no gpio-sim in this kernel: libgpiod switches no pin here")
def test_libgpiod_switches_the_pins_of_a_simulated_chip() -> None:
    pytest.importorskip("gpiod")
    chip, folder = _simulated_chips()[0]

    def level(pin: int) -> str:
        return (folder / f"sim_gpio{pin}" / "value").read_text().strip()

    clock = VirtualClock()
    port = GpioLines(clock, request(chip, [1, 2], active_low=[2]), {"KL15": 1, "ACC": 2})
    assert (level(1), level(2)) == ("0", "1")
    port.set("KL15", True)
    port.set("ACC", True)
    assert (level(1), level(2)) == ("1", "0")
    with pytest.raises(RigFault, match="gpioinfo"):
        request(chip, [1])
    port.close()
    request(chip, [1]).release()
