"""``hil evidence rejudge``: measures and judges a run or a pack once more, from its recordings."""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness import __version__
from harness.evidence.rejudge.found import Found, Standing
from harness.evidence.rejudge.run import RunAgain, rejudge
from harness.foundation.clock import stopwatch
from harness.foundation.errors import BadInput

SAME, DIFFERENT = 0, 1


def run_rejudge(pack: Path, workers: int, *, as_json: bool) -> int:
    """0 where everything that could be judged again came out the same, 1 where something differs."""
    watch = stopwatch()
    with _unpacked(pack) as root:
        again = rejudge(root, Path.cwd(), workers, _progress if sys.stderr.isatty() else None)
    if as_json:
        print(json.dumps(_as_json(again), ensure_ascii=False, indent=1))
    else:
        _tell(again, watch())
    return DIFFERENT if again.standing(Standing.DIFFERENT) else SAME


@contextmanager
def _unpacked(pack: Path) -> Iterator[Path]:
    """The folder of a pack or run; a zip is unpacked into a temporary one. BadInput for what is neither."""
    if pack.is_dir():
        yield pack
        return
    if not pack.is_file():
        raise BadInput("command line", None, str(pack), "no such run or pack", "Name its folder or its zip.")
    from harness.evidence.rejudge.unzip import unzip

    with tempfile.TemporaryDirectory(prefix="hil-rejudge-") as folder:
        unzip(pack, Path(folder))
        yield Path(folder)


def _progress(done: int, of: int) -> None:
    end = "\n" if done == of else "\r"
    print(f"{done} of {of} cases", end=end, file=sys.stderr, flush=True)


def _tell(again: RunAgain, seconds: float) -> None:
    other = [version for version in again.harness if version != __version__]
    if other:
        print(f"run with harness {', '.join(other)}, judged again with {__version__}: what was improved since differs")
    for found in again.standing(Standing.DIFFERENT):
        print(f"DIFFERENT  {found.line()}")
    for why, count in Counter((f.observation or f.about, f.why) for f in again.standing(Standing.NOT_POSSIBLE)).items():
        print(f"not possible  {count} x {why[0]}: {why[1]}")
    checks = [found for found in again.found if found.about == "check"]
    by = Counter(found.standing for found in checks)
    different = len({(f.case, f.requirement, f.observation, f.quantity) for f in again.standing(Standing.DIFFERENT)})
    print(
        f"{again.cases} cases in {seconds:.1f} s: {by[Standing.EQUAL]} checks the same, "
        f"{by[Standing.NOT_POSSIBLE]} not possible, {different} differences"
    )


def _as_json(again: RunAgain) -> dict[str, object]:
    kinds: dict[str, Counter[str]] = {}
    totals: dict[str, Counter[str]] = {}
    for found in again.found:
        totals.setdefault(found.about, Counter())[str(found.standing)] += 1
        if found.about == "check":
            kinds.setdefault(found.observation, Counter())[str(found.standing)] += 1
    listed = [f for f in again.found if f.standing is not Standing.EQUAL]
    return {
        "schema": 1,
        "cases": again.cases,
        "harness": {"ran": list(again.harness), "judged_again": __version__},
        "totals": {about: dict(count) for about, count in totals.items()},
        "kinds": {kind: dict(count) for kind, count in sorted(kinds.items())},
        "differences": [_one(f) for f in listed if f.standing is Standing.DIFFERENT],
        "not_possible": [_one(f) for f in listed if f.standing is Standing.NOT_POSSIBLE],
    }


def _one(found: Found) -> dict[str, object]:
    return {name: value for name, value in found.to_json().items() if value and name != "standing"}
