"""Writes a case's recordings into its folder: bus traces, sound, pictures, console, and the signals worth drawing."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

from harness.audio.port import MEDIA, MICROPHONE, RATE, SPEAKERS
from harness.bench.recorder import CALL_LINE
from harness.bench.recordings.buses import write_bus
from harness.bench.recordings.encoded import Encoded
from harness.bench.recordings.logs import write_account, write_console, write_phones, write_secrets, write_supply
from harness.bench.recordings.pictures import write_pictures
from harness.bench.recordings.sound import write_sound
from harness.bench.world import World
from harness.foundation.units import MS, Ns, S, show_time
from harness.judging.tracks import write_tracks

BEFORE: Ns = 500 * MS
AFTER: Ns = 500 * MS


def write_recordings(world: World, folder: Path, encoded: Encoded) -> None:
    """Every file a reader would open is named in the journal by an ``attach`` record, in the order he would open them;
    ``recordings.json`` names all (harness/judging/tracks.py)."""
    recorder = world.recorder
    _signals(world, folder)
    screen, changes = write_pictures(recorder, folder, encoded)
    for t, file in changes:
        _attach(world, f"screen at {show_time(t)}", file, "image/png")
    tracks = [screen]
    heard = [f"{CALL_LINE}/{who}" for who, port in recorder.accounts.items() if hasattr(port, "ear")]
    for line in (MICROPHONE, MEDIA, *SPEAKERS, *sorted(heard)):
        kind, _, who = line.partition("/")
        if line == MEDIA and MEDIA not in getattr(world.ports.audio, "lines", ()):
            continue  # a line that not every rig has
        source = f"account/{who}" if kind == CALL_LINE else "audio"
        sound = write_sound(recorder, line, source, folder, partial(_note, world))
        if sound.file:
            first = sound.more["first"] // RATE * S
            _attach(world, f"{line} from {show_time(first)}", sound.file, "audio/wav")
        tracks.append(sound)
    for bus in recorder.buses:
        written = bool(getattr(world.ports.can[bus], "recorded", False))  # by the rig's keeper
        tracks.append(write_bus(recorder, bus, folder, written=written))
        _attach(world, f"bus {bus} (candump)", f"{bus}.log", "text/plain")
    tracks.append(write_console(recorder, folder))
    if tracks[-1].file:
        _attach(world, "console", "console.log", "text/plain")
    tracks += [write_supply(recorder, folder), write_phones(recorder, folder)]
    tracks += [write_account(recorder, who, folder) for who in sorted(recorder.accounts)]
    write_secrets(world.secrets, folder)
    write_tracks(folder, tracks)


def _note(world: World, text: str) -> None:
    world.journal.write("note", world.clock.now(), text=text)


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
