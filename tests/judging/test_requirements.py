"""Requirements as data: all ids, checked limits, the car's own figures, and what does not apply."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from harness.foundation.errors import BadInput, HarnessError, SeveralBadInputs
from harness.foundation.units import S
from harness.foundation.values import Limit
from harness.judging.requirements import LEVELS, Catalogue, limit_text, load_requirements
from harness.vehicle.load import load_vehicle
from harness.vehicle.vehicle import Vehicle

ROOT = Path(__file__).parents[2]
COUNTS = {"BTN": 12, "MSG": 13, "CALL": 4, "DRV": 6, "QR": 10, "OUT": 10, "PWR": 4, "NET": 3, "DIA": 3}

ONE = """\
schema: 1
requirements:
  AAA-01:
    title: A thing happens
    text: It happens soon.
    rationale: Late is too late.
    version: 2
    status: active
    needs: [button.level | button.event]
    limits:
      latency: {max: 250 ms, source: A standard, edition: 2nd, clause: "3.1", status: standard, verified_by: ""}
      level: {min: -1 dB, max: 1 dB, source: "maker's value"}
      delivered: {equals: 1 1, source: ours, status: guideline}
      hold: {value: 800 ms, tolerance: 50 ms, source: "maker's value"}
      quality: {min: 0.90 1, source: ours, status: draft}
    from: ended
    watch: 60 s
    statistic: max
    samples: {virtual: 59, bench: 5}
