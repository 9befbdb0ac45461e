"""What an account or a phone was seen to do, as JSON lines, and back.

A line is ``{"kind", "t", "early", "late", ...}``: ``session`` (what, unit), ``call`` (what, call, media), ``unread``
(count), ``message`` (id, sender, is, rate, codec, samples, and in ``file`` what it holds, which may be kept from
others), ``answer`` (act, outcome: what the phone's own app said). In the order of their kinds, then of time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from harness.foundation.stamps import Stamp
from harness.phone.port import CallEvent, Delivered, SessionEvent, Unread


class Answer(NamedTuple):
    """What the app on the phone of ``account`` said to a scan, a confirmation, a refusal (``act``)."""

    account: str
    act: str
    outcome: str
    stamp: Stamp


Event = SessionEvent | CallEvent | Unread | Answer


def to_json(event: Event) -> dict[str, Any]:
    """As a line says it."""
    if isinstance(event, SessionEvent):
        return {"kind": "session", "what": event.what, "unit": event.unit, **stamped(event.stamp)}
    if isinstance(event, CallEvent):
        return {"kind": "call", "what": event.what, "call": event.call, "media": event.media, **stamped(event.stamp)}
    if isinstance(event, Unread):
        return {"kind": "unread", "count": event.count, **stamped(event.stamp)}
    return {"kind": "answer", "account": event.account, "act": event.act, "outcome": event.outcome,
            **stamped(event.stamp)}  # fmt: skip


def message_to_json(message: Delivered, file: str) -> dict[str, Any]:
    """All of a message but its contents, which are in ``file`` ("" where it has none)."""
    count = None if message.samples is None else len(message.samples)
    return {"kind": "message", "id": message.id, "sender": message.sender, "is": message.kind, "rate": message.rate,
            "codec": message.codec, "samples": count, "file": file, **stamped(message.stamp)}  # fmt: skip


def from_json(line: Mapping[str, Any]) -> Event:
    """KeyError, TypeError or ValueError for a line that is none of these; a message is none of them."""
    stamp = stamp_of(line)
    kind = line["kind"]
    if kind == "session":
        return SessionEvent(str(line["what"]), str(line["unit"]), stamp)
    if kind == "call":
        return CallEvent(str(line["what"]), str(line["call"]), str(line["media"]), stamp)
    if kind == "unread":
        return Unread(int(line["count"]), stamp)
    if kind == "answer":
        return Answer(str(line["account"]), str(line["act"]), str(line["outcome"]), stamp)
    raise ValueError(f"no event of an account: {kind!r}")


def stamped(stamp: Stamp) -> dict[str, int]:
    return {"t": stamp.t, "early": stamp.early, "late": stamp.late}


def stamp_of(line: Mapping[str, Any]) -> Stamp:
    return Stamp(int(line["t"]), int(line["early"]), int(line["late"]))
