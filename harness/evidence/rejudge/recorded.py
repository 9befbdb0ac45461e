"""A case's recording out of its files: what observations read, as they read it live.

Files are opened when a check first asks for what is in them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from harness.audio.port import Capture
from harness.can.port import Heard
from harness.console.port import Bytes
from harness.console.recorded import from_text
from harness.evidence.rejudge.kept import Kept, rows
from harness.evidence.rejudge.recorded_account import RecordedAccount
from harness.evidence.rejudge.recorded_bus import RecordedBus
from harness.evidence.rejudge.recorded_screen import Decoded, RecordedScreen
from harness.evidence.rejudge.recorded_sound import RecordedSound
from harness.foundation.errors import BadInput, HarnessError
from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns
from harness.judging.tracks import RESTRICTED_FOLDER, SECRETS, SUPPLY_COLUMNS, Track, read_tracks
from harness.phone.port import CallEvent, Delivered, SessionEvent, Unread
from harness.phone.recorded import Answer
from harness.screen.port import Picture
from harness.supply.port import Reading
from harness.vehicle.vehicle import Vehicle

CALL = "/call/"
"""In the names of lines whose watermark is an account's."""


class RecordedRun:
    """Implements judging.recording.Recording over one case's folder. BadInput for files that are not what they should
    be, LeftOut for restricted ones that are not there."""

    def __init__(self, folder: Path, vehicle: Vehicle, decoded: Decoded) -> None:
        self.folder = folder
        self.vehicle = vehicle
        self.tracks = read_tracks(folder)
        self.contents = False
        """Whether messages are read with what they hold."""
        self._decoded = decoded
        self._buses: dict[str, RecordedBus] = {}
        self._lines: dict[str, RecordedSound] = {}
        self._accounts: dict[str, RecordedAccount] = {}

    def seen_to(self, source: str) -> Ns:
        return self._track(source).seen_to

    def offers(self, source: str) -> bool:
        kind, _, name = source.partition("/")
        if kind == "role" and name not in self.vehicle.roles:
            return False
        return self._track(source).offered

    def stalled(self, source: str) -> Ns:
        return self._track(source).stall

    def frames(self, bus: str, key: tuple[int, bool], start: Ns, stop: Ns) -> Sequence[Heard]:
        return self._bus(bus).frames(key, start, stop)

    def last_frame(self, bus: str, key: tuple[int, bool], before: Ns) -> Heard | None:
        return self._bus(bus).last_frame(key, before)

    def everything(self, bus: str, start: Ns, stop: Ns) -> Sequence[Heard]:
        return self._bus(bus).everything(start, stop)

    def sound(self, line: str, start: Ns, stop: Ns) -> Capture:
        if line not in self._lines:
            self._lines[line] = RecordedSound(self.folder, self._named(f"audio/{line}"))
        return self._lines[line].heard(start, stop)

    def pictures(self, start: Ns, stop: Ns) -> Sequence[Picture]:
        stop = min(stop, self.seen_to("screen"))
        return self._screen.between(start, stop) if stop >= start else ()

    def console(self, start: Ns, stop: Ns) -> Sequence[Bytes]:
        return [chunk for chunk in self._console if start <= chunk.stamp.t <= stop]

    def supply(self, start: Ns, stop: Ns) -> Sequence[Reading]:
        return [reading for reading in self._supply if start <= reading.stamp.t <= stop]

    def inbox(self, account: str, start: Ns, stop: Ns) -> Sequence[Delivered]:
        return self._account(account).inbox(start, stop, contents=self.contents)

    def sessions(self, account: str, start: Ns, stop: Ns) -> Sequence[SessionEvent]:
        return self._account(account).sessions(start, stop)

    def calls(self, account: str, start: Ns, stop: Ns) -> Sequence[CallEvent]:
        return self._account(account).calls(start, stop)

    def unread(self, account: str, start: Ns, stop: Ns) -> Sequence[Unread]:
        return self._account(account).unread(start, stop)

    @cached_property
    def answers(self) -> Sequence[Answer]:
        """What the apps on the phones said."""
        return RecordedAccount(self.folder, self._named("phone")).answers

    @cached_property
    def secrets(self) -> list[tuple[str, ...]]:
        """What checks looked for, by number; empty where that was left out."""
        path = self.folder / RESTRICTED_FOLDER / SECRETS
        if not path.is_file():
            return []
        try:
            return [tuple(map(str, texts)) for texts in json.loads(path.read_text(encoding="utf-8"))["secrets"]]
        except (ValueError, KeyError, TypeError) as why:
            raise BadInput(path, None, "", f"is no list of secrets: {why}", "Restore the recording.") from why

    @cached_property
    def _screen(self) -> RecordedScreen:
        return RecordedScreen(self.folder, self._named("screen"), self._decoded)

    @cached_property
    def _console(self) -> list[Bytes]:
        track = self._named("console")
        if not track.file:
            return []
        kept = Kept(self.folder, track)
        path = kept.path
        try:
            chunks = list(from_text(path.read_bytes()))
        except ValueError as why:
            raise BadInput(path, None, "", str(why), "Restore the recording.") from why
        stamps = kept.stamps()
        first, second = track.spread or (0, 0)
        spread = [(t - first, t + second) for t, _ in chunks]
        bounds = spread if stamps is None else [(early, late) for _, early, late in stamps]
        if len(bounds) != len(chunks):
            raise BadInput(path, None, "", f"{len(chunks)} lines and {len(bounds)} stamps", "Restore the recording.")
        return [Bytes(Stamp(t, *bound), data) for (t, data), bound in zip(chunks, bounds, strict=True)]

    @cached_property
    def _supply(self) -> list[Reading]:
        track = self._named("supply")
        path = Kept(self.folder, track).path
        read = rows(path, ",".join(SUPPLY_COLUMNS), (int, int, int, float, float, float, float))
        return [Reading(v, a, Stamp(t, early, late), v_in, a_in) for t, early, late, v, a, v_in, a_in in read]

    def _bus(self, name: str) -> RecordedBus:
        if name not in self._buses:
            self._buses[name] = RecordedBus(self.folder, self._named(f"can/{name}"))
        return self._buses[name]

    def _account(self, name: str) -> RecordedAccount:
        if name not in self._accounts:
            self._accounts[name] = RecordedAccount(self.folder, self._named(f"account/{name}"))
        return self._accounts[name]

    def _track(self, source: str) -> Track:
        """The track whose watermark a source has."""
        kind, _, name = source.partition("/")
        if kind == "role":
            return self._named(f"can/{self.vehicle.role(name).bus}")
        if kind == "diagnostics":
            return self._named(f"can/{self.vehicle.diagnostics.bus}")
        if kind == "audio" and not name:
            source = next((name for name in self.tracks if name.startswith("audio/") and CALL not in name), source)
        return self._named(source)

    def _named(self, track: str) -> Track:
        if track not in self.tracks:
            raise HarnessError(f"nothing of {track} was recorded in this case")
        return self.tracks[track]
