"""Looks for the secrets of a run in everything that is not restricted: every file, every spelling, within archives,
pictures, sound and bus traces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from harness.evidence.canary.finding import Finding
from harness.foundation.errors import BadInput
from harness.foundation.pseudonyms import RESTRICTED, Secret, read_secrets
from harness.foundation.spellings import Needles


def known_secrets(*folders: Path) -> dict[str, Secret]:
    """The secrets of every case in these packs or run folders, by pseudonym. BadInput for a list that is none."""
    known: dict[str, Secret] = {}
    for folder in folders:
        for restricted in sorted(folder.rglob(RESTRICTED)):
            known |= read_secrets(restricted.parent)
    return known


def search(folder: Path, secrets: Mapping[str, Secret]) -> list[Finding]:
    """Every secret that stands outside a restricted folder, in the order of the files."""
    pseudonyms = {secret.value: (name, secret.kind) for name, secret in secrets.items()}
    needles = Needles(pseudonyms)
    found = []
    for path in public_files(folder):
        for hit in needles.find(path.read_bytes()):
            name, kind = pseudonyms[hit.text]
            found.append(Finding(path.relative_to(folder).as_posix(), hit.start, kind, name, hit.encoding))
    return found


def check(folder: Path, *runs: Path) -> None:
    """BadInput that names the first findings when ``folder`` holds a secret of its own cases or of ``runs`` outside
    its restricted part."""
    found = search(folder, known_secrets(folder, *runs))
    if found:
        first = "; ".join(map(str, found[:5])) + (f"; and {len(found) - 5} more" if len(found) > 5 else "")
        raise BadInput(folder, None, "", f"holds secrets where everybody may read: {first}", "Do not hand it on.")


def public_files(folder: Path) -> Iterator[Path]:
    """Every regular file that is in no restricted folder, by name."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and RESTRICTED not in path.relative_to(folder).parts:
            yield path
