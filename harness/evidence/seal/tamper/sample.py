"""Small packs of made-up content, sealed: what a campaign attacks, and what has to verify untouched."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

from harness.evidence.pack.archive import dos_stamp, write_archive
from harness.evidence.pack.contents import Contents, as_bytes, listed
from harness.evidence.pack.names import CONTENTS
from harness.evidence.pack.readme import readme
from harness.evidence.pack.write import zip_of

_WORDS = ("press", "login", "leaving", "消息", "Türen", "a b", "x" * 60)
_SUFFIXES = (".log", ".wav", ".png", ".json", ".jsonl", ".yaml", "")


def sample(folder: Path, random: Random, *, files: int = 10, largest: int = 6000) -> None:
    """Write an unsealed pack and its zip: ``files`` cases' files of up to ``largest`` bytes (one empty, some text that
    shrinks, some noise that does not), and what every pack has."""
    stamp = f"20{random.randrange(20, 40)}-0{random.randrange(1, 10)}-1{random.randrange(10)}T10:20:30+00:00"
    _write(folder, "run/run.json", json.dumps(_run(random)).encode())
    _write(folder, "cases/first.1/journal.jsonl", b"")
    for number in range(files):
        place = random.choice(("", "restricted/"))
        name = f"cases/{random.choice(_WORDS)}-{number}.1/{place}{random.choice(_WORDS)}{random.choice(_SUFFIXES)}"
        size = random.randrange(1, largest)
        noise = random.randbytes(size) if random.random() < 0.5 else (b"(%d) body 123#00FF " % number * size)[:size]
        _write(folder, name, noise)
    facts = {"run": _run(random), "unit": {"software": None}, "versions": {}, "vehicles": {}, "instruments": []}
    contents = Contents(f"HIL-SAMPLE-{random.randrange(10**6):06}", "full", stamp, facts)
    (folder / "README.md").write_bytes(readme(contents))
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    contents = Contents(contents.number, "full", stamp, facts, listed(folder, names))
    (folder / CONTENTS).write_bytes(as_bytes(contents))
    write_archive(zip_of(folder), folder, [*names, CONTENTS], dos_stamp(stamp))


def _run(random: Random) -> dict[str, object]:
    verdict = random.choice(("PASS", "FAIL", "INCONCLUSIVE"))
    case = {"id": f"scenarios/test_a.py::test_{random.randrange(99)}[gs4]", "verdict": verdict}
    return {"schema": 1, "exit_code": 0 if verdict == "PASS" else 1, "totals": {verdict: 1}, "cases": [case]}


def _write(folder: Path, name: str, content: bytes) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
