"""A database as ``hil vehicle new`` reads it: its messages, and what else its text says of buses, receivers and E2E.

``read_source(path)`` raises BadInput or SeveralBadInputs, with file and line, for a database that cannot be used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
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


def read_source(path: Path, taken: tuple[str, ...] = ()) -> Source:
    """The bus that ``path`` describes, under a name that is not in ``taken``."""
    database = load_dbc(path)
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    baud, fast = _BAUD.search(text), _BAUD_FD.search(text)
    fd = any(m.fd for m in database.messages.values())
    return Source(
        bus=_bus_name(path, taken),
        database=database,
        bitrate=int(baud[1]) if baud and int(baud[1]) else CLASSIC,
        data_bitrate=(int(fast[1]) if fast and int(fast[1]) else FD) if fd else None,
        told=bool(baud),
        receivers=_receivers(database, text.splitlines()),
        hints=_hints(database, text),
    )


def _bus_name(path: Path, taken: tuple[str, ...]) -> str:
    name = re.sub(r"\W+", "_", path.stem.lower()).strip("_") or "bus"
    return name if name not in taken else f"{name}_{len(taken) + 1}"


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
