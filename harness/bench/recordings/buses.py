"""A bus as candump writes it, and beside it what such a line does not keep: stamps, and events that are no data."""

from __future__ import annotations

import json
from pathlib import Path

from harness.bench.recorder import Recorder
from harness.bench.recordings.described import described, spread_or_stamps
from harness.can.candump import to_line
from harness.can.port import Heard
from harness.judging.tracks import Track


def write_bus(recorder: Recorder, bus: str, folder: Path, *, written: bool) -> Track:
    """``<bus>.log``, which somebody else has ``written`` already on some rigs."""
    everything = recorder.buses[bus].all
    if not written:
        with (folder / f"{bus}.log").open("w", encoding="ascii", newline="\n") as file:
            file.writelines(to_line(heard, bus) for heard in everything)
    more = spread_or_stamps(folder, f"{bus}.stamps.csv", ((h[0], h[1], h[2]) for h in everything))
    events = [_event(heard) for heard in everything if heard.kind != "data"]
    if events:
        lines = (json.dumps(event, sort_keys=True) + "\n" for event in events)
        (folder / f"{bus}.events.jsonl").write_text("".join(lines), encoding="utf-8")
        more["more"] = {"events": f"{bus}.events.jsonl"}
    return described(recorder, f"can/{bus}", f"{bus}.log", **more)


def _event(heard: Heard) -> dict[str, object]:
    frame = heard.frame
    about = None if frame is None else [frame.id, frame.data.hex(), frame.extended, frame.fd, frame.brs]
    return {"t": heard.t, "early": heard.early, "late": heard.late, "kind": heard.kind, "frame": about,
            "own": heard.own, "detail": heard.detail}  # fmt: skip
