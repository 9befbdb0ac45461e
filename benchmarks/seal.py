"""What a seal costs: a pack of 1 GB of random files sealed and verified, beside reading the same bytes.

Run: ``python -P benchmarks/seal.py [MEGABYTES]`` from the root. Prints wall and CPU seconds, the best of three; the
peers are ``sha256sum`` (one core, the same digests) and ``cat`` (the disk alone), over the same files in the same run.
Exit code 1 when sealing takes 2 s, or verifying 4 s, longer than ``cat`` did: that is the disk's share.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness.evidence.pack.archive import dos_stamp, write_archive
from harness.evidence.pack.contents import Contents, as_bytes, listed
from harness.evidence.pack.write import zip_of
from harness.evidence.seal.keys import generate, load_signing
from harness.evidence.seal.seal import seal
from harness.evidence.seal.verify import verify
from harness.foundation.clock import stopwatch

FILES = 400
TIMES = 3
SEALED_WITHIN, VERIFIED_WITHIN = 2.0, 4.0
STAMP = "2026-03-01T10:00:00+00:00"


def make(folder: Path, megabytes: int) -> None:
    """Most bytes in few large files, as recordings are: sizes fall by and by."""
    random = Random(7)
    weights = [1 / (number + 1) for number in range(FILES)]
    for number, weight in enumerate(weights):
        size = int(megabytes * 1_000_000 * weight / sum(weights))
        place = folder / "cases" / f"case-{number % 40}.1"
        place.mkdir(parents=True, exist_ok=True)
        with (place / f"{number}.wav").open("wb") as file:
            while size > 0:
                file.write(random.randbytes(min(size, 1 << 24)))
                size -= 1 << 24
    (folder / "run").mkdir()
    (folder / "run/run.json").write_text('{"schema": 1, "exit_code": 0, "cases": []}')
    names = [p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()]
    contents = Contents("HIL-BENCHMARK", "full", STAMP, {}, listed(folder, names))
    (folder / "pack.json").write_bytes(as_bytes(contents))
    write_archive(zip_of(folder), folder, [*names, "pack.json"], dos_stamp(STAMP))


@dataclass(frozen=True, order=True)
class Cost:
    """Seconds: on the wall, and of all cores together, child processes included."""

    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.wall:.2f} s ({self.cpu:.2f} s CPU)"


def best(work: Callable[[], object]) -> Cost:
    """The least of several."""
    found = []
    for _ in range(TIMES):
        took, before = stopwatch(), sum(os.times()[:4])
        work()
        found.append(Cost(took(), sum(os.times()[:4]) - before))
    return min(found)


def main() -> int:
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    place = Path(tempfile.mkdtemp(prefix="hil-seal-"))
    try:
        pack = place / "pack"
        took = stopwatch()
        make(pack, megabytes)
        print(f"pack of {megabytes} MB in {FILES} files made in {took():.1f} s")
        key = generate(place / "lab")
        signing = load_signing(place / "lab.key", {})
        files = [str(p) for p in pack.rglob("*") if p.is_file()]

        def read(*words: str) -> Cost:
            return best(lambda: subprocess.run([*words, *files], check=True, stdout=subprocess.DEVNULL))

        cat, sums = read("cat"), read("sha256sum")
        sealed = best(lambda: seal(pack, signing))
        checked = best(lambda: _holds(pack, key))
        zipped = best(lambda: _holds(zip_of(pack), key))
        print(f"cat {cat}; sha256sum {sums}")
        print(f"seal, folder and zip: {sealed}; verify the folder: {checked}, the zip: {zipped}")
        scale = megabytes / 1000
        slow = sealed.wall - cat.wall > SEALED_WITHIN * scale
        slow = slow or max(checked, zipped).wall - cat.wall > VERIFIED_WITHIN * scale
        return 1 if slow else 0
    finally:
        shutil.rmtree(place)


def _holds(pack: Path, key: object) -> None:
    found = verify(pack, key)  # type: ignore[arg-type]
    assert found.holds, found.refusals


if __name__ == "__main__":
    raise SystemExit(main())
