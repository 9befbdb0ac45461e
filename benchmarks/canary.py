"""What the search for secrets costs: many copies of a run, with different sound and logs, as big as a big pack.

Run: ``python -P benchmarks/canary.py RUN [MEGABYTES]`` from the root; RUN is a run's folder. Prints wall and CPU
seconds for all of the run's secrets and for a few of them, beside ``cat`` (the disk alone) over the same files. Exit
code 1 when something is found: copies of a clean run are clean.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness.evidence.canary.known import known_secrets
from harness.evidence.canary.search import look
from harness.foundation.clock import stopwatch


def copies(run: Path, place: Path, megabytes: int) -> None:
    """Nothing is looked at twice: so each copy differs from the others in its sound and its texts."""
    size, number = 0, 0
    while size < megabytes * 1_000_000:
        number += 1
        for path in sorted(p for p in run.rglob("*") if p.is_file()):
            data = path.read_bytes()
            if path.suffix == ".wav":
                data = data[:44] + number.to_bytes(2, "little") + data[46:]
            elif path.suffix in (".log", ".jsonl", ".csv"):
                data += b"(%d.000000001) copy 001#%04X R\n" % (number, number)
            copy = place / str(number) / path.relative_to(run)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(data)
            size += len(data)


def main() -> int:
    run, megabytes = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    secrets = known_secrets(run)
    few = dict(list(secrets.items())[:14])
    found = 0
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        copies(run, place, megabytes)
        read = stopwatch()
        subprocess.run(["find", folder, "-type", "f", "-exec", "cat", "{}", "+"], stdout=subprocess.DEVNULL, check=True)
        print(f"cat: {read():.1f} s")
        for wanted in (secrets, few):
            wall, cpu = stopwatch(), time.process_time()
            searched = look(place, wanted)
            found += len(searched.findings)
            took = f"{wall():.1f} s, CPU {time.process_time() - cpu:.1f} s"
            print(f"{len(wanted)} secrets in {searched.files} files, {searched.size / 1e6:.0f} MB: {took}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
