"""Looks for the secrets of a run in everything that is not restricted: every file, every spelling, within archives,
pictures, sound and bus traces.

Theory. The secrets are those of ``restricted/pseudonyms.json`` of each case, all looked for everywhere: a token of one
case in the log of another is found. A file is searched as it is; then what lies within it, as deep as
harness/evidence/canary/unpack.py goes; a bus trace besides in the joined frames of each identity, a console without its
stamps; a picture by reading the codes on it, and its words where that is installed. Only what is outside restricted
folders counts. What could not be looked into is told, because nothing is proven of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from mmap import ACCESS_READ, mmap
from pathlib import Path, PurePosixPath

from harness.can.redaction import Frames, by_identity, carried
from harness.evidence.canary import paper, pixels, sound, traces
from harness.evidence.canary.finding import Finding
from harness.evidence.canary.known import known_secrets, withheld
from harness.evidence.canary.unpack import DEEPEST, Sealed, kind_of, parts, unescaped
from harness.foundation.errors import BadInput
from harness.foundation.pseudonyms import RESTRICTED, Secret
from harness.foundation.spellings import SHORT, Needles

PICTURES = frozenset(("png", "jpeg", "gif"))
_TRACE = re.compile(rb"(?m)^\(\d+\.\d+\) \S+ [0-9A-F]{3,8}#")
_STAMPED = re.compile(rb"\(\d+\.\d{9}\) ")
BEGINNING = 4096
MAPPED = 1 << 22
"""Bytes from which a file is not read at once."""
SOUND = "sound"

Words = Callable[[bytes], list[str]]


@dataclass
class Searched:
    """``findings`` in the order of the files; ``sealed``: what could not be looked into, and why; ``words``: whether
    the words on pictures were read."""

    findings: list[Finding] = field(default_factory=list)
    sealed: list[str] = field(default_factory=list)
    files: int = 0
    size: int = 0
    words: bool = False


class Search:
    """One search: what it looks for, and what it has looked at."""

    def __init__(self, secrets: Mapping[str, Secret], pieces: Mapping[bytes, str], words: Words | None) -> None:
        """``pieces``: bytes of restricted sound, and the file they are of."""
        self._names = {secret.value: (name, secret) for name, secret in secrets.items()}
        also = {piece: (f"{SOUND}:{name}", "samples") for piece, name in pieces.items()}
        self._text = Needles(self._names, also=also)
        self._binary = Needles(self._names, shortest=SHORT, also=also)
        self._words = words
        self._clean: set[bytes] = set()
        self.sealed: list[str] = []

    def file(self, path: Path, name: str) -> Iterator[Finding]:
        """Everything found in one file, and in its name."""
        yield from self._in_name(name)
        with _opened(path) as data:
            yield from self.within(name, data)

    def within(self, name: str, data: bytes | mmap, depth: int = 0) -> Iterator[Finding]:
        """Everything found in ``data``, which is called ``name``. The same bytes are looked at once, while there is
        nothing in them."""
        mark = sha256(data).digest()
        if mark in self._clean:
            return
        found = False
        try:
            for finding in self._all(name, data, depth):
                found = True
                yield finding
        except Sealed as why:
            found = True
            self.sealed.append(f"{name}: {why}")
        if not found:
            self._clean.add(mark)

    def _all(self, name: str, data: bytes | mmap, depth: int) -> Iterator[Finding]:
        kind = kind_of(data)
        trace = kind == "text" and _TRACE.search(data, 0, BEGINNING) is not None
        plain = [self._finding(name, *hit) for hit in (self._text if kind == "text" else self._binary).find(data)]
        yield from plain
        if trace or kind == "blf":
            frames = by_identity(bytes(data).splitlines()) if trace else traces.of_blf(bytes(data))
            yield from self._on_the_bus(name, frames, {f.pseudonym for f in plain})
            return
        for once in unescaped(data) if kind == "text" else ():
            again = (self._finding(f"{name}!without escapes", *hit) for hit in self._text.find(once))
            yield from (f for f in again if f.pseudonym not in {p.pseudonym for p in plain})
        if kind == "text" and _STAMPED.match(data):
            yield from self._without_stamps(name, data, {f.pseudonym for f in plain})
        if kind in PICTURES:
            yield from self._on_the_picture(name, bytes(data))
        if depth >= DEEPEST:
            if kind not in ("text", "riff"):
                self.sealed.append(f"{name}: lies deeper than {DEEPEST} levels")
            return
        for part in parts(data):
            if RESTRICTED in PurePosixPath(part.name).parts:
                continue
            inside = f"{name}!{part.name}"
            if kind == "zip":
                yield from self._in_name(inside)
            yield from self.within(inside, part.data, depth + 1)
        for page in paper.pages(bytes(data)) if kind == "pdf" else ():
            yield from self.within(f"{name}!{page.name}", page.data, depth + 1)

    def _in_name(self, name: str) -> Iterator[Finding]:
        for hit in self._text.find(name.rpartition("!")[2].encode("utf-8", "surrogateescape")):
            yield self._finding(name, None, 0, hit.text, f"{hit.encoding}, in its name")

    def _on_the_bus(self, name: str, identities: list[Frames], known: set[str]) -> Iterator[Finding]:
        told = set(known)
        for frames in identities:
            for one in carried(frames, self._text):
                finding = self._finding(name, None, 0, one.hit.text, f"{one.hit.encoding} in frames {one.identifier}")
                if finding.pseudonym not in told:
                    told.add(finding.pseudonym)
                    yield finding

    def _without_stamps(self, name: str, data: bytes | mmap, known: set[str]) -> Iterator[Finding]:
        from harness.console.recorded import from_text

        try:
            said = b"".join(chunk for _, chunk in from_text(bytes(data)))
        except ValueError:
            return
        for hit in self._text.find(said):
            finding = self._finding(name, None, 0, hit.text, f"{hit.encoding}, over several chunks")
            if finding.pseudonym not in known:
                yield finding

    def _on_the_picture(self, name: str, data: bytes) -> Iterator[Finding]:
        for text in pixels.codes(data):
            for hit in self._text.find(text.encode()):
                yield self._finding(name, None, 0, hit.text, f"{hit.encoding}, in a code on the picture")
        if self._words is not None:
            for secret in pixels.in_words(self._words(data), (secret for _, secret in self._names.values())):
                yield self._finding(name, None, 0, secret.value, "words on the picture")

    def _finding(self, file: str, start: int | None, _stop: int, text: str, encoding: str) -> Finding:
        if text in self._names:
            name, secret = self._names[text]
            return Finding(file, start, secret.kind, name, encoding)
        return Finding(file, start, SOUND, text.removeprefix(f"{SOUND}:"), encoding)


def look(folder: Path, secrets: Mapping[str, Secret], *sources: Path, words: Words | None = None) -> Searched:
    """Search ``folder`` (or a single file, such as a zip) for ``secrets``, and for the restricted sound of ``sources``
    (packs or run folders)."""
    pieces = dict(sound.stretches(path for source in (folder, *sources) for path in withheld(source, ".wav")))
    search_ = Search(secrets, pieces, words)
    searched = Searched(words=words is not None)
    for path in public_files(folder):
        name = path.relative_to(folder).as_posix() if folder.is_dir() else path.name
        searched.findings += search_.file(path, name)
        searched.files += 1
        searched.size += path.stat().st_size
    searched.sealed = search_.sealed
    return searched


def search(folder: Path, secrets: Mapping[str, Secret]) -> list[Finding]:
    """Every secret that stands outside a restricted folder, in the order of the files."""
    return look(folder, secrets).findings


def check(folder: Path, *runs: Path, words: Words | None = None) -> None:
    """BadInput, which names the first findings, when ``folder`` holds a secret of its own cases or of ``runs`` outside
    its restricted part, or something that cannot be looked into. ``words`` reads those on pictures; None: nobody."""
    searched = look(folder, known_secrets(folder, *runs), *runs, words=words)
    told = [*map(str, searched.findings), *searched.sealed]
    if told:
        first = "; ".join(told[:5]) + (f"; and {len(told) - 5} more" if len(told) > 5 else "")
        problem = f"holds secrets where everybody may read: {first}"
        if not searched.findings:
            problem = f"cannot be searched for secrets as a whole: {first}"
        raise BadInput(folder, None, "", problem, "Do not hand it on; take what is named out of the run.")


def public_files(folder: Path) -> Iterator[Path]:
    """Every regular file that is in no restricted folder, by name."""
    if not folder.is_dir():
        yield folder
        return
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and RESTRICTED not in path.relative_to(folder).parts:
            yield path


@contextmanager
def _opened(path: Path) -> Iterator[bytes | mmap]:
    if path.stat().st_size < MAPPED:
        yield path.read_bytes()
        return
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        yield data
