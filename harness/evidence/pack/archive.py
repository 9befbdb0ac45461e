"""The zip of a pack: one byte form for each content, so that nothing can hide between the files.

Theory. A zip says most things twice (local header and directory) and leaves room for much (comments, extra fields,
gaps, data before and after). Here each of these bytes follows from a few values: name, method, CRC and both sizes of
each file, and one time for all. ``local_header`` and ``directory`` are the only writers; a reader builds the same bytes
from the values it has read and compares. What is left free, the deflated data themselves, is what a seal names a digest
of (``harness/evidence/seal/statement.py``): two streams may unpack to one content.

Layout: the files by name, those below ``seal/`` last (so sealing only rewrites the end), the directory, its end record.
No folders, no comment, no extra field but zip64 sizes. Format: PKWARE APPNOTE 6.3.10, 4.3.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from io import RawIOBase
from pathlib import Path
from typing import BinaryIO

from harness.evidence.pack.hashing import digest_of_pieces, pieces_of
from harness.evidence.pack.names import SEAL

STORED, DEFLATED = 0, 8
BIG = 0xFF000000
"""From this size on sizes stand in a zip64 field: below it even what deflate cannot shrink stays under 2^32."""
_FULL, _MANY = 0xFFFFFFFF, 0xFFFF
_UTF8 = 0x0800
_UNIX, _PLAIN_FILE = 3, 0o100644 << 16
_SHRUNK = (".png", ".pdf", ".flac", ".zip", ".gz", ".woff2", ".tsr")
_LEVEL = 6
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_END64 = struct.Struct("<4sQHHIIQQQQ")
_LOCATOR = struct.Struct("<4sIQI")


@dataclass(frozen=True)
class Entry:
    """One file of a zip. ``packed`` and ``size`` in bytes, as they lie there and unpacked."""

    name: str
    method: int
    crc: int
    packed: int
    size: int

    @property
    def big(self) -> bool:
        return self.size >= BIG


def order_of(name: str) -> tuple[bool, str]:
    """The sort key of a zip's files."""
    return name.startswith(SEAL), name


def method_of(name: str) -> int:
    """How a file is packed: what has been shrunk already, and the seal, is stored."""
    return STORED if name.startswith(SEAL) or name.endswith(_SHRUNK) else DEFLATED


def local_header(entry: Entry, stamp: int) -> bytes:
    """What stands before a file's data. ``stamp``: date and time in MS-DOS form, the date in the upper half."""
    name = entry.name.encode()
    extra = struct.pack("<HHQQ", 1, 16, entry.size, entry.packed) if entry.big else b""
    sizes = (_FULL, _FULL) if entry.big else (entry.packed, entry.size)
    version = 45 if entry.big else 20
    date, time = stamp >> 16, stamp & 0xFFFF
    head = (b"PK\x03\x04", version, _UTF8, entry.method, time, date, entry.crc, *sizes, len(name), len(extra))
    return _LOCAL.pack(*head) + name + extra


def central_header(entry: Entry, stamp: int, at: int) -> bytes:
    """A file's record in the directory; ``at`` is where its local header begins."""
    name = entry.name.encode()
    large = ([entry.size, entry.packed] if entry.big else []) + ([at] if at >= _FULL else [])
    extra = struct.pack(f"<HH{len(large)}Q", 1, 8 * len(large), *large) if large else b""
    version = 45 if large else 20
    sizes = (_FULL, _FULL) if entry.big else (entry.packed, entry.size)
    date, time = stamp >> 16, stamp & 0xFFFF
    head = (b"PK\x01\x02", _UNIX << 8 | version, version, _UTF8, entry.method, time, date, entry.crc, *sizes)
    return _CENTRAL.pack(*head, len(name), len(extra), 0, 0, 0, _PLAIN_FILE, min(at, _FULL)) + name + extra


