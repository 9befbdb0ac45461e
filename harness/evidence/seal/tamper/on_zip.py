"""What can be done to a pack's zip without the key."""

from __future__ import annotations

import io
import struct
import unicodedata
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

from harness.evidence.pack.archive import (
    DEFLATED,
    STORED,
    Entry,
    directory,
    local_header,
    method_of,
    offsets,
    order_of,
)
from harness.evidence.pack.archive_reader import ZipReader
from harness.evidence.pack.names import CONTENTS, ENVELOPE, README, SEAL, TIMESTAMP
from harness.evidence.seal.tamper.attack import Attack, attack, flip, with_

Files = list[tuple[str, bytes]]
_END = 22


def flips(zip_: Path, random: Random, count: int) -> Iterator[Attack]:
    """``count`` single-bit flips: a third in a file chosen by lot, a third in the directory and its end, a third in a
    byte chosen by lot."""
    reader = ZipReader(zip_)
    entries = list(reader.entries.values())
    at = offsets(entries, reader.stamp)
    total = zip_.stat().st_size
    for number in range(count):
        chosen = random.randrange(len(entries))
        low, high = [(at[chosen], at[chosen + 1]), (at[-1], total), (0, total)][number % 3]
        bit = 8 * low + random.randrange(8 * (high - low))
        owner = next((e.name for e, end in zip(entries, at[1:], strict=True) if bit // 8 < end), None)
        if owner is None:  # a bit of a name there makes another name, which is then the one refused
            kind, named = "bit of the zip's directory", frozenset[str]()
        else:
            kind, named = f"bit of {'the seal' if owner.startswith(SEAL) else 'a file'} in the zip", frozenset({owner})
        change = with_(flip, bit)
        yield Attack(kind, f"{owner or 'directory'}, bit {bit}", named, change, undo=change)


def others(zip_: Path, random: Random, strange: bytes) -> Iterator[Attack]:
    """Everything else. ``strange``: a genuine envelope by the same key over another pack."""
    reader = ZipReader(zip_)
    stamp = reader.stamp
    files: Files = [(name, reader.read(name, 1 << 30)) for name in reader.entries]
    names = list(reader.entries)
    name = zip_.name

    def made(kind: str, what: str, content: bytes, *named: str) -> Attack:
        return attack(kind, what, with_(_write, content), *named)

    def built(kind: str, what: str, changed: Files, *named: str, sort: bool = True) -> Attack:
        return made(kind, what, build(changed, stamp, sort=sort), *named)

    whole = zip_.read_bytes()
    if build(files, stamp) != whole:
        raise ValueError(f"{zip_} is not built again as it was")  # else no attack below would mean anything
    yield from _around(whole, name, made)
    for bad in _BAD_NAMES:
        yield built("path trick", repr(bad), [*files, (bad, b"x")])
        yield built("path trick", f"{README} becomes {bad!r}", [(bad if n == README else n, c) for n, c in files])
    for n, content in files:
        without = [(m, c) for m, c in files if m != n]
        yield built("removed in the zip", n, without, n)
        yield built("twice in the zip", n, [*files, (n, content)], n)
        yield built("twice in the zip, the first another", n, [(n, b"other"), *files], n)
        yield built("renamed in the zip", n, [*without, (f"{n}x", content)], n, f"{n}x")
        yield built("lengthened in the zip", n, [*without, (n, content + b" ")], n)
        folder, _, last = n.rpartition("/")
        if last != last.swapcase():
            other = f"{folder}/{last.swapcase()}".lstrip("/")
            yield built("clash of case", n, [*files, (other, content)], n, other)
        if (spelled := unicodedata.normalize("NFD", n)) != n:
            yield built("clash of Unicode forms", n, [*files, (spelled, content)], n, spelled)
        yield built("a folder and a file", n, [*files, (f"{n}/x", b"")], n, f"{n}/x")
        other = random.choice(names)
        if dict(files)[other] != content:
            changed = [(m, content if m == other else dict(files)[other] if m == n else c) for m, c in files]
            yield built("swapped in the zip", f"{n} and {other}", changed, n, other)
    yield built("another order", "reversed", list(reversed(files)), sort=False)
    yield built("added to the zip", "x.txt", [*files, ("x.txt", b"x")], "x.txt")
    yield built("unknown in seal of the zip", "x", [*files, (f"{SEAL}x", b"x")], f"{SEAL}x")
    token = [(n, b"0" if n == TIMESTAMP else c) for n, c in files]
    yield built("no token in the zip", TIMESTAMP, token, TIMESTAMP)
    yield built("seal of another pack in the zip", ENVELOPE, [(n, strange if n == ENVELOPE else c) for n, c in files])
    yield made("another time", CONTENTS, build(files, stamp + (1 << 16)), CONTENTS, *names)
    yield from _packed_otherwise(files, stamp, made)
    yield from _by_library(files, made)


def build(files: Files, stamp: int, *, sort: bool = True, change: Callable[[Entry], Entry] = lambda e: e,
          level: int = 6) -> bytes:  # fmt: skip
    """A zip in the form of ``archive``, of whatever is given; ``change`` lies about an entry."""
    out, entries = io.BytesIO(), []
    for name, content in sorted(files, key=lambda one: order_of(one[0])) if sort else files:
        squeeze = zlib.compressobj(level, zlib.DEFLATED, -15)
        method = method_of(name)
        data = squeeze.compress(content) + squeeze.flush() if method == DEFLATED else content
        entry = change(Entry(name, method, zlib.crc32(content), len(data), len(content)))
        out.write(local_header(entry, stamp) + data)
        entries.append(entry)
    out.write(directory(entries, stamp))
    return out.getvalue()


def _around(whole: bytes, name: str, made: Callable[..., Attack]) -> Iterator[Attack]:
    """Data before, behind and between, and ends that say something else."""
    end = whole[-_END:]
    start = struct.unpack("<I", end[16:20])[0]
    yield made("data before", "a shell script", b"#!/bin/sh\n" + whole, name)
    yield made("data behind", "one byte", whole + b"\0", name)
    yield made("data behind", "another zip", whole + _empty_zip(), name)
    yield made("data behind", "the end twice", whole + end, name)
    yield made("comment", "of the zip", whole[:-2] + b"\x04\0text", name)
    yield made("gap", "before the directory", whole[:start] + b"\0" * 8 + whole[start:], name)
    moved = struct.pack("<I", start + 8)
    yield made("gap", "told of", whole[:start] + b"\0" * 8 + whole[start:-6] + moved + whole[-2:], name)
    for cut in (1, _END, len(whole) // 2, len(whole)):
        yield made("cut off zip", f"{cut} bytes", whole[: len(whole) - cut], name)
    yield made("no zip", "text", b"This is no zip." * 10, name)
    for what, at, value in (
        ("disks", 4, 1), ("disk of the directory", 6, 1), ("files on this disk", 8, 1), ("files", 10, 1),
        ("files", 10, 0xFFFF), ("length", 12, 0xFFFF), ("start", 16, 0),
    ):  # fmt: skip
        yield made("end record", what, whole[:-_END] + end[:at] + struct.pack("<H", value) + end[at + 2 :], name)


def _packed_otherwise(files: Files, stamp: int, made: Callable[..., Attack]) -> Iterator[Attack]:
    """The same content in other bytes, and sizes that are not so."""
    shrinks = [n for n, c in files if method_of(n) == DEFLATED and len(c) > 200]
    for level in (0, 1, 9):
        yield made("deflated otherwise", f"level {level}", build(files, stamp, level=level))
    bomb = build([*files, ("bomb", bytes(20_000_000))], stamp)
    yield made("bomb", "20 MB of zeros", bomb, "bomb")
    for n in [*shrinks[:4], README]:
        for what, change in _LIES.items():
            yield made("lie about a size", f"{n}: {what}", build(files, stamp, change=_only(n, change)))
    yield made("bomb", "declared", build(files, stamp, change=lambda e: replace(e, size=e.packed * 2000)))
    yield made("bomb", "petabytes", build(files, stamp, change=lambda e: replace(e, size=1 << 50)))


def _by_library(files: Files, made: Callable[..., Attack]) -> Iterator[Attack]:
    """As other programs write zips: the content is untouched, and yet these are not the bytes that were sealed."""
    for what, settings in _LIBRARY.items():
        out = io.BytesIO()
        with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zip_:
            warnings.simplefilter("ignore")
            for name, content in files:
                info = zipfile.ZipInfo(name, (2030, 1, 1, 0, 0, 0))
                info.compress_type = zipfile.ZIP_DEFLATED
                settings(info, zip_)
                zip_.writestr(info, content)
        yield made("written by another program", what, out.getvalue())


def _only(name: str, change: Callable[[Entry], Entry]) -> Callable[[Entry], Entry]:
    return lambda entry: change(entry) if entry.name == name else entry


def _empty_zip() -> bytes:
    return b"PK\x05\x06" + bytes(18)


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _folder_first(_: zipfile.ZipInfo, zip_: zipfile.ZipFile) -> None:
    if not zip_.namelist():
        zip_.writestr(zipfile.ZipInfo("empty/"), b"")


def _set(**changes: object) -> Callable[[zipfile.ZipInfo, zipfile.ZipFile], None]:
    def change(info: zipfile.ZipInfo, _: zipfile.ZipFile) -> None:
        for key, value in changes.items():
            setattr(info, key, value)

    return change


_LIES: dict[str, Callable[[Entry], Entry]] = {
    "one more": lambda e: replace(e, size=e.size + 1),
    "one less": lambda e: replace(e, size=e.size - 1),
    "nothing": lambda e: replace(e, size=0),
    "CRC": lambda e: replace(e, crc=e.crc ^ 1),
    "stored": lambda e: replace(e, method=STORED),
    "method 9": lambda e: replace(e, method=9),
    "packed one less": lambda e: replace(e, packed=e.packed - 1),
    "packed one more": lambda e: replace(e, packed=e.packed + 1),
}
_LIBRARY: dict[str, Callable[[zipfile.ZipInfo, zipfile.ZipFile], None]] = {
    "as it does": _set(),
    "a folder of its own": _folder_first,
    "extra field": _set(extra=b"\x99\x99\x04\x00abcd"),
    "comment of a file": _set(comment=b"x"),
    "links": _set(external_attr=0o120777 << 16),
    "executable": _set(external_attr=0o100755 << 16),
    "bzip2": _set(compress_type=zipfile.ZIP_BZIP2),
    "LZMA": _set(compress_type=zipfile.ZIP_LZMA),
    "Windows": _set(create_system=0),
}
_BAD_NAMES = (
    "/etc/passwd", "../evil", "a/../../evil", "a/./b", "a//b", "a/", "..", ".", "", "C:/evil", "C:\\evil", "a\\..\\b",
    "\\\\server\\share", "~/.ssh/x ", "CON", "run/nul.txt", "a:stream", "x\x00.txt", "x\n.txt", "x\u202egnp.exe",
    "x\u200b", "e\u0301", "a.", "a ", "-rf", "a*", "a?", 'a"b', "a|b", "<a>", "{a}", "x" * 300, "y/" * 600 + "z",
    "seal/../x", "SEAL/statement.dsse.json", "Pack.json", "readme.MD",
)  # fmt: skip
