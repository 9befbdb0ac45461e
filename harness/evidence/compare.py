"""Two runs of the same scenarios side by side, and what they disagree about: ``hil compare``.

Theory. The same scenarios run in virtual time, on a loop rig and on a bench. Where two runs agree, what was found in
the one may be believed of the other; where they do not, one of them shows something the other cannot, and it must be
named. Cases are matched by runner and id, parameters included; figures by their place in the case.

A *divergence* is one of these:

``crash``      one of the runs broke down, and the other did not.
``case``       only one run has the case: it was NOT EXECUTED in the other. Or no case at all was judged in both: runs
               that have nothing in common do not agree.
``verdict``    the case came to different verdicts, or, where it did not, one of its checks did.
``measured``   only one run judged this check (the other's rig has no witness, or its case ended before).
``limit``      the two were held against different limits, so that their verdicts say different things.
``figure``     the values differ by more than both uncertainties and by more than matters (below), or it happened in
               one run and never in the other.

When values differ by more than matters. Each value has bounds, low <= truth <= high (of a repeated check: from the
lowest to the highest sample, widened by the bounds of the worst one). While the bounds of both overlap, one truth may
explain both. Where they do not, the gap between them is what they differ by *at least*. It counts when it is larger
than ``threshold`` times the room of the limit (distribution.room), 0.1 if nobody says otherwise: a tenth of what is
allowed is the share that measuring practice grants the instrument before it takes part in the decision (the old
ten-to-one rule), and two worlds that agree to within it would be told apart by no bench. Without it, exact virtual
time would diverge from every real bus by the phase of a 10 ms cycle. Where a limit leaves no room ("= 1"), every gap
counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from harness.evidence.compared_run import ComparedCase, ComparedRun, Figure, FigureKey, Key
from harness.evidence.distribution import Distribution, distribution, gap, room
from harness.evidence.wording import number, plain, show_limit, show_value
from harness.foundation.stamps import Interval
from harness.foundation.values import Verdict

THRESHOLD = 0.1
_TOUCH = 1e-9
"""Two bounds that are equal but for the rounding of a float do not leave a gap."""


class Divergence(NamedTuple):
    """``kind`` as above; ``counts`` False when only one run could tell and the comparison is of what both hold."""

    kind: str
    case: str
    requirement: str
    text: str
    counts: bool


@dataclass(frozen=True)
class FigurePair:
    """One check in both runs; None in the run that does not have it. ``difference`` is B's value less A's, of repeated
    checks of the medians; ``apart`` the least the two truths differ by, as a share of the limit's room where there is
    one.
    """

    key: FigureKey
    a: Figure | None
    b: Figure | None
    difference: float | None
    difference_bounds: tuple[float, float] | None
    apart: float | None
    diverges: bool

    @property
    def either(self) -> Figure:
        found = self.a or self.b
        assert found is not None
        return found


@dataclass(frozen=True)
class CasePair:
    """One case in both runs; None where it is missing."""

    key: Key
    a: ComparedCase | None
    b: ComparedCase | None
    figures: tuple[FigurePair, ...]

    @property
    def verdicts(self) -> tuple[Verdict, Verdict]:
        """What is missing in a run was not executed there."""
        return (
            self.a.verdict if self.a else Verdict.NOT_EXECUTED,
            self.b.verdict if self.b else Verdict.NOT_EXECUTED,
        )

    @property
    def judged(self) -> bool:
        """Whether it came to a finding on the unit, or failed to, in both runs."""
        return not {Verdict.NOT_EXECUTED, Verdict.NOT_APPLICABLE} & set(self.verdicts)


@dataclass(frozen=True)
class RequirementPair:
    """All values that one observation found of one quantity of a requirement, against one limit, in both runs.
    ``points`` are the values that happened, with their bounds: of A, of B.
    """

    requirement: str
    quantity: str
    observation: str
    unit: str
    limit: Mapping[str, Any]
    points: tuple[tuple[Interval, ...], tuple[Interval, ...]]
    a: Distribution
    b: Distribution


@dataclass(frozen=True)
class Comparison:
    """Everything ``hil compare`` says. ``divergences`` in the order of A's cases, then of those only B has."""

    a: ComparedRun
    b: ComparedRun
    threshold: float
    cases: tuple[CasePair, ...]
    requirements: tuple[RequirementPair, ...]
    divergences: tuple[Divergence, ...]

    @property
    def exit_code(self) -> int:
        """0 when the two runs agree, 1 when a divergence counts."""
        return int(any(d.counts for d in self.divergences))


def compare(a: ComparedRun, b: ComparedRun, *, threshold: float = THRESHOLD, common: bool = False) -> Comparison:
    """Hold two runs against each other. With ``common`` what only one of them has or could judge is told and does not
    count: for a selection, or a rig without sound.
    """
    keys = list(dict.fromkeys([*a.cases, *b.cases]))
    cases = tuple(_pair(key, a.cases.get(key), b.cases.get(key), threshold) for key in keys)
    found = [*_crashes(a, b), *(d for pair in cases for d in _divergences(pair, threshold, common))]
    if not any(pair.judged for pair in cases):
        found.insert(0, Divergence("case", "", "", "no case was judged in both runs: nothing was compared", True))
    return Comparison(a, b, threshold, cases, _requirements(cases), tuple(found))


def _pair(key: Key, a: ComparedCase | None, b: ComparedCase | None, threshold: float) -> CasePair:
    ours, theirs = (a.figures if a else {}), (b.figures if b else {})
    places = dict.fromkeys([*ours, *theirs])
    return CasePair(key, a, b, tuple(_figures(p, ours.get(p), theirs.get(p), threshold) for p in places))


