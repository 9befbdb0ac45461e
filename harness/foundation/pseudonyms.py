"""Who may be named: secrets are replaced by pseudonyms before anything of them is written.

Theory. A pseudonym is the kind of a secret and the beginning of its HMAC-SHA256 (RFC 2104) under the key of the run:
``token-3f9a1c0b7e``. The same secret has the same pseudonym all through the run, so that events still match, and
nobody without the key can try guesses out. On a virtual rig the key follows from the seed, because journals of one
seed are the same bytes and the secrets there are invented; on a wall-clock rig it is drawn for the run and kept in
``<run>/restricted/pseudonyms.key`` alone.

Whoever makes or learns a secret says so (``learn``). From then on it is replaced in whatever goes through ``shown``,
within longer texts too and in every spelling of harness/foundation/spellings.py. Addresses of Bluetooth and Wi-Fi
devices and telephone numbers in international form are known by their shape and need nobody to tell.

``<case>/restricted/pseudonyms.json`` (schema 1) leads back from the pseudonyms of a case, for who may judge it
again: ``{"schema": 1, "secrets": {"token-3f9a1c0b7e": {"kind": "token", "value": "..."}}}``.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from harness.foundation.errors import BadInput
from harness.foundation.spellings import SHORTEST, Needles, merged, needles, outermost

RESTRICTED = "restricted"
"""The folder, of a run and of a case, whose files hold secrets and may be left out of what is handed on."""
SECRETS = "pseudonyms.json"
KEY = "pseudonyms.key"
SCHEMA = 1
TAG = 10
"""Hex digits of a pseudonym: two secrets of a thousand share one in two million runs (and then the later one's is
longer)."""
STRUCTURE = frozenset(("kind", "n", "prev", "t", "file"))
"""Fields of a record that nothing of a user can be in."""
PATTERNS = (
    ("address", re.compile(r"(?<![0-9A-Za-z:])(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?![0-9A-Za-z:])")),
    ("phone", re.compile(r"(?<![\w+])\+[1-9][0-9]{9,14}(?![0-9])")),
)
"""What is known by its shape: EUI-48 addresses (IEEE 802), telephone numbers (ITU-T E.164)."""


class Secret(NamedTuple):
    kind: str
    value: str


Source = Callable[[], Sequence[Secret]]
"""Somebody who makes secrets by himself: everything he has made so far, oldest first."""


class Pseudonyms:
    """The secrets of one case, as far as they are known."""

    def __init__(self, key: bytes = b"", folder: Path | None = None) -> None:
        """``folder`` is the case's: ``restricted/pseudonyms.json`` in it is kept up to date. None: nothing is kept."""
        self._key = key
        self._path = None if folder is None else folder / RESTRICTED / SECRETS
        self._known: dict[str, str] = {}
        self._secrets: dict[str, Secret] = {}
        self._sources: list[tuple[Source, list[int]]] = []
        self._batches: list[Needles] = []
        self._plain = True

    @classmethod
    def known(cls, secrets: Mapping[str, Secret]) -> Pseudonyms:
        """With the pseudonyms that these secrets have already."""
        pseudonyms = cls()
        pseudonyms._secrets = dict(secrets)
        pseudonyms._known = {secret.value: name for name, secret in secrets.items()}
        pseudonyms._plain = all(map(_is_plain, pseudonyms._known))
        pseudonyms._batches = [needles(tuple(pseudonyms._known))] if secrets else []
        return pseudonyms

    def learn(self, secrets: Iterable[Secret]) -> None:
        """Keep these from being written, from now on. Values of fewer than four bytes are replaced only where they are
        all there is, such as an argument."""
        fresh = [s for s in dict.fromkeys(secrets) if s.value and s.value not in self._known]
        for secret in fresh:
            if secret.value not in self._known:
                name = self._named(secret)
                self._known[secret.value] = name
                self._secrets[name] = secret
        if fresh:
            self._plain = self._plain and all(_is_plain(secret.value) for secret in fresh)
            self._batches.append(needles(tuple(secret.value for secret in fresh)))
            self._keep()

    def follow(self, source: Source) -> None:
        """Learn whatever ``source`` makes, as it makes it."""
        self._sources.append((source, [0]))

    @property
    def secrets(self) -> Mapping[str, Secret]:
        """By pseudonym."""
        self._catch_up()
        return dict(self._secrets)

    @property
    def needles(self) -> Needles:
        """All of them, to search something long."""
        self._catch_up()
        return needles(tuple(self._known))

    def of(self, value: str) -> str:
        """The pseudonym of a known secret. KeyError for another value."""
        return self._known[value]

    def text(self, text: str) -> str:
        """``text`` with a pseudonym in the place of each secret in it."""
        self._catch_up()
        if text in self._known:
            return self._known[text]
        for kind, pattern in PATTERNS:
            self.learn(Secret(kind, match) for match in pattern.findall(text) if match not in self._known)
        raw = text.encode("utf-8", "surrogatepass")
        public = self.data(raw)
        return text if public is raw else public.decode("utf-8", "replace")

    def data(self, raw: bytes) -> bytes:
        """As ``text``, of bytes; the same object where nothing is in it."""
        hits = outermost(hit for batch in self._batches for hit in batch.find(raw))
        if not hits:
            return raw
        parts, done = [], 0
        for start, stop, hit in merged(hits):
            parts += [raw[done:start], self._known[hit.text].encode()]
            done = stop
        return b"".join((*parts, raw[done:]))

    def shown(self, value: Any) -> Any:
        """A JSON value with every text in it replaced as by ``text``, keys included; ``STRUCTURE`` stays."""
        self._catch_up()
        return value if self._surely_without(value) else self._replaced(value)

    def _replaced(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.text(k): v if k in STRUCTURE else self._replaced(v) for k, v in value.items()}
        if isinstance(value, list | tuple):
            return [self._replaced(v) for v in value]
        return value

    def _surely_without(self, value: Any) -> bool:
        """Whether nothing is found in the whole of ``value`` at once, as in most records. A short secret, or one that
        JSON writes otherwise, would be missed so: then each text is looked at."""
        if not self._plain:
            return False
        whole = json.dumps(value, ensure_ascii=False)
        raw = whole.encode("utf-8", "surrogatepass")
        return not any(pattern.search(whole) for _, pattern in PATTERNS) and not any(b.find(raw) for b in self._batches)

    def _catch_up(self) -> None:
        for source, seen in self._sources:
            made = source()
            if len(made) > seen[0]:
                fresh, seen[0] = made[seen[0] :], len(made)
                self.learn(fresh)

    def _named(self, secret: Secret) -> str:
        digest = hmac.new(self._key, f"{secret.kind}\0{secret.value}".encode(), hashlib.sha256).hexdigest()
        length = TAG
        while (name := f"{secret.kind}-{digest[:length]}") in self._secrets:
            length += 1
        return name

    def _keep(self) -> None:
        """Replaced whole, so that a kill leaves the one before or the one after."""
        if self._path is None:
            return
        folder = self._path.parent
        if not folder.is_dir():
            folder.mkdir(mode=0o700, parents=True)
        document = {"schema": SCHEMA, "secrets": {name: s._asdict() for name, s in self._secrets.items()}}
        part = self._path.with_name(f"{SECRETS}.part")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(json.dumps(document, ensure_ascii=False, sort_keys=True) + "\n")
        part.replace(self._path)


