"""Two runs held against each other: what counts as a divergence, and what a broken run costs."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.evidence.compare import THRESHOLD, Comparison, compare
from harness.evidence.compare_html import write
from harness.evidence.compare_json import compare_json
from harness.evidence.compared_run import read_run
from harness.evidence.distribution import distribution, gap, room
from harness.evidence.finish import finish
from harness.evidence.strip_pair import WIDTH, strip_pair
from harness.foundation.errors import BadInput
from harness.foundation.journal import Journal
from harness.foundation.stamps import Interval
from harness.foundation.values import Limit, Verdict

EXACT = {"low": 1.0, "high": 1.0, "unit": "1"}
Make = Callable[[str], Any]


@pytest.fixture
def runs(tmp_path: Path, new_run_folder: Callable[[Path], Any]) -> Make:
    """Make an empty run of that name."""

    def make(name: str) -> Any:
        folder = new_run_folder(tmp_path / name)
        folder.meta()
        return folder

    return make


def held(a: Any, b: Any, **options: Any) -> Comparison:
    for folder in (a, b):
        finish(folder.out, allure=False)
    return compare(read_run(a.out), read_run(b.out), **options)


def kinds(found: Comparison) -> list[str]:
    return [d.kind for d in found.divergences if d.counts]


def test_a_run_agrees_with_itself(every_verdict: Any) -> None:
    found = held(every_verdict, every_verdict)
    assert found.divergences == ()
    assert found.exit_code == 0
    assert len(found.cases) == 13


def test_figures_whose_bounds_meet_agree(runs: Make) -> None:
    a, b = runs("a"), runs("b")
    a.case("test_press[gs4]", latency=0.160)
    b.case("test_press[gs4]", latency=0.162)  # each +/- 1 ms
    assert held(a, b, threshold=0.0).divergences == ()


def test_a_gap_smaller_than_the_threshold_agrees_and_a_larger_one_is_named(runs: Make) -> None:
    a, b, c = runs("a"), runs("b"), runs("c")
    a.case("test_press[gs4]", latency=0.100)
    b.case("test_press[gs4]", latency=0.126)  # 24 ms apart at least: 9.6 % of 250 ms
    c.case("test_press[gs4]", latency=0.128)  # 26 ms: 10.4 %
    assert held(a, b).divergences == ()
    found = held(a, c)
    assert kinds(found) == ["figure"]
    assert "100 ms in A, 128 ms in B, limit <= 250 ms" in found.divergences[0].text
    assert "10.4 %" in found.divergences[0].text
    assert found.exit_code == 1
    pair = found.cases[0].figures[0]
    assert pair.difference == pytest.approx(0.028)
    assert pair.difference_bounds == pytest.approx((0.026, 0.030))


def test_another_verdict_is_named_with_its_reason(runs: Make) -> None:
    a, b = runs("a"), runs("b")
    a.case("test_press[gs4]")
    b.case("test_press[gs4]", Verdict.FAIL, latency=0.31, reason="listening after 310 ms")
    found = held(a, b)
    assert kinds(found) == ["verdict", "figure"]
    assert found.divergences[0].text == "PASS in A, FAIL in B; B: listening after 310 ms"


def test_what_never_happened_in_one_run_only_is_a_divergence(runs: Make) -> None:
    a, b = runs("a"), runs("b")
    a.case("test_press[gs4]", Verdict.FAIL, latency=0.31)
    b.case("test_press[gs4]", Verdict.FAIL, latency=None)
    found = held(a, b)
    assert kinds(found) == ["figure"]
    assert "310 ms in A, never in B" in found.divergences[0].text


def test_a_case_of_one_run_was_not_executed_in_the_other(runs: Make) -> None:
    a, b = runs("a"), runs("b")
    a.case("test_press[gs4]")
    a.case("test_press[other]")
    b.case("test_press[gs4]")
    found = held(a, b)
    assert [(d.kind, d.case) for d in found.divergences] == [("case", "test_press[other]")]
    assert found.cases[1].verdicts == (Verdict.PASS, Verdict.NOT_EXECUTED)
    assert found.exit_code == 1
    assert held(a, b, common=True).exit_code == 0


def test_a_case_nobody_could_judge_on_one_rig_counts_unless_only_common_ones_do(runs: Make) -> None:
    a, b = runs("a"), runs("b")
    for folder in (a, b):
        folder.case("test_other[gs4]")
    a.case("test_press[gs4]")
    b.case("test_press[gs4]", Verdict.NOT_APPLICABLE, reason="no sound on this rig")
    assert kinds(held(a, b)) == ["verdict"]
    found = held(a, b, common=True)
    assert kinds(found) == []
    assert [d.kind for d in found.divergences] == ["verdict"]


def test_another_limit_is_named(runs: Make) -> None:
    a, b = runs("a"), runs("b")
    a.case("test_press[gs4]")
    b.case("test_press[gs4]", limit=Limit("s", high=0.5, text="<= 500 ms"))
    found = held(a, b)
    assert kinds(found) == ["limit"]
    assert "limit <= 250 ms in A, <= 500 ms in B" in found.divergences[0].text


def test_pytest_and_robot_cases_of_one_name_are_two(runs: Make) -> None:
    a, b = runs("a"), runs("b")
    a.case("press")
    b.case("press", runner="robot")
    assert kinds(held(a, b)) == ["case", "case", "case"]


def test_runs_with_nothing_in_common_do_not_agree(runs: Make) -> None:
    a, b = runs("a"), runs("b")
    a.case("test_press[gs4]")
    b.case("test_other[gs4]")
    found = held(a, b, common=True)
    assert [d.text for d in found.divergences if d.counts] == ["no case was judged in both runs: nothing was compared"]
    assert found.exit_code == 1


def test_the_worst_attempt_is_the_case(runs: Make) -> None:
    a, b = runs("a"), runs("b")
    a.case("test_flaky[gs4]", Verdict.FAIL, latency=0.4)
    a.case("test_flaky[gs4]", attempt=2, collect=False)
    b.case("test_flaky[gs4]")
    found = held(a, b)
    assert found.cases[0].verdicts == (Verdict.FAIL, Verdict.PASS)
    assert found.cases[0].a is not None
    assert found.cases[0].a.attempts == 2


def add_samples(folder: Any, values: list[float | None]) -> None:
    """Replace the figure of the only case by a repeated one."""
    path = next((folder.out / "cases").iterdir()) / "journal.jsonl"
    records = [json.loads(line) for line in path.read_text().splitlines()]
    path.unlink()
    journal = Journal(path)
    seen = [v for v in values if v is not None]
    for record in records:
        fields = {k: v for k, v in record.items() if k not in ("n", "t", "kind", "prev")}
        if record["kind"] == "check":
            worst = max(seen)
            fields |= {"values": values, "samples": len(values), "value": worst, "interval": [worst, worst]}
        journal.write(record["kind"], record["t"], **fields)
    journal.close()


def test_repeated_checks_are_compared_by_all_their_samples(runs: Make) -> None:
    a, b, c = runs("a"), runs("b"), runs("c")
    for folder, values in ((a, [0.10, 0.11, 0.12]), (b, [0.05, 0.104]), (c, [0.16, 0.17, None])):
        folder.case("test_press[gs4]")
        add_samples(folder, values)
    near, far = held(a, b), held(a, c)
    assert near.divergences == ()
    assert [d.kind for d in far.divergences] == ["figure"]
    assert "median 110 ms of 3 in A" in far.divergences[0].text
    row = far.requirements[0]
    assert (row.a.n, row.a.median, row.a.within) == (3, 0.11, 1.0)
    assert (row.b.n, row.b.never, row.b.low, row.b.high) == (3, 1, 0.16, 0.17)
    assert row.b.within == pytest.approx(2 / 3)


def test_without_the_journal_the_worst_figure_is_compared_and_it_is_said(runs: Make) -> None:
    a, b = runs("a"), runs("b")
    for folder in (a, b):
        folder.case("test_press[gs4]")
        add_samples(folder, [0.1, 0.11])
        finish(folder.out, allure=False)
    next((b.out / "cases").rglob("journal.jsonl")).unlink()
    found = compare(read_run(a.out), read_run(b.out))
    assert found.divergences == ()
    assert "only the worst figure is known" in found.b.warnings[0]


def test_a_run_that_was_cut_off_is_compared_as_far_as_it_came(runs: Make) -> None:
    a, b = runs("a"), runs("b")
    for folder in (a, b):
        folder.case("test_press[gs4]")
    a.case("test_second[gs4]")
    b.case("test_second[gs4]", None)
    b.meta(ended=None, crash={"what": "pytest ended with signal 9", "tail": "Killed"})
    found = held(a, b)
    assert kinds(found) == ["crash", "verdict"]
    assert "only B broke down: pytest ended with signal 9" in found.divergences[0].text
    assert "PASS in A, NOT EXECUTED in B; B: cut off during" in found.divergences[1].text
    assert found.b.warnings == ("the run did not reach its end",)


def test_a_folder_that_is_no_run_is_refused_with_the_remedy(tmp_path: Path, run_folder: Any) -> None:
    with pytest.raises(BadInput, match="no such run folder"):
        read_run(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput, match=r"it holds run\.json"):
        read_run(tmp_path / "empty")
    with pytest.raises(BadInput, match="Make it: hil report"):
        read_run(run_folder.out)  # it ran, and was killed before the reports


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"schema": 1,\n "cases": [', "run.json:2: not JSON"),
        ("[1]", "this is not the run.json of a run"),
        ('{"schema": 1}', "this is not the run.json of a run"),
        ('{"schema": 2, "cases": []}', "newer version"),
        ('{"schema": 1, "cases": [{"id": "x"}]}', r"cases\[0\]: this case is incomplete"),
        ('{"schema": 1, "cases": [{"id": "x", "verdict": "GOOD", "measurements": []}]}', r"'GOOD' is not a valid"),
        ('{"schema": 1, "cases": [7]}', r"cases\[0\]"),
    ],
)
def test_a_broken_run_json_is_refused_with_the_place(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(BadInput, match=problem):
        read_run(tmp_path)


def test_a_case_folder_outside_the_run_is_not_opened(runs: Make, tmp_path: Path) -> None:
    a = runs("a")
    a.case("test_press[gs4]")
    add_samples(a, [0.1, 0.11])
    finish(a.out, allure=False)
    data = json.loads((a.out / "run.json").read_text())
    data["cases"][0]["folder"] = "../a/cases/test_press-gs4.1"
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "run.json").write_text(json.dumps(data))
    assert "only the worst figure is known" in read_run(tmp_path / "b").warnings[0]


def test_the_json_holds_every_figure_and_every_divergence(every_verdict: Any, runs: Make) -> None:
    other = runs("other")
    other.case("test_second_press[gs4]", latency=0.1)
    found = held(every_verdict, other)
    data = json.loads(json.dumps(compare_json(found)))
    assert (data["schema"], data["kind"], data["exit_code"]) == (1, "comparison", 1)
    assert len(data["divergences"]) == len(found.divergences)
    second = next(c for c in data["cases"] if c["id"] == "test_second_press[gs4]")
    assert second["verdict"] == {"a": "PASS", "b": "PASS"}
    figure = second["measurements"][0]
    assert figure["a"]["interval"] == [0.209, 0.211]
    assert figure["difference"] == pytest.approx(-0.11)
    assert figure["diverges"] is True
    assert {r["requirement"] for r in data["requirements"]} == {"BTN-01", "OUT-01"}


def test_the_page_needs_nothing_beside_itself_and_escapes_what_it_shows(runs: Make, tmp_path: Path) -> None:
    a, b = runs("a"), runs("b")
    a.case("test_press[gs4]")
    b.case("test_press[gs4]", Verdict.FAIL, latency=0.4, reason="<script>alert(1)</script>")
    write(tmp_path / "page.html", held(a, b))
    page = (tmp_path / "page.html").read_text()
    assert "<script" not in page
    assert "http://" not in page
    assert "2 divergences" in page
    assert page.count("<svg") == 2  # the figure that differs, and the requirement


spans = st.tuples(st.floats(-10, 10), st.floats(0, 5)).map(lambda p: (p[0], p[0] + p[1]))


@settings(deadline=None, max_examples=100)
@given(spans, spans)
def test_a_gap_is_the_same_from_both_sides_and_none_where_bounds_meet(a: Any, b: Any) -> None:
    assert gap(a, b) == gap(b, a)
    assert (gap(a, b) == 0) == (a[0] <= b[1] and b[0] <= a[1])


@settings(deadline=None, max_examples=100)
@given(st.lists(st.none() | st.floats(0, 1), max_size=30), st.floats(0, 1))
def test_a_distribution_counts_everything_once(values: list[float | None], high: float) -> None:
    found = distribution(values, {"low": None, "high": high})
    assert found.n == len(values)
    assert found.never == values.count(None)
    if found.median is not None and found.low is not None and found.high is not None:
        assert found.low <= found.median <= found.high
    assert found.within is None or 0 <= found.within <= 1


def test_the_room_of_a_limit() -> None:
    assert room({"low": 0.75, "high": 0.85}) == pytest.approx(0.1)
    assert room({"low": None, "high": 0.25}) == 0.25
    assert room({"low": 30.0, "high": None}) == 30.0
    assert room(EXACT) == 0.0
    assert THRESHOLD == 0.1


@settings(deadline=None, max_examples=60)
@given(st.floats(0, 100), st.floats(0, 100), st.lists(st.floats(-50, 200), min_size=1, max_size=5))
def test_labels_of_two_bounds_never_touch_and_stay_inside(low: float, more: float, values: list[float]) -> None:
    points = [Interval.exact(v) for v in values]
    picture = strip_pair(points, points, {"low": low, "high": low + more}, "V")
    found = [
        (float(x), len(words)) for x, words in re.findall(r"class='tick' x='([\d.]+)'[^>]*>([^<]*)</text>", picture)
    ]
    edges = [(x - n * 3, x + n * 3) for x, n in found]
    assert edges
    assert all(left >= -1 and right <= WIDTH + 1 for left, right in edges)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(edges))