def offsets(entries: Sequence[Entry], stamp: int) -> list[int]:
    """Where each local header begins, and at last where the directory does."""
    at = [0]
    for entry in entries:
        at.append(at[-1] + len(local_header(entry, stamp)) + entry.packed)
    return at


def directory(entries: Sequence[Entry], stamp: int) -> bytes:
    """Everything behind the last file's data."""
    at = offsets(entries, stamp)
    records = b"".join(central_header(entry, stamp, where) for entry, where in zip(entries, at, strict=False))
    count, start = len(entries), at[-1]
    tail = b""
    if count >= _MANY or start >= _FULL or len(records) >= _FULL:
        version = _UNIX << 8 | 45
        tail = _END64.pack(b"PK\x06\x06", 44, version, 45, 0, 0, count, count, len(records), start)
        tail += _LOCATOR.pack(b"PK\x06\x07", 0, start + len(records), 1)
    few = min(count, _MANY)
    return records + tail + _END.pack(b"PK\x05\x06", 0, 0, few, few, min(len(records), _FULL), min(start, _FULL), 0)


def dos_stamp(text: str) -> int:
    """An ISO 8601 time as a zip writes it (two seconds' resolution, 1980 to 2107). ValueError for another text."""
    year, month, day = int(text[0:4]), int(text[5:7]), int(text[8:10])
    hour, minute, second = int(text[11:13]), int(text[14:16]), int(text[17:19])
    good = 1980 <= year <= 2107 and 1 <= month <= 12 and 1 <= day <= 31
    if not good or not (0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= second <= 60) or text[10] not in "T ":
        raise ValueError(f"not a time that a zip can bear: {text!r}")
    return ((year - 1980) << 9 | month << 5 | day) << 16 | hour << 11 | minute << 5 | min(second, 59) // 2


def write_archive(zip_: Path, folder: Path, names: Iterable[str], stamp: int) -> list[Entry]:
    """Pack the named files of ``folder``; returns them in the order they lie in. The file is complete or not there."""
    whole = zip_.with_name(f"{zip_.name}.part")
    entries = []
    try:
        with whole.open("wb") as out:
            for name in sorted(names, key=order_of):
                entries.append(_add(out, name, folder / name, stamp))  # noqa: PERF401 - it writes
            out.write(directory(entries, stamp))
        whole.replace(zip_)
    finally:
        whole.unlink(missing_ok=True)
    return entries


def append(zip_: Path, entries: Sequence[Entry], added: dict[str, bytes], stamp: int) -> None:
    """Write the files below ``seal/`` anew behind the others (``entries``: these, without any below ``seal/``)."""
    all_ = list(entries)
    with zip_.open("r+b") as out:
        out.seek(offsets(all_, stamp)[-1])
        for name, content in sorted(added.items()):
            entry = Entry(name, STORED, zlib.crc32(content), len(content), len(content))
            out.write(local_header(entry, stamp) + content)
            all_.append(entry)
        out.write(directory(all_, stamp))
        out.truncate()


def _add(out: BinaryIO, name: str, source: Path, stamp: int) -> Entry:
    entry = Entry(name, method_of(name), 0, 0, source.stat().st_size)
    start = out.tell()
    out.write(local_header(entry, stamp))
    begun = out.tell()
    squeeze = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15) if entry.method == DEFLATED else None

    def through(file: RawIOBase) -> Iterable[memoryview]:
        for piece in pieces_of(file):
            out.write(piece if squeeze is None else squeeze.compress(piece))
            yield piece

    with source.open("rb", buffering=0) as file:
        digest = digest_of_pieces(through(file), crc=True)
    if squeeze is not None:
        out.write(squeeze.flush())
    if digest.size != entry.size:
        raise OSError(f"{source} changed while it was packed")
    end = out.tell()
    entry = replace(entry, crc=digest.crc, packed=end - begun)
    out.seek(start)
    out.write(local_header(entry, stamp))
    out.seek(end)
    return entry
