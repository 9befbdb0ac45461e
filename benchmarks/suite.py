"""How much faster than the bench the virtual suite is: simulated seconds over wall seconds, on one core.

Bus model, full rest-bus and recording are on, as always. The peer is the bench itself, on which a second lasts a
second. Two figures: the cases alone (from their ``meta.json``: opening, scenario, recordings), and the whole process
with its start, collection and Allure results.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TARGET = 60.0


def main() -> int:
    selection = sys.argv[1:] or ["scenarios"]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        command = [sys.executable, "-P", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--hil-out", str(out)]
        command += ["--alluredir", str(out / "allure-results"), *selection]
        env = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
        began = time.perf_counter()
        how = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "env": env}
        ended = subprocess.run(command, check=False, **how)
        wall = time.perf_counter() - began
        cases = [json.loads(p.read_text()) for p in sorted(out.glob("cases/*/meta.json"))]
    if ended.returncode not in (0, 1) or not cases:
        print(ended.stdout[-2000:])
        return 1
    simulated = sum(case["simulated_s"] for case in cases)
    inside = sum(case["wall_s"] for case in cases)
    print(f"{len(cases)} cases, {simulated:.0f} s of bench time on one core")
    print(f"cases alone:   {inside:6.1f} s, {simulated / inside:5.1f} times as fast as the bench (target {TARGET:.0f})")
    print(f"whole process: {wall:6.1f} s, {simulated / wall:5.1f} times as fast as the bench")
    return 0


if __name__ == "__main__":
    sys.exit(main())
