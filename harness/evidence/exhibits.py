"""The files a reader of a report wants one click away, made from the recordings a journal points at.

A candump log becomes its excerpt around the stimulus, ``signals.json`` a plot, a WAV stays and gets its spectrogram;
pictures and texts stay as they are. A recording that is missing or cannot be shown is said so in a text in its place:
a report generator must not cost the evidence. Of a case that passed only the plot and its last picture go along, and
the names of the other files: with everything of every case, the page of a run on four cars has half a gigabyte.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from harness.evidence.case import CaseRecord, Record
from harness.foundation.pseudonyms import RESTRICTED
from harness.foundation.units import S
from harness.foundation.values import Verdict

SIGNALS = "signals.json"
MOST_TEXT = 100_000
MOST_PICTURES = 8
MOST_LINES = 2000
"""Lines of a bus trace: all of it lies in the case's folder."""
MOST_SOUND_S = 15.0
WHOLE_S, BEFORE_S, AFTER_S = 20, 2, 6
"""A recording up to so long is drawn whole; a longer one from shortly before its point of interest."""


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
    pictures = [a["file"] for a in case.attachments if str(a["file"]).endswith(".png")]
    if case.verdict is Verdict.PASS:
        skipped = {a["file"] for a in case.attachments} - {SIGNALS, *pictures[-1:]}
    else:
        skipped = set(pictures[1 : max(len(pictures) - MOST_PICTURES, 1)])
    wanted = sorted(case.attachments, key=lambda a: a["file"] != SIGNALS)
    signals = _signals(case.folder)
    focus = point_of_interest(case, signals)
    for attachment in wanted:
        if attachment["file"] in skipped:
            continue
        try:
            yield from _show(case, attachment, signals, focus)
        except Exception as why:  # noqa: BLE001 - a picture that cannot be made must not cost the evidence
            note = f"{attachment.get('file')} cannot be shown: {why}\n"
            yield Exhibit(f"{attachment.get('name')} (missing)", "text/plain", "txt", note.encode())
    if skipped:
        listed = "".join(f"  {name}\n" for name in sorted(skipped))
        note = f"More of this case lies in its folder, cases/{case.name}:\n{listed}"
        yield Exhibit("more recordings", "text/plain", "txt", note.encode())


def point_of_interest(case: CaseRecord, signals: Record | None) -> tuple[int, int] | None:
    """The stretch to show, in ns: all of a short recording, else around the first miss, or the last stimulus."""
    if signals is None:
        return None
    start, end = (int(t) for t in signals["window"])
    if end - start <= WHOLE_S * S:
        return start, end
    green = (Verdict.PASS, Verdict.NOT_APPLICABLE)
    missed = next((int(c["window"][0]) for c in case.checks if c["verdict"] not in green), None)
    stimuli = [int(r["began"][0]) for r in case.records if r["kind"] == "stimulus" and r.get("began")]
    at = missed if missed is not None else stimuli[-1] if stimuli else end - AFTER_S * S
    first = min(max(at - BEFORE_S * S, start), end - (BEFORE_S + AFTER_S) * S)
    return first, first + (BEFORE_S + AFTER_S) * S


def _show(
    case: CaseRecord, attachment: Record, signals: Record | None, focus: tuple[int, int] | None
) -> Iterator[Exhibit]:
    assert case.folder is not None
    path = case.folder / str(attachment["file"])
    name, mime = str(attachment["name"]), str(attachment.get("type", "text/plain"))
    withheld = not path.is_file() and (case.folder / RESTRICTED / path.name).is_file()
    if withheld or RESTRICTED in path.relative_to(case.folder).parts:
        raise OSError("it is restricted")
    if not path.is_file():
        raise OSError("the file is not in the case's folder")
    if path.name == SIGNALS:
        from harness.evidence.plots import signal_plot

        shown = {**(signals or {}), "window": focus}
        yield Exhibit(name, "image/svg+xml", "svg", signal_plot(shown, allowed(case)).encode())
    elif path.suffix == ".wav":
        from harness.evidence.sound import clip
        from harness.evidence.spectrogram import spectrogram

        heard = clip(path, MOST_SOUND_S)
        yield Exhibit(name, "audio/wav", "wav", heard.wav())
        yield Exhibit(f"{name}: spectrogram", "image/svg+xml", "svg", spectrogram(heard).encode())
    elif path.suffix == ".log" and path.stem != "console":
        from harness.evidence.candump import excerpt

        with path.open(encoding="utf-8", errors="replace") as lines:
            yield Exhibit(name, "text/plain", "txt", excerpt(lines.readlines(), focus, MOST_LINES).encode())
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
