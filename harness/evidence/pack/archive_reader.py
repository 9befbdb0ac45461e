"""Reading a pack's zip: only one that ``archive`` would have written is read at all.

Theory. The directory is taken apart into entries, and the entries are put together again; the first byte that differs
is a refusal. So everything that a lenient reader skips (comments, extra fields, gaps, data around, flags, folders,
links, encryption, a local header that says something else) is refused by one comparison, and the sizes, lengths and
offsets are used only after they were found to fit the file. Content comes in pieces, never more than was declared.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from harness.evidence.pack.archive import (
    DEFLATED,
    STORED,
    Entry,
    central_header,
    directory,
    local_header,
    method_of,
    order_of,
)
from harness.evidence.pack.hashing import PIECE
from harness.evidence.pack.names import clashes, problem_of

MOST_OF_A_FILE = 64 << 30
MOST_OF_ALL = 512 << 30
"""Bytes: what one file and all together may unpack to."""
MOST_OF_A_DIRECTORY = 1 << 28
"""Bytes: the list of a million files."""
_DEFLATE_MOST = 1032
"""No deflated byte can unpack to more."""
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_END64 = struct.Struct("<4sQHHIIQQQQ")
_LOCATOR_SIZE = 20
_FULL, _MANY = 0xFFFFFFFF, 0xFFFF


class BadZip(Exception):
    """The zip is not as ``pack`` writes it; ``file`` is the one it shows at, the zip itself or one within."""

    def __init__(self, file: str, why: str) -> None:
        super().__init__(f"{file}: {why}")
        self.file, self.why = file, why


@dataclass(frozen=True)
class Unpacked:
    """One file of a zip, read through: SHA-256 in hex of its content, and of its bytes in the zip with their header."""

    sha256: str
    zipped: str
    size: int


class ZipReader:
    """``entries`` by name, in the zip's order; ``stamp`` is their time in MS-DOS form. BadZip from the start on, and
    OSError as the file is."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as file:
            found, self.stamp = _directory(file, path)
            self.entries = {entry.name: entry for entry in found}
            self._at: dict[str, int] = {}
            at = 0
            for entry in found:
                expected = local_header(entry, self.stamp)
                file.seek(at)
                if file.read(len(expected)) != expected:
                    raise BadZip(entry.name, "its header in the zip says something else than the zip's directory")
                self._at[entry.name] = at
                at += len(expected) + entry.packed

    def read(self, name: str, most: int) -> bytes:
        """The content of one file. BadZip where it is larger than ``most`` bytes or broken."""
        if self.entries[name].size > most:
            raise BadZip(name, f"is larger than {most} bytes")
        parts: list[bytes] = []
        self._through(name, parts)
        return b"".join(parts)

    def unpacked(self, name: str) -> Unpacked:
        """Read one file through, in constant memory. BadZip where it is broken."""
        return self._through(name, None)

    def zipped(self, name: str) -> str:
        """The digest of its bytes in the zip, without unpacking them."""
        sha = hashlib.sha256(local_header(self.entries[name], self.stamp))
        for piece in self._raw(name):
            sha.update(piece)
        return sha.hexdigest()

    def _through(self, name: str, kept: list[bytes] | None) -> Unpacked:
        entry = self.entries[name]
        whole, content, crc, size = hashlib.sha256(local_header(entry, self.stamp)), hashlib.sha256(), 0, 0
        unpack = zlib.decompressobj(-15) if entry.method == DEFLATED else None
        for raw in self._raw(name):
            whole.update(raw)
            for piece in [raw] if unpack is None else _inflated(unpack, raw, name):
                size += len(piece)
                if size > entry.size:
                    raise BadZip(name, "unpacks to more than it declares")
                content.update(piece)
                crc = zlib.crc32(piece, crc)
                if kept is not None:
                    kept.append(piece)
        if unpack is not None and (not unpack.eof or unpack.unused_data):
            raise BadZip(name, "its deflated data do not end where they should")
        if size != entry.size or crc != entry.crc:
            raise BadZip(name, "its content is not the one that the zip declares (size or CRC)")
        return Unpacked(content.hexdigest(), whole.hexdigest(), size)

    def _raw(self, name: str) -> Iterator[bytes]:
        entry = self.entries[name]
        left = entry.packed
        with self.path.open("rb", buffering=0) as file:
            file.seek(self._at[name] + len(local_header(entry, self.stamp)))
            while left:
                piece = file.read(min(PIECE, left))
                if not piece:
                    raise BadZip(name, "the zip ends within it")
                left -= len(piece)
                yield piece


def _inflated(unpack: zlib._Decompress, raw: bytes, name: str) -> Iterator[bytes]:
    try:
        while raw and not unpack.eof:
            yield unpack.decompress(raw, PIECE)
            raw = unpack.unconsumed_tail
    except zlib.error as why:
        raise BadZip(name, f"its deflated data are broken ({why})") from why


