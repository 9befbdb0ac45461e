"""What crosses between the messaging service and who uses it, as JSON.

Theory. The values are our own frozen types. Each becomes an object with its type's name in "is"; bytes become base64;
tuples become lists, and lists come back as tuples. Nothing else is understood: an unknown name raises ValueError.
"""

from __future__ import annotations

import base64
import dataclasses
from typing import Any

from harness.foundation import pseudonyms
from harness.phone import calls, events, messages, sessions

TYPES: dict[str, Any] = {
    kind.__name__: kind
    for kind in (
        calls.Call,
        calls.CallEntry,
        events.CallArrived,
        events.CallEnded,
        events.CodeConfirmed,
        events.CodeExpired,
        events.CodeRefused,
        events.CodeScanned,
        events.CodeTimedOut,
        events.Contact,
        events.MessageArrived,
        events.SessionRevoked,
        pseudonyms.Secret,
        messages.Message,
        messages.UnreadEntry,
        messages.Voice,
        sessions.LogEntry,
    )
}


def pack(value: Any) -> Any:
    """``value`` as what JSON holds. ValueError for a type that does not cross."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, bytes):
        return {"is": "bytes", "data": base64.b64encode(value).decode("ascii")}
    name = type(value).__name__
    if TYPES.get(name) is type(value):
        if isinstance(value, tuple):
            return {"is": name, "fields": [pack(part) for part in value]}
        return {"is": name, "fields": [pack(getattr(value, f.name)) for f in dataclasses.fields(value)]}
    if isinstance(value, tuple | list):
        return [pack(part) for part in value]
    raise ValueError(f"a {name} does not cross to the messaging service")


def unpack(value: Any) -> Any:
    """The inverse of ``pack``. ValueError for what it never makes."""
    if isinstance(value, list):
        return tuple(unpack(part) for part in value)
    if not isinstance(value, dict):
        return value
    name = value.get("is")
    if name == "bytes":
        return base64.b64decode(str(value.get("data")), validate=True)
    kind, fields = TYPES.get(str(name)), value.get("fields")
    if kind is None or not isinstance(fields, list):
        raise ValueError(f"nothing of the messaging service is called {name!r}")
    try:
        return kind(*(unpack(part) for part in fields))
    except TypeError as why:
        raise ValueError(f"no {name}: {why}") from why
