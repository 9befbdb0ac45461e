"""A database as ``hil vehicle new`` reads it: its messages, and what else its text says of buses, receivers and E2E.

``read_sources(paths)`` raises BadInput or SeveralBadInputs, with file and line, for a database that cannot be used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from harness.can.database import Database, load_dbc

CLASSIC, FD = 500_000, 2_000_000
_BAUD = re.compile(r'^BA_ +"(?:Baudrate|BusSpeed|BaudRate)" +(\d+) *;', re.MULTILINE)
_BAUD_FD = re.compile(r'^BA_ +"(?:BaudrateCANFD|BaudrateFD|BaudRateCANFD)" +(\d+) *;', re.MULTILINE)
_HINT = re.compile(
    r'^BA_ +"([^"]*(?:E2E|DataID|Data_ID|DataId|CRC_?ID)[^"]*)" +(?:BO_|SG_) +(\d+)[^;]*?("[^"]*"|-?\d+) *;',
    re.MULTILINE,
)


@dataclass(frozen=True)
class Source:
    """One bus. ``bitrate`` and ``data_bitrate`` in bit/s (``told`` whether the file says it); ``receivers`` by
    (message, signal); ``hints`` by message: attributes that speak of E2E, as text."""

    bus: str
    database: Database
    bitrate: int
    data_bitrate: int | None
    told: bool
    receivers: Mapping[tuple[str, str], tuple[str, ...]] = field(repr=False)
    hints: Mapping[str, Mapping[str, str]] = field(repr=False)


def read_sources(paths: Sequence[Path]) -> tuple[Source, ...]:
    """A bus for each file, named after it: without what all names begin with, so that car_body and car_media become
    body and media."""
    stems = [re.sub(r"\W+", "_", path.stem.lower()).strip("_") or "bus" for path in paths]
    shared = stems[0] if len(stems) > 1 else ""
    while shared and not (shared.endswith("_") and all(stem.startswith(shared) for stem in stems)):
        shared = shared[:-1]
    names: list[str] = []
    for stem in stems:
        name = stem[len(shared) :] or stem
        names.append(name if name not in names else f"{name}_{len(names) + 1}")
    return tuple(read_source(path, name) for path, name in zip(paths, names, strict=True))


def read_source(path: Path, bus: str) -> Source:
    """The bus that ``path`` describes."""
    database = load_dbc(path)
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    baud, fast = _BAUD.search(text), _BAUD_FD.search(text)
    fd = any(m.fd for m in database.messages.values())
    return Source(
        bus=bus,
        database=database,
        bitrate=int(baud[1]) if baud and int(baud[1]) else CLASSIC,
        data_bitrate=(int(fast[1]) if fast and int(fast[1]) else FD) if fd else None,
        told=bool(baud),
        receivers=_receivers(database, text.splitlines()),
        hints=_hints(database, text),
    )


def _receivers(database: Database, rows: list[str]) -> dict[tuple[str, str], tuple[str, ...]]:
    found = {}
    for message in database.messages.values():
        for signal in message.signals.values():
            if 0 < signal.line <= len(rows):
                behind = rows[signal.line - 1].rpartition('"')[2]
                names = tuple(n for n in re.split(r"[\s,]+", behind.strip()) if n and n != "Vector__XXX")
                found[(message.name, signal.name)] = names
    return found


def _hints(database: Database, text: str) -> dict[str, dict[str, str]]:
    by_number = {m.id | (1 << 31 if m.extended else 0): m.name for m in database.messages.values()}
    found: dict[str, dict[str, str]] = {}
    for attribute, number, value in _HINT.findall(text):
        name = by_number.get(int(number))
        if name is not None:
            found.setdefault(name, {})[attribute] = value.strip('"')
    return found
