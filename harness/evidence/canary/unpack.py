"""What lies within a file: members of archives, inflated streams, pictures and attachments in base64.

Pure: a name and bytes in, the parts within out, one level at a time. What is too deep or too big to be looked into is
told as such, never passed over in silence: ``Sealed`` says why.
"""

from __future__ import annotations

import base64
import binascii
import bz2
import gzip
import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from mmap import mmap
from typing import NamedTuple

DEEPEST = 5
"""Levels of things within things that are looked into."""
BIGGEST = 1 << 31
"""Bytes that one thing may have when it is inflated."""
# each begins only where a stretch does: trying again at every byte of it would take its length squared
_BASE64 = re.compile(rb"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{64,}={0,2}")
_BASE64_URL = re.compile(rb"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{64,}={0,2}")
_ESCAPED = re.compile(rb"(?<![A-Za-z0-9+/])(?:[A-Za-z0-9+/]|%2[BbFf]|\\/){64,}(?:=|%3[Dd]){0,2}")
_ESCAPE = re.compile(rb"\\(?:u([0-9A-Fa-f]{4})|\\)")
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
_MAGIC = {
    b"PK\x03\x04": "zip",
    b"\x1f\x8b\x08": "gzip",
    b"BZh91AY&SY": "bz2",
    b"\xfd7zXZ\0": "xz",
    b"%PDF-": "pdf",
    b"\x89PNG\r\n\x1a\n": "png",
    b"\xff\xd8\xff": "jpeg",
    b"GIF8": "gif",
    b"RIFF": "riff",
    b"OggS": "ogg",
    b"fLaC": "flac",
    b"LOGG": "blf",
    b"wOF2": "font",
    b"wOFF": "font",
    b"\0\1\0\0": "font",
    b"OTTO": "font",
}


class Part(NamedTuple):
    """``name``: within what holds it."""

    name: str
    data: bytes


class Sealed(Exception):
    """Something that cannot be looked into; the message says why."""


def kind_of(data: bytes | mmap) -> str:
    """One of the kinds above, else "text": what is no known binary format is searched as thoroughly as text."""
    beginning = data[:16]
    return next((kind for magic, kind in _MAGIC.items() if beginning.startswith(magic)), "text")


def parts(data: bytes | mmap) -> Iterator[Part]:
    """Everything one level within ``data``. Sealed where a part of it cannot be had."""
    kind = kind_of(data)
    if kind == "zip":
        yield from _members(bytes(data))
    elif kind in _INFLATE:
        yield Part(kind, _INFLATE[kind](bytes(data)))
    elif kind == "pdf":
        yield from _streams(data)
    elif kind == "png":
        yield from _chunks(data)
    elif kind == "text":
        yield from _encoded(data)


def _members(data: bytes) -> Iterator[Part]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                yield Part(member.filename, b"")  # the name may tell something too
                if member.file_size > BIGGEST:
                    raise Sealed(f"{member.filename} has {member.file_size} bytes")
                if not member.is_dir():
                    yield Part(member.filename, archive.read(member))
            if archive.comment:
                yield Part("comment", archive.comment)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, zlib.error, EOFError) as why:
        raise Sealed(f"a zip that cannot be read: {why}") from why


def _read(opened: Callable[..., io.BufferedIOBase]) -> Callable[[bytes], bytes]:
    def inflate(data: bytes) -> bytes:
        try:
            with opened(io.BytesIO(data)) as file:
                found = file.read(BIGGEST + 1)
        except (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError) as why:
            raise Sealed(f"it cannot be inflated: {why}") from why
        if len(found) > BIGGEST:
            raise Sealed(f"it inflates to more than {BIGGEST} bytes")
        return found

    return inflate


_INFLATE: dict[str, Callable[[bytes], bytes]] = {
    "gzip": _read(lambda file: gzip.GzipFile(fileobj=file)),
    "bz2": _read(bz2.BZ2File),
    "xz": _read(lzma.LZMAFile),
}


def _inflated(data: bytes) -> bytes:
    """Of a zlib stream, what there is of it; b"" for something else."""
    machine = zlib.decompressobj()
    try:
        found = machine.decompress(data, BIGGEST)
    except zlib.error:
        return b""
    if machine.unconsumed_tail:
        raise Sealed(f"a stream inflates to more than {BIGGEST} bytes")
    return found


def _streams(data: bytes | mmap) -> Iterator[Part]:
    """Of a PDF (ISO 32000-1, 7.3.8): streams that are deflated; others stand in the file as they are."""
    for number, match in enumerate(_STREAM.finditer(data), 1):
        if found := _inflated(match[1]):
            yield Part(f"stream {number}", found)


def _chunks(data: bytes | mmap) -> Iterator[Part]:
    """Of a PNG (ISO/IEC 15948, 11.3.3): texts that are deflated."""
    at = 8
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        name, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        if name in (b"zTXt", b"iTXt", b"iCCP"):
            for start in range(min(len(body), 400)):  # keyword, language and translation come before, of any length
                if body[start : start + 1] == b"\x78" and (found := _inflated(body[start:])):
                    yield Part(name.decode(), found)
                    break
        at += 12 + length


def _encoded(data: bytes | mmap) -> Iterator[Part]:
    """Long stretches of base64 in a text: data URIs (RFC 2397), attachments of reports."""
    for match in _BASE64.finditer(data):
        yield from _decoded(match[0], match.start())
    for match in _BASE64_URL.finditer(data):
        if b"-" in match[0] or b"_" in match[0]:
            yield from _decoded(match[0], match.start())
    escaped = any(data.find(sign) >= 0 for sign in (b"%2", b"\\/"))
    for match in _ESCAPED.finditer(data) if escaped else ():
        if b"%" in match[0] or b"\\" in match[0]:
            plain = match[0].replace(b"\\/", b"/")
            for escape, byte in ((b"%2B", b"+"), (b"%2F", b"/"), (b"%3D", b"=")):
                plain = plain.replace(escape, byte).replace(escape.lower(), byte)
            yield from _decoded(plain, match.start())


def unescaped(data: bytes | mmap) -> Iterator[bytes]:
    """A text without the escapes of JSON (RFC 8259, 7), and once more without: what had escapes of its own before it
    became JSON has them twice."""
    for _ in range(2):
        if data.find(b"\\u") < 0 and data.find(b"\\\\") < 0:
            return
        data = _ESCAPE.sub(_unescaped, data)
        yield data


def _unescaped(match: re.Match[bytes]) -> bytes:
    return chr(int(match[1], 16)).encode("utf-8", "surrogatepass") if match[1] else b"\\"


def _decoded(text: bytes, at: int) -> Iterator[Part]:
    body = text.rstrip(b"=")
    with_padding = body + b"=" * (-len(body) % 4)
    altchars = b"-_" if b"-" in body or b"_" in body else None
    try:
        yield Part(f"base64 at {at}", base64.b64decode(with_padding, altchars))
    except (binascii.Error, ValueError):
        return  # not base64 after all: a long word