def _is_plain(value: str) -> bool:
    """Whether it is looked for within texts, and stands in JSON as it is."""
    return (
        len(value.encode("utf-8", "surrogatepass")) >= SHORTEST and json.dumps(value, ensure_ascii=False)[1:-1] == value
    )


def key_of_seed(seed: int) -> bytes:
    """The key of a virtual run."""
    return hashlib.sha256(f"headunit-hil pseudonyms of seed {seed}".encode()).digest()


def key_of_run(out: Path) -> bytes:
    """The key of a wall-clock run with the folder ``out``: drawn by the process that asks first, the same for all."""
    path = out / RESTRICTED / KEY
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        part = path.with_name(f"{KEY}.{os.getpid()}")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(os.urandom(32).hex() + "\n")
        try:
            os.link(part, path)  # of two processes, one comes first; both use its key
        except FileExistsError:
            pass
        finally:
            part.unlink()
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except ValueError as why:
        raise BadInput(path, 1, "", f"is no key: {why}", "Put the run's own key back, or begin another run.") from why
    if len(key) != 32:
        raise BadInput(path, 1, "", f"is a key of {len(key)} bytes, not 32", "Put the run's own key back.")
    return key


def read_secrets(folder: Path) -> Mapping[str, Secret]:
    """The secrets of a case folder by pseudonym; empty where its restricted part was left out. BadInput for a file that
    is none."""
    path = folder / RESTRICTED / SECRETS
    if not path.is_file():
        return {}
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["schema"] > SCHEMA:
            newer = f"is newer than {SCHEMA}, which this program knows"
            raise BadInput(path, None, f"schema: {document['schema']}", newer, "Update it.")
        listed = document["secrets"].items()
        return {str(name): Secret(str(secret["kind"]), str(secret["value"])) for name, secret in listed}
    except (ValueError, TypeError, KeyError, AttributeError) as why:
        raise BadInput(
            path, None, "", f"is not a list of secrets: {why!r}", "Take the file that the run wrote."
        ) from why


def load_secrets(case_folder: Path) -> Mapping[str, str]:
    """Pseudonym to value, as ``read_secrets``."""
    return {name: secret.value for name, secret in read_secrets(case_folder).items()}
