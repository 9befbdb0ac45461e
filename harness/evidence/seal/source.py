"""A pack as it lies there, folder or zip: which files it holds, and what is wrong with them before any is read.

Both offer the same: ``names``, ``refusals``, ``read``, ``seen``. A folder holds regular files and folders that are not
empty, nothing else; what a zip may hold is ``harness/evidence/pack/archive_reader.py``.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from harness.evidence.pack.archive_reader import BadZip, ZipReader
from harness.evidence.pack.hashing import digest_of
from harness.evidence.pack.names import clashes, problem_of
from harness.foundation.errors import BadInput


@dataclass(frozen=True)
class Refusal:
    """Why a pack does not hold, and at which file."""

    file: str
    why: str

    def __str__(self) -> str:
        return f"{self.file}: {self.why}"


@dataclass(frozen=True)
class Seen:
    """A file as it was read: digests in hex, ``zipped`` "" in a folder; size in bytes."""

    sha256: str
    zipped: str
    size: int


class Source(Protocol):
    """A pack to be checked. ``stamp`` is the time of a zip's files in MS-DOS form, None for a folder."""

    refusals: list[Refusal]
    names: frozenset[str]
    stamp: int | None

    def read(self, name: str, most: int) -> bytes | Refusal:
        """A file's content, if it is not larger than ``most`` bytes."""

    def seen(self, name: str) -> Seen | Refusal:
        """A file read through; may be called by several threads."""


class FolderSource:
    """A pack's folder."""

    stamp: int | None = None

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.refusals: list[Refusal] = []
        found: list[str] = []
        for name, problem in _walk(folder, ""):
            if problem := problem or problem_of(name):
                self.refusals.append(Refusal(_shown(name), problem))
            else:
                found.append(name)
        found.sort()
        self.refusals += [Refusal(a, f"is one file with {b} on some systems") for a, b in clashes(found)]
        self.names = frozenset(found)

    def read(self, name: str, most: int) -> bytes | Refusal:
        try:
            with open(os.open(self._folder / name, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb") as file:
                content = file.read(most + 1)
        except OSError as why:
            return Refusal(name, f"cannot be read: {why.strerror}")
        return content if len(content) <= most else Refusal(name, f"is larger than {most} bytes")

    def seen(self, name: str) -> Seen | Refusal:
        try:
            digest = digest_of(self._folder / name)
        except OSError as why:
            return Refusal(name, f"cannot be read: {why.strerror}")
        return Seen(digest.sha256, "", digest.size)


class ZipSource:
    """A pack's zip."""

    def __init__(self, path: Path) -> None:
        self.refusals: list[Refusal] = []
        self.names: frozenset[str] = frozenset()
        self.stamp: int | None = None
        try:
            self._zip = ZipReader(path)
            self.names = frozenset(self._zip.entries)
            self.stamp = self._zip.stamp
        except BadZip as why:
            self.refusals.append(Refusal(why.file, why.why))
        except OSError as why:
            self.refusals.append(Refusal(path.name, f"cannot be read: {why.strerror}"))

    def read(self, name: str, most: int) -> bytes | Refusal:
        try:
            return self._zip.read(name, most)
        except BadZip as why:
            return Refusal(why.file, why.why)
        except OSError as why:
            return Refusal(name, f"cannot be read: {why.strerror}")

    def seen(self, name: str) -> Seen | Refusal:
        try:
            one = self._zip.unpacked(name)
        except BadZip as why:
            return Refusal(why.file, why.why)
        except OSError as why:
            return Refusal(name, f"cannot be read: {why.strerror}")
        return Seen(one.sha256, one.zipped, one.size)


def source_of(pack: Path) -> Source:
    """A pack's folder or zip. BadInput where there is neither."""
    if pack.is_dir():
        return FolderSource(pack)
    if pack.is_file():
        return ZipSource(pack)
    raise BadInput("command line", None, str(pack), "no such pack", "Name the folder or the zip that pack wrote.")


def _walk(folder: Path, below: str) -> Iterator[tuple[str, str]]:
    """Every entry that is no folder, and every empty folder, with what is wrong with it ("" for a regular file)."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as why:
        yield below or ".", f"cannot be listed: {why.strerror}"
        return
    if not entries:
        yield below.rstrip("/") or ".", "is an empty folder"
    for entry in entries:
        name = f"{below}{entry.name}"
        mode = entry.stat(follow_symlinks=False).st_mode
        if stat.S_ISDIR(mode) and not entry.is_symlink():
            yield from _walk(Path(entry.path), f"{name}/")
        elif stat.S_ISREG(mode):
            yield name, ""
        else:
            yield name, "is a link" if stat.S_ISLNK(mode) else "is no regular file"


def _shown(name: str) -> str:
    return name if name.isprintable() else repr(name)[1:-1]
