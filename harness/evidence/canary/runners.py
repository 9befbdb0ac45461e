"""What runners wrote past the journal's door: the logs of their processes, tracebacks and captured output in Allure's
results. Secrets in them are replaced by their pseudonyms before anything is made of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from harness.evidence.canary.known import known_secrets
from harness.foundation.pseudonyms import Pseudonyms

TEXTS = frozenset((".json", ".txt", ".log", ".html", ".xml", ".csv"))


def replace_secrets(out: Path) -> list[Path]:
    """Rewrite those files of the run folder ``out`` that hold a secret of its cases; which they were. A file is
    replaced whole. Doing it again changes nothing."""
    secrets = known_secrets(out / "cases")
    if not secrets:
        return []
    pseudonyms = Pseudonyms.known(secrets)
    changed = []
    for path in _written_by_runners(out):
        raw = path.read_bytes()
        public = pseudonyms.data(raw)
        if public is not raw:
            part = path.with_name(f"{path.name}.part")
            part.write_bytes(public)
            part.replace(path)
            changed.append(path)
    return changed


def _written_by_runners(out: Path) -> Iterator[Path]:
    results = out / "allure-results"
    for path in (*sorted(out.glob("*.log")), out / "meta.json", *sorted(results.glob("*"))):
        if path.is_file() and path.suffix in TEXTS:
            yield path
