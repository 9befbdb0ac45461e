"""A recording to learn from: buses, sounds and pictures on one time line, and when the action was done.

Read from any of these, or several of them on one time line:

- a folder that ``hil rig learn`` wrote: ``<bus>.log``, ``<line>.wav``, ``screen-NNNN.png``, ``recording.json`` (where
  sounds and pictures lie in time) and ``marks.yaml`` (when the action was done);
- a case's folder of a run: its journal says where sounds and pictures lie, and its stimuli are the actions;
- a ``.log`` as candump -L writes it, of one bus or of several.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from harness.can.candump import read_candump, to_line
from harness.can.port import Heard
from harness.foundation.association import Window
from harness.foundation.config import load_yaml
from harness.foundation.errors import BadInput
from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns, S, parse_duration
from harness.screen.port import Picture

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MARKS, FACTS = "marks.yaml", "recording.json"
_AT = re.compile(r"(\S+) (?:at|from) (\d+(?:\.\d+)?) s")
_TEXTS = ("console.log", "plant.log")


class Sound(NamedTuple):
    """Mono int16 samples; ``start`` is the instant of the first (ns)."""

    samples: NDArray[np.int16]
    rate: int
    start: Ns


@dataclass(frozen=True)
class Recording:
    """``windows``: begin and end of each time the action was done, in time order."""

    span: Window
    buses: Mapping[str, Sequence[Heard]]
    sounds: Mapping[str, Sound]
    pictures: Sequence[Picture]
    action: str
    windows: Sequence[Window]


def read_recording(places: Sequence[Path], marks: Path | None = None, action: str = "") -> Recording:
    """Read recordings that share a time line. ``marks`` overrides what lies beside them; ``action`` names what was
    done, or of a case's folder the stimulus to take (default: the most frequent). BadInput for whatever is missing.
    """
    buses: dict[str, list[Heard]] = {}
    sounds: dict[str, Sound] = {}
    pictures: list[Picture] = []
    found: tuple[str, list[Window]] | None = None
    for place in places:
        if not place.exists():
            raise BadInput(place, None, "", "no such recording", "Name a folder of recordings, or a candump log.")
        logs = sorted(p for p in place.glob("*.log") if p.name not in _TEXTS) if place.is_dir() else [place]
        for log in logs:
            for channel, heard in read_candump(log):
                buses.setdefault(channel, []).append(heard)
        if place.is_dir():
            where = _where(place)
            for wav in sorted(place.glob("*.wav")):
                sounds[wav.stem] = _sound(wav, where)
            pictures += _pictures(place, where)
            found = found or _marks_beside(place, action)
    if marks is not None:
        found = read_marks(marks)
    if found is None:
        raise BadInput(
            places[0], None, "", "nothing says when the action was done", f"Give --marks FILE, or put a {MARKS} there."
        )
    for one in buses.values():
        one.sort(key=lambda h: h.t)
    if not any(buses.values()) and not sounds and not pictures:
        remedy = "Is the bus awake, the unit powered? A recording is .log, .wav or screen-NNNN.png files."
        raise BadInput(places[0], None, "", "nothing at all was recorded", remedy)
    pictures.sort(key=lambda p: p.stamp.t)
    said, windows = found
    return Recording(_span(buses, sounds, pictures), buses, sounds, pictures, action or said, windows)


def read_marks(path: Path) -> tuple[str, list[Window]]:
    """(action, windows) of a marks file. BadInput with the line."""
    located = load_yaml(path)
    data = located.data
    if not isinstance(data, dict) or data.get("schema") != 1 or not isinstance(data.get("marks"), list):
        raise located.error((), "this is no marks file", "Write 'schema: 1', 'action:' and a list 'marks:'.")
    windows: list[Window] = []
    for n, mark in enumerate(data["marks"]):
        where = ("marks", n)
        if not isinstance(mark, dict) or set(mark) != {"from", "to"}:
            raise located.error(where, "a mark has a beginning and an end", "Write {from: 12.5 s, to: 13 s}.")
        try:
            begin, end = parse_duration(str(mark["from"])), parse_duration(str(mark["to"]))
        except ValueError as why:
            raise located.error(where, str(why), "Write {from: 12.5 s, to: 13 s}.") from why
        if end < begin or (windows and begin < windows[-1][1]):
            raise located.error(where, "it ends before it begins, or before the last one ended", "Put them in order.")
        windows.append((begin, end))
    if not windows:
        raise located.error(("marks",), "no action was done", "Mark when it was: {from: 12.5 s, to: 13 s}.")
    return str(data.get("action") or ""), windows


def write_recording(folder: Path, recording: Recording) -> None:
    """Write it as ``read_recording`` reads it; ``folder`` is made. Two-dimensional codes on the pictures are blacked
    out: whoever has one can log in. OSError where it cannot be written.
    """
    import soundfile
    from PIL import Image

    from harness.judging.views import codes_on
    from harness.screen.code import mask

    folder.mkdir(parents=True, exist_ok=True)
    for bus, heard in recording.buses.items():
        with (folder / f"{bus}.log").open("w", encoding="ascii", newline="\n") as file:
            file.writelines(to_line(one, bus) for one in heard)
    for line, sound in recording.sounds.items():
        soundfile.write(folder / f"{line}.wav", sound.samples, sound.rate, subtype="PCM_16")
    shown = []
    for n, picture in enumerate(recording.pictures, 1):
        name = f"screen-{n:04d}.png"
        codes = codes_on(picture)
        Image.fromarray(mask(picture.pixels, codes) if codes else picture.pixels).save(folder / name, compress_level=1)
        shown.append([name, picture.stamp.t])
    facts = {"schema": 1, "sounds": {line: s.start for line, s in recording.sounds.items()}, "pictures": shown}
    (folder / FACTS).write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    lines = ["schema: 1", f"action: {json.dumps(recording.action, ensure_ascii=False)}", "marks:"]
    lines += [f"  - {{from: {a / S:.9f} s, to: {b / S:.9f} s}}" for a, b in recording.windows]
    (folder / MARKS).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _where(folder: Path) -> list[tuple[str, Ns]]:
    """(file, instant) of each sound and picture, the same picture perhaps several times."""
    try:
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        sounds = [(f"{line}.wav", int(t)) for line, t in facts["sounds"].items()]
        return sounds + [(str(name), int(t)) for name, t in facts["pictures"]]
    except FileNotFoundError:
        pass
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as why:
        raise BadInput(folder / FACTS, None, "", f"cannot be read: {why!r}", "Restore it, or record again.") from why
    places = []
    for record in _journal(folder):
        match = _AT.fullmatch(str(record.get("name"))) if record.get("kind") == "attach" else None
        if match:
            places.append((str(record["file"]), round(float(match[2]) * 1e9)))
    return places


def _journal(folder: Path) -> list[dict[str, Any]]:
    from harness.foundation.journal import BrokenChain, read_journal

    path = folder / "journal.jsonl"
    if not path.is_file():
        return []
    try:
        return list(read_journal(path, torn_end=True))
    except BrokenChain as why:
        raise BadInput(path, None, "", str(why), "Take another case, or give --marks.") from why


def _marks_beside(folder: Path, action: str) -> tuple[str, list[Window]] | None:
    if (folder / MARKS).is_file():
        return read_marks(folder / MARKS)
    done = [(str(r["what"]), r["began"][0], r["ended"][0]) for r in _journal(folder) if r.get("kind") == "stimulus"]
    if not done:
        return None
    what = action or Counter(w for w, _, _ in done).most_common(1)[0][0]
    windows = sorted((begin, end) for w, begin, end in done if w == what)
    if not windows:
        names = ", ".join(sorted({w for w, _, _ in done}))
        raise BadInput("command line", None, f"--action {action}", "this case has no such stimulus", f"It has: {names}")
    return what, windows


def _sound(path: Path, where: Iterable[tuple[str, Ns]]) -> Sound:
    import soundfile

    try:
        samples, rate = soundfile.read(path, dtype="int16", always_2d=True)
    except soundfile.LibsndfileError as why:
        raise BadInput(path, None, "", f"cannot be read: {why}", "It must be a WAV file.") from why
    return Sound(samples[:, 0], int(rate), next((t for name, t in where if name == path.name), 0))


def _pictures(folder: Path, where: Iterable[tuple[str, Ns]]) -> list[Picture]:
    import numpy as np
    from PIL import Image

    read: dict[str, NDArray[np.uint8]] = {}
    pictures = []
    for name, t in where:
        if not name.endswith(".png"):
            continue
        if name not in read:
            try:
                read[name] = np.asarray(Image.open(folder / name).convert("RGB"))
            except OSError as why:
                raise BadInput(folder / name, None, "", f"cannot be read: {why}", "Restore the picture.") from why
        pictures.append(Picture(Stamp.exact(t), read[name]))
    return pictures


def _span(buses: Mapping[str, Sequence[Heard]], sounds: Mapping[str, Sound], pictures: Sequence[Picture]) -> Window:
    """From the first to the last thing recorded; sound is only kept where there was some, so frames go before it."""
    frames = [t for heard in buses.values() if heard for t in (heard[0].t, heard[-1].t)]
    if frames:
        return min(frames), max(frames)
    ends = [t for s in sounds.values() for t in (s.start, s.start + len(s.samples) * S // s.rate)]
    ends += [p.stamp.t for p in pictures]
    return min(ends), max(ends)
