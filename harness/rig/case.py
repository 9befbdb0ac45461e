"""One case from opening the rig to its verdict, the same for every runner.

The order matters: ``pending.json`` is written before anything is opened, so that a killed run can name the case; the
verdict is written in the call phase; restoring comes after it and cannot change it.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from harness import __version__
from harness.bench.files import write_recordings
from harness.bench.private import people, settle
from harness.bench.world import World
from harness.foundation.clock import stopwatch
from harness.foundation.config import suggest
from harness.foundation.digests import digests
from harness.foundation.errors import BadInput, HarnessError, NotOffered, RigFault, SeveralBadInputs
from harness.foundation.journal import Journal
from harness.foundation.pseudonyms import Pseudonyms
from harness.foundation.units import Ns, show_time
from harness.foundation.values import Check, Verdict, worst
from harness.judging.judge import PrerequisiteFailed, RequirementFailed, unjudged
from harness.judging.redacted import redact_case, withhold_sound
from harness.judging.requirements import NEEDS
from harness.rig.lateness import explains
from harness.rig.rig import open_rig
from harness.rig.run import About, Run, gateways


class BenchTooSlow(RigFault):
    """The bench acted on the unit later than the rig file allows: what the unit missed then is not its own fault."""


class NotApplicable(Exception):
    """The car's data do not offer what the requirement needs."""


class Outcome(NamedTuple):
    verdict: Verdict
    reason: str
    prerequisite: bool = False


