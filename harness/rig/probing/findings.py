"""What a self-check found: ports, values, events that several sources saw. Plain values, JSON in and out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from harness.foundation.stamps import Stamp
from harness.foundation.units import S

State = Literal["found", "missing", "wrong"]
_IN_ADDRESS = re.compile(r"(\w://)[^/\s@'\"]+@")
_SECRET = re.compile(r"pass(word)?|secret|token|pin|api_?key", re.IGNORECASE)


@dataclass(frozen=True)
class PortFinding:
    """``port`` as "can/body" or "supply"; ``said`` is what it is, or what is wrong and what to do."""

    port: str
    driver: str
    settings: str
    state: State
    said: str


@dataclass(frozen=True)
class Value:
    """A figure of the rig itself, in ``unit``, the truth within [low, high]; ``value`` None: not measured, ``said`` has
    the reason. ``wrong`` says what is out of order with it, or is empty."""

    port: str
    quantity: str
    unit: str
    value: float | None
    low: float | None = None
    high: float | None = None
    said: str = ""
    wrong: str = ""


@dataclass(frozen=True)
class Sighting:
    """One source's interval for an event: seconds after the cause's best estimate, low <= truth <= high.

    ``relation`` to the cause: "at once" (the intervals overlap), "later", "before" (impossible: clocks disagree),
    "unseen"."""

    source: str
    low: float | None
    high: float | None
    relation: Literal["at once", "later", "before", "unseen"]
    said: str = ""


@dataclass(frozen=True)
class Marker:
    """An event and who saw it; ``said`` what follows for the alignment of the sources."""

    event: str
    sightings: tuple[Sighting, ...]
    said: str

    @property
    def wrong(self) -> str:
        early = [s.source for s in self.sightings if s.relation == "before"]
        return f"{self.event}: {', '.join(early)} saw it before it happened: its clock is off" if early else ""


@dataclass(frozen=True)
class Findings:
    """``events`` may be empty: then ``no_event`` says why nothing aligns the lines."""

    ports: tuple[PortFinding, ...]
    values: tuple[Value, ...]
    events: tuple[Marker, ...]
    no_event: str = ""

    @property
    def wrong(self) -> tuple[str, ...]:
        """Everything that is out of order, a line each."""
        return (
            *(f"{p.port} is {p.state}: {p.said}" for p in self.ports if p.state != "found"),
            *(f"{v.port}: {v.wrong}" for v in self.values if v.wrong),
            *(m.wrong for m in self.events if m.wrong),
        )

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "wrong": list(self.wrong)}


def sighting(source: str, cause: Stamp, seen: tuple[int, int] | None, said: str = "") -> Sighting:
    """``seen`` is (early, late) in ns of bench time, or None with the reason in ``said``."""
    if seen is None:
        return Sighting(source, None, None, "unseen", said)
    early, late = seen
    relation: Literal["at once", "later", "before"] = "at once"
    if late < cause.early:
        relation = "before"
    elif early > cause.late:
        relation = "later"
    return Sighting(source, round((early - cause.t) / S, 6), round((late - cause.t) / S, 6), relation, said)


def decent(text: str) -> str:
    """Without the user and password that an address may carry."""
    return _IN_ADDRESS.sub(r"\1", text)


def shown_settings(settings: Mapping[str, object]) -> str:
    """``key value`` pairs for people; nothing secret."""
    return decent(", ".join(f"{key} {_shown(key, value)}" for key, value in settings.items()))


def _shown(key: str, value: object) -> object:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{k}: {_shown(str(k), v)}" for k, v in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(str(_shown(key, v)) for v in value) + "]"
    return "***" if _SECRET.search(key) and isinstance(value, str | int) and not isinstance(value, bool) else value


def not_measured(port: str, quantity: str, why: str) -> Value:
    return Value(port, quantity, "", None, said=decent(why))
