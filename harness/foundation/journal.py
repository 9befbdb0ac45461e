"""The journal of one case: append-only JSON lines, each chained to the one before by hash.

Theory. A line is ``{"n", "t", "kind", ..., "prev"}`` in canonical form (sorted keys, no white space, UTF-8); ``prev``
is the SHA-256 of the previous line's bytes (of nothing, for the first). A virtual journal holds no uuid, pid, path or
wall time, so two runs of one seed are the same bytes. Lines are flushed as they are written: after a kill the journal
tells what was under way. A torn last line is reported, never silently dropped.

Kinds, in the order they may appear::

    case      id, nodeid, runner, title, text, vehicle, rig, clock, seed, requirements[], behaviour[3], attempt
    step      name, depth            (something a person would name; deeper ones lie within)
    intent    what                   (what is about to be done to the unit, where no step says it)
    stimulus  what, arguments, began[3], ended[3], seen (the recording in which either was)
    check     as values.Check.to_json
    identity  software, serial       (what the unit said it is, asked by diagnostics)
    note      text
    attach    name, file, type       (file relative to the case folder; type is a MIME type)
    verdict   verdict, reason, prerequisite
    restore   verdict, reason        (teardown; only when something was wrong)
    end       files{name: sha256}    (everything is written: what the case left beside its journal)

It is written ahead: the case before its rig is opened, a step or an intent before each stimulus, the outcome after.
At the case's beginning, its verdict and its end the file is on the disk before anything goes on (``sync``).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from harness.foundation.pseudonyms import Pseudonyms
from harness.foundation.units import Ns

FIRST = hashlib.sha256(b"").hexdigest()


def canonical(record: Mapping[str, Any]) -> bytes:
    """The one way to write a record. NaN is refused: it would not be JSON."""
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


class Journal:
    """Writes ``journal.jsonl`` in a case folder. Refuses to overwrite one that is there."""

    def __init__(self, path: Path | None, pseudonyms: Pseudonyms | None = None) -> None:
        """``path`` None: nothing is kept, for a world of which only the outcome counts. ``pseudonyms`` stand for the
        secrets of whatever is written."""
        self._file: BinaryIO = open(os.devnull, "wb") if path is None else path.open("xb")  # noqa: SIM115
        self.path = path
        self.pseudonyms = Pseudonyms() if pseudonyms is None else pseudonyms
        self._prev = FIRST
        self._n = 0

    def write(self, kind: str, t: Ns | None, **fields: Any) -> None:
        line = canonical({**self.pseudonyms.shown(fields), "n": self._n, "t": t, "kind": kind, "prev": self._prev})
        self._file.write(line + b"\n")
        self._file.flush()
        self._prev = hashlib.sha256(line).hexdigest()
        self._n += 1

    def sync(self) -> None:
        """Return when what was written is on the disk: a power cut of the bench computer no longer loses it."""
        if self.path is not None:
            os.fsync(self._file.fileno())

    @property
    def head(self) -> str:
        """The hash that the next line would name: kept elsewhere, it also holds the last line."""
        return self._prev

    def close(self) -> None:
        if not self._file.closed:
            self.sync()
            self._file.close()


class BrokenChain(ValueError):
    """A journal was changed or torn: ``line`` (from 1) is the first that does not follow."""

    def __init__(self, path: Path, line: int, problem: str) -> None:
        super().__init__(f"{path}:{line}: {problem}")
        self.line = line


def read_journal(path: Path, *, torn_end: bool = False, head: str | None = None) -> Iterator[dict[str, Any]]:
    """Yield the records in order, checking the chain. ``torn_end`` admits an unfinished last line (after a kill).

    No line follows the last one, so a change of it alone shows only against ``head`` (``Journal.head`` when it closed).
    """
    prev = FIRST
    raw = path.read_bytes().split(b"\n")
    for number, line in enumerate(raw, 1):
        if not line and number == len(raw):
            if head is not None and prev != head:
                raise BrokenChain(path, max(number - 1, 1), "does not end as it was closed")
            return
        last = number == len(raw)
        try:
            record = json.loads(line)
        except ValueError as why:
            if torn_end and last:
                return
            raise BrokenChain(path, number, f"not a record: {why}") from why
        if not isinstance(record, dict):
            raise BrokenChain(path, number, "not a record")
        if record.get("prev") != prev or record.get("n") != number - 1:
            raise BrokenChain(path, number, "does not follow the line before it")
        if canonical(record) != line:
            raise BrokenChain(path, number, "not in canonical form")
        prev = hashlib.sha256(line).hexdigest()
        yield record
