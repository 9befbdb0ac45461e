"""What runners wrote past the journal's door: the logs of their processes, tracebacks and captured output in Allure's
results. Secrets in them are replaced by their pseudonyms before anything is made of them; and what a killed case has
written is redacted as the case would have done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from harness.evidence.canary.known import known_secrets
from harness.foundation.pseudonyms import Pseudonyms, read_secrets
from harness.judging.redacted import redact_case

TEXTS = frozenset((".json", ".txt", ".log", ".html", ".xml", ".csv"))


def replace_secrets(out: Path) -> list[Path]:
    """Rewrite those files of the run folder ``out`` that hold a secret of its cases; which ones. A file is
    replaced whole. Doing it again changes nothing."""
    secrets = known_secrets(out / "cases")
    if not secrets:
        return []
    pseudonyms = Pseudonyms.known(secrets)
    changed = list(_redact_cut_cases(out))
    for path in _written_by_runners(out):
        raw = path.read_bytes()
        public = pseudonyms.data(raw)
        if public is not raw:
            part = path.with_name(f"{path.name}.part")
            part.write_bytes(public)
            part.replace(path)
            changed.append(path)
    return changed


def _redact_cut_cases(out: Path) -> Iterator[Path]:
    """What a case left that was killed before it could look at it: traces that are written while they happen."""
    for case in sorted(path for path in (out / "cases").iterdir() if path.is_dir()):
        if not (case / "meta.json").is_file():
            for done in redact_case(case, Pseudonyms.known(read_secrets(case)), shapes=False):
                yield case / done.file


def _written_by_runners(out: Path) -> Iterator[Path]:
    results = out / "allure-results"
    for path in (*sorted(out.glob("*.log")), out / "meta.json", *sorted(results.glob("*"))):
        if path.is_file() and path.suffix in TEXTS:
            yield path
