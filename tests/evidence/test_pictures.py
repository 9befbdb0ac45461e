"""Plots, strips, spectrograms, excerpts: what they draw follows from what was recorded."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.evidence.candump import excerpt, stamp
from harness.evidence.plots import LEFT, MOST_POINTS, RIGHT, WIDTH, Allowed, signal_plot
from harness.evidence.sound import clip
from harness.evidence.spectrogram import spectrogram
from harness.evidence.strip import strip_plot
from harness.evidence.svg import ticks
from harness.evidence.wording import number, show_limit, show_margin, show_value

SVG = "{http://www.w3.org/2000/svg}"
states = st.lists(st.tuples(st.integers(0, 10**10), st.sampled_from(["idle", "listening", "<&>", None])), max_size=20)
numbers = st.lists(st.tuples(st.integers(0, 10**10), st.floats(-1e6, 1e6)), max_size=20)


def texts(picture: str) -> list[str]:
    return [e.text or "" for e in ET.fromstring(picture).iter(f"{SVG}text")]


@settings(max_examples=40, deadline=None)
@given(points=st.one_of(states, numbers), window=st.tuples(st.integers(0, 10**9), st.integers(0, 10**10)))
def test_any_recording_gives_a_picture_that_parses(points: Any, window: tuple[int, int]) -> None:
    signals = {
        "window": [window[0], window[0] + window[1]],
        "tracks": [{"name": "a <b>", "unit": "", "points": sorted(points, key=lambda p: p[0])}],
        "marks": [{"t": t, "label": "mark & more"} for t, _ in points],
    }
    picture = ET.fromstring(signal_plot(signals, [Allowed(window[0], window[0] + 10**8, "<= 100 ms")]))
    for element in picture.iter():
        for name in ("x", "x1", "x2", "cx"):
            assert -1 <= float(element.get(name, "0")) <= WIDTH


def test_the_value_that_held_before_the_window_is_shown() -> None:
    track = {"name": "app", "unit": "", "points": [[0, "idle"], [9 * 10**9, "listening"]]}
    shown = texts(signal_plot({"window": [5 * 10**9, 10 * 10**9], "tracks": [track], "marks": []}))
    assert "idle" in shown
    assert "listening" in shown


def test_a_mark_stands_where_its_instant_is() -> None:
    picture = signal_plot({"window": [0, 10**9], "tracks": [], "marks": [{"t": 5 * 10**8, "label": "press"}]})
    middle = (LEFT + WIDTH - RIGHT) / 2
    dashed = [e for e in ET.fromstring(picture).iter(f"{SVG}line") if e.get("stroke-dasharray")]
    assert [float(e.get("x1", "0")) for e in dashed] == [middle]


def test_a_peak_survives_thinning() -> None:
    points = [[n * 1000, 1.0] for n in range(50 * MOST_POINTS)]
    points[31_337][1] = 99.5
    track = {"name": "v", "unit": "V", "points": points}
    picture = signal_plot({"window": [0, points[-1][0]], "tracks": [track], "marks": []})
    assert "1 .. 99.5 V" in texts(picture)
    assert len(picture) < 60_000


def test_crowded_marks_lose_their_labels_not_their_lines() -> None:
    marks = [{"t": 10**6 * n, "label": f"press {n}"} for n in range(100)]
    picture = signal_plot({"window": [0, 10**10], "tracks": [], "marks": marks})
    dashed = [e for e in ET.fromstring(picture).iter(f"{SVG}line") if e.get("stroke-dasharray")]
    assert len(dashed) == 100
    assert 0 < sum(t.startswith("press") for t in texts(picture)) < 100


def check(
    value: float | None, verdict: str = "PASS", low: float | None = None, high: float | None = 0.25
) -> dict[str, Any]:
    return {"value": value, "unit": "s", "verdict": verdict, "limit": {"low": low, "high": high, "unit": "s"}}


def test_a_strip_puts_values_on_their_side_of_the_limit() -> None:
    picture = ET.fromstring(strip_plot([check(0.1), check(0.3, "FAIL"), check(None, "FAIL")]))
    limit = next(float(e.get("x1", "0")) for e in picture.iter("line") if e.get("class") == "limit")
    inside, outside = (float(e.get("cx", "0")) for e in picture.iter("circle"))
    assert inside < limit < outside
    assert "250 ms" in [e.text for e in picture.iter("text")]


@pytest.mark.parametrize("checks", [[], [check(None)], [check(0.1, high=None)]])
def test_no_strip_without_a_value_or_a_limit(checks: list[Any]) -> None:
    assert strip_plot(checks) == ""


@pytest.mark.parametrize("length", [1, 100, 16000])
def test_a_spectrogram_of_any_length_parses(tmp_path: Path, length: int) -> None:
    import numpy
    import soundfile

    soundfile.write(tmp_path / "line.wav", numpy.zeros(length, "float32"), 16000)
    picture = spectrogram(clip(tmp_path / "line.wav", 2.0))
    assert ET.fromstring(picture) is not None
    assert "peak -inf dB of full scale" in texts(picture)


def test_no_sound_no_spectrogram(tmp_path: Path) -> None:
    import numpy
    import soundfile

    soundfile.write(tmp_path / "line.wav", numpy.zeros(0, "float32"), 16000)
    with pytest.raises(ValueError, match="holds no samples"):
        clip(tmp_path / "line.wav", 2.0)


def test_a_clip_ends_with_the_last_sound_and_starts_with_the_first_it_has_room_for(tmp_path: Path) -> None:
    import numpy
    import soundfile

    samples = numpy.zeros(16000 * 60, "int16")
    samples[16000 * 10 : 16000 * 11] = samples[16000 * 40 : 16000 * 41] = 1000
    soundfile.write(tmp_path / "line.wav", samples, 16000)
    heard = clip(tmp_path / "line.wav", 5.0)
    assert (heard.start_s, heard.seconds, heard.whole_s) == pytest.approx((39.9, 1.2, 60.0), abs=0.001)
    assert clip(tmp_path / "line.wav", 0.5).seconds == pytest.approx(0.5, abs=0.001)
    assert len(heard.wav()) < 45_000


def test_what_did_not_change_is_told_in_one_line() -> None:
    tracks = [
        {"name": "gear", "unit": "", "points": [[0, "P"]]},
        {"name": "speed", "unit": "km/h", "points": [[0, 0.0], [10, 0.0]]},
        {"name": "never", "unit": "", "points": []},
    ]
    shown = texts(signal_plot({"window": [0, 10**9], "tracks": tracks, "marks": []}))
    assert "unchanged: gear P, speed 0 km/h, never (not seen)" in shown


def test_a_trace_is_cut_to_the_window_and_says_so() -> None:
    lines = [f"({n}.000000) body 123#00\n" for n in range(100)]
    kept = excerpt(lines, (10 * 10**9, 12 * 10**9), 50).splitlines()
    assert kept[:3] == [line.strip() for line in lines[10:13]]
    assert kept[3] == "# 3 of 100 lines, from line 11; the whole trace is in the case's folder"
    assert excerpt(lines[:2], None, 50) == "".join(lines[:2])


@pytest.mark.parametrize(("line", "t"), [("(1.5) a 1#", 1_500_000_000), ("(0.000001) a 1#", 1000), ("# note", None)])
def test_candump_stamps(line: str, t: int | None) -> None:
    assert stamp(line) == t


@given(low=st.floats(-1e6, 1e6), span=st.floats(1e-3, 1e6))
@settings(max_examples=60, deadline=None)
def test_ticks_lie_within_and_are_even(low: float, span: float) -> None:
    found = ticks(low, low + span)
    assert all(low - span * 1e-6 <= t <= low + span * (1 + 1e-6) for t in found)
    assert 1 <= len(found) <= 8


def test_figures_read_as_people_write_them() -> None:
    assert show_value(0.2134, "s") == "213.4 ms"
    assert show_value(5.0, "s") == "5 s"
    assert show_value(None, "s") == "never"
    assert show_value(3.0, "1") == "3"
    assert show_margin(0.089, "s") == "+89 ms"
    assert show_margin(-1.5, "s") == "-1.5 s"
    assert show_limit({"low": 1.0, "high": 2.0, "unit": "V"}) == "1 V .. 2 V"
    assert show_limit({"low": None, "high": 0.25, "unit": "s"}) == "<= 250 ms"
    assert number(-0.0001) == "0"
