"""What a measurement's bounds consist of, and what they do to the verdict at the limit."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.foundation.stamps import Interval, Stamp, elapsed
from harness.foundation.uncertainty import (
    CLOCK,
    EXACT,
    FRAME_TIME,
    LATENESS,
    METHOD,
    SAMPLE,
    Share,
    parts_of,
)
from harness.foundation.units import MS, Ns, S
from harness.foundation.values import Limit, Measurement, Verdict
from harness.judging import music, voice
from harness.judging.decision import decide
from harness.judging.login_codes import even
from harness.judging.observation import Observation
from harness.judging.uncertainty import Origins, guard_band, uncertainty

AT_MOST = Limit("s", high=0.25)
SPANS = st.integers(0, 50 * MS)


def asked(began: Stamp, found: Stamp | None, source: str = "can/body", quantity: str = "latency") -> Observation:
    question = Observation("reaches", {}, quantity, source, began, lambda _r, _l, _p: None, "it")  # type: ignore[arg-type,return-value]
    question.found = found
    return question


def budget(
    tape, question: Observation, value: Interval, origins: Origins | None = None, limit: Limit = AT_MOST, **more
):
    measured = Measurement(question.quantity, more.pop("unit", "s"), value, **more)
    return uncertainty(question, measured, limit, tape, origins or Origins())


def sums(made) -> tuple[float, float]:
    return sum(c["minus"] for c in made["components"]), sum(c["plus"] for c in made["components"])


@settings(deadline=None, max_examples=100)
@given(SPANS, SPANS, SPANS, SPANS, st.lists(st.integers(0, 30 * MS) | st.none(), max_size=3))
def test_the_parts_sum_up_to_the_bounds(gs4, a: Ns, b: Ns, c: Ns, d: Ns, declared: list[Ns | None]) -> None:
    class Car:
        vehicle = gs4

    began, found = Stamp(1 * S, 1 * S - a, 1 * S + b), Stamp(2 * S, 2 * S - c, 2 * S + d)
    shares = tuple(Share(f"cause {i}", half) for i, half in enumerate(declared))
    value = elapsed(began, found)
    made = budget(Car(), asked(began, found), value, Origins(lambda _source: shares))
    assert made["minus"] == pytest.approx(value.value - value.low, abs=1e-9)
    assert made["plus"] == pytest.approx(value.high - value.value, abs=1e-9)
    assert sums(made) == pytest.approx((made["minus"], made["plus"]), abs=1e-8)
    for component in made["components"]:
        assert component["half_width"] == pytest.approx((component["minus"] + component["plus"]) / 2, abs=1e-9)


def test_each_end_of_a_time_is_explained_by_its_source(tape) -> None:
    began, found = Stamp.within(1 * S, 2 * MS), Stamp(1200 * MS, 1160 * MS, 1201 * MS)
    declared = {"can/body": (Share(CLOCK, None),), "screen": (Share("exposure", 10 * MS), Share(FRAME_TIME, None))}
    origins = Origins(lambda source: declared.get(source, ()))
    origins.note(began, "can/body")
    made = budget(tape, asked(began, found, "screen"), elapsed(began, found), origins)
    assert [(c["what"], c["source"], c["minus"], c["plus"]) for c in made["components"]] == [
        (CLOCK, "can/body", 0.002, 0.002),
        ("exposure", "screen", 0.01, 0.001),
        (FRAME_TIME, "screen", 0.03, 0.0),
    ]
    assert (made["minus"], made["plus"]) == (0.042, 0.003)
    assert made["coverage"] == "bounds"


def test_what_the_stamps_do_not_explain_is_the_methods(tape) -> None:
    began, found = Stamp.exact(1 * S), Stamp.exact(1100 * MS)
    made = budget(tape, asked(began, found, "supply"), Interval(0.1, 0.0, 0.1))
    assert [(c["what"], c["minus"]) for c in made["components"]][-1] == (METHOD, 0.1)
    assert sums(made) == (0.1, 0.0)


def test_an_end_that_is_not_the_measured_one_explains_nothing(tape) -> None:
    made = budget(tape, asked(Stamp.exact(1 * S), Stamp.exact(9 * S)), Interval(0.1, 0.09, 0.11))
    assert [c["what"] for c in made["components"]] == [METHOD]


def test_a_figure_that_is_no_time_is_the_methods(tape) -> None:
    made = budget(
        tape, asked(Stamp.exact(0), Stamp.exact(1)), Interval(20.0, 19.5, 20.2), unit="dB", limit=Limit("dB", low=12.0)
    )
    assert [(c["what"], c["unit"]) for c in made["components"]] == [(METHOD, "dB")]
    assert made["guard_band"] == {"low": 0.5, "high": None}


def test_the_sound_of_a_line_is_named_and_a_role_by_its_bus(tape) -> None:
    refs = ({"track": "audio/amp.front_left", "t": 1},)
    heard = budget(tape, asked(Stamp.exact(0), None, "audio"), Interval.exact(1.0), refs=refs)
    assert heard["components"][0]["source"] == "audio/amp.front_left"
    said = budget(tape, asked(Stamp.exact(0), None, "role/head_unit.app"), Interval.exact(1.0))
    assert said["components"][0]["source"] == f"can/{tape.vehicle.role('head_unit.app').bus}"


def test_what_never_happened_has_none(tape) -> None:
    assert uncertainty(asked(Stamp.exact(0), None), Measurement("latency", "s", None), AT_MOST, tape, Origins()) is None


def test_the_method_says_when_its_bounds_are_a_share_of_cases(tape) -> None:
    question = asked(Stamp.exact(0), None, "account/contact", "snr")
    question.name = "snr"
    assert budget(tape, question, Interval(40.0, 39.0, 41.0), unit="dB")["coverage"] == "95 %"
    assert budget(tape, question, Interval.exact(40.0), unit="dB")["coverage"] == "bounds"


# --- at the limit, for each kind of source: (what its stamps are like, what it declares, the unit and the limits)

SOURCES: dict[str, tuple[str, Callable[[Ns], Stamp], tuple[Share, ...]]] = {
    "a bus with a clock of its own": ("can/body", lambda t: Stamp.within(t, 400_000), (Share(CLOCK, None),)),
    "a bus on one clock": ("can/body", Stamp.exact, EXACT),
    "a line of sound": ("audio/amp.front_left", lambda t: Stamp.within(t, 20_834), (Share(SAMPLE, 20_834),)),
    "a camera": ("screen", lambda t: Stamp(t, t - 41 * MS, t), (Share("exposure", 8 * MS), Share(FRAME_TIME, None))),
    "an account": ("account/contact", lambda t: Stamp.within(t, 250 * MS), ()),
    "a console": ("console", lambda t: Stamp(t, t - 5 * MS, t + 1 * MS), (Share(CLOCK, None),)),
}


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("side", ["high", "low"])
def test_inside_the_band_nothing_is_decided(tape, name: str, side: str) -> None:
    """Just inside the guard band's edge PASS, half of it INCONCLUSIVE, beyond the other bound FAIL: both sides."""
    source, seen, shares = SOURCES[name]
    began, edge = Stamp.within(1 * S, 1 * MS), 5 * S
    limit = Limit("s", **{side: edge / S})
    origins = Origins(lambda _source: shares)

    def verdict(off: Ns) -> Verdict:
        """``off`` ns inside the limit."""
        found = seen(began.t + edge - off if side == "high" else began.t + edge + off)
        value = elapsed(began, found)
        made = budget(tape, asked(began, found, source), value, origins, limit)
        assert sums(made) == pytest.approx((made["minus"], made["plus"]), abs=1e-9)
        return decide(Measurement("latency", "s", value), limit)[0]

    found = seen(began.t + edge)
    made = budget(tape, asked(began, found, source), elapsed(began, found), origins, limit)
    guard = round(made["guard_band"][side] * S)
    other = round(made["minus" if side == "high" else "plus"] * S)
    assert guard > 0
    assert verdict(guard) is Verdict.PASS
    assert verdict(guard - 1) is Verdict.INCONCLUSIVE
    assert verdict(guard // 2) is Verdict.INCONCLUSIVE
    assert verdict(-(other // 2)) is Verdict.INCONCLUSIVE
    assert verdict(-other) is Verdict.INCONCLUSIVE
    assert verdict(-other - 1) is Verdict.FAIL


def test_a_judged_check_carries_it_into_the_journal(judge, tape, written) -> None:
    from harness.judging.signals import reaches

    tape.spread = 2 * MS
    tape.says("head_unit.app", (0, "idle"), (1200 * MS, "listening"), until=3 * S)
    after = Stamp.within(1 * S, 1 * MS)
    tape.clock.run_until(3 * S)
    judge("AAA-01", reaches("head_unit.app", "listening", after))
    record = written[0].to_json()
    assert record["uncertainty"]["minus"] == record["uncertainty"]["plus"] == 0.003
    assert record["uncertainty"]["guard_band"] == {"low": None, "high": 0.003}
    assert [(c["source"], c["half_width"]) for c in record["uncertainty"]["components"]] == [
        ("bench", 0.001),
        (f"can/{tape.vehicle.role('head_unit.app').bus}", 0.002),
    ]


def test_a_beginning_that_may_be_late_makes_the_time_shorter() -> None:
    late = parts_of(Stamp(0, 0, 5 * MS), "bench", (Share(LATENESS, 5 * MS),), begins=True)
    assert [(p.minus, p.plus) for p in late] == [(0.005, 0.0)]


@pytest.mark.parametrize("truth", [249 * MS, 251 * MS])
def test_an_interfaces_own_clock_gives_a_band_that_holds_the_truth(tape, truth: Ns) -> None:
    """Frames through the map of a device's clock, which is an hour ahead: an answer near the limit is not decided."""
    from harness.can.clock_map import ClockMap

    clocks, ahead = ClockMap(2 * MS), 3600 * S
    for n in range(100):
        sent = n * 10 * MS
        clocks.arrived(sent + ahead, sent + 800_000 + n % 7 * 100_000)
        clocks.happened_after(sent + ahead, sent - 900_000, sent + 800_000)
    began = clocks.stamp(1 * S + ahead, 1 * S + 900_000)
    found = clocks.stamp(1 * S + truth + ahead, 1 * S + truth + 900_000)
    value = elapsed(began, found)
    assert value.low <= truth / S <= value.high
    made = budget(tape, asked(began, found), value, Origins(lambda _source: (Share(CLOCK, None),)))
    assert sums(made) == pytest.approx((made["minus"], made["plus"]), abs=1e-8)
    assert made["guard_band"]["high"] > 0.001
    assert decide(Measurement("latency", "s", value), AT_MOST)[0] is Verdict.INCONCLUSIVE


QUESTIONS = {
    "snr": (lambda: voice.snr("contact", "m", SAID), "95 %"),
    "gives_way": (lambda: music.gives_way(MUSIC, Stamp.exact(1), Stamp.exact(2)), "95 %"),
    "changed": (lambda: music.changed(MUSIC, Stamp.exact(1)), "95 %"),
    "bias": (lambda: even(["abcdefgh", "ijklmnop"], "", Stamp.exact(0), Stamp.exact(1))[0], "95 %"),
    "drift": (lambda: voice.drift("contact", "m", SAID), "99.7 %"),
    "music that returns": (lambda: music.returns(MUSIC, Stamp.exact(1), 1.0), "bounds"),
    "slips": (lambda: voice.slips("contact", "m", SAID), "bounds"),
    "level_change": (lambda: voice.level_change("contact", "m", SAID), "bounds"),
}
SAID = voice.Said("mic.driver", Stamp.exact(0), Stamp.exact(1), "words")
MUSIC = music.Music("amp.front_left", 11_000.0, Stamp.exact(0))


@pytest.mark.parametrize("name", QUESTIONS)
def test_which_figures_have_bounds_that_are_a_share_of_cases(tape, name: str) -> None:
    make, coverage = QUESTIONS[name]
    assert budget(tape, make(), Interval(4.0, 3.0, 5.0), unit="dB")["coverage"] == coverage
    assert budget(tape, make(), Interval(4.0, 4.0, 5.0), unit="dB")["coverage"] == coverage


@pytest.mark.parametrize(
    ("source", "refs", "named"),
    [
        ("diagnostics", (), "can/infotainment"), ("role/wheel.messaging", (), "can/body"), ("supply", (), "supply"),
        ("audio", (), "audio"), ("audio", ({"t": 1}, {"track": "screen"}, {"track": "audio/a"}), "audio/a"),
        ("audio", ({"track": "audio/b"}, {"track": "audio/a"}), "audio/b"),
        ("screen", ({"track": "screen"},), "screen"),
        ("account/contact", ({"track": "account/contact"},), "account/contact"),
        ("can/body", (), "can/body"),
    ],
)  # fmt: skip
def test_the_recording_that_was_looked_at_is_named(tape, source: str, refs, named: str) -> None:
    made = budget(tape, asked(Stamp.exact(0), None, source), Interval(1.0, 0.9, 1.2), unit="dB", refs=refs)
    assert made["components"] == [
        {"what": METHOD, "source": named, "half_width": pytest.approx(0.15), "minus": pytest.approx(0.1),
         "plus": pytest.approx(0.2), "unit": "dB", "from": "the measure itself"},
    ]  # fmt: skip


def test_the_bounds_of_a_time_are_told_to_the_nanosecond(tape) -> None:
    made = budget(tape, asked(Stamp.exact(0), None), Interval(0.1, 0.1 - 4e-10, 0.1 + 6e-10))
    assert (made["minus"], made["plus"]) == (0.0, 1e-9)
    other = budget(tape, asked(Stamp.exact(0), None), Interval(0.1, 0.1 - 6e-10, 0.1 + 4e-10))
    assert (other["minus"], other["plus"]) == (1e-9, 0.0)


def test_an_end_counts_as_the_measured_one_to_half_a_nanosecond(tape) -> None:
    began, found = Stamp.within(1 * S, 1 * MS), Stamp.within(2 * S, 2 * MS)
    for off, explained in ((0.0, True), (4e-10, True), (6e-10, False)):
        made = budget(tape, asked(began, found), Interval(1.0 + off, 0.997 + off, 1.003 + off))
        assert ([c["source"] for c in made["components"]] == ["bench", "can/body"]) is explained


def test_an_exact_time_has_nothing_left_for_the_method(tape) -> None:
    made = budget(tape, asked(Stamp.exact(1 * S), Stamp.exact(2 * S)), Interval.exact(1.0))
    assert METHOD not in [c["what"] for c in made["components"]]
    assert budget(tape, asked(Stamp.exact(1 * S), None), Interval.exact(1.0))["components"][0]["what"] == METHOD


def test_a_stimulus_ends_where_it_began_unless_more_is_known() -> None:
    origins, began, ended = Origins(), Stamp.exact(1), Stamp.exact(2)
    origins.did(began, ended)
    assert (origins[began], origins[ended]) == ("bench", "bench")
    assert origins.note(began, "can/body") is began
    origins.did(began, ended)
    assert (origins[began], origins[ended]) == ("can/body", "can/body")
    origins.note(ended, "screen")
    origins.did(began, ended)
    assert origins[ended] == "screen"
    assert list(origins.shares("can/body")) == []


def test_the_source_of_what_was_found_is_known_from_then_on(tape) -> None:
    origins, found = Origins(), Stamp.exact(2 * S)
    budget(tape, asked(Stamp.exact(1 * S), found, "screen"), Interval.exact(1.0), origins)
    assert origins[found] == "screen"


@pytest.mark.parametrize(
    ("limit", "band"),
    [(Limit("s", low=1.0), (0.1, None)), (Limit("s", high=1.0), (None, 0.2)),
     (Limit("s", low=0.0, high=1.0), (0.1, 0.2)), (Limit("s"), (None, None))],
)  # fmt: skip
def test_a_guard_band_is_on_each_side_that_the_limit_has(limit: Limit, band) -> None:
    assert guard_band(0.1, 0.2, limit) == {"low": band[0], "high": band[1]}
