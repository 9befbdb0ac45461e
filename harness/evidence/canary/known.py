"""What is looked for: the secrets that the cases of a run or of a pack have kept, in folders and in zips."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from harness.foundation.errors import BadInput
from harness.foundation.pseudonyms import RESTRICTED, SECRETS, Secret, read_secrets


def known_secrets(*sources: Path) -> dict[str, Secret]:
    """The secrets of every case in these packs (folder or zip) or run folders, by pseudonym. BadInput for a list that
    is none."""
    known: dict[str, Secret] = {}
    for source in sources:
        if not source.is_file():
            for path in sorted(source.rglob(f"{RESTRICTED}/{SECRETS}")):
                known |= read_secrets(path.parent.parent)
        else:
            known |= _zipped(source)
    return known


def withheld(source: Path, suffix: str) -> Iterator[Path]:
    """The files in restricted folders that end so. None of a zip: there, only the secrets are taken out."""
    if source.is_dir():
        for path in sorted(source.rglob(f"*{suffix}")):
            if path.is_file() and RESTRICTED in path.relative_to(source).parts:
                yield path


def _zipped(pack: Path) -> dict[str, Secret]:
    known: dict[str, Secret] = {}
    try:
        with zipfile.ZipFile(pack) as archive, TemporaryDirectory() as place:
            folder = Path(place)
            (folder / RESTRICTED).mkdir()
            for member in archive.namelist():
                if PurePosixPath(member).parts[-2:] == (RESTRICTED, SECRETS):
                    (folder / RESTRICTED / SECRETS).write_bytes(archive.read(member))
                    known |= read_secrets(folder)
    except (OSError, zipfile.BadZipFile, RuntimeError) as why:
        raise BadInput(pack, None, "", f"is no folder and no zip: {why}", "Name a run folder or a pack.") from why
    return known
