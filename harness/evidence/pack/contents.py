"""``pack.json``, schema 1: what a pack holds, what it leaves out, and what should be there and is missing.

It names every file but itself and the seal (which names it). A reduced pack, made without the restricted files, names
these with their digests, and bears the same number as the full one: so the two can be told to belong together.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from harness.evidence.pack.hashing import digest_of, for_each
from harness.evidence.pack.names import CONTENTS, RESTRICTED, SEAL

SCHEMA = 1
Access = Literal["public", "restricted"]


@dataclass(frozen=True)
class Listed:
    """One file: ``size`` in bytes, ``sha256`` in hex."""

    name: str
    size: int
    sha256: str
    access: Access


@dataclass(frozen=True)
class LeftOut:
    """A file of the run that is not in this pack."""

    name: str
    size: int
    sha256: str
    access: Access
    why: str


@dataclass(frozen=True)
class Missing:
    """Something a pack should hold and does not, as nobody has it."""

    what: str
    why: str


@dataclass(frozen=True)
class Contents:
    """All of ``pack.json``. ``stamp`` is the time its files bear (ISO 8601), ``facts`` what the run says of itself
    (keys as in the reference)."""

    number: str
    edition: Literal["full", "reduced"]
    stamp: str
    facts: Mapping[str, Any]
    files: tuple[Listed, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    missing: tuple[Missing, ...] = field(default=())


def access_of(name: str) -> Access:
    """Restricted is what lies in a folder of that name."""
    return "restricted" if RESTRICTED in f"/{name}" else "public"


def listed(folder: Path, names: Iterable[str]) -> tuple[Listed, ...]:
    """The named files of ``folder`` as they are now, by name."""
    found = for_each(sorted(names), lambda name: digest_of(folder / name))
    return tuple(Listed(name, digest.size, digest.sha256, access_of(name)) for name, digest in found)


def as_bytes(contents: Contents) -> bytes:
    """The file."""
    data = {"schema": SCHEMA, **dict(contents.facts), **{k: v for k, v in _plain(contents).items() if k != "facts"}}
    return (json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def from_bytes(text: bytes) -> Contents:
    """Back again. ValueError, with a sentence, for anything that is no ``pack.json`` of this schema."""
    try:
        data = json.loads(text)
        if data.pop("schema") != SCHEMA:
            raise ValueError("it is of another schema")
        known = Contents(
            str(data.pop("number")),
            data.pop("edition"),
            str(data.pop("stamp")),
            {},
            tuple(Listed(**one) for one in data.pop("files")),
            tuple(LeftOut(**one) for one in data.pop("left_out")),
            tuple(Missing(**one) for one in data.pop("missing")),
        )
    except (LookupError, TypeError, AttributeError, RecursionError) as why:
        raise ValueError(f"it does not say what a pack holds ({why!r})") from why
    return Contents(**{**{k: getattr(known, k) for k in _FIELDS}, "facts": data})


def relist(folder: Path) -> Contents:
    """Write ``pack.json`` of a pack's folder again with its files as they are now, links and folders excepted.

    For who changes a pack on purpose before sealing it. OSError and ValueError as the files are."""
    before = from_bytes((folder / CONTENTS).read_bytes())
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    files = listed(folder, (name for name in names if name != CONTENTS and not name.startswith(SEAL)))
    after = Contents(**{**{k: getattr(before, k) for k in _FIELDS}, "files": files})
    (folder / CONTENTS).write_bytes(as_bytes(after))
    return after


_FIELDS = ("number", "edition", "stamp", "facts", "files", "left_out", "missing")


def _plain(contents: Contents) -> dict[str, Any]:
    return {name: _value(getattr(contents, name)) for name in _FIELDS}


def _value(value: Any) -> Any:
    return [asdict(one) for one in value] if isinstance(value, Sequence) and not isinstance(value, str) else value
