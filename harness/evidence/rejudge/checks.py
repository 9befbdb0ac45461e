"""One check again: its question asked of the files, held against the limit of the requirements at hand.

A figure of the journal is only looked at to be compared. Of a step on the way that failed (a check without a
requirement) the limit is the scenario's own, so that is taken from the journal. Figures are equal when they agree to
nine digits: other processors and other builds of the numeric libraries round otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from harness.evidence.rejudge.found import Found, Standing
from harness.evidence.rejudge.kept import LeftOut
from harness.evidence.rejudge.question import NotPossible, Question, Rebuild, Sounds, rebuilt
from harness.evidence.rejudge.recorded import RecordedRun
from harness.foundation.errors import BadInput, HarnessError, RigFault
from harness.foundation.units import S, show_time
from harness.foundation.values import Limit, Measurement, Verdict
from harness.judging.decision import decide_all
from harness.judging.judge import limit_for
from harness.judging.observation import Observation, Undecided
from harness.judging.requirements import Catalogue

DIGITS = 1e-9


class Judged:
    """A check's outcome once more. ``files``: what it was read from."""

    def __init__(self, measurement: Measurement, verdict: Verdict, margin: float | None, limit: Limit,
                 values: Sequence[float | None]) -> None:  # fmt: skip
        self.measurement = measurement
        self.verdict = verdict
        self.margin = margin
        self.limit = limit
        self.values = list(values)


class CaseChecks:
    """All that the checks of one case are judged again with."""

    def __init__(self, case: str, recording: RecordedRun, catalogue: Catalogue, sounds: Sounds,
                 table: Mapping[str, Rebuild]) -> None:  # fmt: skip
        self._case = case
        self._recording = recording
        self._catalogue = catalogue
        self._sounds = sounds
        self._table = table

    def again(self, record: Mapping[str, Any]) -> tuple[list[Found], Verdict | None]:
        """What differs (one ``EQUAL`` where nothing does), and the verdict as it is now; None where there is none."""
        try:
            judged = self._judge(record)
        except (NotPossible, LeftOut) as why:
            return [self._found(record, Standing.NOT_POSSIBLE, why=str(why))], None
        except RigFault as why:
            return [self._found(record, Standing.NOT_POSSIBLE, why=f"not known: {why}")], None
        except (BadInput, HarnessError) as why:
            return [self._found(record, Standing.DIFFERENT, "recording", again="cannot be judged", why=str(why))], None
        except Exception as why:  # noqa: BLE001 - whatever changed files make of a check, the others are judged
            said = f"{type(why).__name__}: {why}"
            return [self._found(record, Standing.DIFFERENT, "recording", again="cannot be judged", why=said)], None
        differences = list(self._differences(record, judged))
        return differences or [self._found(record, Standing.EQUAL)], judged.verdict

    def _judge(self, record: Mapping[str, Any]) -> Judged:
        each = record.get("each") or [record["arguments"]]
        if "values" in record and len(record["values"]) != len(each):
            raise NotPossible("the journal does not say what each sample was asked with: it is of an older harness")
        self._recording.contents = False  # until a question wants it
        observations = [rebuilt(self._question(record, arguments), self._table) for arguments in each]
        if not record["requirement"]:
            return self._step(record, observations[0])
        wanted = self._catalogue[str(record["requirement"])]
        limit = limit_for(wanted, observations[0])
        if not self._recording.offers(observations[0].source):
            nothing = Measurement(observations[0].quantity, limit.unit, None)
            return Judged(nothing, Verdict.NOT_APPLICABLE, None, limit, [])
        patience = wanted.patience
        samples = [self._measure(observation, limit, patience) for observation in observations]
        measurement, verdict, margin = decide_all(samples, limit)
        return Judged(
            measurement, verdict, margin, limit, [None if m.value is None else m.value.value for m in samples]
        )

    def _step(self, record: Mapping[str, Any], observation: Observation) -> Judged:
        given = record["limit"]
        within = float(given["high"])
        limit = Limit(
            "s", high=within, text=str(given["text"]), source=str(given["source"]), status=str(given["status"])
        )
        found = self._measure(observation, limit, round(within * S))
        failed = found.value is None or found.value.low > within
        return Judged(found, Verdict.FAIL if failed else Verdict.PASS, None, limit, [])

    def _measure(self, observation: Observation, limit: Limit, patience: int) -> Measurement:
        found = observation.look(self._recording, limit, patience)
        if isinstance(found, Undecided):
            said = (
                f"the recordings end before {show_time(found.until)}: '{observation.sentence}' is not decided by them"
            )
            raise HarnessError(said)
        return found

    def _question(self, record: Mapping[str, Any], arguments: Mapping[str, Any]) -> Question:
        name, quantity = str(record["observation"]), str(record["quantity"])
        n = int(record["n"])
        return Question(name, arguments, quantity, n, self._recording, self._catalogue, self._sounds)

    def _differences(self, record: Mapping[str, Any], judged: Judged) -> Any:
        value, limit = judged.measurement.value, judged.limit
        interval = None if value is None else [value.low, value.high]
        pairs: list[tuple[str, Any, Any]] = [
            ("value", record["value"], None if value is None else value.value),
            ("interval", record["interval"], interval),
            ("unit", record["unit"], judged.measurement.unit),
            ("verdict", record["verdict"], str(judged.verdict)),
            ("limit", _sides(record["limit"]), (limit.low, limit.high, limit.unit)),
            ("margin", record["margin"], judged.margin),
            ("samples", record["samples"], judged.measurement.samples),
        ]
        if "values" in record:
            pairs.append(("values", record["values"], judged.values))
        for name, before, now in pairs:
            if not _same(before, now):
                yield self._found(
                    record, Standing.DIFFERENT, name, _told(before), _told(now), judged.measurement.detail
                )

    def _found(self, record: Mapping[str, Any], standing: Standing, quantity: str = "", recorded: str = "",
               again: str = "", why: str = "") -> Found:  # fmt: skip
        asked = str(record["quantity"])
        named = f"{asked} ({quantity})" if quantity else asked
        return Found(standing, "check", self._case, str(record["requirement"]), str(record["observation"]), named,
                     recorded, again, why, self._file(record))  # fmt: skip

    def _file(self, record: Mapping[str, Any]) -> str:
        named = dict.fromkeys(str(ref["track"]) for ref in record.get("refs", ()) if "track" in ref)
        files = (self._recording.tracks[name].file for name in named if name in self._recording.tracks)
        return ", ".join(file for file in files if file)


def _sides(limit: Mapping[str, Any]) -> tuple[Any, Any, Any]:
    return (limit["low"], limit["high"], limit["unit"])


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(_same(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=DIGITS, abs_tol=1e-12)
    return bool(one == other)


def _told(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.9g}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_told(v) for v in value)}]"
    return "never" if value is None else str(value)
