"""The workers of a campaign: processes that take what is left in its folder, one after the other, until nothing is."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace

from harness.cli.child import Child
from harness.cli.plan import Plan, pytest_command
from harness.cli.qualify_told import wait
from harness.evidence.qualification import results
from harness.foundation.errors import BadInput


def work(plan: Plan, interrupted: Callable[[], bool], what: str, count: int) -> None:
    """Start them on what is left of ``count`` in ``plan.out`` and wait; ``what`` they are is told. BadInput when one
    ended early."""
    done = results(plan.out)
    for claim in (plan.out / "claims").glob("*"):
        if claim.name not in done:
            claim.rmdir()
            shutil.rmtree(plan.out / "runs" / claim.name, ignore_errors=True)
    single = replace(plan, workers=0, out=plan.out / "collected")
    command = [*pytest_command(single, allure=False), "-p", "harness.pytest_qualify", f"--hil-campaign={plan.out}"]
    numbers = range(1, max(1, plan.workers) + 1)
    children = [Child("qualify", command, plan.root, plan.out / f"worker-{n}.log") for n in numbers]
    wait(children, interrupted, what, (plan.out, count))
    for child in children:
        if child.ended() not in (0, 1) and not interrupted():
            raise BadInput("pytest", None, "", f"a worker ended early\n{child.tail(12)}", "Go on with --resume.")