class Case:
    """``world`` is there once ``open`` has returned; ``conclude`` gives the verdict, ``restore`` puts the rig back."""

    def __init__(self, run: Run, about: About) -> None:
        self.run = run
        self.about = about
        self.world: World | None = None
        self.outcome: Outcome | None = None
        self.checks: tuple[Check, ...] = ()
        """What was judged, once the verdict is there; the world may be gone by then."""
        self.held = False
        """Whether the bench was left as it was, for an engineer to look at."""
        self._raised: list[list[tuple[Ns, str]]] = []
        """What listeners of its worlds raised: lists that fill while a world lives, and outlive it."""
        self._watch = stopwatch()
        cases = run.settings.out / "cases"
        attempt = 1
        while (folder := cases / f"{about.slug}.{attempt}").exists():
            attempt += 1
        folder.mkdir(parents=True)
        self.folder, self.attempt = folder, attempt
        pending = {
            "id": about.id,
            "nodeid": about.id,
            "runner": about.runner,
            "title": about.title,
            "vehicle": about.vehicle,
            "requirements": list(about.requirements),
            "attempt": attempt,
            "behaviour": list(about.behaviour),
        }
        pseudonyms = Pseudonyms(run.key, folder)
        pseudonyms.learn(people())
        _write(folder / "pending.json", pseudonyms.shown(pending))
        self.journal = Journal(folder / "journal.jsonl", pseudonyms)
        settings = run.settings
        self.journal.write(
            "case",
            0,
            id=about.id,
            nodeid=about.id,
            runner=about.runner,
            title=about.title,
            text=about.text,
            vehicle=about.vehicle,
            rig=run.rig.path.stem,
            clock=run.rig.model.clock,
            seed=settings.seed,
            defects=list(settings.defects),
            variant_seed=settings.variant_seed,
            requirements=list(about.requirements),
            behaviour=list(about.behaviour),
            attempt=attempt,
            **gateways(settings),
            harness=__version__,
        )
        self.journal.sync()

    def open(self) -> World:
        """Open a fresh rig. NotApplicable when the car lacks what a requirement needs; RigFault, BadInput as they
        come."""
        settings = self.run.settings
        vehicle, catalogue = self.run.car(self.about.vehicle)
        for id_ in self.about.requirements:
            reason = catalogue[id_].applicable(vehicle)
            if reason:
                raise NotApplicable(f"{id_}: {reason}")
        for need in self.about.needs:
            if any(part.strip() not in NEEDS for part in need.split("|")):
                raise HarnessError(f"no car can offer {need!r}, which the scenario needs. {suggest(need, NEEDS)}")
            if not vehicle.has(need):
                raise NotApplicable(f"the scenario needs {need}, which {vehicle.name} does not offer")
        rng = random.Random(f"{settings.seed}:{self.about.id}")
        ports = open_rig(
            self.run.rig,
            vehicle,
            rng,
            settings.defects,
            settings.variant_seed,
            self.folder,
            self.run.keeper(),
            self.run.lasting,
            settings.disturbances,
        )
        self._raised += ports.listeners_raised()
        self.world = World(
            ports, catalogue, self.run.library, self.journal, random.Random(rng.getrandbits(64)),
            level=self.run.rig.model.level,
        )  # fmt: skip
        late = getattr(ports.clock, "late", None)
        if late is not None:
            # opening instruments takes seconds in which nobody lets time pass; what waited so long is done first
            ports.clock.run_until(ports.clock.now())
            late.clear()
        return self.world

    def another_world(self) -> World:
        """One more world, the same as the case's own to the byte, of which nothing is written: for sweeps.

        NotOffered on a wall-clock rig, which has only one.
        """
        settings = self.run.settings
        if self.run.wall:
            raise NotOffered("a sweep needs a world of its own for each step; this rig has only one")
        vehicle, catalogue = self.run.car(self.about.vehicle)
        rng = random.Random(f"{settings.seed}:{self.about.id}")
        ports = open_rig(self.run.rig, vehicle, rng, settings.defects, settings.variant_seed, self.folder,
                         disturbances=settings.disturbances)  # fmt: skip
        self._raised += ports.listeners_raised()
        own = random.Random(rng.getrandbits(64))
        unwritten = Journal(None)
        return World(ports, catalogue, self.run.library, unwritten, own, level=self.run.rig.model.level)

    def conclude(self, error: BaseException | None = None) -> Outcome:
        """Decide and write the verdict, once; ``error`` is what ended the scenario early, if anything."""
        if self.outcome is not None:
            return self.outcome
        error = self._closing_error(error)
        self.checks = tuple(self.world.judge.checks) if self.world else ()
        outcome = self._outcome(error, self.checks)
        now = self.world.clock.now() if self.world else 0
        self.journal.write(
            "verdict", now, verdict=str(outcome.verdict), reason=outcome.reason, prerequisite=outcome.prerequisite
        )
        self.journal.sync()
        self.outcome = outcome
        return outcome

    def restore(self) -> str:
        """Write the recordings, close the rig, close the journal. Returns what went wrong, or ""."""
        fault = ""
        simulated = 0
        if self.world is not None and self.run.settings.hold_on_fail and self._failed():
            rig: Any = self.world.ports
            rig.hold()
            self.held = True
            text = "the bench is held: powered, as the failure left it"
            self.journal.write("note", self.world.clock.now(), text=text)
        if self.world is not None:
            world, simulated = self.world, self.world.clock.now()
            encoded = self.run.encoded
            acts: tuple[Callable[[], None], ...] = (
                lambda: write_recordings(world, self.folder, encoded),
                lambda: settle(world.journal.pseudonyms, world.ports),
                world.close,
            )
            for act in acts if self.run.settings.recordings else acts[1:]:
                try:
                    act()
                except Exception as why:  # noqa: BLE001 - restoring goes on; the fault is written, and is the rig's
                    fault = fault or f"{type(why).__name__}: {why}"
            fault = self._keep_private(simulated) or fault
            if not self.held:
                self.world = None  # runners keep their cases to the end; a million frames each would not fit
        if fault:
            self.journal.write("restore", simulated, verdict=str(Verdict.BLOCKED), reason=fault)
        self.journal.write("end", simulated, files=digests(self.folder))
        self.journal.close()
        facts = {"wall_s": round(self._watch(), 3), "simulated_s": simulated / 1e9, "head": self.journal.head}
        _write(self.folder / "meta.json", self.journal.pseudonyms.shown(facts))
        return fault

    def _keep_private(self, t: Ns) -> str:
        """What everybody may see of the recordings holds no secret from here on. What went wrong, or ""."""
        try:
            for redacted in redact_case(self.folder, self.journal.pseudonyms):
                self.journal.write("note", t, text=str(redacted))
            if self.run.rig.model.whose_voices == "people":
                withhold_sound(self.folder)
        except OSError as why:
            return f"the recordings may hold secrets: {why}"
        return ""

    def _failed(self) -> bool:
        return self.outcome is not None and self.outcome.verdict not in (Verdict.PASS, Verdict.NOT_APPLICABLE)

    def _closing_error(self, error: BaseException | None) -> BaseException | None:
        if self.world is None:
            return error
        try:
            self.world.judge.close(finished=error is None)
        except Exception as why:  # noqa: BLE001 - whatever judging raises decides the verdict
            return error or why
        rig: Any = self.world.ports
        raised = [fault for faults in self._raised for fault in faults] + rig.raised_elsewhere()
        if raised and (error is None or isinstance(error, RequirementFailed | PrerequisiteFailed)):
            t, text = min(raised)
            first = f"the first at {show_time(t)}: {text}"
            return HarnessError(f"{len(raised)} exception(s) while frames were taken; {first}")
        until = _looked_until(self.world.judge.checks)
        late = [entry for entry in rig.late() if entry[0] <= until]
        if late and (error is None or isinstance(error, RequirementFailed | PrerequisiteFailed)):
            due, behind, name = max(late, key=lambda entry: entry[1])
            where = f"the worst was {name} at {show_time(due)}, {show_time(behind)} late"
            return BenchTooSlow(f"the bench computer was too slow: {len(late)} callback(s) came late; {where}")
        if isinstance(error, RequirementFailed | PrerequisiteFailed) or error is None:
            behind = max((entry[1] for entry in rig.plant_late() if entry[0] <= until), default=0)
            failed = [check for check in self.world.judge.checks if check.verdict is Verdict.FAIL]
            if behind and failed and all(explains(check, behind) for check in failed):
                return BenchTooSlow(
                    f"the computer was too slow for the simulated unit: it was {show_time(behind)} late, which may be "
                    f"all that is wrong: {failed[0].reason}"
                )
        if error is None or isinstance(error, RigFault):
            try:
                rig.check()
            except RigFault as dead:
                return dead  # why a port fell silent
        if error is None and self.world.judge.unwitnessed:
            return NotOffered("; ".join(self.world.judge.unwitnessed))
        if error is None:
            missing = unjudged(self.world.judge.checks, self.about.requirements)
            if missing:
                return AssertionError(f"the scenario verifies {', '.join(missing)} and never judged it")
        return error

    def _outcome(self, error: BaseException | None, checks: Sequence[Check]) -> Outcome:
        judged = worst(c.verdict for c in checks) if checks else None
        said = next((c.reason for c in checks if judged and c.verdict is judged), "")
        if error is None or isinstance(error, RequirementFailed):
            return Outcome(judged or Verdict.ERROR, said)
        if isinstance(error, NotApplicable):
            return Outcome(Verdict.NOT_APPLICABLE, str(error))
        if isinstance(error, NotOffered):
            bad = judged in (Verdict.FAIL, Verdict.INCONCLUSIVE)
            return Outcome(judged, said) if judged and bad else Outcome(Verdict.NOT_APPLICABLE, str(error))
        if isinstance(error, PrerequisiteFailed):
            own = any(c.verdict is Verdict.FAIL and not c.prerequisite for c in checks)
            return Outcome(Verdict.FAIL, str(error), not own)
        if isinstance(error, BenchTooSlow):
            return Outcome(Verdict.BLOCKED, str(error))
        if isinstance(error, RigFault):
            verdict = worst([judged or Verdict.BLOCKED, Verdict.BLOCKED])
            return Outcome(verdict, said if verdict is Verdict.FAIL else str(error))
        if isinstance(error, BadInput | SeveralBadInputs):
            return Outcome(Verdict.ERROR, str(error))
        return Outcome(Verdict.ERROR, f"{type(error).__name__}: {error}")


def _looked_until(checks: Sequence[Check]) -> Ns:
    """The last instant that any check looked at: being late after it (while a picture was searched, say) changes
    nothing that was judged. For ever when a check does not say."""
    judged = [c.measurement for c in checks if c.verdict is not Verdict.NOT_APPLICABLE]
    ends = [max(m.window[1], *(int(r.get("t", 0)) for r in m.refs), 0) for m in judged]
    return max(ends) if ends and all(ends) else 1 << 62


def _write(path: Path, document: dict[str, Any]) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
