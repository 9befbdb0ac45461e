"""PortAudio on the kernel's own loop of sound: the ALSA card "Loopback", whose devices 0 and 1 are one cable.

The machine is emulated and slow, so blocks and latency are large; what is measured is shown with the test's result.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from harness.audio.port import MICROPHONE, RATE, SPEAKERS
from harness.audio.portaudio import PortAudio
from harness.foundation.clock import WallClock
from harness.foundation.errors import RigFault
from harness.foundation.units import MS, S

CARD = Path("/proc/asound/Loopback")
LINES = {MICROPHONE: 0, SPEAKERS[0]: 1}
"""Both on the output and on the capture: the two sides of the card want equal channels."""
SECONDS = 5

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CARD.exists(), reason="this kernel has no ALSA card Loopback; run tools/vm-tests"),
]


@pytest.fixture(scope="module")
def loop_clock() -> WallClock:
    return WallClock()


@pytest.fixture(scope="module")
def port(loop_clock: WallClock) -> Iterator[PortAudio]:
    opened = PortAudio(
        loop_clock, "Loopback hw:0,1", "Loopback hw:0,0", lines=LINES, plays=LINES, latency=0.15, blocksize=2400
    )
    yield opened
    opened.close()


def test_the_delay_is_constant_and_every_line_bit_exact(port: PortAudio, capsys: pytest.CaptureFixture[str]) -> None:
    loops = {line: port.measure_loop(line) for line in LINES}
    with capsys.disabled():
        for line, loop in loops.items():
            exact = "bit-exact" if loop.exact else "NOT bit-exact"
            print(f"\n{line}: delay {loop.delay} samples ({loop.delay / RATE * 1000:.2f} ms), {exact}", end="")
    assert all(loop.exact for loop in loops.values())
    assert len({loop.delay for loop in loops.values()}) == 1
    assert port.xruns == port.slips == 0
    port.adopt(loops[MICROPHONE])


def test_seconds_on_both_lines_come_back_to_the_bit_when_asked_for(
    port: PortAudio, loop_clock: WallClock, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = {
        line: np.random.default_rng(k).integers(-20000, 20000, SECONDS * RATE, np.int16) for k, line in enumerate(LINES)
    }
    at = loop_clock.now() + port.lead + S
    for line, samples in sent.items():
        port.play(line, samples, at)
    stop = at + SECONDS * S
    until = stop + 10 * S
    while port.seen_to() < stop:
        if loop_clock.now() > until:
            pytest.fail("the capture stands still")
        loop_clock.run_until(loop_clock.now() + 100 * MS)
    wrong = {line: int(np.count_nonzero(port.heard(line, at, stop).samples != sent[line])) for line in LINES}
    stamp = port.heard(MICROPHONE, at, stop).began
    with capsys.disabled():
        print(
            f"\n{SECONDS} s on both lines: {sum(wrong.values())} of {len(LINES) * SECONDS * RATE} samples wrong, "
            f"instant known to {(stamp.late - stamp.early) / 1e6:.1f} ms, {port.xruns} xruns", end="",
        )  # fmt: skip
    assert wrong == dict.fromkeys(LINES, 0)


def test_an_unknown_card_is_named_with_those_there_are() -> None:
    with pytest.raises(RigFault, match=r"Loopback: PCM \(hw:0,0\)"):
        PortAudio(WallClock(), "Loopback hw:7,1", "Loopback hw:7,0", lines=LINES, plays=LINES)
