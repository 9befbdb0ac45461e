"""Does a seal hold? Strictly: every byte of the pack is either sealed, or follows from what is sealed.

Theory. A check that only looks at the files a statement names misses what lies beside them. Here the set of files is
exact (no more, no less, no links, no empty folders), the envelope's bytes are the only ones that say what they say, a
zip is to the bit what its sealed content makes of it, and the key comes from outside. What is not checked (a time-stamp
token when no authority is named) is told, not passed over. A refusal always names a file.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from harness.evidence.pack.archive import dos_stamp
from harness.evidence.pack.contents import Contents, from_bytes
from harness.evidence.pack.hashing import for_each
from harness.evidence.pack.names import CONTENTS, ENVELOPE, SEAL, TIMESTAMP, TIMESTAMP_SEAL
from harness.evidence.seal.envelope import TIME_REPLY, BadSeal, open_
from harness.evidence.seal.keys import PublicKey
from harness.evidence.seal.source import Refusal, Source, source_of
from harness.evidence.seal.statement import Subject, subjects_of
from harness.evidence.seal.timestamp import MOST_OF_A_TOKEN, check_token

_MOST = 1 << 28
"""Bytes of an envelope or a pack.json: enough for half a million files."""


@dataclass(frozen=True)
class Verified:
    """What a check came to. ``files`` and ``size`` (bytes) count what is sealed and was read; ``unchecked`` are
    sentences on what nobody looked at; ``time`` is what the time-stamp authority says, "" where it was not asked."""

    pack: str
    fingerprint: str
    refusals: tuple[Refusal, ...] = ()
    unchecked: tuple[str, ...] = ()
    number: str = ""
    edition: str = ""
    files: int = 0
    size: int = 0
    time: str = ""

    @property
    def holds(self) -> bool:
        return not self.refusals


def verify(pack: Path, key: PublicKey, *, authority: Path | None = None) -> Verified:
    """Check the seal of a pack's folder or zip. ``authority``: PEM file with the certificates of the time-stamp
    authority, root included. BadInput where there is no pack at all, or no such file."""
    source = source_of(pack)
    result = Verified(str(pack), key.fingerprint)
    if source.refusals and not source.names:
        return replace(result, refusals=tuple(source.refusals))
    refusals = list(source.refusals)
    refusals += [Refusal(n, "does not belong in seal/") for n in _unknown(source)]
    subjects = _statement(source, key)
    if isinstance(subjects, Refusal):
        return replace(result, refusals=(*refusals, subjects))
    named = {subject.name: subject for subject in subjects}
    present = {name for name in source.names if not name.startswith(SEAL)}
    refusals += [Refusal(name, "is not sealed") for name in sorted(present - set(named))]
    refusals += [Refusal(name, "is sealed and missing") for name in sorted(set(named) - present)]
    size, wrong = _read_through(source, named, present)
    refusals += wrong
    contents = _contents(source, named, refusals)
    time, unchecked = _time(source, key, authority, refusals)
    return replace(
        result,
        refusals=tuple(dict.fromkeys(refusals)),
        unchecked=unchecked,
        number=contents.number if contents else "",
        edition=contents.edition if contents else "",
        files=len(named),
        size=size,
        time=time,
    )


def _unknown(source: Source) -> list[str]:
    return sorted(n for n in source.names if n.startswith(SEAL) and n not in (ENVELOPE, TIMESTAMP, TIMESTAMP_SEAL))


def _statement(source: Source, key: PublicKey) -> tuple[Subject, ...] | Refusal:
    if ENVELOPE not in source.names:
        return Refusal(ENVELOPE, "is missing: this pack is not sealed")
    envelope = source.read(ENVELOPE, _MOST)
    if isinstance(envelope, Refusal):
        return envelope
    try:
        return subjects_of(open_(envelope, key))
    except (BadSeal, ValueError) as why:
        return Refusal(ENVELOPE, str(why))


def _read_through(source: Source, named: dict[str, Subject], present: set[str]) -> tuple[int, list[Refusal]]:
    wrong = []
    size = 0
    for name, found in for_each(sorted(present & set(named)), source.seen):
        if isinstance(found, Refusal):
            wrong.append(found)
            continue
        size += found.size
        if found.sha256 != named[name].sha256:
            wrong.append(Refusal(name, "its content is not what was sealed"))
        elif found.zipped and found.zipped != named[name].zipped:
            wrong.append(Refusal(name, "its content is what was sealed, but its bytes in the zip are not"))
    for name in sorted(source.names - present):  # what lies in seal/ has a CRC in a zip too
        found = source.seen(name)
        wrong += [found] if isinstance(found, Refusal) else []
    return size, wrong


def _contents(source: Source, named: dict[str, Subject], refusals: list[Refusal]) -> Contents | None:
    """``pack.json``, where it is sealed and says the same as the statement and the zip."""
    if CONTENTS not in named or CONTENTS not in source.names:
        refusals.append(Refusal(CONTENTS, "is missing"))
        return None
    text = source.read(CONTENTS, _MOST)
    try:
        if isinstance(text, Refusal):
            raise ValueError(text.why)
        contents = from_bytes(text)
        stamp = dos_stamp(contents.stamp)
    except ValueError as why:
        refusals.append(Refusal(CONTENTS, str(why)))
        return None
    told = {one.name: one.sha256 for one in contents.files}
    sealed = {name: subject.sha256 for name, subject in named.items() if name != CONTENTS}
    odd = {name for name, _ in set(told.items()) ^ set(sealed.items())}
    refusals += [Refusal(name, f"is sealed otherwise than {CONTENTS} lists it") for name in sorted(odd)]
    if source.stamp is not None and source.stamp != stamp:
        refusals.append(Refusal(CONTENTS, "names another time than the files of the zip bear"))
    return contents


def _time(
    source: Source, key: PublicKey, authority: Path | None, refusals: list[Refusal]
) -> tuple[str, tuple[str, ...]]:
    """The authority's time, and what was not checked."""
    there = source.names & {TIMESTAMP, TIMESTAMP_SEAL}
    if not there:
        if authority is not None:
            refusals.append(Refusal(TIMESTAMP, "is missing: the seal bears no time"))
        return "", ()
    if len(there) == 1:
        refusals += [Refusal(n, "is missing, and the other is there") for n in {TIMESTAMP, TIMESTAMP_SEAL} - there]
        refusals += [Refusal(n, "goes with a file that is missing") for n in there]
        return "", ()
    token, sealed = source.read(TIMESTAMP, MOST_OF_A_TOKEN), source.read(TIMESTAMP_SEAL, 2 * MOST_OF_A_TOKEN)
    envelope = source.read(ENVELOPE, _MOST)
    if isinstance(token, Refusal) or isinstance(sealed, Refusal) or isinstance(envelope, Refusal):
        refusals += [one for one in (token, sealed, envelope) if isinstance(one, Refusal)]
        return "", ()
    try:
        if open_(sealed, key, TIME_REPLY) != token:
            refusals.append(Refusal(TIMESTAMP, "its content is not what was sealed"))
    except BadSeal as why:
        refusals.append(Refusal(TIMESTAMP_SEAL, str(why)))
    if authority is None:
        return "", (f"{TIMESTAMP}: a time-stamp token; name its authority's certificates to have it checked",)
    time, problem = check_token(token, envelope, authority)
    if problem:
        refusals.append(Refusal(TIMESTAMP, problem))
    return time, ()
