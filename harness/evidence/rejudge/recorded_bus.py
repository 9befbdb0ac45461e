"""One bus out of its candump log: grouped by identity at once, decoded when it is asked for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from pathlib import Path

from harness.can.candump import from_line
from harness.can.port import Frame, Heard
from harness.evidence.rejudge.kept import Kept
from harness.foundation.errors import BadInput
from harness.foundation.units import Ns
from harness.judging.tracks import Track

Key = tuple[int, bool]
_ERROR_FLAG = 0x2000_0000


class RecordedBus:
    """What ``Recorder`` keeps of a bus, from files. BadInput, with the line, for a log that is none."""

    def __init__(self, folder: Path, track: Track) -> None:
        kept = Kept(folder, track)
        self._path = kept.path if track.file else folder
        text = self._path.read_bytes().decode("ascii", "replace") if track.file else ""
        self._lines = text.split("\n")[:-1]
        stamps = kept.stamps()
        self._stamps = None if stamps is None else {t: (early, late) for t, early, late in stamps}
        self._spread = track.spread or (0, 0)
        events = track.more.get("events")
        # by instant: where the rig's keeper writes the log, it may have heard more than the case has
        self._events: dict[Ns, list[Heard]] = {}
        for event in [] if events is None else kept.json_lines(str(events)):
            self._events.setdefault(int(event["t"]), []).append(_event(event))
        self._by_token: dict[str, list[int]] = {}
        for number, line in enumerate(self._lines):
            hash_ = line.find("#")
            self._by_token.setdefault(line[line.rfind(" ", 0, hash_) + 1 : hash_], []).append(number)
        self._read: dict[str, tuple[list[Ns], list[Heard]]] = {}
        self._all: tuple[list[Ns], list[Heard]] | None = None

    def frames(self, key: Key, start: Ns, stop: Ns) -> Sequence[Heard]:
        times, heard = self._of(key)
        return heard[bisect_left(times, start) : bisect_right(times, stop)]

    def last_frame(self, key: Key, before: Ns) -> Heard | None:
        times, heard = self._of(key)
        position = bisect_left(times, before)
        return heard[position - 1] if position else None

    def everything(self, start: Ns, stop: Ns) -> Sequence[Heard]:
        if self._all is None:
            told = {t: iter(events) for t, events in self._events.items()}
            read = map(self._one, range(len(self._lines)))
            heard = [one if one.kind == "data" else next(told.get(one.t, iter(())), one) for one in read]
            self._all = ([h.t for h in heard], heard)
        times, heard = self._all
        return heard[bisect_left(times, start) : bisect_right(times, stop)]

    def _of(self, key: Key) -> tuple[list[Ns], list[Heard]]:
        token = f"{key[0]:08X}" if key[1] else f"{key[0]:03X}"
        known = self._read.get(token)
        if known is None:
            found = [h for h in map(self._one, self._by_token.get(token, ())) if h.kind == "data"]
            known = self._read[token] = ([h.t for h in found], found)
        return known

    def _one(self, number: int) -> Heard:
        try:
            heard = from_line(self._lines[number])[1]
        except ValueError as why:
            raise BadInput(
                self._path, number + 1, self._lines[number][:80], str(why), "Restore the recording."
            ) from why
        early, late = heard.t - self._spread[0], heard.t + self._spread[1]
        if self._stamps is not None:
            early, late = self._stamps.get(heard.t, (early, late))
        return heard._replace(early=early, late=late)


def _event(line: dict[str, object]) -> Heard:
    about = line["frame"]
    frame = None
    if isinstance(about, list):
        frame = Frame(about[0], bytes.fromhex(about[1]), about[2], about[3], about[4])
    t, early, late = (int(str(line[name])) for name in ("t", "early", "late"))
    return Heard(t, early, late, str(line["kind"]), frame, bool(line["own"]), str(line["detail"]))