def _figures(key: FigureKey, a: Figure | None, b: Figure | None, threshold: float) -> FigurePair:
    if a is None or b is None or not (a.judged and b.judged) or a.unit != b.unit:
        return FigurePair(key, a, b, None, None, None, False)
    one, other = _bounds(a), _bounds(b)
    if one is None or other is None:
        return FigurePair(key, a, b, None, None, None, (one is None) != (other is None))
    middle = distribution(b.samples, b.limit).median, distribution(a.samples, a.limit).median
    assert middle[0] is not None
    assert middle[1] is not None
    between, allowed = gap(one, other), room(a.limit)
    touching = _TOUCH * max(1.0, *(abs(v) for v in (*one, *other)))
    diverges = between > max(touching, threshold * allowed)
    apart = between / allowed if allowed else None
    return FigurePair(key, a, b, middle[0] - middle[1], (other[0] - one[1], other[1] - one[0]), apart, diverges)


def _bounds(figure: Figure) -> tuple[float, float] | None:
    """Between which the truth lies, of all samples together; None when it never happened at all."""
    points = figure.points()
    return (min(p.low for p in points), max(p.high for p in points)) if points else None


def _crashes(a: ComparedRun, b: ComparedRun) -> Iterator[Divergence]:
    if bool(a.crash) != bool(b.crash):
        which = "A" if a.crash else "B"
        yield Divergence("crash", "", "", f"only {which} broke down: {a.crash or b.crash}", True)


def _divergences(pair: CasePair, threshold: float, common: bool) -> Iterator[Divergence]:
    id_ = pair.key[1]
    if pair.a is None or pair.b is None:
        here, case = ("A", pair.a) if pair.a else ("B", pair.b)
        assert case is not None
        text = f"only in {here} ({plain(case.verdict)}); NOT EXECUTED in {'B' if here == 'A' else 'A'}"
        yield Divergence("case", id_, " ".join(case.requirements), text, not common)
        return
    ours, theirs = pair.verdicts
    if ours is not theirs:
        worse = [f"{s}: {c.reason}" for s, c in (("A", pair.a), ("B", pair.b)) if c.verdict is not Verdict.PASS]
        text = "; ".join([f"{plain(ours)} in A, {plain(theirs)} in B", *(w for w in worse if w[3:])])
        unseen = {Verdict.NOT_APPLICABLE, Verdict.NOT_EXECUTED} & {ours, theirs}
        yield Divergence("verdict", id_, " ".join(pair.a.requirements), text, not (common and unseen))
    for figures in pair.figures:
        yield from _of_figures(id_, figures, ours is theirs, threshold, common)


def _of_figures(
    id_: str, pair: FigurePair, same_case_verdict: bool, threshold: float, common: bool
) -> Iterator[Divergence]:
    a, b, requirement, what = pair.a, pair.b, pair.key[0], pair.either.sentence
    if a is None or b is None or a.judged != b.judged:
        if (a is not None and a.judged) or (b is not None and b.judged):
            # where the case itself came out differently, that its later steps are missing is no news
            here = "A" if a is not None and a.judged else "B"
            if same_case_verdict:
                yield Divergence("measured", id_, requirement, f"{what}: judged in {here} only", not common)
        return
    if not a.judged:
        return
    if _room_of(a) != _room_of(b):
        text = f"{what}: limit {show_limit(a.limit)} in A, {show_limit(b.limit)} in B"
        yield Divergence("limit", id_, requirement, text, True)
    if same_case_verdict and a.verdict is not b.verdict:
        text = f"{what}: {plain(a.verdict)} in A, {plain(b.verdict)} in B"
        yield Divergence("verdict", id_, requirement, text, True)
    if pair.diverges:
        figures = f"{_told(a)} in A, {_told(b)} in B, limit {show_limit(a.limit)}"
        if pair.apart is not None:
            figures += f"; at least {number(pair.apart * 100, 1)} % of the limit's room apart"
            figures += f" (more than {number(threshold * 100, 1)} %)"
        yield Divergence("figure", id_, requirement, f"{what}: {figures}", True)


def _room_of(figure: Figure) -> tuple[Any, ...]:
    return tuple(figure.limit.get(name) for name in ("low", "high", "unit"))


def _told(figure: Figure) -> str:
    found = distribution(figure.samples, figure.limit)
    if found.n > 1 and found.median is not None:
        return f"median {show_value(found.median, figure.unit)} of {found.n}"
    return show_value(figure.value, figure.unit)


def _requirements(cases: Sequence[CasePair]) -> tuple[RequirementPair, ...]:
    pools: dict[tuple[Any, ...], tuple[list[Figure], list[Figure]]] = {}
    for pair in cases:
        for figures in pair.figures:
            for side, figure in enumerate((figures.a, figures.b)):
                if figure is not None and figure.judged:
                    key = (figure.requirement, figure.quantity, figure.observation, figure.unit, _room_of(figure))
                    pools.setdefault(key, ([], []))[side].append(figure)
    rows = []
    for (requirement, quantity, observation, unit, _), sides in pools.items():
        limit = (sides[0] or sides[1])[0].limit
        points = tuple(p for f in sides[0] for p in f.points()), tuple(p for f in sides[1] for p in f.points())
        a, b = (distribution([v for f in side for v in f.samples], limit) for side in sides)
        rows.append(RequirementPair(requirement, quantity, observation, unit, limit, points, a, b))
    return tuple(sorted(rows, key=lambda row: (row.requirement, row.quantity, row.observation)))
