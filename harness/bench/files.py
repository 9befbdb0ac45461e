"""Writes a case's recordings into its folder: bus traces, sound, pictures, console, and the signals worth drawing."""

from __future__ import annotations

import hashlib
import io
import json
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from harness.audio.port import MICROPHONE, RATE, SPEAKERS
from harness.audio.samples import index_at
from harness.bench.recorder import CALL_LINE
from harness.bench.world import World
from harness.foundation.errors import RigFault
from harness.foundation.units import MS, Ns, S, show_time

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BEFORE: Ns = 500 * MS
AFTER: Ns = 500 * MS


class Encoded:
    """PNG files by the picture they hold: cases of a run show the same few screens over and over."""

    MOST = 64

    def __init__(self) -> None:
        self._known: dict[bytes, bytes] = {}

    def png(self, pixels: NDArray[np.uint8], content: bytes) -> bytes:
        """``content`` is the SHA-256 of ``pixels``."""
        found = self._known.get(content)
        if found is None:
            from PIL import Image

            # screens are flat: run-length coding is the quickest and the smallest for them
            file = io.BytesIO()
            Image.fromarray(pixels).save(file, "png", compress_level=1, compress_type=zlib.Z_RLE)
            found = self._known[content] = file.getvalue()
            if len(self._known) > self.MOST:
                del self._known[next(iter(self._known))]
        return found


def write_recordings(world: World, folder: Path, encoded: Encoded) -> None:
    """Every file is named in the journal by an ``attach`` record, in the order a reader would open them."""
    _signals(world, folder)
    _pictures(world, folder, encoded)
    heard = [f"{CALL_LINE}/{who}" for who, port in world.recorder.accounts.items() if hasattr(port, "ear")]
    for line in (MICROPHONE, *SPEAKERS, *sorted(heard)):
        _sound(world, folder, line)
    for bus in world.recorder.buses:
        _trace(world, folder, bus)
    _console(world, folder)


def _attach(world: World, name: str, file: str, kind: str) -> None:
    world.journal.write("attach", world.clock.now(), name=name, file=file, type=kind)


def _signals(world: World, folder: Path) -> None:
    marks = [{"t": t, "label": label} for t, label in world.marks]
    if not marks or not world.touched:
        return
    start, stop = min(t for t, _ in world.marks) - BEFORE, max(t for t, _ in world.marks) + AFTER
    tracks = []
    for name in world.touched:
        role = world.vehicle.role(name)
        if role.signal is None:
            continue
        points: list[list[object]] = []
        last: object = object()
        before = world.recorder.last_frame(role.bus, role.message.key, start)
        frames = ([before] if before else []) + list(world.recorder.frames(role.bus, role.message.key, start, stop))
        values: dict[bytes, object] = {}  # a counter's turn of frames comes again and again
        for heard in frames:
            data = heard.frame.data if heard.frame else b""
            if heard.frame and role.signal.mux and not role.in_(data):
                continue
            if data not in values:
                values[data] = role.read(data) if heard.frame else None
            value = values[data]
            if value != last:
                points.append([max(heard.t, start), value])
                last = value
        if points:
            points.append([min(stop, frames[-1].t), points[-1][1]])
            tracks.append({"name": name, "unit": role.unit, "points": points})
    document = {"window": [start, stop], "tracks": tracks, "marks": marks}
    text = json.dumps(document, ensure_ascii=False, sort_keys=True)
    (folder / "signals.json").write_text(text + "\n", encoding="utf-8")
    _attach(world, "signals around the stimulus", "signals.json", "application/json")


def _pictures(world: World, folder: Path, encoded: Encoded) -> None:
    from harness.judging.views import codes_on
    from harness.screen.code import mask

    last: bytes = b""
    shown: dict[bytes, str] = {}
    pictures = world.recorder.pictures(0, world.recorder.seen_to("screen"))
    contents = {id(p.pixels): p.pixels for p in pictures}
    hashes = {key: hashlib.sha256(pixels.data).digest() for key, pixels in contents.items()}
    for picture in pictures:
        content = hashes[id(picture.pixels)]
        if content == last:
            continue
        last = content
        if content not in shown:
            shown[content] = file = f"screen-{len(shown) + 1:04d}.png"
            codes = codes_on(picture)
            pixels = mask(picture.pixels, codes) if codes else picture.pixels
            shows = hashlib.sha256(pixels.data).digest() if codes else content
            (folder / file).write_bytes(encoded.png(pixels, shows))
        _attach(world, f"screen at {show_time(picture.stamp.t)}", shown[content], "image/png")


def _sound(world: World, folder: Path, line: str) -> None:
    import numpy as np
    import soundfile

    end = world.recorder.seen_to("audio")
    pieces: list[tuple[int, NDArray[np.int16]]] = []
    for second in range(-(-end // S)):
        try:
            capture = world.recorder.sound(line, second * S, min((second + 1) * S, end))
        except RigFault as why:  # what was judged was not there, or the verdict says so
            world.journal.write("note", world.clock.now(), text=f"{line}.wav lacks second {second}: {why}")
            continue
        if not capture.silent:
            pieces.append((index_at(capture.began.t), capture.samples))
    if not pieces:
        return
    first = pieces[0][0] // RATE
    whole = np.zeros(pieces[-1][0] - first * RATE + len(pieces[-1][1]), np.int16)
    for began, samples in pieces:
        at = began - first * RATE
        whole[at : at + len(samples)] = samples
    name = f"{line.replace('/', '-')}.wav"
    soundfile.write(folder / name, whole, RATE, subtype="PCM_16")
    _attach(world, f"{line} from {show_time(first * S)}", name, "audio/wav")


def _trace(world: World, folder: Path, bus: str) -> None:
    from harness.can.candump import to_line

    if not getattr(world.ports.can[bus], "recorded", False):  # else the rig's keeper has written it
        with (folder / f"{bus}.log").open("w", encoding="ascii", newline="\n") as file:
            file.writelines(to_line(heard, bus) for heard in world.recorder.buses[bus].all)
    _attach(world, f"bus {bus} (candump)", f"{bus}.log", "text/plain")


def _console(world: World, folder: Path) -> None:
    if not world.recorder.console_log:
        return
    with (folder / "console.log").open("w", encoding="utf-8", newline="\n") as file:
        for chunk in world.recorder.console_log:
            text = chunk.data.decode("utf-8", "backslashreplace").rstrip("\r\n")
            file.write(f"[{show_time(chunk.stamp.t):>14}] {text}\n")
    _attach(world, "console", "console.log", "text/plain")
