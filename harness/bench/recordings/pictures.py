"""The screen's pictures as PNG, and ``screen.csv``: when each came to the front.

A picture that shows a login code is masked where everybody looks; the original, of those pictures only, goes to
``restricted/`` under the same name.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from harness.bench.recorder import Recorder
from harness.bench.recordings.described import described
from harness.bench.recordings.encoded import Encoded
from harness.foundation.units import Ns
from harness.judging.tracks import RESTRICTED_FOLDER, SCREEN_COLUMNS, Track

if TYPE_CHECKING:
    from harness.screen.port import Picture


def write_pictures(recorder: Recorder, folder: Path, encoded: Encoded) -> tuple[Track, list[tuple[Ns, str]]]:
    """The track, and (instant, file) of each picture that differs from the one before it."""
    from harness.judging.views import codes_on
    from harness.screen.code import mask

    pictures = recorder.pictures(0, recorder.seen_to("screen"))
    contents = {id(p.pixels): p.pixels for p in pictures}
    hashes = {key: hashlib.sha256(pixels.data).digest() for key, pixels in contents.items()}
    shown: dict[bytes, tuple[str, str]] = {}
    lines, changes, last = [",".join(SCREEN_COLUMNS) + "\n"], list[tuple["Ns", str]](), b""
    for picture in pictures:
        content = hashes[id(picture.pixels)]
        if content not in shown:
            name = f"screen-{len(shown) + 1:04d}.png"
            codes = codes_on(picture)
            original = f"{RESTRICTED_FOLDER}/{name}" if codes else ""
            pixels = mask(picture.pixels, codes) if codes else picture.pixels
            shows = hashlib.sha256(pixels.data).digest() if codes else content
            (folder / name).write_bytes(encoded.png(pixels, shows))
            if codes:
                (folder / RESTRICTED_FOLDER).mkdir(mode=0o700, exist_ok=True)
                (folder / original).write_bytes(encoded.png(picture.pixels, content))
            shown[content] = (name, original)
        if content != last:
            changes.append((picture.stamp.t, shown[content][0]))
        last = content
        lines.append(_line(picture, *shown[content]))
    if not pictures:
        return described(recorder, "screen", ""), changes
    (folder / "screen.csv").write_text("".join(lines), encoding="ascii", newline="\n")
    return described(recorder, "screen", "screen.csv", spread=None), changes


def _line(picture: Picture, file: str, original: str) -> str:
    stamp = picture.stamp
    return f"{stamp.t},{stamp.early},{stamp.late},{file},{original}\n"
