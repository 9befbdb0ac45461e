"""Losses of power, judged together."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, S
from harness.foundation.values import Limit
from harness.judging.cuts import (
    Cut,
    delivered_wrongly,
    half,
    kept_after_leaving,
    left_half,
    misdelivered,
    slowest_start,
    spacing,
    undone,
)

AT = Stamp.exact(0)
GOOD = Cut(0, "whole", 3.5, 0, 0, False)


def value(question, tape, cuts: Sequence[Cut]):
    found = tape.ask(question(cuts, AT, AT), Limit("1", high=0.0), 0)
    return None if found.value is None else found.value.value


def cuts(*changes: dict[str, object]) -> list[Cut]:
    return [GOOD._replace(at=n * 47 * MS, **change) for n, change in enumerate(changes)]


def test_the_widest_spacing_counts(tape) -> None:
    assert value(spacing, tape, cuts({}, {}, {})) == pytest.approx(0.047)
    assert value(spacing, tape, [GOOD, GOOD._replace(at=S), GOOD._replace(at=2 * S - 1)]) == pytest.approx(1.0)


@pytest.mark.parametrize(("left", "count"), [("out", 0), ("whole", 0), ("half", 1)])
def test_half_a_session_is_counted(tape, left: str, count: int) -> None:
    assert value(left_half, tape, cuts({}, {"left": left}, {})) == count


@pytest.mark.parametrize(
    ("change", "count"),
    [
        ({"delivered": 1}, 0),
        ({"delivered": 2}, 1),
        ({"said": True}, 1),
        ({"said": True, "unsent": 1}, 0),
        ({"said": True, "unsent": None}, 0),
        ({"said": True, "delivered": 1}, 0),
        ({"said": False, "delivered": 0}, 0),
    ],
)
def test_messages_are_delivered_once_or_reported(tape, change, count: int) -> None:
    assert value(delivered_wrongly, tape, cuts({}, change)) == count


def test_only_a_logout_that_was_under_way_must_not_be_undone(tape) -> None:
    assert value(kept_after_leaving, tape, cuts({"left": "whole"}, {"left": "out", "said": True})) == 0
    assert value(kept_after_leaving, tape, cuts({"left": "whole", "said": True})) == 1
    assert value(kept_after_leaving, tape, cuts({"left": "half", "said": True})) == 1


def test_a_start_that_never_settles_has_no_figure(tape) -> None:
    assert value(slowest_start, tape, cuts({}, {"took": 4.5})) == 4.5
    assert value(slowest_start, tape, cuts({}, {"took": None})) is None


@pytest.mark.parametrize(
    ("question", "settles", "change"),
    [
        (left_half, half, {"left": "half"}),
        (slowest_start, half, {"took": None}),
        (kept_after_leaving, undone, {"said": True}),
        (delivered_wrongly, misdelivered, {"delivered": 2}),
        (delivered_wrongly, misdelivered, {"said": True}),
    ],
)
def test_what_ends_a_sweep_early_is_what_is_judged(tape, question, settles, change) -> None:
    """One such cut, and none of the others, decides the question asked of them all."""
    found = cuts({}, change)
    assert [settles(cut) for cut in found] == [False, True]
    assert value(question, tape, found[:1]) in (0.0, 3.5)
    assert value(question, tape, found) in (1.0, None)


def said(tape, question, cuts: Sequence[Cut]) -> str:
    return tape.ask(question(cuts, AT, AT), Limit("1", high=0.0), 0).detail


def test_a_figure_says_what_became_of_all_cuts(tape) -> None:
    many = cuts({"left": "out"}, {"left": "out", "delivered": 1}, {"delivered": 2, "unsent": 1}, {"left": "out"})
    assert said(tape, spacing, many) == "4 cuts, at most 0.047 s apart, 0.000 s to 0.141 s"
    assert said(tape, delivered_wrongly, many) == (
        "1 of 4 cuts; in the order of time 2 out, 1 whole, 1 out; 1 messages delivered once, 1 reported unsent; "
        "the first at 0.094 s: whole, 2 delivered"
    )
    assert said(tape, left_half, many[:1]) == (
        "0 of 1 cuts; in the order of time 1 out; 0 messages delivered once, 0 reported unsent"
    )
    assert said(tape, slowest_start, many) == "the slowest of 4 starts"
    assert said(tape, slowest_start, [*many, GOOD._replace(took=None)]) == "never after 1 of 5 cuts"
