"""A pack's zip into a folder: only one that ``hil evidence pack`` would have written, so no name can lead elsewhere."""

from __future__ import annotations

from pathlib import Path

from harness.evidence.pack.archive_reader import BadZip, ZipReader
from harness.foundation.errors import BadInput


def unzip(zip_: Path, folder: Path) -> None:
    """Unpack ``zip_`` into the empty ``folder``. BadInput for a zip that is none of ours."""
    try:
        reader = ZipReader(zip_)
        for name, entry in reader.entries.items():
            content = reader.read(name, entry.size)
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except (BadZip, OSError) as why:
        raise BadInput(
            zip_, None, "", f"cannot be unpacked: {why}", "Unpack it yourself, or ask for it again."
        ) from why
