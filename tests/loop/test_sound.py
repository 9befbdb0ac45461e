"""The unit's sound plug: it plays and hears late by what it declares; and the whole of it over real null sinks."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import correlate

from harness.audio.memory import MemoryAudio, pair
from harness.audio.port import MICROPHONE, RATE, SPEAKERS, Capture
from harness.foundation.clock import VirtualClock, WallClock
from harness.foundation.errors import RigFault
from harness.foundation.units import MS, Ns, S
from harness.headunit.embedded import blueprint
from harness.headunit.process.sound import INPUT_MARGIN, OUTPUT_MARGIN, Sound, sooner
from harness.rig import sinks
from harness.rig.drivers_sound import SILENT, SoundSettings, Stream, absent, sinks_of
from harness.rig.load import load_rig
from harness.vehicle.load import load_vehicle

ROOT = Path(__file__).parents[2]
LATENCY: Ns = 100 * MS
FRONT = SPEAKERS[0]


class Device:
    """The far end of memory lines as a device: ``stumbles`` and ``ahead`` are what a test makes them."""

    def __init__(self, port: MemoryAudio) -> None:
        self._port = port
        self.stumbles = 0
        self.ahead: Ns = 0
        self.closed = False

    def play(self, line: str, samples: NDArray[np.int16], at: Ns, *, name: str = "") -> Callable[[], None]:
        return self._port.play(line, samples, at, name=name)

    def heard(self, line: str, start: Ns, stop: Ns) -> Capture:
        return self._port.heard(line, start, stop)

    def seen_to(self) -> Ns:
        return self._port.seen_to()

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def ends(clock: VirtualClock) -> tuple[MemoryAudio, Device]:
    rig, unit = pair(clock)
    return rig, Device(unit)


def noise(count: int, seed: int = 1) -> NDArray[np.int16]:
    return np.random.default_rng(seed).integers(-8000, 8000, count, np.int16)


def test_what_it_plays_is_on_the_line_one_output_latency_later(
    clock: VirtualClock, ends: tuple[MemoryAudio, Device]
) -> None:
    rig, device = ends
    plug = Sound(clock, device, LATENCY)
    assert plug.output == LATENCY + OUTPUT_MARGIN
    sent = noise(4800)
    plug.play(FRONT, sent, 50 * MS)
    clock.run_until(1 * S)
    start = 50 * MS + plug.output
    assert rig.heard(FRONT, 0, start).silent
    assert np.array_equal(rig.heard(FRONT, start, start + 100 * MS).samples, sent)


def test_blocks_that_join_inside_join_outside(clock: VirtualClock, ends: tuple[MemoryAudio, Device]) -> None:
    rig, device = ends
    plug = Sound(clock, device, LATENCY)
    sent = noise(9600)
    plug.play(FRONT, sent[:4800], 0)
    plug.play(FRONT, sent[4800:], 100 * MS)
    clock.run_until(1 * S)
    assert np.array_equal(rig.heard(FRONT, plug.output, plug.output + 200 * MS).samples, sent)


def test_what_it_hears_is_what_the_line_carried_one_input_latency_ago(
    clock: VirtualClock, ends: tuple[MemoryAudio, Device]
) -> None:
    rig, device = ends
    plug = Sound(clock, device, LATENCY)
    assert plug.input == LATENCY + INPUT_MARGIN
    sent = noise(RATE)
    rig.play(MICROPHONE, sent, 0)
    clock.run_until(2 * S)
    assert np.array_equal(plug.heard(MICROPHONE, plug.input, plug.input + S).samples, sent)


def test_before_anything_has_come_there_is_silence_and_then_the_sound(
    clock: VirtualClock, ends: tuple[MemoryAudio, Device]
) -> None:
    rig, device = ends
    plug = Sound(clock, device, LATENCY)
    sent = noise(RATE)
    rig.play(MICROPHONE, sent, 0)
    clock.run_until(1 * S)
    assert plug.heard(MICROPHONE, 0, plug.input).silent
    assert not plug.active(MICROPHONE, 0, plug.input)
    across = plug.heard(MICROPHONE, plug.input - 10 * MS, plug.input + 10 * MS)
    assert len(across.samples) == RATE // 50
    assert not across.samples[: RATE // 100].any()
    assert np.array_equal(across.samples[RATE // 100 :], sent[: RATE // 100])


def test_a_window_up_to_now_is_whole_and_the_same_when_asked_in_pieces(
    clock: VirtualClock, ends: tuple[MemoryAudio, Device]
) -> None:
    rig, device = ends
    plug = Sound(clock, device, LATENCY)
    rig.play(MICROPHONE, noise(RATE), 0)
    pieces = []
    for step in range(25):
        clock.run_until((step + 1) * 40 * MS)
        pieces.append(plug.heard(MICROPHONE, step * 40 * MS, clock.now()).samples)
    assert np.array_equal(np.concatenate(pieces), plug.heard(MICROPHONE, 0, S).samples)


def test_lost_frames_end_the_unit_only_while_it_speaks_or_listens(
    clock: VirtualClock, ends: tuple[MemoryAudio, Device]
) -> None:
    _, device = ends
    clock.run_until(10 * S)
    plug = Sound(clock, device, LATENCY)
    device.stumbles = 1
    clock.run_until(20 * S)
    plug.play(FRONT, noise(480), clock.now())
    device.stumbles = 2
    with pytest.raises(RigFault, match="lost frames"):
        clock.run_until(21 * S)


def test_a_device_that_has_fallen_behind_is_no_slow_unit(
    clock: VirtualClock, ends: tuple[MemoryAudio, Device]
) -> None:
    _, device = ends
    plug = Sound(clock, device, LATENCY)
    device.ahead = plug.output + 100 * MS
    with pytest.raises(RigFault, match=r"0\.1\d* s late with chime"):
        plug.play(FRONT, noise(480), 0, name="chime")


def test_closing_ends_the_share_and_the_watch(clock: VirtualClock, ends: tuple[MemoryAudio, Device]) -> None:
    _, device = ends
    plug = Sound(clock, device, LATENCY)
    plug.play(FRONT, noise(480), 0)
    plug.close()
    device.stumbles = 1
    clock.run_until(1 * S)
    assert device.closed


def test_a_unit_takes_its_latencies_off_its_figures() -> None:
    plan = blueprint(load_vehicle(ROOT / "dbc" / "gs4"), (), None)
    earlier = sooner(plan, 20 * MS, 30 * MS)
    assert plan.figures["chime_latency"] - earlier.figures["chime_latency"] == 20 * MS
    assert plan.figures["silence_end"] - earlier.figures["silence_end"] == 30 * MS
    assert sooner(plan, 10 * S, 0).figures["playback_latency"] == 0
    assert earlier.figures["press_latency"] == plan.figures["press_latency"]


# -- rigs whose sound is optional --------------------------------------------------------------------------------
def test_optional_sound_is_absent_where_no_sinks_run(tmp_path: Path) -> None:
    assert "hil sound up" in absent(SoundSettings(sinks=str(tmp_path), optional=True))
    assert absent(SoundSettings(sinks=str(tmp_path))) == ""


def test_only_sinks_can_be_optional() -> None:
    with pytest.raises(ValueError, match="only null sinks"):
        SoundSettings(capture="a", output="b", optional=True)


def test_a_run_says_why_its_rig_has_no_sound(tmp_path: Path) -> None:
    with sinks_of(load_rig(rig_file(tmp_path, tmp_path)), {SILENT: "1"}) as missing:
        assert missing == f"udp.yaml has no sound, what needs it is NOT APPLICABLE: {SILENT} is set"


def test_one_set_of_sinks_serves_one_rig(tmp_path: Path) -> None:
    with sinks.occupy(tmp_path), pytest.raises(RigFault, match="another rig is using"):
        sinks.occupy(tmp_path)
    sinks.occupy(tmp_path).close()


# -- over PortAudio ------------------------------------------------------------------------------------------------
def rig_file(folder: Path, place: Path) -> Path:
    """rigs/udp.yaml on ports and sinks of its own."""

    def free_port(_: object) -> str:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.bind(("", 0))
            return f"port: {one.getsockname()[1]}"

    text = re.sub(r"port: \d+", free_port, (ROOT / "rigs" / "udp.yaml").read_text("utf-8"))
    path = folder / "udp.yaml"
    path.write_text(text.replace("sinks: true", f"sinks: {place}"), "utf-8")
    return path


@pytest.fixture
def place() -> Iterator[Path]:
    """An empty folder for sinks; pytest's own path may be too long for a socket."""
    absent = sinks.missing()
    if absent:
        pytest.skip(sinks.why_missing(absent))
    with tempfile.TemporaryDirectory(prefix="hil-sound-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
        sinks.stop(Path(folder))


@pytest.mark.slow
def test_one_stream_serves_cases_on_several_time_lines(place: Path) -> None:
    sinks.start(place)
    settings = SoundSettings(sinks=str(place))
    streams = [Stream(settings), Stream(settings, unit=True)]
    try:
        for case in range(2):
            clock = WallClock()
            rig, device = (stream.share(clock) for stream in streams)
            plug = Sound(clock, device, settings.latency)
            clock.run_until(200 * MS)
            sent = noise(RATE // 2, case)
            at = clock.now()
            plug.play(FRONT, sent, at)
            clock.run_until(at + 1500 * MS)
            heard = rig.heard(FRONT, at, at + S)
            place_of = int(np.argmax(correlate(heard.samples.astype(float), sent.astype(float), "valid", "fft")))
            assert np.array_equal(heard.samples[place_of : place_of + len(sent)], sent)
            # both ends map the line as well as they know it: to half a loop each
            assert abs(place_of / RATE - plug.output / 1e9) < 0.1
            assert rig.heard(SPEAKERS[2], at, at + S).silent
            plug.close()
            rig.close()
    finally:
        for stream in streams:
            stream.close()


@pytest.mark.slow
def test_a_spoken_sentence_reaches_the_contact_over_real_sound(place: Path, tmp_path: Path) -> None:
    rig, out = rig_file(tmp_path, place), tmp_path / "run"
    command = [sys.executable, "-P", "-m", "harness", "run", "scenarios/messages", "--rig", str(rig), "--json"]
    name = "test_what_the_driver_says_arrives_whole and zh"
    done = subprocess.run([*command, "-k", name, "--out", str(out)], cwd=ROOT, capture_output=True, text=True)
    (case,) = json.loads(done.stdout)["cases"]
    if case["verdict"] == "BLOCKED" and re.search("too slow|lost|late|not constant", case["reason"]):
        pytest.skip(f"this machine was too busy for a bench: {case['reason']}")
    assert case["verdict"] == "PASS", case["reason"]
    assert not sinks.running(place)  # hil run has ended what it started
