"""An account's events out of its lines; what messages hold is read when a check asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from harness.evidence.rejudge.kept import Kept
from harness.evidence.rejudge.recorded_sound import read_nothing, read_wav
from harness.foundation.errors import BadInput
from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns
from harness.judging.tracks import Track
from harness.phone.port import CallEvent, Delivered, SessionEvent, Unread
from harness.phone.recorded import Answer, Event, from_json, stamp_of


class RecordedAccount:
    """``contents``: whether messages are wanted with what they hold. LeftOut where that was left out of the pack."""

    def __init__(self, folder: Path, track: Track) -> None:
        self._kept = Kept(folder, track)
        lines = self._kept.json_lines() if track.file else []
        self._messages = [line for line in lines if line.get("kind") == "message"]
        self._events = [self._event(line) for line in lines if line.get("kind") != "message"]

    def sessions(self, start: Ns, stop: Ns) -> Sequence[SessionEvent]:
        return [e for e in self._events if isinstance(e, SessionEvent) and start <= e.stamp.t <= stop]

    def calls(self, start: Ns, stop: Ns) -> Sequence[CallEvent]:
        return [e for e in self._events if isinstance(e, CallEvent) and start <= e.stamp.t <= stop]

    def unread(self, start: Ns, stop: Ns) -> Sequence[Unread]:
        log = [Unread(0, Stamp.exact(0)), *(e for e in self._events if isinstance(e, Unread))]
        before = [e for e in log if e.stamp.t < start][-1:]
        return [*before, *(e for e in log if start <= e.stamp.t <= stop)]

    def inbox(self, start: Ns, stop: Ns, *, contents: bool) -> Sequence[Delivered]:
        found = [(stamp_of(line), line) for line in self._messages]
        return [self._message(line, stamp, contents) for stamp, line in found if start <= stamp.t <= stop]

    @property
    def answers(self) -> Sequence[Answer]:
        """Of a phone's track: what its app said."""
        return [e for e in self._events if isinstance(e, Answer)]

    def _message(self, line: dict[str, Any], stamp: Stamp, contents: bool) -> Delivered:
        text, samples, count, file = "", None, line["samples"], str(line["file"])
        if contents and count == 0:
            samples = read_nothing()
        elif contents and file:
            path = self._kept.file(file)
            if count is None:
                text = path.read_text(encoding="utf-8")
            else:
                samples, _ = read_wav(path)
        return Delivered(str(line["id"]), str(line["sender"]), str(line["is"]), stamp, text, int(line["rate"]), samples,
                         str(line["codec"]))  # fmt: skip

    def _event(self, line: dict[str, Any]) -> Event:
        try:
            return from_json(line)
        except (KeyError, TypeError, ValueError) as why:
            raise BadInput(self._kept.path, None, str(line)[:80], str(why), "Restore the recording.") from why