def _directory(file: BinaryIO, path: Path) -> tuple[list[Entry], int]:
    zip_ = path.name
    total = file.seek(0, 2)
    start, length = _end(file, total, zip_)
    if length > MOST_OF_A_DIRECTORY:
        raise BadZip(zip_, f"its directory is larger than {MOST_OF_A_DIRECTORY >> 20} MiB")
    file.seek(start)
    records = file.read(length)
    entries: list[Entry] = []
    stamp, at, used = None, 0, 0
    while used < length:
        after = f"after {entries[-1].name}" if entries else "at its beginning"
        entry, own = _entry(records, used, f"the zip's directory is broken {after}", zip_)
        stamp = own if stamp is None else stamp
        expected = central_header(entry, stamp, at)
        if records[used : used + len(expected)] != expected:
            raise BadZip(entry.name, _oddity(records, used))
        _plausible(entry)
        entries.append(entry)
        used += len(expected)
        at += len(local_header(entry, stamp)) + entry.packed
    file.seek(start)
    if stamp is None or at != start or file.read() != directory(entries, stamp):
        raise BadZip(zip_, "its directory or end is not as it is written: something lies before, between or after")
    names = [entry.name for entry in entries]
    for name, other in clashes(names):
        raise BadZip(name, f"is one file with {other} on some systems, or there twice")
    for first, second in zip(names, sorted(names, key=order_of), strict=True):
        if first != second:
            raise BadZip(first, "is not in its place in the zip's order")
    if sum(entry.size for entry in entries) > MOST_OF_ALL:
        raise BadZip(zip_, f"unpacks to more than {MOST_OF_ALL >> 30} GiB")
    return entries, stamp


def _end(file: BinaryIO, total: int, zip_: str) -> tuple[int, int]:
    """Where the directory begins, and its length, both within the file."""
    broken = BadZip(zip_, "does not end as a pack's zip does (cut off, data or a comment behind it, or no zip)")
    if total < _END.size:
        raise broken
    file.seek(total - _END.size)
    magic, _, _, _, count, length, start, comment = _END.unpack(file.read(_END.size))
    if magic != b"PK\x05\x06" or comment:
        raise broken
    tail = _END.size
    if count == _MANY or _FULL in (length, start):
        tail += _LOCATOR_SIZE + _END64.size
        if total < tail:
            raise broken
        file.seek(total - tail)
        *_, length, start = _END64.unpack(file.read(_END64.size))
    if start + length + tail != total:
        raise BadZip(zip_, "something lies before, between or behind the files of this zip")
    return start, length


def _entry(records: bytes, at: int, broken: str, zip_: str) -> tuple[Entry, int]:
    """The record that begins there, as far as it goes into an entry, and its time."""
    if at + _CENTRAL.size > len(records) or records[at : at + 4] != b"PK\x01\x02":
        raise BadZip(zip_, broken)
    head = _CENTRAL.unpack_from(records, at)
    method, time, date, crc, packed, size, named, more = head[4:12]
    begin = at + _CENTRAL.size
    try:
        name = records[begin : begin + named].decode("utf-8")
    except UnicodeDecodeError as why:
        raise BadZip(zip_, f"{broken}: a name is not UTF-8") from why
    if problem := problem_of(name):
        raise BadZip(repr(name)[1:-1] or zip_, problem)
    extra = records[begin + named : begin + named + more]
    if _FULL in (size, packed):
        if len(extra) < 20:
            raise BadZip(name, "its sizes are missing")
        size, packed = struct.unpack_from("<QQ", extra, 4)
    return Entry(name, method, crc, packed, size), date << 16 | time


def _oddity(records: bytes, at: int) -> str:
    """A word on what is unusual in a record of the directory, for a person; it is refused whatever it is."""
    head = _CENTRAL.unpack_from(records, at)
    flags, more, comment, outside = head[3], head[11], head[12], head[15]
    if flags & 1:
        return "is encrypted"
    if outside >> 16 & 0o170000 == 0o120000:
        return "is a link"
    if more or comment:
        return "has an extra field or a comment in the zip's directory"
    return "its record in the zip's directory is not as it is written (flags, version, time, attributes or place)"


def _plausible(entry: Entry) -> None:
    if entry.method not in (STORED, DEFLATED) or entry.method != method_of(entry.name):
        raise BadZip(entry.name, f"is packed by method {entry.method}, which is not the one for it")
    if entry.method == STORED and entry.packed != entry.size:
        raise BadZip(entry.name, "is stored and has two sizes")
    if entry.size > entry.packed * _DEFLATE_MOST:
        raise BadZip(entry.name, f"declares {entry.size} bytes in {entry.packed}: more than can be, a bomb")
    if entry.size > MOST_OF_A_FILE:
        raise BadZip(entry.name, f"unpacks to more than {MOST_OF_A_FILE >> 30} GiB")
