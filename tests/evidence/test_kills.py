"""What counts as a kill, and what never does."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.evidence.kills import Fate, Shot, fate
from harness.foundation.values import Verdict

VERDICTS = [str(v) for v in Verdict]
SHOTS = st.builds(
    Shot,
    st.just("case"),
    st.sampled_from(VERDICTS),
    st.just(""),
    st.lists(st.sampled_from(["OUT-01", "OUT-02", "QR-01"]), max_size=3, unique=True).map(tuple),
)


def shot(verdict: str, *failed: str) -> Shot:
    return Shot("case", verdict, "", failed)


@pytest.mark.parametrize(
    ("shots", "expected"),
    [
        ([shot("PASS"), shot("FAIL", "OUT-01")], Fate.OWN),
        ([shot("FAIL", "OUT-02"), shot("FAIL", "OUT-02", "OUT-01")], Fate.OWN),
        ([shot("PASS"), shot("FAIL", "OUT-02")], Fate.OTHER),
        ([shot("PASS"), shot("PASS")], Fate.SURVIVED),
        ([shot("INCONCLUSIVE")], Fate.SURVIVED),
        ([shot("BLOCKED")], Fate.INFRA),
        ([shot("ERROR", "OUT-01")], Fate.INFRA),
        ([shot("FAIL")], Fate.INFRA),  # a step on the way failed
        ([shot("NOT_APPLICABLE")], Fate.NOT_APPLICABLE),
        ([], Fate.NOT_APPLICABLE),
    ],
)
def test_what_became_of_a_defect(shots: list[Shot], expected: Fate) -> None:
    assert fate(("OUT-01", "QR-02"), shots)[0] is expected


@given(st.lists(SHOTS, max_size=5))
@settings(deadline=None, max_examples=200)
def test_only_a_judgement_kills(shots: list[Shot]) -> None:
    what, by = fate(("OUT-01",), shots)
    if what in (Fate.OWN, Fate.OTHER):
        assert by is not None
        assert by.verdict == "FAIL"
        assert by.failed
    assert (what is Fate.OWN) == any(s.verdict == "FAIL" and "OUT-01" in s.failed for s in shots)


@given(SHOTS)
@settings(deadline=None, max_examples=50)
def test_a_shot_survives_its_file(one: Shot) -> None:
    assert Shot.from_json(one.to_json()) == one
