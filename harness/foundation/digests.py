"""What a folder holds, by hash: names relative to it, SHA-256 of the bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

OF_ITSELF = ("journal.jsonl", "pending.json", "meta.json")
"""Written before, while and after the rest: a journal cannot name its own hash."""


def digests(folder: Path) -> dict[str, str]:
    """{name with ``/``: hex SHA-256} of every file a case left, those of the journal itself left out."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    named = {path.relative_to(folder).as_posix(): path for path in files}
    return {name: digest(path) for name, path in named.items() if name not in OF_ITSELF}


def digest(path: Path) -> str:
    """Hex SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
