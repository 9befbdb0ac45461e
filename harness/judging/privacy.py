"""Canaries: contents of the user, looked for where nothing of the user may be.

A canary is searched as UTF-8, GBK, UTF-16 (both orders), hex and base64. In bus traffic it is searched in the bytes of
one identity joined over frames, so that splitting does not hide it: whole frames, and every stretch of them (of long
frames, without up to three bytes at either end, which transport protocols, counters and checksums use for their own);
also with each piece taken once where a cycle repeats it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from harness.can.joined import joined
from harness.foundation.pseudonyms import RESTRICTED
from harness.foundation.spellings import spelled
from harness.foundation.stamps import Interval, Stamp
from harness.foundation.units import Ns, show_time
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation, Undecided
from harness.judging.recording import Recording


@lru_cache(maxsize=256)
def spellings(canary: str) -> frozenset[bytes]:
    """Every way in which ``canary`` is looked for, as bytes (harness/foundation/spellings.py)."""
    return frozenset(spelled(canary))


def found_in(data: bytes, canaries: Iterable[str]) -> list[str]:
    return [canary for canary in canaries if any(s in data for s in spellings(canary))]


def on_the_buses(canaries: tuple[str, ...], after: Stamp, until: Ns) -> Observation:
    """How many canaries the unit sent on any bus from ``after`` to ``until``."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        hits: list[str] = []
        for bus in recording.vehicle.buses.values():
            if recording.seen_to(f"can/{bus.name}") < until:
                return Undecided(until)
            for key, message in bus.database.messages.items():
                if recording.vehicle.head_unit_nodes & set(message.senders) or key[0] in _diagnostic(recording):
                    frames = [h.frame.data for h in recording.frames(bus.name, key, after.t, until) if h.frame]
                    found = {c: None for one in joined(frames) for c in found_in(one.data, canaries)}
                    hits += [f"{_shown(c)} in {bus.name}/{message.name}" for c in found]
        return _count(hits, "the buses", after, until)

    return _observation("on_the_buses", "bus traffic", canaries, after, until, look, "diagnostics")


def on_the_console(canaries: tuple[str, ...], after: Stamp, until: Ns) -> Observation:
    """How many canaries the console carried from ``after`` to ``until``."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        if recording.seen_to("console") < until:
            return Undecided(until)
        text = b"".join(chunk.data for chunk in recording.console(after.t, until))
        return _count([_shown(c) for c in found_in(text, canaries)], "the console", after, until)

    return _observation("on_the_console", "the console", canaries, after, until, look, "console")


def in_answers(canaries: tuple[str, ...], answers: Mapping[int, bytes], after: Stamp, until: Ns) -> Observation:
    """How many canaries the unit's diagnostic answers hold; ``answers``: identifier -> data, as read after logout."""

    def look(_recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        hits = [f"{_shown(c)} in DID 0x{did:04X}" for did, data in answers.items() for c in found_in(data, canaries)]
        return _count(hits, f"{len(answers)} readable identifiers", after, until)

    return _observation("in_answers", "diagnostics", canaries, after, until, look, "diagnostics")


def in_files(canaries: tuple[str, ...], folder: Path, after: Stamp, until: Ns) -> Observation:
    """How many canaries are in what the harness itself has written into the case's ``folder`` so far, and on the
    pictures as it writes them. Its restricted part, which has to hold them, is not searched."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        from harness.judging.views import codes_on
        from harness.screen.code import mask, read_codes

        if recording.seen_to("screen") < until:
            return Undecided(until)
        files = sorted(p for p in folder.rglob("*") if p.is_file() and RESTRICTED not in p.relative_to(folder).parts)
        hits = [f"{_shown(c)} in {path.name}" for path in files for c in found_in(path.read_bytes(), canaries)]
        seen = {id(p.pixels): p for p in recording.pictures(after.t, until)}
        for picture in seen.values():
            codes = codes_on(picture)
            if codes and read_codes(mask(picture.pixels, codes)):
                hits.append(f"a login code on the picture of {show_time(picture.stamp.t)}")
        return _count(hits, f"{len(files)} files of ours", after, until)

    return _observation("in_files", "our own reports", canaries, after, until, look, "screen")


def _shown(canary: str) -> str:
    """A canary as a report may name it."""
    return f"one of {len(canary)} characters"


def _observation(
    name: str, where: str, canaries: tuple[str, ...], after: Stamp, until: Ns, look: object, source: str
) -> Observation:
    arguments = {"canaries": len(canaries), "after": list(after), "until": until}
    return Observation(name, arguments, "canaries", source, after, look, f"canaries in {where}")  # type: ignore[arg-type]


def _count(hits: list[str], where: str, after: Stamp, until: Ns) -> Measurement:
    said = f"{'; '.join(hits[:5])}" if hits else f"no canary in {where} from {show_time(after.t)} to {show_time(until)}"
    return Measurement("canaries", "1", Interval.exact(len(hits)), said, (), (after.t, until))


def _diagnostic(recording: Recording) -> tuple[int, ...]:
    return (recording.vehicle.diagnostics.response,)
