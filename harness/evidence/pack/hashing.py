"""Digests of many files, on all cores: hashlib lets go of the interpreter while it works on a large piece."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import RawIOBase
from pathlib import Path
from typing import TypeVar

PIECE = 1 << 20
_MOST_THREADS = 8
_Key = TypeVar("_Key")
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Digest:
    """Of one file's content: ``sha256`` in hex, ``crc`` as in a zip (CRC-32; 0 where it was not asked for), ``size`` in
    bytes."""

    sha256: str
    crc: int
    size: int


def digest_of(path: Path, *, crc: bool = False) -> Digest:
    """Of a regular file; OSError where it cannot be read, or is a link (ELOOP)."""
    with open(os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb", buffering=0) as file:
        return digest_of_pieces(pieces_of(file), crc=crc)


def digest_of_pieces(pieces: Iterable[bytes | memoryview], *, crc: bool = False) -> Digest:
    """Of a content that comes piece by piece."""
    sha, check, size = hashlib.sha256(), 0, 0
    for piece in pieces:
        sha.update(piece)
        check = zlib.crc32(piece, check) if crc else 0
        size += len(piece)
    return Digest(sha.hexdigest(), check, size)


def pieces_of(file: RawIOBase) -> Iterator[memoryview]:
    """What an unbuffered file still holds, through one buffer: a piece is gone when the next is asked for."""
    buffer = bytearray(PIECE)
    view = memoryview(buffer)
    while got := file.readinto(buffer):
        yield view[:got]


def for_each(
    keys: Iterable[_Key], work: Callable[[_Key], _Result], tell: Callable[[_Key], None] = lambda _: None
) -> Iterator[tuple[_Key, _Result]]:
    """``work`` of every key, in the order of the keys, several at a time. What it raises is raised here."""
    keys = list(keys)
    with ThreadPoolExecutor(min(_MOST_THREADS, os.cpu_count() or 1)) as pool:
        for key, result in zip(keys, pool.map(work, keys), strict=True):
            tell(key)
            yield key, result
