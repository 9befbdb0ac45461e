"""The files a reader of a report wants one click away, made from the recordings a journal points at.

A candump log becomes its excerpt around the stimulus, ``signals.json`` a plot, a WAV stays and gets its spectrogram;
pictures and texts stay as they are. A recording that is missing or cannot be shown is said so in a text in its place:
a report generator must not cost the evidence.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from harness.evidence.case import CaseRecord, Record

SIGNALS = "signals.json"
MOST_TEXT = 400_000


class Exhibit(NamedTuple):
    """``body`` is a file to copy or the bytes themselves."""

    name: str
    type: str
    extension: str
    body: Path | bytes


def exhibits(case: CaseRecord) -> Iterator[Exhibit]:
    """In the order of the journal; the signal plot first, because it tells the story."""
    if case.folder is None:
        return
    wanted = sorted(case.attachments, key=lambda a: a["file"] != SIGNALS)
    signals = _signals(case.folder)
    for attachment in wanted:
        try:
            yield from _show(case, attachment, signals)
        except Exception as why:  # noqa: BLE001 - a picture that cannot be made must not cost the evidence
            note = f"{attachment.get('file')} cannot be shown: {why}\n"
            yield Exhibit(f"{attachment.get('name')} (missing)", "text/plain", "txt", note.encode())


def _show(case: CaseRecord, attachment: Record, signals: Record | None) -> Iterator[Exhibit]:
    assert case.folder is not None
    path = case.folder / str(attachment["file"])
    name, mime = str(attachment["name"]), str(attachment.get("type", "text/plain"))
    if not path.is_file():
        raise OSError("the file is not in the case's folder")
    if path.name == SIGNALS:
        from harness.evidence.plots import signal_plot

        yield Exhibit(name, "image/svg+xml", "svg", signal_plot(signals or {}, allowed(case)).encode())
    elif path.suffix == ".wav":
        from harness.evidence.spectrogram import spectrogram

        yield Exhibit(name, "audio/wav", "wav", path)
        yield Exhibit(f"{name}: spectrogram", "image/svg+xml", "svg", spectrogram(path).encode())
    elif path.suffix == ".log" and path.stem != "console":
        from harness.evidence.candump import excerpt

        window = tuple(signals["window"]) if signals else None
        with path.open(encoding="utf-8", errors="replace") as lines:
            yield Exhibit(name, "text/plain", "txt", excerpt(lines, window).encode())
    elif mime.startswith("text/") and path.stat().st_size > MOST_TEXT:
        tail = path.read_bytes()[-MOST_TEXT:]
        yield Exhibit(name, mime, path.suffix.lstrip(".") or "txt", b"(the end of a longer text)\n" + tail)
    else:
        yield Exhibit(name, mime, path.suffix.lstrip(".") or "bin", path)


def allowed(case: CaseRecord) -> list[Any]:
    """The time each latency limit allows, from the instant it counts from, to be shaded in the plot."""
    from harness.evidence.plots import Allowed
    from harness.evidence.wording import show_limit

    found = []
    for check in case.checks:
        high = check["limit"].get("high")
        if check["unit"] == "s" and check["quantity"] == "latency" and high is not None and check["requirement"]:
            start = int(check["window"][0])
            label = f"{check['requirement']} {show_limit(check['limit'])}"
            found.append(Allowed(start, start + round(high * 1e9), label))
    return found


def _signals(folder: Path) -> dict[str, Any] | None:
    try:
        data = json.loads((folder / SIGNALS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return data if isinstance(data, dict) and "window" in data else None
