"""The picture of a recorded line: its level and its spectrum over time.

Short-time Fourier transform, Hann window of 32 ms, half overlapping, 80 dB of range below full scale. Digital silence
stays black, so that a gap of one window is seen. Heavy libraries are imported when a picture is wanted.
"""

from __future__ import annotations

import base64
import io
from typing import Any

from harness.evidence import svg
from harness.evidence.sound import Clip
from harness.evidence.wording import number

WIDTH, LEFT, RIGHT = 980.0, 64.0, 20.0
WAVE_HEIGHT, SPECTRUM_HEIGHT = 70.0, 210.0
TOP_HZ = 12_000.0
"""Speech and chimes lie below; a taller picture would show them small."""
WINDOW_S, RANGE_DB, COLUMNS = 0.032, 80.0, 860
_ANCHORS = ((0, 0, 4), (40, 11, 84), (101, 21, 110), (159, 42, 99), (212, 72, 66), (245, 125, 21), (252, 255, 164))


def spectrogram(clip: Clip) -> str:
    """The SVG text for a stretch of sound, its axis in seconds of the recorded file."""
    mono = clip.samples.astype("float32") / 32768
    rate, seconds = clip.rate, clip.seconds
    title = f"{clip.name}: {number(seconds)} s of {number(clip.whole_s)} s, {number(rate / 1000)} kHz"
    plot = WIDTH - LEFT - RIGHT
    y = 30 + WAVE_HEIGHT + 10
    image = f"data:image/png;base64,{base64.b64encode(_spectrum_png(mono, rate)).decode()}"
    box = f"x='{LEFT}' y='{y}' width='{plot}' height='{SPECTRUM_HEIGHT}' preserveAspectRatio='none'"
    parts = [
        svg.text(LEFT, 18, title, bold=True),
        svg.rect(LEFT, 30, plot, WAVE_HEIGHT, "#f8fafc", stroke=svg.GRID),
        *_wave(mono, plot),
        svg.text(WIDTH - RIGHT, 18, f"peak {_peak_db(mono)} dB of full scale", size=11, fill=svg.FAINT, anchor="end"),
        f"<image {box} href='{image}'/>",
    ]
    top = min(rate / 2, TOP_HZ)
    for hertz in svg.ticks(0, top * 0.97, 5):
        at = y + SPECTRUM_HEIGHT * (1 - hertz / top)
        parts.append(svg.text(LEFT - 8, at + 4, f"{number(hertz / 1000)} kHz", size=10, fill=svg.FAINT, anchor="end"))
    for second in svg.ticks(clip.start_s, clip.start_s + seconds, 10):
        x = LEFT + plot * (second - clip.start_s) / seconds
        parts.append(
            svg.text(x, y + SPECTRUM_HEIGHT + 16, f"{number(second)} s", size=10, fill=svg.FAINT, anchor="middle")
        )
    return svg.document(WIDTH, y + SPECTRUM_HEIGHT + 26, parts, title)


def _peak_db(mono: Any) -> str:
    import numpy

    peak = float(numpy.abs(mono).max())
    return number(20 * numpy.log10(peak), 1) if peak > 0 else "-inf"


def _wave(mono: Any, plot: float) -> list[str]:
    import numpy

    columns = min(COLUMNS, len(mono))
    edges = numpy.linspace(0, len(mono), columns + 1).astype(int)[:-1]
    peak = max(float(numpy.abs(mono).max()), 1e-4)
    high = numpy.maximum.reduceat(mono, edges) / peak
    low = numpy.minimum.reduceat(mono, edges) / peak
    middle, half = 30 + WAVE_HEIGHT / 2, WAVE_HEIGHT / 2 - 4
    x = LEFT + numpy.arange(columns) * (plot / columns)
    there = list(zip(x.tolist(), (middle - high * half).tolist(), strict=True))
    back = list(zip(x.tolist(), (middle - low * half + 0.6).tolist(), strict=True))[::-1]
    path = " ".join(f"{svg.num(a)},{svg.num(b)}" for a, b in there + back)
    return [f"<polygon points='{path}' fill='#0b69a3'/>"]


def _spectrum_png(mono: Any, rate: int) -> bytes:
    import numpy
    from PIL import Image

    size = max(int(rate * WINDOW_S) // 2 * 2, 16)
    if len(mono) < size:
        mono = numpy.pad(mono, (0, size - len(mono)))
    hop = max(size // 2, (len(mono) - size) // COLUMNS + 1)
    frames = numpy.lib.stride_tricks.sliding_window_view(mono, size)[::hop]
    window = numpy.hanning(size).astype("float32")
    power = numpy.abs(numpy.fft.rfft(frames * window, axis=1)) / (window.sum() / 2)
    power = power[:, : max(round(TOP_HZ / rate * size), 1)]
    level = 20 * numpy.log10(numpy.maximum(power, 10 ** (-RANGE_DB / 20)))
    shade = numpy.clip((level + RANGE_DB) / RANGE_DB, 0, 1)
    at = numpy.linspace(0, 1, len(_ANCHORS))
    steps = numpy.linspace(0, 1, 256)
    palette = numpy.stack([numpy.interp(steps, at, [a[c] for a in _ANCHORS]) for c in range(3)], axis=1)
    picture = Image.fromarray((shade.T[::-1] * 255).astype("uint8"), mode="P")
    picture.putpalette(palette.astype("uint8").tobytes())
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