"""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_requirements(ROOT / "scenarios" / "requirements")


@pytest.fixture(scope="module")
def gs4() -> Vehicle:
    return load_vehicle(ROOT / "dbc" / "gs4")


@pytest.fixture(scope="module")
def small() -> Vehicle:
    return load_vehicle(ROOT / "tests" / "vehicle" / "cars" / "small")


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Catalogue]:
    """``read(btn=text, msg=text)``: load a folder with these files."""

    def read(**files: str) -> Catalogue:
        for name, text in files.items():
            (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        return load_requirements(tmp_path)

    return read


class TestCatalogue:
    def test_every_id_is_there_with_source_and_status(self, catalogue: Catalogue) -> None:
        expected = {f"{group}-{i:02d}" for group, count in COUNTS.items() for i in range(1, count + 1)}
        assert set(catalogue) == expected
        for requirement in catalogue.requirements.values():
            assert requirement.title
            assert requirement.rationale
            assert requirement.status in ("draft", "active")
            assert all(limit.source and limit.status for limit in requirement.limits.values())

    def test_what_must_stay_says_how_long_it_is_watched(self, catalogue: Catalogue) -> None:
        for name in ("BTN-10", "MSG-10", "OUT-02", "OUT-03", "OUT-10"):
            assert catalogue[name].watch
        assert catalogue["OUT-02"].watch == 60 * S

    def test_limits_are_in_base_units_and_read_as_written(self, catalogue: Catalogue) -> None:
        limit = catalogue["BTN-01"].limit("latency")
        assert (limit.unit, limit.low, limit.high, limit.text) == ("s", None, 0.25, "<= 250 ms")
        assert limit.status == "guideline"
        assert "NHTSA" in limit.source
        assert catalogue["MSG-03"].limit("silence_end").text == "1.7 s .. 2.7 s"
        assert catalogue["BTN-01"].sample_count("virtual") == 59
        assert catalogue["BTN-02"].sample_count("virtual") == 1

    def test_an_unknown_id_or_quantity_gets_a_suggestion(self, catalogue: Catalogue) -> None:
        with pytest.raises(HarnessError, match="BTN-0"):
            catalogue["BTN-0"]
        with pytest.raises(HarnessError, match="'latency'"):
            catalogue["BTN-01"].limit("latncy")

    def test_forms_of_a_limit(self, read: Callable[..., Catalogue]) -> None:
        requirement = read(a=ONE)["AAA-01"]
        shown = {q: (x.low, x.high, x.unit, x.text) for q, x in requirement.limits.items()}
        assert shown == {
            "latency": (None, 0.25, "s", "<= 250 ms"),
            "level": (-1.0, 1.0, "dB", "-1 dB .. 1 dB"),
            "delivered": (1.0, 1.0, "1", "= 1"),
            "hold": (0.75, 0.85, "s", "800 ms +/- 50 ms"),
            "quality": (0.9, None, "1", ">= 0.90"),
        }
        assert requirement.limits["latency"].source == "A standard 2nd 3.1"
        assert (requirement.from_, requirement.watch, requirement.patience) == ("ended", 60 * S, 5 * S)
        assert (requirement.version, requirement.statistic) == (2, "max")
        assert requirement.verified_by == {"latency": "", "level": "", "delivered": "", "hold": "", "quality": ""}
        assert (requirement.samples, requirement.needs) == (
            {"virtual": 59, "bench": 5}, ("button.level | button.event",),
        )  # fmt: skip
        assert requirement.place[1] == 3
        assert LEVELS == ("virtual", "vcan", "bench")
        assert [requirement.sample_count(level) for level in LEVELS] == [59, 1, 5]

    def test_what_is_left_out_has_its_usual_value(self, read: Callable[..., Catalogue]) -> None:
        plain = "schema: 1\nrequirements:\n  AAA-01: {title: T, text: X, rationale: Y, version: 1, status: draft}\n"
        found = read(a=plain)["AAA-01"]
        assert (found.needs, found.limits, found.from_, found.watch, found.patience) == ((), {}, None, None, 5 * S)
        assert (found.statistic, found.samples, found.watch_source) == ("each", {}, "maker's value")
        assert found.told() == {"title": "T", "text": "X", "rationale": "Y", "version": 1, "status": "draft"}
        with pytest.raises(HarnessError, match="AAA-01 sets no limit for 'latency'"):
            found.limit("latency")

    def test_a_catalogue_is_asked_like_a_mapping(self, read: Callable[..., Catalogue]) -> None:
        found = read(b=ONE, a=ONE.replace("AAA-01", "AAB-01"))
        assert (list(found), len(found)) == (["AAB-01", "AAA-01"], 2)
        assert "AAA-01" in found
        assert "AAA-02" not in found

    def test_a_limit_of_a_file_reads_as_in_reports(self) -> None:
        assert limit_text({"max": "250 ms", "source": "ours", "status": "draft"}) == "<= 250 ms"


class TestApplicable:
    def test_a_car_that_offers_everything(self, catalogue: Catalogue, gs4: Vehicle) -> None:
        assert [r.applicable(gs4) for r in catalogue.requirements.values() if r.applicable(gs4)] == []

    def test_the_reason_names_the_need_and_the_car(self, catalogue: Catalogue, small: Vehicle) -> None:
        assert catalogue["BTN-01"].applicable(small) is None
        reason = catalogue["BTN-04"].applicable(small)
        assert reason is not None
        assert "button.level" in reason
        assert small.name in reason
        assert catalogue["OUT-04"].applicable(small) is not None


class TestCarsOwnLimits:
    def test_a_makers_value_may_be_the_cars(self, catalogue: Catalogue, gs4: Vehicle, small: Vehicle) -> None:
        assert catalogue["BTN-02"].limit("long_press").high == pytest.approx(0.85)
        assert catalogue.for_vehicle(small)["BTN-02"].limit("long_press").high == pytest.approx(0.95)
        assert catalogue.for_vehicle(gs4)["PWR-03"].limit("sleep_current").high == pytest.approx(0.004)
        assert catalogue["PWR-03"].limit("sleep_current").high == pytest.approx(0.005)

    @pytest.mark.parametrize(
        ("name", "own", "problem", "remedy"),
        [
            ("AAA-01.latency", Limit("s", high=0.3), "loosens <= 250 ms", "only be tightened"),
            ("AAA-01.latency", Limit("s", low=0.1), "loosens", "only be tightened"),
            ("AAA-01.latency", Limit("V", high=0.1), "is in V, AAA-01 in s", "<= 250 ms"),
            ("AAA-01.latncy", Limit("s", high=0.1), "sets no limit for 'latncy'", "'latency'"),
            ("AAB-01.latency", Limit("s", high=0.1), "no requirement 'AAB-01'", "'AAA-01'"),
        ],
    )
    def test_one_that_does_not_fit_is_refused(
        self, read: Callable[..., Catalogue], small: Vehicle, keeps, name: str, own: Limit, problem: str, remedy: str
    ) -> None:
        with pytest.raises(BadInput) as caught:
            read(a=ONE).for_vehicle(replace(small, limits={name: own}))
        assert problem in caught.value.problem
        assert remedy in caught.value.remedy
        keeps(f"{caught.value.value}: {caught.value.problem}. {caught.value.remedy}")
        assert caught.value.where == small.folder / "vehicle.yaml"
        assert caught.value.line

    def test_a_standards_limit_may_be_tightened(self, read: Callable[..., Catalogue], small: Vehicle) -> None:
        car = replace(small, limits={"AAA-01.latency": Limit("s", high=0.2)})
        assert read(a=ONE).for_vehicle(car)["AAA-01"].limit("latency").high == 0.2

    def test_a_guideline_may_be_loosened(self, read: Callable[..., Catalogue], small: Vehicle) -> None:
        car = replace(small, limits={"AAA-01.delivered": Limit("1", low=1, high=2)})
        assert read(a=ONE).for_vehicle(car)["AAA-01"].limit("delivered").high == 2


MISTAKES = [
    ("{max: 250 ms,", "{max: 250,", "250", "the unit is missing", "250 ms"),
    ("{max: 250 ms,", "{max: 250 msec,", "250 msec", "unknown unit 'msec'", "250 ms"),
    ("{max: 250 ms,", "{max: soon,", "soon", "not a number with a unit", "250 ms"),
    ("{max: 250 ms,", "{maximum: 250 ms,", "maximum", "unknown key", "'max'"),
    ("{max: 250 ms,", "{max: 250 ms, equals: 1 s,", "latency", "no such form", "max, min"),
    ("{max: 250 ms,", "{", "latency", "no such form", "max, min"),
    ("min: -1 dB", "min: 2 dB", "level", "above its upper end", "Swap"),
    ("min: -1 dB", "min: 2 s", "level", "mixes the units", "Use one"),
    ("source: A standard, ", "", "latency", "is missing", "'source'"),
    ("status: standard", "status: standart", "standart", "input should be 'law', 'standard'", "type"),
    ("status: active", "status: actve", "actve", "input should be 'draft' or 'active'", "type"),
    ("version: 2", "version: two", "two", "valid integer", "type"),
    ("watch: 60 s", "watch: 60", "60", "the unit is missing", "250 ms"),
    ("watch: 60 s", "watch: 60 V", "60 V", "not a time", "250 ms"),
    ("title: A thing happens", "titel: A thing happens", "titel", "unknown key", "'title'"),
    ("    rationale: Late is too late.\n", "", "rationale", "is missing", "'rationale'"),
    ("button.level |", "button.lvel |", "button.lvel", "no car can offer 'button.lvel'", "'button.level'"),
    ("samples: {virtual: 59", "samples: {virtal: 59", "virtal", "'virtual'", "type"),
    ("samples: {virtual: 59", "samples: {virtual: 0", "0", "greater than or equal to 1", "type"),
    ("schema: 1", "schema: 7", "7", "written for schema 7", "Update"),
    ("AAA-01", "AAA1", "AAA1", "match pattern", "type"),
    ("    title: A thing happens\n", "    title: A\n    title: B\n", "title", "stands twice", "one of them"),
]


@pytest.mark.parametrize(("old", "new", "value", "problem", "remedy"), MISTAKES)
def test_a_mistake_is_told_with_line_value_and_remedy(
    read: Callable[..., Catalogue], tmp_path: Path, old: str, new: str, value: str, problem: str, remedy: str
) -> None:
    assert old in ONE
    text = ONE.replace(old, new, 1)
    with pytest.raises((BadInput, SeveralBadInputs)) as caught:
        read(a=text)
    errors = caught.value.errors if isinstance(caught.value, SeveralBadInputs) else [caught.value]
    hits = [e for e in errors if problem in e.problem]
    assert hits, [str(e) for e in errors]
    assert hits[0].where == tmp_path / "a.yaml"
    assert value in hits[0].value
    assert remedy in hits[0].remedy
    assert hits[0].line is not None
    line = text.splitlines()[hits[0].line - 1]
    changed = [i for i, (a, b) in enumerate(zip(ONE.splitlines(), text.splitlines(), strict=False), 1) if a != b]
    assert value.partition(".")[0] in line or abs(hits[0].line - changed[0]) <= 4


def test_an_id_in_two_files_is_told_with_both_places(read: Callable[..., Catalogue], tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        read(a=ONE, b=ONE)
    assert caught.value.where == tmp_path / "b.yaml"
    assert caught.value.line == 3
    assert caught.value.problem == "the id stands in a.yaml:3 too"


def test_mistakes_of_all_files_are_told_at_once(read: Callable[..., Catalogue], tmp_path: Path) -> None:
    with pytest.raises(SeveralBadInputs) as caught:
        read(a=ONE.replace("max: 250 ms", "max: 250"), b=ONE.replace("version: 2", "version: x"))
    assert {e.where for e in caught.value.errors} == {tmp_path / "a.yaml", tmp_path / "b.yaml"}


def test_an_empty_folder_is_refused(tmp_path: Path, keeps) -> None:
    with pytest.raises(BadInput, match="no requirements here") as caught:
        load_requirements(tmp_path)
    keeps(f"{caught.value.value!r} line {caught.value.line}: {caught.value.problem}. {caught.value.remedy}")


def test_files_after_a_wrong_one_are_read_all_the_same(read: Callable[..., Catalogue], keeps) -> None:
    """Of three files the first cannot be read, the second has two mistakes, the third repeats itself in a fourth."""
    first = ONE.replace("schema: 1", "schema: 7")
    second = ONE.replace("version: 2", "version: x").replace("watch: 60 s", "watch: 60")
    third = ONE.replace("AAA-01", "AAC-01")
    both = third.split("requirements:\n")[1] + ONE.replace("AAA-01", "AAD-01").split("requirements:\n")[1]
    with pytest.raises(SeveralBadInputs) as caught:
        read(a=first, b=second, c=third, d="schema: 1\nrequirements:\n" + both)
    for error in caught.value.errors:
        keeps(f"{error.where.name}:{error.line}: {error.value}")
    assert [error.where.name for error in caught.value.errors] == ["a.yaml", "b.yaml", "b.yaml", "d.yaml"]


def test_every_need_that_no_car_offers_is_told(read: Callable[..., Catalogue], keeps) -> None:
    wrong = ONE.replace("[button.level | button.event]", "[button.lvl | button.evnt, phne]")
    with pytest.raises(SeveralBadInputs) as caught:
        read(a=wrong)
    for error in caught.value.errors:
        keeps(f"{error.line}: {error.value}: {error.problem}. {error.remedy[:30]}")
    assert len(caught.value.errors) == 3


def test_several_limits_of_a_car_that_do_not_fit_are_told_at_once(read: Callable[..., Catalogue], small) -> None:
    own = {"AAA-01.latency": Limit("s", high=0.3), "AAA-01.level": Limit("dB", low=-2.0, high=2.0),
           "AAB-01.latency": Limit("s", high=0.1)}  # fmt: skip
    with pytest.raises(SeveralBadInputs) as caught:
        read(a=ONE).for_vehicle(replace(small, limits=own))
    assert [error.value.partition(":")[0] for error in caught.value.errors] == [
        "limits.AAA-01.latency", "limits.AAB-01.latency",
    ]  # fmt: skip


def test_a_requirement_without_limits_takes_none_from_a_car(read: Callable[..., Catalogue], small, keeps) -> None:
    plain = "schema: 1\nrequirements:\n  AAA-01: {title: T, text: X, rationale: Y, version: 1, status: draft}\n"
    with pytest.raises(BadInput) as caught:
        read(a=plain).for_vehicle(replace(small, limits={"AAA-01.latency": Limit("s", high=0.3)}))
    keeps(f"{caught.value.value}: {caught.value.problem}. {caught.value.remedy}")
    assert caught.value.remedy == "Remove it."


def test_a_car_without_limits_of_its_own_changes_nothing(read: Callable[..., Catalogue], small) -> None:
    found = read(a=ONE)
    assert found.for_vehicle(replace(small, limits={})) == found
    car = replace(small, limits={"AAA-01.level": Limit("dB", high=2.0)})
    assert list(found.for_vehicle(car)["AAA-01"].limits) == ["latency", "level", "delivered", "hold", "quality"]
