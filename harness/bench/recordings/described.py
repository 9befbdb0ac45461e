"""What the index says of a source beside its file, asked of the recorder; and stamps that no one spread covers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from harness.bench.recorder import Recorder
from harness.foundation.units import Ns
from harness.judging.tracks import Track


def described(recorder: Recorder, track: str, file: str, source: str = "", **more: Any) -> Track:
    """``source``: the name under which its watermark is asked for, where that is not the track's own."""
    asked = source or track
    return Track(track, file, 0, recorder.seen_to(asked), recorder.stalled(asked), recorder.offers(asked), **more)


def spread_or_stamps(folder: Path, name: str, stamps: Iterable[tuple[Ns, Ns, Ns]]) -> dict[str, Any]:
    """``spread`` where all of (t, early, late) have one, else ``stamps``: a file with a line for each."""
    stamps = list(stamps)
    spreads = {(t - early, late - t) for t, early, late in stamps}
    if len(spreads) <= 1:
        return {"spread": next(iter(spreads), (0, 0))}
    lines = ["t,early,late\n", *(f"{t},{early},{late}\n" for t, early, late in stamps)]
    (folder / name).write_text("".join(lines), encoding="ascii", newline="\n")
    return {"spread": None, "stamps": name}
