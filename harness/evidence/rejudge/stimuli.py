"""What people and the car did, looked for in the recordings: the frame or the sound that an instant was read from.

A stimulus's ``seen`` says for its beginning and its end where that was: the role and what the frame carried, or the
line. Both have to be there still, at exactly that instant. An end of which nothing is said was an instant of the bench.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from harness.evidence.rejudge.found import Found, Standing
from harness.evidence.rejudge.kept import LeftOut
from harness.evidence.rejudge.question import stamp_from
from harness.evidence.rejudge.recorded import RecordedRun
from harness.foundation.errors import BadInput, HarnessError, RigFault
from harness.foundation.stamps import Stamp
from harness.foundation.units import show_time


def stimuli_again(case: str, record: Mapping[str, Any], recording: RecordedRun) -> Iterator[Found]:
    """One ``Found`` for the beginning and one for the end, where the record says where they were seen."""
    for end in ("began", "ended"):
        where = (record.get("seen") or {}).get(end)
        if not where:
            continue
        stamp = stamp_from(record[end])
        try:
            wrong = _wrong(recording, where, stamp)
            standing = Standing.DIFFERENT if wrong else Standing.EQUAL
        except (LeftOut, RigFault) as why:
            wrong, standing = str(why), Standing.NOT_POSSIBLE
        except (BadInput, HarnessError, KeyError, ValueError) as why:
            wrong, standing = f"{type(why).__name__}: {why}", Standing.DIFFERENT
        track = recording.tracks.get(str(where["track"]))
        recorded = show_time(stamp.t) if wrong else ""
        yield Found(standing, "stimulus", case, "", str(record["what"]), end, recorded, "not there" if wrong else "",
                    wrong, track.file if track else "")  # fmt: skip


def _wrong(recording: RecordedRun, where: Mapping[str, Any], stamp: Stamp) -> str:
    """What is not as it was said; "" when all is."""
    kind, _, line = str(where["track"]).partition("/")
    if kind == "audio":
        capture = recording.sound(line, stamp.t, int(where["until"]))
        if capture.silent:
            return f"{line} is silent from {show_time(stamp.t)} on"
        return "" if capture.began == stamp else f"{line} has no sample at {stamp.t} ns"
    role = recording.vehicle.role(str(where["role"]))
    frames = recording.frames(role.bus, role.message.key, stamp.t, stamp.t)
    own = [h for h in frames if h.own and h.frame is not None and Stamp(*h[:3]) == stamp]
    if not own:
        return f"no {role.message.name} of the bench's own ends at {stamp.t} ns"
    datas = [h.frame.data for h in own if h.frame is not None]
    if "number" in where:
        told = [role.event.number(data) if role.event else None for data in datas]
        return "" if where["number"] in told or None in told else f"{role.name} has number {told[0]}"
    read = [role.read(data) for data in datas]
    return (
        "" if any(_same(one, where["state"]) for one in read) else f"{role.name} is {read[0]!r}, not {where['state']!r}"
    )


def _same(read: object, wanted: object) -> bool:
    if isinstance(wanted, str) or not isinstance(read, int | float) or not isinstance(wanted, int | float):
        return read == wanted
    return abs(float(read) - float(wanted)) <= 0.05
