"""Writes a case's recordings into its folder: bus traces, sound, pictures, console, and the signals worth drawing."""

from __future__ import annotations

import json
from collections.abc import Callable
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
from harness.foundation.errors import RigFault
from harness.foundation.units import MS, Ns, S, show_time
from harness.judging.tracks import Track, write_tracks

BEFORE: Ns = 500 * MS
AFTER: Ns = 500 * MS


def write_recordings(world: World, folder: Path, encoded: Encoded) -> None:
    """Every file a reader would open is named in the journal by an ``attach`` record, in the order he would open them;
    ``recordings.json`` names all (harness/judging/tracks.py). RigFault of the first source that could not be kept, when
    all the others are."""
    recorder = world.recorder
    tracks: list[Track] = []
    faults: list[RigFault] = []

    def keep(write: Callable[[], Track]) -> None:
        try:
            tracks.append(write())
        except RigFault as why:
            faults.append(why)

    _signals(world, folder)
    keep(lambda: _pictures(world, folder, encoded))
    heard = [f"{CALL_LINE}/{who}" for who, port in recorder.accounts.items() if hasattr(port, "ear")]
    for line in (MICROPHONE, MEDIA, *SPEAKERS, *sorted(heard)):
        if line != MEDIA or MEDIA in getattr(world.ports.audio, "lines", ()):  # which not every rig has
            keep(partial(_sound, world, folder, line))
    for bus in recorder.buses:
        keep(partial(_bus, world, folder, bus))
    keep(lambda: _console(world, folder))
    keep(lambda: write_supply(recorder, folder))
    keep(lambda: write_phones(recorder, folder))
    for who in sorted(recorder.accounts):
        keep(partial(write_account, recorder, who, folder))
    write_secrets(world.secrets, folder)
    write_tracks(folder, tracks)
    if faults:
        raise faults[0]


def _pictures(world: World, folder: Path, encoded: Encoded) -> Track:
    track, changes = write_pictures(world.recorder, folder, encoded)
    for t, file in changes:
        _attach(world, f"screen at {show_time(t)}", file, "image/png")
    return track


def _sound(world: World, folder: Path, line: str) -> Track:
    kind, _, who = line.partition("/")
    source = f"account/{who}" if kind == CALL_LINE else "audio"
    track = write_sound(world.recorder, line, source, folder, partial(_note, world))
    if track.file:
        _attach(world, f"{line} from {show_time(track.more['first'] // RATE * S)}", track.file, "audio/wav")
    return track


def _bus(world: World, folder: Path, bus: str) -> Track:
    written = bool(getattr(world.ports.can[bus], "recorded", False))  # by the rig's keeper
    track = write_bus(world.recorder, bus, folder, written=written)
    _attach(world, f"bus {bus} (candump)", track.file, "text/plain")
    return track


def _console(world: World, folder: Path) -> Track:
    track = write_console(world.recorder, folder)
    if track.file:
        _attach(world, "console", track.file, "text/plain")
    return track


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
