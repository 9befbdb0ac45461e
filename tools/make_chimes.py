"""Make the sound sets that right variants of the head unit sound with: python tools/make_chimes.py

Five sets in harness/headunit/chimes/, each with other pitches, lengths and timbres than the cars' own. Run by hand;
what it wrote is stored, hashed and never made at run time.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from make_stimuli import OURS, bar, store, write_manifest

ROOT = Path(__file__).resolve().parent.parent / "harness/headunit/chimes"
RATE = 48_000
Voice = Callable[[float, float], np.ndarray]
Tones = tuple[tuple[float, float], ...]


def _shaped(tone: np.ndarray, rise: float, fall: float) -> np.ndarray:
    first, last = round(rise * RATE), round(fall * RATE)
    tone[:first] *= np.linspace(0, 1, first)
    tone[-last:] *= np.linspace(1, 0, last)
    return tone


def soft(frequency: float, seconds: float) -> np.ndarray:
    """Nearly a sine, which comes and goes gently."""
    t = np.arange(round(seconds * RATE)) / RATE
    return _shaped(np.sin(2 * np.pi * frequency * t) + 0.08 * np.sin(4 * np.pi * frequency * t), 0.008, 0.02)


def reed(frequency: float, seconds: float) -> np.ndarray:
    """Odd partials, as a clarinet has them."""
    t = np.arange(round(seconds * RATE)) / RATE
    partials = (1, 3, 5, 7)
    return _shaped(sum(np.sin(2 * np.pi * frequency * k * t) / k for k in partials), 0.004, 0.008)


def bell(frequency: float, seconds: float) -> np.ndarray:
    """Frequency modulation with a ratio that is no whole number, dying away."""
    t = np.arange(round(seconds * RATE)) / RATE
    depth = 2.5 * np.exp(-6 * t)
    tone = np.sin(2 * np.pi * frequency * t + depth * np.sin(2 * np.pi * 1.41 * frequency * t)) * np.exp(-4 * t)
    return _shaped(tone, 0.001, 0.006)


def glide(frequency: float, seconds: float) -> np.ndarray:
    """Slides up by a major third."""
    t = np.arange(round(seconds * RATE)) / RATE
    phase = 2 * np.pi * frequency * (t + 0.13 * t * t / seconds)
    return _shaped(np.sin(phase) + 0.3 * np.sin(2 * phase), 0.003, 0.01)


# no note of one sound returns in another of its set: a listener, and a template, must tell them apart
SETS: dict[str, tuple[Voice, dict[str, Tones]]] = {
    "soft": (soft, {
        "chime": ((523.0, 0.14), (719.0, 0.18)),
        "end_tone": ((659.0, 0.10), (440.0, 0.16)),
        "prompt": ((587.0, 0.12), (777.0, 0.12), (880.0, 0.16)),
        "ring": ((622.0, 0.16), (831.0, 0.16), (622.0, 0.16), (932.0, 0.24)),
        "error": ((277.0, 0.18), (247.0, 0.22)),
    }),
    "reed": (reed, {
        "chime": ((659.0, 0.06), (831.0, 0.06), (1047.0, 0.10)),
        "end_tone": ((932.0, 0.07), (698.0, 0.07), (554.0, 0.09)),
        "prompt": ((1175.0, 0.07), (880.0, 0.07), (1175.0, 0.12)),
        "ring": ((740.0, 0.10), (988.0, 0.10), (740.0, 0.10), (988.0, 0.10), (1245.0, 0.18)),
        "error": ((208.0, 0.15), (185.0, 0.20)),
    }),
    "bell": (bell, {
        "chime": ((1319.0, 0.24),),
        "end_tone": ((890.0, 0.26),),
        "prompt": ((1047.0, 0.16), (1568.0, 0.26)),
        "ring": ((988.0, 0.20), (1197.0, 0.20), (988.0, 0.20), (1442.0, 0.30)),
        "error": ((330.0, 0.20), (294.0, 0.26)),
    }),
    "glide": (glide, {
        "chime": ((500.0, 0.15),),
        "end_tone": ((1200.0, 0.06), (820.0, 0.08)),
        "prompt": ((1450.0, 0.10), (1450.0, 0.10), (1880.0, 0.14)),
        "ring": ((1080.0, 0.22), (700.0, 0.22), (1080.0, 0.22)),
        "error": ((360.0, 0.12), (270.0, 0.16)),
    }),
    "bar": (bar, {
        "chime": ((1568.0, 0.06), (2093.0, 0.09)),
        "end_tone": ((1760.0, 0.06), (1245.0, 0.10)),
        "prompt": ((1397.0, 0.06), (1661.0, 0.06), (1976.0, 0.06), (1397.0, 0.12)),
        "ring": ((1109.0, 0.08), (1480.0, 0.08), (1109.0, 0.08), (1480.0, 0.08), (1865.0, 0.16)),
        "error": ((392.0, 0.10), (349.0, 0.10), (294.0, 0.14)),
    }),
}  # fmt: skip
SAYS = {
    "chime": "speak now", "end_tone": "the recording has ended", "prompt": "a message has come",
    "ring": "somebody calls", "error": "that did not work",
}  # fmt: skip


def main() -> int:
    for name, (voice, sounds) in SETS.items():
        folder, entries = ROOT / name, {}
        folder.mkdir(parents=True, exist_ok=True)
        for sound, tones in sounds.items():
            x = np.concatenate([voice(frequency, seconds) for frequency, seconds in tones])
            samples = np.rint(x / np.abs(x).max() * 10 ** (-9 / 20) * 32767).astype(np.int16)
            said = {
                "text": SAYS[sound], "language": "none", "speaker": "none", "provenance": "tools/make_chimes.py",
                "licence": OURS,
            }  # fmt: skip
            entries[sound] = store(folder, sound, samples, RATE, said)
        write_manifest(folder / "sounds.yaml", entries, f"Sounds of right variants, set {name}; tools/make_chimes.py.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
