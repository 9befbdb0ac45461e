"""What comes as a list of small things: the console's chunks, the supply's readings, what accounts and phones saw."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from harness.bench.recorder import Recorder
from harness.bench.recordings.described import described, spread_or_stamps
from harness.console.recorded import to_line
from harness.foundation.errors import NotOffered
from harness.judging.tracks import RESTRICTED_FOLDER, SECRETS, SUPPLY_COLUMNS, Track
from harness.phone.port import Delivered
from harness.phone.recorded import Event, message_to_json, to_json

FOREVER = 1 << 62


def write_console(recorder: Recorder, folder: Path) -> Track:
    chunks = recorder.console_log
    if not chunks:
        return described(recorder, "console", "")
    with (folder / "console.log").open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(to_line(chunk.stamp.t, chunk.data) for chunk in chunks)
    more = spread_or_stamps(folder, "console.stamps.csv", (chunk.stamp for chunk in chunks))
    return described(recorder, "console", "console.log", **more)


def write_supply(recorder: Recorder, folder: Path) -> Track:
    """``supply.csv``; volts, amperes and their bounds with as many digits as a float holds."""
    lines = [",".join(map(repr, (*r.stamp, r.volts, r.amperes, r.volts_within, r.amperes_within))) + "\n"
             for r in recorder.supply_log]  # fmt: skip
    text = "".join([",".join(SUPPLY_COLUMNS) + "\n", *lines])
    (folder / "supply.csv").write_text(text, encoding="ascii", newline="\n")
    return described(recorder, "supply", "supply.csv", spread=None)


def write_account(recorder: Recorder, who: str, folder: Path) -> Track:
    """Sessions, calls, what was unread, and the messages; what messages hold goes to ``restricted/``."""
    lines: list[dict[str, Any]] = []
    without: list[str] = []
    logs: dict[str, Callable[[], Sequence[Event]]] = {
        "sessions": lambda: recorder.sessions(who, 0, FOREVER),
        "calls": lambda: recorder.calls(who, 0, FOREVER),
        "unread": lambda: [e for e in recorder.unread(who, 1, FOREVER) if e.stamp.t > 0 or e.count],
    }
    for name, read in logs.items():
        try:
            lines += [to_json(event) for event in read()]
        except NotOffered:
            without.append(name)
    try:
        messages = recorder.inbox(who, 0, FOREVER)
    except NotOffered:
        messages, without = (), [*without, "inbox"]
    for number, message in enumerate(messages, 1):
        lines.append(message_to_json(message, _contents(message, f"{who}-message-{number:04d}", folder)))
    name = f"account-{who}.jsonl"
    (folder / name).write_text("".join(_line(line) for line in lines), encoding="utf-8", newline="\n")
    more = {"without": without} if without else {}
    return described(recorder, f"account/{who}", name, spread=None, more=more)


def write_phones(recorder: Recorder, folder: Path) -> Track:
    """What the apps on the phones answered."""
    if not recorder.answers:
        return described(recorder, "phone", "")
    text = "".join(_line(to_json(answer)) for answer in recorder.answers)
    (folder / "phone.jsonl").write_text(text, encoding="utf-8", newline="\n")
    return described(recorder, "phone", "phone.jsonl", spread=None)


def write_secrets(secrets: Sequence[Sequence[str]], folder: Path) -> None:
    """What was looked for and must be found nowhere, by the number that checks name it with."""
    if secrets:
        (folder / RESTRICTED_FOLDER).mkdir(mode=0o700, exist_ok=True)
        text = json.dumps({"schema": 1, "secrets": [list(s) for s in secrets]}, ensure_ascii=False, indent=1)
        (folder / RESTRICTED_FOLDER / SECRETS).write_text(text + "\n", encoding="utf-8")


def _contents(message: Delivered, name: str, folder: Path) -> str:
    """The file that holds what a message says; "" where it says nothing."""
    kept = folder / RESTRICTED_FOLDER
    if message.samples is not None and len(message.samples):
        import soundfile

        kept.mkdir(mode=0o700, exist_ok=True)
        soundfile.write(kept / f"{name}.wav", message.samples, message.rate, subtype="PCM_16")
        return f"{RESTRICTED_FOLDER}/{name}.wav"
    if message.text:
        kept.mkdir(mode=0o700, exist_ok=True)
        (kept / f"{name}.txt").write_text(message.text, encoding="utf-8", newline="\n")
        return f"{RESTRICTED_FOLDER}/{name}.txt"
    return ""


def _line(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True) + "\n"
