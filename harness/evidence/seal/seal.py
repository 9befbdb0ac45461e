"""Sealing: a statement about every file, signed, into ``seal/`` of the folder and behind the files of the zip.

A pack is sealed only as ``pack.json`` lists it: a seal on a damaged pack would make the damage official. The zip is
rewritten where it does not hold what the folder holds, else only its end.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from harness.evidence.pack.archive import Entry, append, dos_stamp
from harness.evidence.pack.archive_reader import BadZip, ZipReader
from harness.evidence.pack.contents import Contents, from_bytes
from harness.evidence.pack.hashing import Digest, digest_of, for_each
from harness.evidence.pack.names import CONTENTS, ENVELOPE, SEAL, TIMESTAMP, TIMESTAMP_SEAL
from harness.evidence.pack.write import write_zip, zip_of
from harness.evidence.seal.envelope import TIME_REPLY, BadSeal, open_, sign
from harness.evidence.seal.keys import SigningKey
from harness.evidence.seal.source import FolderSource
from harness.evidence.seal.statement import Subject, statement
from harness.evidence.seal.timestamp import imprint_problem
from harness.foundation.errors import BadInput, SeveralBadInputs


@dataclass(frozen=True)
class Sealed:
    """What was sealed: how many files, and where the zip lies."""

    number: str
    files: int
    zip: Path


def seal(folder: Path, key: SigningKey) -> Sealed:
    """Seal a pack's folder and its zip; an earlier seal and its time-stamp are replaced. BadInput for a folder that is
    no pack, or not as its ``pack.json`` lists it."""
    contents, digests = _as_listed(folder)
    try:
        reader = _zip(folder, digests, contents.stamp)
        zipped = dict(for_each(sorted(digests), reader.zipped))
        run = json.loads((folder / "run/run.json").read_bytes())
        subjects = [Subject(name, digest.sha256, zipped[name]) for name, digest in digests.items()]
        envelope = sign(statement(subjects, run), key)
        shutil.rmtree(folder / SEAL, ignore_errors=True)
        _put(folder, reader, {ENVELOPE: envelope})
    except (OSError, ValueError, LookupError, TypeError, BadZip) as why:
        raise BadInput(folder, None, "", f"cannot be sealed: {why}", "Pack the run again.") from why
    return Sealed(contents.number, len(digests), zip_of(folder))


def add_timestamp(folder: Path, token: Path, key: SigningKey) -> None:
    """Lay an authority's answer (RFC 3161, DER) beside the seal it was made for. BadInput where it was not, and where
    the seal is not by ``key``."""
    if not (folder / ENVELOPE).is_file():
        raise BadInput(folder, None, "", "is not sealed, so there is nothing to stamp", "Seal it first.")
    envelope = (folder / ENVELOPE).read_bytes()
    try:
        open_(envelope, key.public)
        content = token.read_bytes()
    except BadSeal as why:
        raise BadInput(folder / ENVELOPE, None, "", str(why), "Give the key that it was sealed with.") from why
    except OSError as why:
        raise BadInput(token, None, "", f"cannot be read: {why.strerror}", "Name the authority's answer.") from why
    if problem := imprint_problem(content, envelope):
        remedy = f"Ask for a token over {ENVELOPE}: openssl ts -query -data {ENVELOPE} -sha256 -cert."
        raise BadInput(token, None, "", problem, remedy)
    try:
        lay_token(folder, content, key)
    except (OSError, BadZip) as why:
        raise BadInput(zip_of(folder), None, "", f"cannot take the token: {why}", "Seal the pack again.") from why


def lay_token(folder: Path, token: bytes, key: SigningKey) -> None:
    """Put a token into folder and zip, whatever it says, with a signature of its own: much of a token (certificates,
    the status) is not covered by the authority's. OSError and BadZip as the zip is."""
    added = {name: (folder / name).read_bytes() for name in (ENVELOPE,)}
    added |= {TIMESTAMP: token, TIMESTAMP_SEAL: sign(token, key, TIME_REPLY)}
    _put(folder, ZipReader(zip_of(folder)), added)


def _as_listed(folder: Path) -> tuple[Contents, dict[str, Digest]]:
    """``pack.json``, and the digests of all files, which agree with it."""
    remedy = "Name the folder that hil evidence pack wrote."
    if not folder.is_dir():
        what = "a seal is made in a pack's folder; its zip is sealed with it" if folder.is_file() else "no such pack"
        raise BadInput("command line", None, str(folder), what, remedy)
    try:
        contents = from_bytes((folder / CONTENTS).read_bytes())
    except (OSError, ValueError) as why:
        raise BadInput(folder / CONTENTS, None, "", f"this folder is no pack: {why}", remedy) from why
    found = FolderSource(folder)
    names = {name for name in found.names if not name.startswith(SEAL)}
    digests = dict(for_each(sorted(names), lambda name: digest_of(folder / name, crc=True)))
    told = {one.name: (one.sha256, one.size) for one in contents.files}
    are = {name: (digest.sha256, digest.size) for name, digest in digests.items() if name != CONTENTS}
    odd = {name for name, _ in set(told.items()) ^ set(are.items())}
    wrong = [(refusal.file, refusal.why) for refusal in found.refusals]
    wrong += [(name, f"is not as {CONTENTS} lists it") for name in sorted(odd)]
    if wrong:
        raise SeveralBadInputs([BadInput(folder / name, None, "", why, "Pack the run again.") for name, why in wrong])
    return contents, digests


def _zip(folder: Path, digests: dict[str, Digest], stamp_text: str) -> ZipReader:
    """The zip beside the folder, made again where it does not hold the same."""
    path, stamp = zip_of(folder), dos_stamp(stamp_text)
    expected = {name: (digest.crc, digest.size) for name, digest in digests.items()}
    try:
        reader = ZipReader(path)
        if reader.stamp == stamp and {e.name: (e.crc, e.size) for e in _payload(reader)} == expected:
            return reader
    except (OSError, BadZip):
        pass
    write_zip(folder, digests, stamp_text)
    return ZipReader(path)


def _payload(reader: ZipReader) -> list[Entry]:
    return [entry for entry in reader.entries.values() if not entry.name.startswith(SEAL)]


def _put(folder: Path, reader: ZipReader, added: dict[str, bytes]) -> None:
    append(reader.path, _payload(reader), added, reader.stamp)
    (folder / SEAL).mkdir(exist_ok=True)
    for name, content in added.items():
        (folder / name).write_bytes(content)
