"""Make the stored sounds: python tools/make_stimuli.py [--adopt FOLDER]

Without arguments it writes scenarios/stimuli/ (speech by espeak-ng, a tone, a sweep) and dbc/gs4/sounds/ (the head
unit's chimes). It is run by hand when a sentence changes; what it wrote is stored, hashed and never made at run time.
With --adopt it writes stimuli.yaml for a folder of WAV or FLAC files somebody brings (human recordings); transcripts
are taken from NAME.txt beside each file where there is one.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import numpy as np
import soundfile
import yaml

from harness.audio.level import rms, speech_level, unit
from harness.audio.rates import to_rate
from harness.audio.signals import sine, sweep
from harness.audio.stimuli import MANIFEST, file_hash
from harness.audio.unmeasurable import Unmeasurable

ROOT = Path(__file__).resolve().parent.parent
RATE = 16_000
LEVEL = -26.0
OURS = "Apache-2.0, made by this project"

# espeak-ng reads Mandarin from pinyin; its reading of the characters themselves spells some of them out in English.
SPEECH = {
    "on_my_way.zh": ("我在路上，马上就到。", "wo3 zai4 lu4 shang4, ma3 shang4 jiu4 dao4"),
    "call_me_later.zh": ("我在开车，晚一点打电话给我。", "wo3 zai4 kai1 che1, wan3 yi4 dian3 da3 dian4 hua4 gei3 wo3"),
    "ten_minutes.zh": (
        "大概还有十分钟，马上就到家。",
        "da4 gai4 hai2 you3 shi2 fen1 zhong1, ma3 shang4 jiu4 dao4 jia1",
    ),
    "long_story.zh": (
        "我今天早上出门的时候下大雨，高速公路上有一点堵车，所以晚了二十分钟。不用等我，我大概七点半到饭店门口。",
        "wo3 jin1 tian1 zao3 shang4 chu1 men2 de5 shi2 hou4 xia4 da4 yu3, gao1 su4 gong1 lu4 shang4 you3 yi4 dian3"
        " du3 che1, suo3 yi3 wan3 le5 er4 shi2 fen1 zhong1. bu2 yong4 deng3 wo3, wo3 da4 gai4 qi1 dian3 ban4 dao4"
        " fan4 dian4 men2 kou3",
    ),
    "on_my_way.en": ("I am on my way, I will be with you soon.", ""),
    "call_me_later.en": ("I am driving now, call me later in the evening.", ""),
    "ten_minutes.en": ("I need about ten more minutes, wait for me at the door.", ""),
    "long_story.en": (
        "It was raining when I left home this morning, and there was a long line of cars on the motorway, so I am "
        "about twenty minutes late. Do not wait for me, I should be at the door of the restaurant at half past seven, "
        "and I will call when I am down there.",
        "",
    ),
}


def speak(text: str, pinyin: str) -> np.ndarray:
    voice, words = ("cmn-latn-pinyin", pinyin) if pinyin else ("en-us", text)
    command = ["espeak-ng", "-v", voice, "-s", "165", "--stdout", words]
    wav = subprocess.run(command, check=True, capture_output=True).stdout
    samples, rate = soundfile.read(BytesIO(wav), dtype="int16")
    return trimmed(to_rate(samples, rate, RATE))


def trimmed(samples: np.ndarray) -> np.ndarray:
    """Loud at both ends: cut to the first and last 10 ms that reach 8 dB under the active level; 1 ms fades; LEVEL."""
    size = RATE // 100
    x = unit(samples)
    frames = x[: len(x) // size * size].reshape(-1, size)
    loud = np.flatnonzero(
        10 * np.log10((frames**2).mean(axis=1) + 1e-12) > speech_level(samples, RATE).active.value - 8
    )
    x = x[loud[0] * size : (loud[-1] + 1) * size].copy()
    fade = np.linspace(0.0, 1.0, RATE // 1000)
    x[: len(fade)] *= fade
    x[-len(fade) :] *= fade[::-1]
    x *= 10 ** ((LEVEL - speech_level(x, RATE).active.value) / 20)
    return np.clip(np.rint(x * 32768), -32768, 32767).astype(np.int16)


def bar(frequency: float, seconds: float, rate: int = 48_000) -> np.ndarray:
    """A struck bar: the partials of a free bar (1, 2.756, 5.404), the higher ones dying sooner; loud from the start."""
    t = np.arange(round(seconds * rate)) / rate
    partials = ((1.0, 1.0, 3.0), (2.756, 0.35, 12.0), (5.404, 0.2, 30.0))
    tone = sum(a * np.exp(-t * d) * np.sin(2 * np.pi * frequency * k * t) for k, a, d in partials)
    rise, fall = round(0.001 * rate), round(0.005 * rate)
    tone[:rise] *= np.linspace(0, 1, rise)
    tone[-fall:] *= np.linspace(1, 0, fall)
    return tone


def chime(*tones: tuple[float, float]) -> np.ndarray:
    x = np.concatenate([bar(frequency, seconds) for frequency, seconds in tones])
    return np.rint(x / np.abs(x).max() * 10 ** (-9 / 20) * 32767).astype(np.int16)


SOUNDS = {
    "chime": (chime((784.0, 0.09), (1175.0, 0.09)), "two rising tones: speak now"),
    "end_tone": (chime((988.0, 0.075), (659.0, 0.075)), "two falling tones: the recording has ended"),
    "prompt": (chime((1047.0, 0.08), (1047.0, 0.06), (1397.0, 0.11)), "three tones: a message has come"),
    "ring": (
        chime((880.0, 0.09), (1109.0, 0.09), (880.0, 0.09), (1109.0, 0.09), (880.0, 0.09), (1319.0, 0.15)),
        "a trill that rises at its end: somebody calls",
    ),
    "error": (chime((311.0, 0.12), (233.0, 0.16)), "two low tones: that did not work"),
}


def store(folder: Path, name: str, samples: np.ndarray, rate: int, said: dict[str, str]) -> dict[str, str]:
    file = folder / f"{name}.flac"
    soundfile.write(file, samples, rate, subtype="PCM_16")
    return {
        "file": file.name,
        "sha256": file_hash(file),
        **said,
        "duration": f"{len(samples) / rate:.4f} s",
        "level": f"{level_of(samples, rate) if said['speaker'] != 'none' else rms(samples).value:.1f} dBov",
    }


def level_of(samples: np.ndarray, rate: int) -> float:
    try:
        return speech_level(samples, rate).active.value
    except Unmeasurable:
        return rms(samples).value


def write_manifest(path: Path, entries: dict[str, dict[str, str]], head: str) -> None:
    data = {"schema": 1, "stimuli": dict(sorted(entries.items()))}
    path.write_text(
        f"# {head}\n" + yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110), encoding="utf-8"
    )


def make_all() -> None:
    said = subprocess.run(["espeak-ng", "--version"], check=True, capture_output=True, text=True)  # noqa: S607
    version = said.stdout.split()[3]
    folder, entries = ROOT / "scenarios/stimuli", {}
    folder.mkdir(parents=True, exist_ok=True)
    for name, (text, pinyin) in SPEECH.items():
        voice = "cmn-latn-pinyin" if pinyin else "en-us"
        said = {
            "text": text,
            "language": name.rpartition(".")[2],
            "speaker": f"espeak-ng {voice}",
            "provenance": f"tools/make_stimuli.py, espeak-ng {version}, trimmed loud at both ends",
            "licence": OURS,
        }
        entries[name] = store(folder, name, speak(text, pinyin), RATE, said)
    no_words = {
        "text": "",
        "language": "none",
        "speaker": "none",
        "provenance": "tools/make_stimuli.py",
        "licence": OURS,
    }
    entries["tone_1k"] = store(folder, "tone_1k", sine(1000.0, 2.0, LEVEL, RATE), RATE, no_words)
    entries["sweep"] = store(folder, "sweep", sweep(100.0, 7500.0, 2.0, LEVEL, RATE), RATE, no_words)
    write_manifest(folder / MANIFEST, entries, "Written by tools/make_stimuli.py.")

    folder, entries = ROOT / "dbc/gs4/sounds", {}
    folder.mkdir(parents=True, exist_ok=True)
    for name, (samples, text) in SOUNDS.items():
        entries[name] = store(folder, name, samples, 48_000, {**no_words, "text": text})
    write_manifest(folder / "sounds.yaml", entries, "The head unit's own sounds; written by tools/make_stimuli.py.")


def adopt(folder: Path) -> int:
    """Write the manifest for the sound files of ``folder``; what is unknown says so and is to be filled in."""
    entries = {}
    for file in sorted([*folder.glob("*.wav"), *folder.glob("*.flac")]):
        samples, rate = soundfile.read(file, dtype="int16", always_2d=True)
        words = file.with_suffix(".txt")
        entries[file.stem] = {
            "file": file.name,
            "sha256": file_hash(file),
            "text": words.read_text(encoding="utf-8").strip() if words.is_file() else "",
            "language": file.stem.rpartition(".")[2] if "." in file.stem else "unknown",
            "speaker": "unknown",
            "provenance": "brought by hand",
            "licence": "unknown",
            "duration": f"{len(samples) / rate:.4f} s",
            "level": f"{level_of(samples[:, 0], rate):.1f} dBov",
        }
    if not entries:
        print(f"{folder}: no WAV or FLAC files", file=sys.stderr)
        return 2
    write_manifest(folder / MANIFEST, entries, "Adopted by tools/make_stimuli.py; fill in what is unknown.")
    print(f"{folder / MANIFEST}: {len(entries)} sounds")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--adopt", type=Path, metavar="FOLDER", help="write the manifest for a folder of recordings")
    arguments = parser.parse_args()
    if arguments.adopt:
        return adopt(arguments.adopt)
    make_all()
    return 0


if __name__ == "__main__":
    sys.exit(main())
