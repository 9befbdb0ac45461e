"""The judge: lets time pass until each observation is decided, then holds it against its requirement.

The rules.
- Limits, watch time, patience and statistic are the requirement's; a scenario names only the requirement.
- Time advances only until the observation is decidable; after a miss it goes on for the requirement's patience so
  that the report has a figure, and the verdict stands.
- Judging goes on to the end of the scenario, so that one failure does not hide the next. ``require`` stops.
- A source whose watermark stalls for longer than its driver allows is BLOCKED. An observation nobody judged is an
ERROR.
- A witness the rig lacks (a rig without sound) judges nothing, and that is written down; the others judge. A judgement
without any witness is told in ``unwitnessed``: such a case cannot pass.
- Where samples are repeated, all of them are judged together at the end: each must be within the limit, and where the
requirement's ``statistic`` is "max" the verdict also says what they tell of those that were not taken.
- A latency counts from where the requirement's ``from`` says, the beginning or the end of a stimulus; a scenario that
counts from the other one is our mistake, an ERROR.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from harness.foundation.clock import Clock
from harness.foundation.errors import HarnessError, NotOffered, RigFault
from harness.foundation.units import MS, Ns, S, show_time
from harness.foundation.values import Check, Limit, Measurement, Verdict, worst
from harness.judging.decision import coverage, decide_all
from harness.judging.observation import Instant, Observation
from harness.judging.recording import Recording
from harness.judging.requirements import Catalogue, Requirement
from harness.judging.uncertainty import Origins, uncertainty

LATENCY = "latency"
_SHORTEST, _LONGEST = 20 * MS, 500 * MS


class RequirementFailed(Exception):
    """``require`` was not met; the scenario ends here."""


class PrerequisiteFailed(Exception):
    """The head unit did not even get to where the scenario begins."""


@dataclass
class Pooled:
    """The samples of one question, over all repetitions of a scenario."""

    requirement: Requirement
    observation: Observation
    limit: Limit
    samples: list[Measurement]
    each: list[Mapping[str, Any]]
    """What each sample was asked with."""


class Judge:
    """``judge("BTN-01", observation, ...)``. One per case; ``checks`` holds what was decided, in order."""

    def __init__(
        self,
        clock: Clock,
        recording: Recording,
        catalogue: Catalogue,
        write: Callable[[Check], None],
        origins: Origins | None = None,
    ) -> None:
        self._clock = clock
        self._recording = recording
        self._catalogue = catalogue
        self._write = write
        self._origins = Origins() if origins is None else origins
        self._asked: list[Observation] = []
        self._pools: dict[tuple[Any, ...], Pooled] | None = None
        self._position = 0
        self.checks: list[Check] = []
        self._unwitnessed: list[tuple[str, str]] = []
        self._stimuli: list[Instant] = []

    def asked(self, observation: Observation) -> Observation:
        """Take note of an observation that a scenario made; ``close`` finds the ones nobody judged."""
        self._asked.append(observation)
        return observation

    def did(self, stimulus: Instant) -> None:
        """Take note of a stimulus: what a latency may be counted from."""
        self._stimuli.append(stimulus)
        self._origins.did(stimulus.began, stimulus.ended)

    def __call__(self, requirement: str, *observations: Observation) -> list[Verdict]:
        """Judge each observation against ``requirement``; returns the verdicts (of this sample, when repeated)."""
        wanted = self._catalogue[requirement]
        if not observations:
            raise HarnessError(f"judge({requirement!r}) without an observation judges nothing")
        verdicts = []
        for observation in observations:
            observation.judged = True
            limit = limit_for(wanted, observation)
            self._check_anchor(wanted, observation)
            if not self._recording.offers(observation.source):
                verdicts.append(self._unseen(requirement, observation, limit))
                continue
            measurement = self.decide(observation, limit, wanted.patience)
            if self._pools is None:
                verdicts.append(self._conclude(Pooled(wanted, observation, limit, [measurement], [])))
            else:
                key = (requirement, observation.name, observation.sentence, self._position)
                pool = self._pools.setdefault(key, Pooled(wanted, observation, limit, [], []))
                pool.samples.append(measurement)
                pool.each.append(observation.arguments)
                verdicts.append(decide_all([measurement], limit)[1])
                self._position += 1
        if all(verdict is Verdict.NOT_APPLICABLE for verdict in verdicts):
            self._unwitnessed.append((requirement, f"no witness on this rig for '{observations[0].sentence}'"))
        return verdicts

    def require(self, requirement: str, *observations: Observation) -> None:
        """Like a judgement, and the scenario ends when it is not PASS."""
        verdict = worst(self(requirement, *observations))
        if verdict is Verdict.NOT_APPLICABLE:
            raise NotOffered(": ".join(self._unwitnessed[-1]))
        if verdict is not Verdict.PASS:
            raise RequirementFailed(requirement)

    def reached(self, observation: Observation, within: Ns, why: str) -> Observation:
        """A step on the way: wait until it is seen. PrerequisiteFailed, recorded, when it is not within ``within``."""
        observation.judged = True
        limit = Limit("s", high=within / S, text=f"<= {show_time(within)}", source="step on the way", status="harness")
        measurement = self.decide(observation, limit, within)
        if measurement.value is None or measurement.value.low > within / S:
            reason = f"{why}: {measurement.detail}"
            self._emit(
                Check("", observation.name, observation.arguments, measurement, limit, Verdict.FAIL, None, reason, True)
            )
            raise PrerequisiteFailed(reason)
        return observation

    def decide(self, observation: Observation, limit: Limit, patience: Ns) -> Measurement:
        """Let time pass until ``observation`` is decided. RigFault when its source stalls, NotOffered when the rig has
        none."""
        if not self._recording.offers(observation.source):
            raise NotOffered(f"no witness on this rig for '{observation.sentence}' ({observation.source})")
        began = self._clock.now()
        while True:
            answer = observation.look(self._recording, limit, patience)
            if isinstance(answer, Measurement):
                made_of = uncertainty(observation, answer, limit, self._recording, self._origins)
                return replace(answer, uncertainty=made_of)
            # up to here time was let pass: what a long look has cost is no stall of anybody's
            now = self._clock.settled()
            behind = now - self._recording.seen_to(observation.source)
            stall = self._recording.stalled(observation.source)
            if behind > stall and now > answer.until:
                raise RigFault(
                    f"{observation.source} has delivered nothing for {show_time(behind)}; "
                    f"'{observation.sentence}' cannot be decided"
                )
            if now > answer.until + stall:
                raise RigFault(
                    f"something that '{observation.sentence}' needs beside {observation.source} has delivered nothing "
                    f"since {show_time(answer.until)}; it cannot be decided"
                )
            # growing steps: what was seen is exact whatever the step, only the moment we notice is not
            step = min(max((now - began) // 16, _SHORTEST), _LONGEST)
            self._clock.run_until(self._clock.now() + step)

    def _check_anchor(self, requirement: Requirement, observation: Observation) -> None:
        """HarnessError when a latency is counted from the other end of a stimulus than the requirement says."""
        if requirement.from_ is None or observation.quantity != LATENCY:
            return
        for stimulus in self._stimuli:
            ends = {"began": stimulus.began, "ended": stimulus.ended}
            other = ends["ended" if requirement.from_ == "began" else "began"]
            if observation.anchor is other and other != ends[requirement.from_]:
                raise HarnessError(
                    f"{requirement.id} counts from where a stimulus {requirement.from_}; "
                    f"'{observation.sentence}' was counted from its other end"
                )

    def repeat(self) -> None:
        """A repetition begins: samples of the same question are pooled until ``close``."""
        self._pools = {} if self._pools is None else self._pools
        self._position = 0

    def close(self, finished: bool) -> None:
        """The end of the scenario: pooled samples are decided; with ``finished``, a question nobody judged is an
        ERROR."""
        for pool in (self._pools or {}).values():
            self._conclude(pool)
        self._pools = None
        forgotten = [o.sentence for o in self._asked if not o.judged]
        if finished and forgotten:
            raise HarnessError(f"observed but never judged: {'; '.join(forgotten)}")
        if finished and not self.checks:
            raise HarnessError("the scenario judged nothing")

    @property
    def unwitnessed(self) -> list[str]:
        """The requirements that nothing on this rig has witnessed, and why; another witness of one may have judged."""
        seen = {check.requirement for check in self.checks if check.verdict is not Verdict.NOT_APPLICABLE}
        return list(dict.fromkeys(f"{id_}: {why}" for id_, why in self._unwitnessed if id_ not in seen))

    def verdict(self) -> Verdict:
        return worst(check.verdict for check in self.checks)

    def _conclude(self, pool: Pooled) -> Verdict:
        measurement, verdict, margin = decide_all(pool.samples, pool.limit)
        values = [None if m.value is None else m.value.value for m in pool.samples]
        reason = f"{pool.observation.sentence}: {_figure(measurement)}, limit {pool.limit.text} ({pool.limit.source})"
        if verdict is not Verdict.PASS:
            reason += f"; {measurement.detail}"
        also: dict[str, Any] = {"values": values, "each": [dict(a) for a in pool.each]} if len(values) > 1 else {}
        if also and pool.requirement.statistic == "max" and verdict is Verdict.PASS:
            also["covers"] = coverage(len(values))
            reason += f"; {also['covers']}"
        check = Check(
            pool.requirement.id,
            pool.observation.name,
            pool.observation.arguments,
            replace(measurement, quantity=pool.observation.quantity),
            pool.limit,
            verdict,
            margin,
            reason,
            also=also,
        )
        self._emit(check)
        return verdict

    def _unseen(self, requirement: str, observation: Observation, limit: Limit) -> Verdict:
        """Write down that a witness is missing."""
        reason = f"{observation.sentence}: not judged, this rig has no {observation.source}"
        if any(c.requirement == requirement and c.reason == reason for c in self.checks):
            return Verdict.NOT_APPLICABLE  # said already, at the first repetition
        nothing = Measurement(observation.quantity, limit.unit, None, detail=f"no witness: {observation.source}")
        self._emit(
            Check(requirement, observation.name, observation.arguments, nothing, limit, Verdict.NOT_APPLICABLE, None,
                  reason)
        )  # fmt: skip
        return Verdict.NOT_APPLICABLE

    def _emit(self, check: Check) -> None:
        self.checks.append(check)
        self._write(check)


def limit_for(requirement: Requirement, observation: Observation) -> Limit:
    """The limit that ``observation`` is held against. HarnessError where the requirement sets none."""
    if observation.quantity == "watch":
        watch = requirement.watch
        if watch is None:
            raise HarnessError(f"{requirement.id} has no 'watch': how long must '{observation.sentence}' hold?")
        return Limit("s", low=watch / S, text=f"for {watch / S:g} s", source=requirement.watch_source)
    limit = requirement.limits.get(observation.quantity)
    if limit is None:
        known = ", ".join(requirement.limits) or "none"
        raise HarnessError(f"{requirement.id} sets no limit for {observation.quantity!r} (it has: {known})")
    return limit


def _figure(measurement: Measurement) -> str:
    if measurement.value is None:
        return "never"
    unit = "" if measurement.unit == "1" else f" {measurement.unit}"
    return f"{measurement.value.value:.4g}{unit}"


def unjudged(checks: Sequence[Check], requirements: Sequence[str]) -> list[str]:
    """Requirements a scenario says it verifies, and did not judge."""
    return [r for r in requirements if r not in {c.requirement for c in checks}]
